"""MIT Professional Learning: what several departments offer, courses and programmes in one list; dates are seconds since 1970."""

from collections.abc import Sequence
from typing import Any, Final

from academy.catalogue.api import (
    CertificateKind,
    IntakeDraft,
    ModuleDraft,
    ModuleKind,
    OfferingDraft,
    ProgrammeDraft,
    ProviderKind,
)
from academy.exchange.provider_feeds.family import Document, Family, first_object, note_unfinished
from academy.exchange.provider_feeds.gathering import (
    COURSE_UNKNOWN,
    Gathering,
    Run,
    RunFields,
    facts,
    localized,
    mode_of,
    paragraphs,
    with_price,
)
from academy.exchange.provider_feeds.items import LONGEST_CODE, Item
from academy.exchange.provider_feeds.prices import Fare, price_of
from academy.exchange.provider_feeds.study_load import days_in, hours_of

_FIELDS: Final = RunFields("start_value", "end_value")


def _documents(value: Any) -> list[Any]:  # noqa: ANN401 - whatever JSON holds
    for field in ("data", "searchAPISearch", "documents"):
        value = value.get(field) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def _is_list(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return {"nid", "field_course_or_program"} <= first_object(_documents(value)).keys()


def _read(documents: Sequence[Document], gathering: Gathering) -> None:
    programmes = []
    for document in documents:
        found = gathering.records(_documents(document.value), document.source)
        _note_rest(document, len(found), gathering)
        # One key may stand for the list of last year and of this year: the one that starts last is read first, and loaded.
        for item in sorted(found, key=_last_start, reverse=True):
            if item.line("field_course_or_program") == "program":
                programmes.append(item)
            else:
                _course(item, gathering)
    for item in programmes:
        _programme(item, gathering)


def _note_rest(document: Document, found: int, gathering: Gathering) -> None:
    count = document.value["data"]["searchAPISearch"].get("result_count")
    if isinstance(count, int) and count > found:
        note_unfinished(gathering, "fewer-than-counted", f"the feed counts {count} and holds fewer; nothing is taken for gone", document)


def _last_start(item: Item) -> int:
    found = item.found.get("start_value")
    return max((value for value in found if isinstance(value, int)), default=0) if isinstance(found, list) else 0


def _course(item: Item, gathering: Gathering) -> None:
    key, website = item.needed("nid", longest=LONGEST_CODE), _website(item)
    runs = item.rows("start_value", "end_value")
    offerings = [] if item.problems else gathering.offerings(runs, lambda run: _run(run, gathering, website))
    draft = ModuleDraft(
        external_id=key, code="", kind=ModuleKind.LOOSE_MODULE, title=localized(item.needed("title")), description=localized(_about(item)),
        institution=item.line("department"), website=website, hours=hours_of(item.line("field_duration"), item.line("field_time_commitment")),
        modes=(mode_of(item, "format_name"),), certificate=CertificateKind.CERTIFICATE if item.line("certificate_name") else None,
        topics=tuple(dict.fromkeys(word for word in (item.line("ucc_name"), item.line("certificate_name")) if word)),
    )
    gathering.add_module(item, with_price(draft, offerings, price_of(_fares(item))), offerings)


def _run(item: Item, gathering: Gathering, website: str) -> OfferingDraft | None:
    return gathering.offering(item, _span(item, website), _FIELDS)


def _span(item: Item, website: str) -> Run:
    starts = item.day("start_value")
    return Run(
        key=item.line("nid") if starts is None else f"{item.line('nid')}/{starts}", starts=starts, ends=item.day("end_value"), mode=mode_of(item, "format_name"),
        fares=_fares(item), website=website, days=days_in(item.line("field_duration")),
    )


def _fares(item: Item) -> tuple[Fare, ...]:
    amount = item.amount("field_price")
    return () if amount is None else (Fare(amount, "EUR" if "€" in item.line("field_price") else "USD"),)


def _website(item: Item) -> str:
    return item.url("course_link") or item.url("course_application_url") or item.url("department_url")


def _about(item: Item) -> str:
    """Return the text with what the catalogue has no field for; the credits are CEU, hours of continuing education, and no EC."""
    body = item.text("body_override") or item.text("body")
    fact = facts(item.line("field_duration"), item.line("field_time_commitment"), item.line("field_non_degree_credits"))
    return paragraphs(body, fact)


def _programme(item: Item, gathering: Gathering) -> None:
    key, website = item.needed("nid", longest=LONGEST_CODE), _website(item)
    intakes: list[IntakeDraft] = []
    for row in item.rows("start_value", "end_value"):
        intakes += gathering.intakes(row, _span(row, website), _FIELDS)
        item.problems += row.problems
    draft = ProgrammeDraft(
        external_id=key, code="", title=localized(item.needed("title")), description=localized(_about(item)), website=website,
        partners=tuple(word for word in (item.line("department"),) if word), intakes=tuple(intakes),
    )
    courses = item.lines("field_related_courses_programs")
    unknown = [course for course in courses if not gathering.has(course)]
    if gathering.add_programme_of(item, draft, () if unknown else courses):
        for course in unknown:
            gathering.report(item, "field_related_courses_programs", "course-unknown", COURSE_UNKNOWN, course)


PROLEARN: Final = Family("mit-professional-learning", "MIT Professional Learning", ProviderKind.UNIVERSITY, {"list": _is_list}, _read)
