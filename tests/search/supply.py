"""Modules and programmes for the tests of search, with defaults for what a test does not care about."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from uuid import UUID

from academy.catalogue.api import (
    DeliveryMode,
    ModuleFacts,
    ModuleKind,
    OfferingFacts,
    OfferingState,
    PartOfDay,
    PlaceFacts,
    PlaceKind,
    ProgrammeSummary,
    ProviderFacts,
    ProviderKind,
)
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.search.documents import module_document
from academy.search.gateway import SearchDocument

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
CAMPUS = PlaceFacts(Localized("Campus Almere", "Almere campus"), PlaceKind.CAMPUS, "Hospitaaldreef 5", "Almere", step_free=True)


def provider(name: str = "Hogeschool Windesheim", *, slug: str = "windesheim", former_name: str = "") -> ProviderFacts:
    return ProviderFacts(new_id(), slug, name, former_name, ProviderKind.HBO, Localized(), "Almere", "NL", "")


WINDESHEIM = provider()


def offering(**values: object) -> OfferingFacts:
    default = OfferingFacts(
        id=new_id(), code="ABCD2345", module_id=new_id(), state=OfferingState.ACTIVE, starts_on=TODAY + timedelta(days=20),
        ends_on=TODAY + timedelta(days=90), enrol_until=TODAY + timedelta(days=10), weekdays=("tue",),
        part_of_day=PartOfDay.EVENING, mode=DeliveryMode.ON_CAMPUS, language="nl", seats=20, price=Money(545_00), place=CAMPUS,
    )
    return replace(default, **values)  # type: ignore[arg-type] # the builder takes any field


def module(title: str = "Programmeren in Python", /, **values: object) -> ModuleFacts:
    default = ModuleFacts(
        id=new_id(), slug="programmeren-in-python", code="ICT-01", kind=ModuleKind.AD_MODULE, title=Localized(title, ""),
        summary=Localized(), description=Localized(), institution="", website="", ec=Decimal(10), level="5",
        languages=("nl",), sectors=("ict",), topics=(), price=None, price_note="", provider=WINDESHEIM, outcomes=(),
        offerings=(),
    )
    return replace(default, **values)  # type: ignore[arg-type] # the builder takes any field


def programme(title: str = "Associate degree ICT", /, **values: object) -> ProgrammeSummary:
    default = ProgrammeSummary(
        id=new_id(), slug="ad-ict", code="AD-ICT", title=Localized(title, ""), summary=Localized(),
        provider_name="Hogeschool Windesheim", provider_slug="windesheim", sectors=("ict",), variants=("deeltijd",),
        level="5", ec=Decimal(120), module_count=12,
    )
    return replace(default, **values)  # type: ignore[arg-type] # the builder takes any field


def document(title: str, /, *, seats_left: dict[UUID, int] | None = None, **values: object) -> SearchDocument:
    return module_document(module(title, **values), seats_left=seats_left or {}, now=NOW)


_WORDS = ["logistiek", "management", "boekhouden", "zorg", "verpleegkundige", "financiële", "dienstverlening", "duurzaam", "bouwen", "techniek", "elektrotechniek", "kok", "gastvrijheid", "marketing", "verkoop", "programmeren", "netwerken", "beveiliging", "gegevens", "analyse", "ontwerp", "media", "engels", "duits", "projectleider", "teamleider", "onderhoud", "installatie", "energie", "water", "voeding", "landbouw", "recht", "arbeid", "pedagogiek", "kinderen", "jeugd"]
PROVIDERS = tuple(provider(f"Aanbieder {letter}", slug=f"aanbieder-{letter.lower()}") for letter in "ABCDEF")


@cache
def many(number: int = 200) -> tuple[SearchDocument, ...]:
    """Return modules of every kind, the same ones each time."""
    dice = random.Random(7)  # noqa: S311 - not for secrets
    return tuple(_any_module(dice, place) for place in range(number))


def _any_module(dice: random.Random, place: int) -> SearchDocument:
    def some(values: tuple[str, ...], most: int) -> tuple[str, ...]:
        return tuple(dice.sample(values, dice.randint(0, most)))

    offerings = tuple(
        offering(
            starts_on=TODAY + timedelta(days=dice.randint(5, 300)), weekdays=some(("mon", "tue", "wed", "sat"), 2),
            part_of_day=dice.choice(list(PartOfDay)), mode=dice.choice(list(DeliveryMode)), language=dice.choice(("nl", "en")),
            price=Money(dice.choice((0, 100_00, 250_00, 499_00, 750_00, 2000_00))),
        )
        for _ in range(dice.randint(0, 2))
    )
    text = " ".join(dice.choices(_WORDS, k=12))
    return document(
        " ".join(dice.choices(_WORDS, k=3)).capitalize(), code=f"M-{place:03}", summary=Localized(text, text),
        sectors=some(("ict", "zorg", "techniek", "handel"), 2), level=dice.choice(("", "4", "5", "6")),
        ec=dice.choice((None, Decimal(0), Decimal("2.5"), Decimal(10), Decimal(15), Decimal(30))),
        kind=dice.choice(list(ModuleKind)), languages=some(("nl", "en", "Español", "中文"), 2), offerings=offerings,
        provider=dice.choice(PROVIDERS), price=dice.choice((None, Money(0), Money(300_00))),
    )
