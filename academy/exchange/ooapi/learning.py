"""What courses, programmes and specifications have in common: level, load, languages, modes, outcomes, the version of today."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from academy.catalogue.api import AssessmentForm, DeliveryMode, OutcomeDraft, eqf_of
from academy.exchange.ooapi.fields import Payload, joined
from academy.exchange.ooapi.vocabulary import (
    ASSESSMENTS,
    FIELDS,
    HOURS,
    LANGUAGES,
    LEVELS,
    MODES,
    QUALIFICATION_LEVELS,
    STUDY_LOADS,
    key_of,
)
from academy.kernel.text import Localized

Outcomes = Mapping[str, OutcomeDraft]  # of the source's list of outcomes, by id


def as_of(item: Payload, today: date) -> Payload:
    """Return the item with the override that is valid today laid over it; other overrides are noticed, and so is an item that is over.

    A later override goes before an earlier one.
    """
    value = dict(item.value)
    for path, override in item.objects("timelineOverrides"):
        since = item.day_of(f"{path}.validFrom", override.get("validFrom"))
        until = item.day_of(f"{path}.validTo", override.get("validTo"), ends=True)
        if since is not None and until is not None and until < since:
            item.refuse(f"{path}.validTo", "end-before-start", f"this is before validFrom ({since})", until)
        elif (since is None or since <= today) and (until is None or today <= until):
            value |= _content(item, path, override)
        else:
            item.remark("timelineOverrides", "override-of-another-time", "not valid today; not used", f"{since or ''}/{until or ''}")
    current = replace(item, value=value)
    _since, until = current.in_order("validFrom", "validTo")
    if until is not None and until < today:
        current.remark("validTo", "no-longer-valid", "this is over; it is taken all the same", until)
    return current


def _content(item: Payload, path: str, override: Mapping[str, Any]) -> dict[str, Any]:
    inner = next((each for each in override.values() if isinstance(each, Mapping) and each is not override.get("primaryCode")), None)
    if inner is None or "name" in override:
        item.remark(path, "override-not-nested", "the fields stand beside the dates; taken as the override")
        inner = {name: each for name, each in override.items() if name not in {"validFrom", "validTo"}}
    return {name: each for name, each in inner.items() if each not in (None, "", [])}


def levels(item: Payload) -> tuple[str, str]:
    """Return NLQF and EQF, from the level of the qualification, else from the level of the education; "" where neither says it."""
    of_qualification = item.known("levelOfQualification", QUALIFICATION_LEVELS, strict=True)
    of_education = item.known("level", LEVELS, strict=True)
    nlqf = of_qualification or of_education or ""
    return nlqf, eqf_of(nlqf)


def study_load(item: Payload) -> tuple[Decimal | None, int | None]:
    """Return EC and hours of study; v5 gives one load, v6 a list."""
    ec: Decimal | None = None
    hours: int | None = None
    for path, load in item.objects("studyLoad"):
        unit, value = key_of(str(load.get("studyLoadUnit") or "")), load.get("value")
        if unit not in STUDY_LOADS:
            item.refuse(f"{path}.studyLoadUnit", "word-unknown", "this is no unit of study load", unit)
        elif value is None:
            item.remark(f"{path}.value", "load-without-value", "a unit without a number; left out")
        elif unit == "ects":
            ec = item.credits(f"{path}.value", value)
        elif unit in HOURS:
            hours = item.hours(f"{path}.value", value)
        else:
            item.remark(f"{path}.studyLoadUnit", "load-not-kept", "neither EC nor hours of study; left out", unit)
    return ec, hours


def languages(item: Payload) -> tuple[str, ...]:
    """Return the languages of teaching; one that is not known stays as it came."""
    name = item.first_of("teachingLanguages", "teachingLanguage")
    codes = item.words(name) if name == "teachingLanguages" else filter(None, [item.word(name)])
    found: dict[str, None] = {}
    for code in codes:
        if code.casefold() not in LANGUAGES:
            item.remark(name, "language-unknown", "not an ISO 639-2 code that we know; kept as it came", code)
        found[LANGUAGES.get(code.casefold(), code[:10])] = None
    return tuple(found)


def modes(item: Payload) -> tuple[DeliveryMode, ...]:
    """Return how it is taught."""
    name = item.first_of("modesOfDelivery", "modeOfDelivery")
    found: dict[DeliveryMode, None] = {}
    for word in item.words(name):
        if key_of(word) not in MODES:
            item.remark(name, "word-unknown", "this word is not in the standard; left out", word)
        mode = MODES.get(key_of(word))
        if mode is not None:
            found[mode] = None
    return tuple(found)


def topics(item: Payload) -> tuple[str, ...]:
    """Return the ISCED-F field as a topic."""
    code = item.word("fieldsOfStudy")
    if not code:
        return ()
    topic = FIELDS.get(code[:3]) if code.isdecimal() and len(code) in {3, 4} else None
    if topic is None and not (code.isdecimal() and len(code) <= 4):  # noqa: PLR2004 - digits of ISCED-F
        item.remark("fieldsOfStudy", "field-unknown", "an ISCED-F code of at most four digits is expected; left out", code)
    return () if topic is None else (topic,)


def outcomes(item: Payload, known: Outcomes) -> tuple[OutcomeDraft, ...]:
    """Return the outcomes: v5 has a list of lists of texts, v6 ids of outcomes or the outcomes themselves."""
    found: dict[OutcomeDraft, None] = {}
    listed = item.value.get("learningOutcomes")
    for index, each in enumerate(listed if isinstance(listed, list) else []):
        path = f"learningOutcomes[{index}]"
        if isinstance(each, Mapping) and "learningOutcomeId" in each:
            text = item.text_of(f"{path}.name", each.get("name"))
        else:
            text = item.text_of(path, each)
        if text:
            found[OutcomeDraft(text)] = None
    for id_ in item.words("learningOutcomeIds") if not found else ():
        if id_ in known:
            found[known[id_]] = None
        else:
            item.remark("learningOutcomeIds", "outcome-unknown", "no such learning outcome in this source; left out", id_)
    return tuple(found)


def entry(item: Payload) -> Localized:
    """Return what one must have to begin."""
    return joined(item.text("admissionRequirements"), item.text("qualificationRequirements"))


def assessments(item: Payload) -> tuple[AssessmentForm, ...]:
    """Return the forms of assessment that the words name beyond doubt."""
    said = item.text("assessment")
    return tuple(form for form, pattern in ASSESSMENTS.items() if pattern.search(f"{said.nl}\n{said.en}"))


def website(item: Payload) -> str:
    """Return the link, when it is one."""
    link = item.word("link")
    if link and not (link.startswith(("https://", "http://")) and len(link) <= 1000):  # noqa: PLR2004 - what the catalogue keeps
        item.remark("link", "not-a-url", "a web address is expected; left out", link)
        return ""
    return link
