"""Frozen facts that leave the catalogue: what higher rooms and templates may see of its rows."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from academy.catalogue.models import DeliveryMode, ModuleKind, OfferingState, PartOfDay, PlaceKind, ProviderKind
from academy.catalogue.rules import is_open
from academy.kernel.money import Money
from academy.kernel.text import Localized


@dataclass(frozen=True)
class ProviderFacts:
    id: UUID
    slug: str
    name: str
    former_name: str
    kind: ProviderKind
    summary: Localized
    city: str
    country: str
    website: str


@dataclass(frozen=True)
class PlaceFacts:
    name: Localized
    kind: PlaceKind
    street_address: str
    city: str
    step_free: bool | None


@dataclass(frozen=True)
class OfferingFacts:
    id: UUID
    code: str
    module_id: UUID
    state: OfferingState
    starts_on: date
    ends_on: date
    enrol_until: date
    weekdays: tuple[str, ...]
    part_of_day: PartOfDay
    mode: DeliveryMode
    language: str
    seats: int
    price: Money
    place: PlaceFacts | None

    def is_open(self, now: datetime) -> bool:
        """Tell whether one can enrol at `now`, seats apart."""
        return self.state is OfferingState.ACTIVE and is_open(enrol_until=self.enrol_until, now=now)


@dataclass(frozen=True)
class ModuleFacts:
    """A published module with its provider and outcomes; offerings are those not cancelled and not ended."""

    id: UUID
    slug: str
    code: str
    kind: ModuleKind
    title: Localized
    summary: Localized
    description: Localized
    institution: str
    website: str
    ec: Decimal | None
    level: str
    languages: tuple[str, ...]
    sectors: tuple[str, ...]
    topics: tuple[str, ...]
    price: Money | None
    price_note: str
    provider: ProviderFacts
    outcomes: tuple[Localized, ...]
    offerings: tuple[OfferingFacts, ...]


@dataclass(frozen=True)
class ProgrammeSummary:
    id: UUID
    slug: str
    code: str
    title: Localized
    summary: Localized
    provider_name: str
    provider_slug: str
    sectors: tuple[str, ...]
    variants: tuple[str, ...]
    level: str
    ec: Decimal | None
    module_count: int


@dataclass(frozen=True)
class ModuleSummary:
    id: UUID
    slug: str
    code: str
    kind: ModuleKind
    title: Localized
    ec: Decimal | None
    price: Money | None
    provider_name: str


@dataclass(frozen=True)
class ModulePage:
    """All that the public page of a module shows of the catalogue; programmes are (slug, title)."""

    module: ModuleFacts
    programmes: tuple[tuple[str, Localized], ...]


@dataclass(frozen=True)
class ProgrammePage:
    """A programme with its modules by half-year."""

    summary: ProgrammeSummary
    description: Localized
    periods: tuple[tuple[int, tuple[ModuleSummary, ...]], ...]


@dataclass(frozen=True)
class ProviderPage:
    provider: ProviderFacts
    modules: tuple[ModuleSummary, ...]
    programmes: tuple[ProgrammeSummary, ...]


@dataclass(frozen=True)
class OfferingOfModule:
    """An offering with what a list of enrolments says of its module."""

    offering: OfferingFacts
    module_slug: str
    module_title: Localized
    provider_name: str
