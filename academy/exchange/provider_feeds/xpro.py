"""MIT xPRO: professional courses with their runs, by themselves and inside their programmes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from academy.catalogue.api import (
    CertificateKind,
    DeliveryMode,
    ModuleDraft,
    ModuleKind,
    OfferingDraft,
    ProgrammeDraft,
    ProviderKind,
)
from academy.exchange.provider_feeds.family import Document, Family, first_object
from academy.exchange.provider_feeds.gathering import (
    Gathering,
    Run,
    RunFields,
    facts,
    localized,
    mode_of,
    paragraphs,
    with_price,
)
from academy.exchange.provider_feeds.items import LONGEST_CODE, LONGEST_KEY, Item
from academy.exchange.provider_feeds.prices import Fare
from academy.exchange.provider_feeds.study_load import hours_of

_CURRENCY: Final = "USD"  # the feed names none; xPRO sells in dollars
_FIELDS: Final = RunFields("start_date", "end_date", "enrollment_start", "enrollment_end")


def _is_courses(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return {"readable_id", "courseruns", "platform"} <= first_object(value).keys()


def _is_programmes(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return {"readable_id", "courses", "platform"} <= first_object(value).keys()


def _read(documents: Sequence[Document], gathering: Gathering) -> None:
    for document in documents:
        if document.shape == "courses":
            for item in gathering.records(document.value, document.source):
                _course(item, gathering)
    for document in documents:
        if document.shape == "programmes":
            for item in gathering.records(document.value, document.source):
                _programme(item, gathering)


def _course(item: Item, gathering: Gathering) -> str:
    """Bring a course; returns its key, "" when it is left out."""
    key, runs = item.needed("readable_id", longest=LONGEST_KEY), item.records("courseruns")
    website, mode = _website(item), mode_of(item, "format")
    offerings = gathering.offerings(runs, lambda run: _run(run, gathering, mode, website))
    draft = ModuleDraft(
        external_id=key, code=key if len(key) <= LONGEST_CODE else "", kind=ModuleKind.LOOSE_MODULE,
        title=localized(item.needed("title")), description=localized(paragraphs(item.text("description"), _facts(item))),
        website=website, hours=hours_of(item.line("duration"), item.line("time_commitment")), modes=(mode,),
        certificate=CertificateKind.CERTIFICATE, topics=item.words("topics"),
    )
    gathering.add_module(item, with_price(draft, offerings), offerings)
    if not runs:
        gathering.without_run(item, key)
    return key if gathering.has(key) else ""


def _run(item: Item, gathering: Gathering, mode: DeliveryMode, website: str) -> OfferingDraft | None:
    return gathering.offering(item, replace(
        _span(item, item.needed("courseware_id", longest=LONGEST_KEY)), mode=mode, website=item.url("courseware_url") or website,
    ), _FIELDS)


def _span(item: Item, key: str) -> Run:
    amount = item.amount("current_price")
    return Run(
        key=key, starts=item.day("start_date"), ends=item.day("end_date"), opens=item.day("enrollment_start"),
        closes=item.day("enrollment_end"), fares=() if amount is None else (Fare(amount, _CURRENCY),),
    )


def _website(item: Item) -> str:
    return item.url("external_marketing_url") or item.url("url")


def _facts(item: Item) -> str:
    """Return what the catalogue has no field for; the credits are CEU, hours of continuing education, and no EC."""
    units = item.line("credits")
    return facts(item.line("duration"), item.line("time_commitment"), f"{units} CEU" if units else "")


def _programme(item: Item, gathering: Gathering) -> None:
    keys = []
    for course in item.records("courses"):
        key = course.line("readable_id")
        if gathering.has(key):
            course.remark("", "course-again", "a course inside a programme that came before; that one is loaded")
        else:
            key = _course(course, gathering)
        keys.append(key)
    key = item.needed("readable_id", longest=LONGEST_KEY)
    draft = ProgrammeDraft(
        external_id=key, code=key if len(key) <= LONGEST_CODE else "", title=localized(item.needed("title")),
        description=localized(paragraphs(item.text("description"), _facts(item))), website=_website(item),
        intakes=gathering.intakes(item, _span(item, key), _FIELDS),
    )
    gathering.add_programme_of(item, draft, keys)


XPRO: Final = Family(
    "mit-xpro", "MIT xPRO", ProviderKind.UNIVERSITY, {"courses": _is_courses, "programmes": _is_programmes}, _read,
)
