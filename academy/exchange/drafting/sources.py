"""Rows of known sources: edX, Coursera, lists of several sites, the CROHO register, HBO-ICT modules."""

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from academy.catalogue.api import (
    AD_CREDITS,
    AD_LEVEL,
    AD_MONTHS,
    AllOf,
    AnyOf,
    CertificateKind,
    CodeDraft,
    CodeScheme,
    CreditsReached,
    ModuleDraft,
    ModuleKind,
    ModulePassed,
    Prerequisite,
    ProgrammeDraft,
    YearReached,
)
from academy.exchange import values
from academy.exchange.drafting.row import LONGEST, Row
from academy.kernel.cleaning import clean_line
from academy.kernel.text import Localized

_LONGEST_SUMMARY: Final = 400
_PROPAEDEUTIC: Final = Decimal(60)  # the first year of a bachelor: WHW art. 7.8


def _in(languages: tuple[str, ...], text: str) -> Localized:
    """Put a text under Dutch when it is Dutch; under English otherwise, where the reader of either language finds it."""
    return Localized(nl=text) if languages == ("nl",) else Localized(en=text)


def _facts(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def edx(row: Row) -> ModuleDraft:
    languages = row.languages("language")
    price = row.price("price", in_euros=False)
    facts = _facts(row.words("course_effort"), row.words("course_length"), row.words("course_type"), row.words("level"))
    about = [part for part in (row.text("course_description"), row.text("course_syllabus"), facts) if part]
    return ModuleDraft(
        external_id=row.words("course_url", "external_id"), code="", kind=ModuleKind.MOOC,
        title=_in(languages, row.words("title")), summary=_in(languages, row.words("summary", "text")),
        description=_in(languages, "\n\n".join(about)), institution=row.words("institution", "institution"),
        website=row.words("course_url", "website"), languages=languages, price=price.amount, price_note=price.note,
    )


def coursera(row: Row) -> ModuleDraft:
    title, institution, product = row.words("title"), row.words("institution", "institution"), row.words("learning product")
    facts = _facts(product, row.words("level"), row.words("duration"))
    return ModuleDraft(
        external_id=coursera_key(row), code="", kind=ModuleKind.MOOC, title=Localized(en=title),
        description=Localized(en=facts), institution=institution, hours=values.hours_in(row.raw("duration")),
        certificate=CertificateKind.CERTIFICATE if product == "Professional Certificate" else None,
        topics=values.split_list(row.raw("gained skills")),
    )


def online_course(row: Row) -> ModuleDraft:
    languages = row.languages("language")
    intro, facts = row.text("short intro"), _facts(row.words("course type"), row.words("duration"))
    is_short = len(intro) <= _LONGEST_SUMMARY
    return ModuleDraft(
        external_id=row.words("url", "external_id"), code="", kind=ModuleKind.MOOC, title=_in(languages, row.words("title")),
        summary=_in(languages, " ".join(intro.split()) if is_short else ""),
        description=_in(languages, facts if is_short else "\n\n".join(part for part in (intro, facts) if part)),
        institution=row.words("site", "institution"), website=row.words("url", "website"), languages=languages,
        topics=values.split_list(row.raw("skills")),
    )


def croho(row: Row) -> ProgrammeDraft:
    code, had_dot = values.parse_register_code(row.raw("croho"))
    if had_dot:
        row.remark("croho", "thousands-dot", "read as a code of five digits, without the dot")
    # In CROHO the Associate degrees are 80000-80999; what stands beyond is near to one, and neither level nor size is known.
    is_degree = code.startswith("80")
    if not is_degree:
        row.remark("croho", "not-an-associate-degree", "outside 80000-80999, so loaded without level and credits")
    return ProgrammeDraft(
        external_id=code, code=code, title=Localized(nl=row.words("naam")), nlqf=AD_LEVEL if is_degree else "", eqf=AD_LEVEL if is_degree else "",
        months=AD_MONTHS if is_degree else None, codes=(CodeDraft(CodeScheme.CROHO, code),),
        ec=AD_CREDITS if is_degree else None,
    )


def hbo_ict(row: Row) -> ModuleDraft:
    return ModuleDraft(
        external_id=row.words("id", "external_id"), code=row.words("code", "code"), kind=ModuleKind.LOOSE_MODULE,
        title=Localized(nl=row.words("name")), summary=Localized(nl=row.words("description", "text")),
        ec=values.parse_ec(row.raw("ecs")), **_hbo_ict_entry(row),
    )


def _hbo_ict_entry(row: Row) -> dict[str, Any]:
    """Return what one must have before: what can be checked as prerequisites, the rest in words."""
    text = row.raw("prerequisitejson")
    if values.is_nothing(text):
        return {}
    try:
        rules = json.loads(text)
        found = tuple(_hbo_ict_rules(rules))
        levels = list(_level_rules(rules))
    except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError):
        row.refuse("prerequisitejson", "not-prerequisites", "these prerequisites are not in the form of HBO-ICT")
        return {}
    if levels:
        row.remark("prerequisitejson", "level-rules-in-words", "EC of a year's level can not be checked and stay words")
    return {"prerequisites": AllOf(found) if len(found) > 1 else next(iter(found), None), "entry": _level_words(levels)}


def _hbo_ict_rules(rules: dict[str, Any]) -> Iterator[Prerequisite]:
    """Yield what must all be met. Of the groups of modules one is enough, in a group all modules count: OR of ANDs.

    `SemesterConstraint` says in which semester it is given, so nothing about who may begin.
    """
    if rules.get("Propaedeutic"):
        yield CreditsReached(_PROPAEDEUTIC, propaedeutic=True)
    for rule in rules.get("EcRequirements", ()):
        yield CreditsReached(Decimal(rule["RequiredAmount"]), bool(rule.get("Propaedeutic")))
    ways = [tuple(map(_module_passed, group["ModuleRequirements"])) for group in rules.get("ModuleRequirementGroups", ())]
    if ways:
        alternatives = tuple(AllOf(way) if len(way) > 1 else way[0] for way in ways if way)
        yield AnyOf(alternatives) if len(alternatives) > 1 else alternatives[0]
    years = [*rules.get("YearConstraints", ()), *filter(None, [rules.get("AvailableFromYear")])]
    if years:
        yield YearReached(min(map(int, years)))


def _module_passed(rule: dict[str, Any]) -> ModulePassed:
    amount = (rule.get("EcRequirement") or {}).get("RequiredAmount")
    return ModulePassed(rule["RelevantModuleId"], ec=None if amount is None else Decimal(amount))


def _level_rules(rules: dict[str, Any]) -> Iterator[tuple[int, Decimal]]:
    for group in rules.get("ModuleLevelRequirementGroups", ()):
        for rule in group["ModuleLevelRequirements"]:
            yield int(rule["Level"]), Decimal(rule["EcRequirement"]["RequiredAmount"])


def _level_words(levels: list[tuple[int, Decimal]]) -> Localized:
    """Say how many EC one must have at each level; requirements at the same level add up."""
    needed: dict[int, Decimal] = {}
    for level, credits_needed in levels:
        needed[level] = needed.get(level, Decimal(0)) + credits_needed
    return Localized(
        " ".join(f"Je hebt {ec} EC aan modules van niveau {level} van de opleiding." for level, ec in sorted(needed.items())),
        " ".join(f"You have {ec} EC of modules at level {level} of the programme." for level, ec in sorted(needed.items())),
    )


def coursera_key(row: Row) -> str:
    """Return what makes it the same course: its title and institution, since the list gives no key."""
    return _key_of(clean_line(row.raw("title")), clean_line(row.raw("institution")))


def _key_of(*parts: str) -> str:
    """Return a key for a course whose source gives none; a digest ends what would be too long."""
    key = " · ".join(parts)
    if len(key) <= LONGEST["external_id"]:
        return key
    return f"{key[:250]}…{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}"
