"""What someone wants in the catalogue: frozen values that forms, files and feeds are turned into."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from academy.catalogue.models import DeliveryMode, ModuleKind, PartOfDay, PlaceKind, ProviderKind
from academy.kernel.money import Money
from academy.kernel.text import Localized


@dataclass(frozen=True)
class ProviderDraft:
    slug: str
    name: str
    kind: ProviderKind
    summary: Localized = Localized()
    city: str = ""
    country: str = "NL"
    website: str = ""
    former_name: str = ""


@dataclass(frozen=True)
class PlaceDraft:
    key: str
    name: Localized
    kind: PlaceKind
    street_address: str = ""
    city: str = ""
    capacity: int | None = None
    step_free: bool | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class ModuleDraft:
    """A module as its provider describes it; `external_id` is the provider's own key and decides what is the same module.

    `ec` is None when unknown; `price` is None when unknown or not in euros (then `price_note` has the words).
    """

    external_id: str
    code: str
    kind: ModuleKind
    title: Localized
    summary: Localized = Localized()
    description: Localized = Localized()
    institution: str = ""
    website: str = ""
    ec: Decimal | None = None
    level: str = ""
    languages: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    price: Money | None = None
    price_note: str = ""
    outcomes: tuple[Localized, ...] = ()


@dataclass(frozen=True)
class ProgrammeDraft:
    external_id: str
    code: str
    title: Localized
    summary: Localized = Localized()
    description: Localized = Localized()
    sectors: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    level: str = ""
    ec: Decimal | None = None


@dataclass(frozen=True)
class OfferingDraft:
    """An offering; `enrol_until` is the last day, until midnight in Amsterdam."""

    starts_on: date
    ends_on: date
    enrol_until: date
    mode: DeliveryMode
    part_of_day: PartOfDay
    language: str
    seats: int
    price: Money
    weekdays: tuple[str, ...] = ()
    place_key: str | None = None


@dataclass
class UpsertCount:
    """What an upsert did, by external id."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
