"""MITx Online: courses with their runs, and programmes whose requirement tree names courses and other programmes by number."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
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
from academy.exchange.provider_feeds.family import Document, Family, first_object, note_rest, page_results
from academy.exchange.provider_feeds.gathering import (
    Gathering,
    Run,
    RunFields,
    facts,
    localized,
    paragraphs,
    with_price,
)
from academy.exchange.provider_feeds.items import LONGEST_CODE, LONGEST_KEY, Item
from academy.exchange.provider_feeds.prices import Fare, price_of
from academy.exchange.provider_feeds.requirement_tree import Trees
from academy.exchange.provider_feeds.study_load import hours_of

_SITE: Final = "https://mitxonline.mit.edu"
_CURRENCY: Final = "USD"  # the feed names none; the shop of MITx Online sells in dollars
_FIELDS: Final = RunFields("start_date", "end_date", "enrollment_start", "enrollment_end")
_CERTIFICATES: Final = {"certificate of completion": CertificateKind.CERTIFICATE, "micromasters credential": CertificateKind.MICROCREDENTIAL}


def _is_courses(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return {"readable_id", "courseruns", "page"} <= first_object(page_results(value)).keys()


def _is_programmes(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return {"readable_id", "req_tree"} <= first_object(page_results(value) or value).keys()


def _is_both(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return isinstance(value, dict) and {"readable_id", "req_tree"} <= first_object(value.get("programs")).keys()


def _read(documents: Sequence[Document], gathering: Gathering) -> None:
    courses: dict[object, str] = {}
    programmes: list[Item] = []
    for document in documents:
        note_rest(document, gathering)
        for values, is_course in _lists(document):
            items = gathering.records(values, document.source)
            if is_course:
                courses |= {item.reference("id"): _course(item, gathering) for item in items}
            else:
                programmes += items
    for item in programmes:
        if _stands_as_course(item):
            courses[f"programme {item.reference('id')}"] = _programme_as_course(item, gathering)
    trees = Trees({number: key for number, key in courses.items() if key}, programmes, gathering)
    for item in programmes:
        if not _stands_as_course(item):
            _programme(item, gathering, trees)


def _lists(document: Document) -> list[tuple[list[Any], bool]]:
    """Return the lists in a file, each with whether it holds courses."""
    if document.shape == "programmes with courses":
        courses = document.value.get("courses")
        return [(courses if isinstance(courses, list) else [], True), (document.value["programs"], False)]
    return [(page_results(document.value) or document.value, document.shape == "courses")]


def _stands_as_course(item: Item) -> bool:
    return item.found.get("display_mode") == "course"


def _course(item: Item, gathering: Gathering) -> str:
    """Bring a course; returns its key, "" when it is left out."""
    page, runs = item.part("page"), item.records("courseruns")
    draft = _module(item, page)
    key = draft.external_id
    offerings = gathering.offerings(runs, lambda run: _run(run, gathering, website=draft.website))
    draft = with_price(draft, offerings, price_of(_fares(page, "current_price", item)))
    gathering.add_module(item, draft, offerings)
    if not runs:
        gathering.without_run(item, key)
    return key if gathering.has(key) else ""


def _module(item: Item, page: Item) -> ModuleDraft:
    key = item.needed("readable_id", longest=LONGEST_KEY)
    return ModuleDraft(
        external_id=key, code=key if len(key) <= LONGEST_CODE else "", kind=ModuleKind.MOOC, title=localized(item.needed("title")),
        description=localized(paragraphs(page.text("description"), _facts(item, page))), entry=localized(page.text("prerequisites")),
        website=_website(page), hours=hours_of(_length(item, page), _effort(item, page)), modes=(DeliveryMode.ONLINE,),
        certificate=_CERTIFICATES.get(item.line("certificate_type").casefold()), topics=_topics(item),
    )


def _run(item: Item, gathering: Gathering, *, website: str) -> OfferingDraft | None:
    amounts = [product.amount("price") for product in item.parts("products") if not product.is_false("is_active")]
    can_audit = "audit" in item.words("enrollment_modes", "mode_slug")
    fares = [Fare(amount, _CURRENCY, "certificate" if can_audit else "") for amount in amounts if amount is not None]
    if can_audit:
        fares.append(Fare(Decimal(0), _CURRENCY))
    run = Run(
        key=item.needed("courseware_id", longest=LONGEST_KEY), starts=item.day("start_date"), ends=item.day("end_date"),
        opens=item.day("enrollment_start"), closes=item.day("enrollment_end"), fares=tuple(fares),
        website=item.url("courseware_url") or website, self_paced=item.is_true("is_self_paced"),
        withdrawn=item.is_true("is_archived") or item.is_false("live"),
    )
    return gathering.offering(item, run, _FIELDS)


def _fares(priced: Item, field: str, item: Item) -> tuple[Fare, ...]:
    """Return the price on the page, else the lowest and highest that are given."""
    amounts = [priced.amount(field)]
    if amounts == [None]:
        amounts = [item.amount("min_price"), item.amount("max_price")]
    return tuple(Fare(amount, _CURRENCY) for amount in amounts if amount is not None)


def _length(item: Item, page: Item) -> str:
    return item.line("duration") or page.line("length")


def _effort(item: Item, page: Item) -> str:
    return item.line("time_commitment") or page.line("effort")


def _facts(item: Item, page: Item) -> str:
    return facts(item.line("program_type"), _length(item, page), _effort(item, page))


def _topics(item: Item) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*item.words("topics"), *item.words("departments"))))


def _website(page: Item) -> str:
    return page.url("page_url", site=_SITE)


def _programme_as_course(item: Item, gathering: Gathering) -> str:
    """Bring a programme that its provider shows as one course; returns its key, "" when it is left out."""
    page = item.part("page")
    draft = _module(item, page)
    fares = _fares(page, "price", item)
    runs = [item.again()] if item.found.get("start_date") else []
    offerings = gathering.offerings(
        runs, lambda run: gathering.offering(run, _span(run, draft.external_id, fares, draft.website), _FIELDS),
    )
    gathering.add_module(item, with_price(draft, offerings, price_of(fares)), offerings)
    if not runs:
        gathering.without_run(item, draft.external_id)
    return draft.external_id if gathering.has(draft.external_id) else ""


def _programme(item: Item, gathering: Gathering, trees: Trees) -> None:
    key, page = item.needed("readable_id", longest=LONGEST_KEY), item.part("page")
    draft = ProgrammeDraft(
        external_id=key, code=key if len(key) <= LONGEST_CODE else "", title=localized(item.needed("title")),
        description=localized(paragraphs(page.text("description"), _facts(item, page))), website=_website(page),
        intakes=gathering.intakes(item, _span(item, key, _fares(page, "price", item)), _FIELDS),
    )
    gathering.add_programme(item, draft if item.problems else replace(draft, requirements=trees.of(item)))


def _span(item: Item, key: str, fares: tuple[Fare, ...], website: str = "") -> Run:
    """Return the days of a programme as those of a run."""
    return Run(
        key=key, starts=item.day("start_date"), ends=item.day("end_date"), opens=item.day("enrollment_start"),
        closes=item.day("enrollment_end"), fares=fares, website=website,
    )


MITX_ONLINE: Final = Family(
    "mitx-online", "MITx Online", ProviderKind.UNIVERSITY,
    {"courses": _is_courses, "programmes": _is_programmes, "programmes with courses": _is_both}, _read,
)
