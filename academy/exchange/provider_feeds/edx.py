"""The course catalogue of edX (Discovery API): courses with their runs, and programmes with their courses inside.

The Open Learning Library writes the same shape; its runs stand on its own site.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from academy.catalogue.api import (
    DeliveryMode,
    ModuleDraft,
    ModuleKind,
    OfferingDraft,
    OutcomeDraft,
    ProgrammeDraft,
    ProviderKind,
)
from academy.exchange.provider_feeds.family import Document, Family, first_object, note_rest, page_results
from academy.exchange.provider_feeds.gathering import (
    Gathering,
    Run,
    RunFields,
    localized,
    newest,
    paragraphs,
    with_price,
)
from academy.exchange.provider_feeds.items import LONGEST_CODE, LONGEST_KEY, LONGEST_LINE, Item
from academy.exchange.provider_feeds.prices import Fare, price_of
from academy.exchange.provider_feeds.study_load import hours_in_weeks
from academy.exchange.values import language_code

_LIBRARY: Final = "openlearninglibrary.mit.edu"
_FIELDS: Final = RunFields("start", "end", "enrollment_start", "enrollment_end")
_FREE_SEATS: Final = {"audit", "honor"}  # taking part; the other seats are kinds of certificate


def _is_courses(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return {"key", "course_runs"} <= first_object(page_results(value)).keys()


def _is_library(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    run = first_object(first_object(page_results(value)).get("course_runs"))
    return _is_courses(value) and f"//{_LIBRARY}/" in str(run.get("marketing_url"))


def _is_programmes(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    found = first_object(page_results(value) or value)
    return {"uuid", "marketing_slug", "courses"} <= found.keys()


def _read(documents: Sequence[Document], gathering: Gathering) -> None:
    for document in documents:
        note_rest(document, gathering)
        if document.shape == "courses":
            for item in gathering.records(page_results(document.value), document.source):
                _course(item, gathering)
    for document in documents:
        if document.shape == "programmes":
            for item in gathering.records(page_results(document.value) or document.value, document.source):
                _programme(item, gathering)


def _course(item: Item, gathering: Gathering) -> str:
    """Bring a course; returns its key, "" when it is left out."""
    key = item.needed("key", longest=LONGEST_KEY)
    runs = item.records("course_runs")
    offerings = gathering.offerings(runs, lambda run: _run(run, gathering))
    newest_key = getattr(newest(offerings), "external_id", "")
    last = next((run for run in runs if run.line("key") == newest_key), item)  # what it says of level and effort is of now
    languages = tuple(dict.fromkeys(draft.language for draft in offerings if draft.language))
    summary = item.text("short_description") or last.text("short_description")
    about = item.text("full_description") or last.text("full_description")
    draft = ModuleDraft(
        external_id=key, code=key if len(key) <= LONGEST_CODE else "", kind=ModuleKind.MOOC,
        title=localized(item.needed("title"), languages), summary=localized(" ".join(summary.split()), languages),
        description=localized(paragraphs(about, item.text("syllabus_raw")), languages), entry=localized(_entry(item, key), languages),
        institution=_owners(item), website=item.url("marketing_url") or last.url("marketing_url"), languages=languages,
        hours=hours_in_weeks(last.count("weeks_to_complete"), last.count("min_effort"), last.count("max_effort")),
        modes=(DeliveryMode.ONLINE,), topics=_topics(item), outcomes=_outcomes(item, languages),
    )
    gathering.add_module(item, with_price(draft, offerings, price_of(_fares(item, "entitlements", "mode"))), offerings)
    if not runs:
        gathering.without_run(item, key)
    return key if gathering.has(key) else ""


def _run(item: Item, gathering: Gathering) -> OfferingDraft | None:
    website = item.url("marketing_url")
    status = item.line("status")
    run = Run(
        key=item.needed("key", longest=LONGEST_KEY), starts=item.day("start"), ends=item.day("end"), opens=item.day("enrollment_start"),
        closes=item.day("enrollment_end"), language=language_code(item.line("content_language")) or "",
        fares=_fares(item, "seats", "type"), website=website, self_paced=item.line("pacing_type") == "self_paced",
        withdrawn=status not in {"", "published"},
    )
    return gathering.offering(item, run, _FIELDS)


def _fares(item: Item, field: str, kind: str) -> tuple[Fare, ...]:
    found = []
    for seat in item.parts(field):
        amount, label = seat.amount("price"), seat.line(kind)
        if amount is not None:
            found.append(Fare(amount, seat.line("currency") or "USD", "" if label in _FREE_SEATS else label))
    return tuple(found)


def _entry(item: Item, key: str) -> str:
    asked = item.words("prerequisites")
    if key in (*asked, *item.words("prerequisites", "key")):
        item.problems.append(item.problem("prerequisites", "own-prerequisite", "the course asks itself beforehand", key))
    return paragraphs(", ".join(asked), item.text("prerequisites_raw"))


def _owners(item: Item) -> str:
    return ", ".join(item.words("owners"))[:LONGEST_LINE]


def _topics(item: Item) -> tuple[str, ...]:
    words = (*item.words("subjects"), *item.words("topics"), *item.words("skill_names"), item.line("level_type"))
    return tuple(dict.fromkeys(word for word in words if word))


def _outcomes(item: Item, languages: tuple[str, ...]) -> tuple[OutcomeDraft, ...]:
    """Return what one learns: a list, or the lines of a text."""
    lines = item.words("expected_learning_items") or tuple(item.text("outcome").splitlines())
    return tuple(OutcomeDraft(localized(line.strip(), languages)) for line in dict.fromkeys(lines) if line.strip())


def _programme(item: Item, gathering: Gathering) -> None:
    keys = []
    for course in item.records("courses"):
        key = course.line("key")
        if gathering.has(key):
            course.remark("", "course-again", "a course inside a programme that came by itself too; that one is loaded")
        else:
            key = _course(course, gathering)
        keys.append(key)
    draft = ProgrammeDraft(
        external_id=item.needed("uuid", longest=LONGEST_KEY), code=item.line("marketing_slug", longest=LONGEST_KEY)[:LONGEST_CODE],
        title=localized(item.needed("title")), summary=localized(item.line("subtitle", longest=1000)),
        description=localized(item.line("type")), website=item.url("marketing_url"), partners=item.words("authoring_organizations"),
    )
    gathering.add_programme_of(item, draft, keys)


_SHAPES: Final[Mapping[str, Any]] = {
    "courses": lambda value: _is_courses(value) and not _is_library(value), "programmes": _is_programmes,
}
EDX: Final = Family("edx", "edX", ProviderKind.PLATFORM, _SHAPES, _read)
OPEN_LEARNING_LIBRARY: Final = Family(
    "mit-open-learning-library", "MIT Open Learning Library", ProviderKind.UNIVERSITY, {"courses": _is_library}, _read,
)
