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
    PeriodFacts,
    PlaceFacts,
    PlaceKind,
    ProgrammeSummary,
    ProgrammeType,
    ProviderFacts,
    ProviderKind,
    PublicationState,
    TargetGroup,
)
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.search.documents import module_document
from academy.search.gateway import SearchDocument

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
CAMPUS = PlaceFacts(
    id=new_id(), key="campus-almere", name=Localized("Campus Almere", "Almere campus"), kind=PlaceKind.CAMPUS,
    street_address="Hospitaaldreef 5", city="Almere", capacity=None, step_free=True, accessibility=Localized(), latitude=None,
    longitude=None,
)


def provider(name: str = "Hogeschool Windesheim", *, slug: str = "windesheim", former_name: str = "") -> ProviderFacts:
    return ProviderFacts(
        id=new_id(), slug=slug, name=name, kind=ProviderKind.HBO, summary=Localized(), city="Almere", country="NL", website="",
        contact_email="", contact_phone="", is_trusted=True, former_names=(former_name,) if former_name else (),
    )


WINDESHEIM = provider()


def until(day: date) -> tuple[PeriodFacts, ...]:
    """Let the public enrol until the end of `day`."""
    return (PeriodFacts(TargetGroup.PUBLIC, None, day, has_queue=False, queue_max=None, website=""),)


def offering(**values: object) -> OfferingFacts:
    default = OfferingFacts(
        id=new_id(), code="ABCD2345", module_id=new_id(), state=OfferingState.ACTIVE, starts_on=TODAY + timedelta(days=20),
        ends_on=TODAY + timedelta(days=90), flexible_from=None, flexible_until=None, weekdays=("tue",),
        part_of_day=PartOfDay.EVENING, mode=DeliveryMode.ON_CAMPUS, language="nl", min_seats=0, seats=20, decides_on=None,
        guaranteed=False, price=Money(545_00), price_note="", place=CAMPUS, periods=until(TODAY + timedelta(days=10)),
    )
    return replace(default, **values)  # type: ignore[arg-type] # the builder takes any field


def module(title: str = "Programmeren in Python", /, **values: object) -> ModuleFacts:
    default = ModuleFacts(
        id=new_id(), slug="programmeren-in-python", code="ICT-01", external_id="ICT-01", kind=ModuleKind.AD_MODULE,
        state=PublicationState.PUBLISHED, version=1, title=Localized(title, ""), summary=Localized(), description=Localized(),
        entry=Localized(), prerequisites=None, institution="", website="", ec=Decimal(10), hours=None, nlqf="5", eqf="5",
        languages=("nl",), language_level="", modes=(), assessments=(), certificate=None, changed_at=NOW, sectors=("ict",), topics=(), price=None, price_note="", provider=WINDESHEIM, outcomes=(),
        offerings=(),
    )
    return replace(default, **values)  # type: ignore[arg-type] # the builder takes any field


def programme(title: str = "Associate degree ICT", /, **values: object) -> ProgrammeSummary:
    default = ProgrammeSummary(
        id=new_id(), slug="ad-ict", code="AD-ICT", type=ProgrammeType.PROGRAMME, title=Localized(title, ""), summary=Localized(),
        provider_name="Hogeschool Windesheim", provider_slug="windesheim", sectors=("ict",), variants=("deeltijd",),
        nlqf="5", ec=Decimal(120), module_count=12,
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
        sectors=some(("ict", "zorg", "techniek", "handel"), 2), nlqf=dice.choice(("", "4", "5", "6")),
        ec=dice.choice((None, Decimal(0), Decimal("2.5"), Decimal(10), Decimal(15), Decimal(30))),
        kind=dice.choice(list(ModuleKind)), languages=some(("nl", "en", "Español", "中文"), 2), offerings=offerings,
        provider=dice.choice(PROVIDERS), price=dice.choice((None, Money(0), Money(300_00))),
    )
