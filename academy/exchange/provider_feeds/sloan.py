"""MIT Sloan Executive Education: courses in one file, their runs in another; they belong together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from academy.catalogue.api import CertificateKind, ModuleDraft, ModuleKind, OfferingDraft, ProviderKind
from academy.exchange.provider_feeds.family import Document, Family, first_object
from academy.exchange.provider_feeds.gathering import (
    Gathering,
    Run,
    RunFields,
    facts,
    localized,
    mode_of,
    newest,
    paragraphs,
    with_price,
)
from academy.exchange.provider_feeds.items import LONGEST_CODE, LONGEST_KEY, Item
from academy.exchange.provider_feeds.prices import Fare
from academy.exchange.provider_feeds.study_load import days_in, hours_of

_FIELDS: Final = RunFields("Start_Date", "End_Date")
_DOLLARS: Final = "USD"
_CURRENCY: Final = re.compile("[A-Z]{3}$")
_ABROAD: Final = "Tuition_Cost(non-USD)"


def _is_courses(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return {"Course_Id", "Title"} <= first_object(value).keys()


def _is_runs(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return {"Course_Id", "CO_Title"} <= first_object(value).keys()


def _read(documents: Sequence[Document], gathering: Gathering) -> None:
    given = {document.shape for document in documents}
    runs: dict[str, list[Item]] = {}
    for item in _items(documents, "runs", gathering):
        runs.setdefault(item.line("Course_Id"), []).append(item)
    offerings: dict[str, list[OfferingDraft]] = {}
    for item in _items(documents, "courses", gathering):
        key = item.needed("Course_Id", longest=LONGEST_KEY // 2)
        own, website = runs.get(key, []), item.url("URL")
        if key not in offerings:
            offerings[key] = _offerings(own, gathering, website)
        draft = replace(_module(item, key, own, offerings[key]), website=website)
        gathering.add_module(item, draft, offerings[key])
        if "runs" in given and not own:
            gathering.without_run(item, key)
    for key, alone in runs.items():
        if key not in offerings:
            _refuse_alone(alone, key, gathering)
    if "runs" not in given:
        gathering.unfinished = True
        gathering.supply.notices.add("runs-not-given", "the file with the runs was not given along: courses are loaded without offerings")


def _items(documents: Sequence[Document], shape: str, gathering: Gathering) -> Iterator[Item]:
    for document in documents:
        if document.shape == shape:
            yield from gathering.records(document.value, document.source)


def _refuse_alone(runs: Sequence[Item], key: str, gathering: Gathering) -> None:
    for item in runs:
        reason = f"the run {item.line('CO_Title')} is of a course that is not in the feed"
        item.problems.insert(0, item.problem("Course_Id", "run-without-course", reason, key))
        gathering.refuse(item)


def _module(item: Item, key: str, runs: Sequence[Item], offerings: Sequence[OfferingDraft]) -> ModuleDraft:
    last = newest(offerings)
    told = next((run for run in runs if last is not None and _key_of(run) == last.external_id), None)
    certificate, topic = item.line("Certification_Type"), item.line("Topics")
    about = "" if told is None else _facts(told)
    draft = ModuleDraft(
        external_id=key, code=key if len(key) <= LONGEST_CODE else "", kind=ModuleKind.LOOSE_MODULE,
        title=localized(item.needed("Title")), description=localized(paragraphs(item.text("Description"), facts(certificate, about))),
        hours=None if told is None else hours_of(told.line("Duration"), told.line("Time_Commitment")),
        certificate=CertificateKind.CERTIFICATE if certificate else None, topics=(topic,) if topic else (),
    )
    return with_price(draft, offerings)


def _facts(run: Item) -> str:
    """Return what the catalogue has no field for; the credits are CEU, hours of continuing education, and no EC."""
    units = run.line("Continuing_Ed_Credits")
    return facts(run.line("Duration"), run.line("Time_Commitment"), run.line("Format"), f"{units} CEU" if units else "")


def _key_of(run: Item) -> str:
    """Return a key for a run: the feed gives none, but no course has two runs of one name."""
    return f"{run.line('Course_Id')}/{run.line('CO_Title')}"


def _offerings(runs: Sequence[Item], gathering: Gathering, website: str) -> list[OfferingDraft]:
    return gathering.offerings(runs, lambda run: _run(run, gathering, website))


def _run(item: Item, gathering: Gathering, website: str) -> OfferingDraft | None:
    item.needed("CO_Title", longest=LONGEST_KEY // 3)
    return gathering.offering(item, Run(
        key=_key_of(item), starts=item.day("Start_Date"), ends=item.day("End_Date"), fares=_fares(item), website=website,
        mode=mode_of(item, "Delivery"), location=item.line("Location"), days=days_in(item.line("Duration")),
    ), _FIELDS)


def _fares(item: Item) -> tuple[Fare, ...]:
    """Return the price in the currency of the place first, then the one in dollars: neither is turned into the other."""
    here, dollars, currency = item.amount(_ABROAD), item.amount("Price"), item.line("Currency").upper()
    if here is not None and not _CURRENCY.match(currency):
        item.wrong("Currency", "not-a-currency", "a code of three letters is expected, such as CHF")
    fares = [] if here is None else [Fare(here, currency)]
    return (*fares, *(() if dollars is None else (Fare(dollars, _DOLLARS),)))


SLOAN: Final = Family(
    "mit-sloan", "MIT Sloan Executive Education", ProviderKind.UNIVERSITY, {"courses": _is_courses, "runs": _is_runs}, _read,
)
