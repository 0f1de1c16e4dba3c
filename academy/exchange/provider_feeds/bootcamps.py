"""MIT Bootcamps: a course and its only run in one record."""

from collections.abc import Sequence
from typing import Any, Final

from academy.catalogue.api import DeliveryMode, ModuleDraft, ModuleKind, OfferingDraft, ProviderKind
from academy.exchange.provider_feeds.family import Document, Family, first_object
from academy.exchange.provider_feeds.gathering import Gathering, Run, RunFields, localized, with_price
from academy.exchange.provider_feeds.items import LONGEST_CODE, LONGEST_KEY, Item
from academy.exchange.provider_feeds.prices import Fare
from academy.exchange.values import language_code

_CURRENCY: Final = "USD"  # the feed names none; bootcamps are paid in dollars
_FIELDS: Final = RunFields("start_date", "end_date", "enrollment_start", "enrollment_end")


def _is_courses(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return {"course_id", "title", "prices", "start_date"} <= first_object(value).keys()


def _read(documents: Sequence[Document], gathering: Gathering) -> None:
    for document in documents:
        for item in gathering.records(document.value, document.source):
            _course(item, gathering)


def _course(item: Item, gathering: Gathering) -> None:
    key, website = item.needed("course_id", longest=LONGEST_KEY), item.url("url")
    offerings = gathering.offerings([item.again()], lambda run: _run(run, gathering, website))
    languages = tuple(run.language for run in offerings if run.language)
    draft = ModuleDraft(
        external_id=key, code=key if len(key) <= LONGEST_CODE else "", kind=ModuleKind.LOOSE_MODULE,
        title=localized(item.needed("title"), languages), summary=localized(item.line("short_description", longest=1000), languages),
        description=localized(item.text("full_description"), languages), website=website, languages=languages,
        modes=(DeliveryMode.ON_CAMPUS,), topics=tuple(word for word in (*item.words("topics"), item.line("level")) if word),
    )
    gathering.add_module(item, with_price(draft, offerings), offerings)


def _run(item: Item, gathering: Gathering, website: str) -> OfferingDraft | None:
    fares = [(each.amount("price"), each.line("mode")) for each in item.parts("prices")]
    return gathering.offering(item, Run(
        key=item.line("course_id"), starts=item.day("start_date"), ends=item.day("end_date"), opens=item.day("enrollment_start"),
        closes=item.day("enrollment_end"), mode=DeliveryMode.ON_CAMPUS, language=language_code(item.line("language")) or "",
        fares=tuple(Fare(amount, _CURRENCY, label if len(fares) > 1 else "") for amount, label in fares if amount is not None),
        website=website, location=item.line("location"), withdrawn=item.is_false("published"),
    ), _FIELDS)


BOOTCAMPS: Final = Family("mit-bootcamps", "MIT Bootcamps", ProviderKind.UNIVERSITY, {"courses": _is_courses}, _read)
