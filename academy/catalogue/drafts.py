"""What someone wants in the catalogue: frozen values that forms, files and feeds are turned into."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from academy.catalogue.models import (
    AssessmentForm,
    CertificateKind,
    CodeScheme,
    DeliveryMode,
    ModuleKind,
    OfferingState,
    PartOfDay,
    PlaceKind,
    ProgrammeType,
    ProviderKind,
    RequirementKind,
    TargetGroup,
)
from academy.catalogue.prerequisites import Prerequisite
from academy.kernel.money import Money
from academy.kernel.text import Localized


@dataclass(frozen=True)
class FormerName:
    """A name of before, with the days of its use as far as known."""

    name: str
    used_from: date | None = None
    used_until: date | None = None


@dataclass(frozen=True)
class CodeDraft:
    """A code in a register, with the days between which it counts."""

    scheme: CodeScheme
    value: str
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class ProviderDraft:
    slug: str
    name: str
    kind: ProviderKind
    summary: Localized = Localized()
    city: str = ""
    country: str = "NL"
    website: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    former_names: tuple[FormerName, ...] = ()
    codes: tuple[CodeDraft, ...] = ()


@dataclass(frozen=True)
class PlaceDraft:
    """A place; `provider` is the slug of who keeps the entry, "" for the region's own."""

    key: str
    name: Localized
    kind: PlaceKind
    street_address: str = ""
    city: str = ""
    capacity: int | None = None
    step_free: bool | None = None
    accessibility: Localized = Localized()
    latitude: float | None = None
    longitude: float | None = None
    provider: str = ""


@dataclass(frozen=True)
class OutcomeDraft:
    """What one can do afterwards; `skills` are URIs of the classification."""

    text: Localized
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModuleDraft:
    """A module as its provider describes it; `external_id` is the provider's own key and decides what is the same module.

    `ec` and `hours` (of study) are None when unknown; `price` is None when unknown or not in euros (then `price_note` has the words).
    `language_level` is what one must know of the language: A1 to C2 (CEFR) or 1F to 4F.
    """

    external_id: str
    code: str
    kind: ModuleKind
    title: Localized
    summary: Localized = Localized()
    description: Localized = Localized()
    entry: Localized = Localized()
    prerequisites: Prerequisite | None = None
    institution: str = ""
    website: str = ""
    ec: Decimal | None = None
    hours: int | None = None
    nlqf: str = ""
    eqf: str = ""
    languages: tuple[str, ...] = ()
    language_level: str = ""
    modes: tuple[DeliveryMode, ...] = ()
    assessments: tuple[AssessmentForm, ...] = ()
    certificate: CertificateKind | None = None
    sectors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    price: Money | None = None
    price_note: str = ""
    outcomes: tuple[OutcomeDraft, ...] = ()
    codes: tuple[CodeDraft, ...] = ()


@dataclass(frozen=True)
class RequirementDraft:
    """A node of what a programme asks, with what stands below it.

    A leaf (MODULE) names a module by its provider's slug ("" for the programme's own provider) and key, and the half-year of the nominal
    route. `ec` belongs to CREDITS_OF, `number` to NUMBER_OF.
    """

    kind: RequirementKind
    title: Localized = Localized()
    ec: Decimal | None = None
    number: int | None = None
    items: tuple["RequirementDraft", ...] = ()
    module: str = ""
    provider: str = ""
    period: int | None = None


@dataclass(frozen=True)
class IntakeDraft:
    """A moment at which one can begin with a whole programme."""

    external_id: str
    starts_on: date
    ends_on: date | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    state: OfferingState = OfferingState.ACTIVE
    variant: str = ""
    seats: int | None = None
    price: Money | None = None
    price_note: str = ""


@dataclass(frozen=True)
class ProgrammeDraft:
    """A programme; `partner_providers` are slugs of providers here, `partners` names of institutions that are not.

    `requirements` is None when the source says nothing about them: then what is there stays. The same goes for `intakes`.
    """

    external_id: str
    code: str
    title: Localized
    type: ProgrammeType = ProgrammeType.PROGRAMME
    parent: str = ""  # external id of the programme or specification it belongs to
    summary: Localized = Localized()
    description: Localized = Localized()
    entry: Localized = Localized()
    entry_nlqf: str = ""
    sectors: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    partner_providers: tuple[str, ...] = ()
    nlqf: str = ""
    eqf: str = ""
    ec: Decimal | None = None
    ec_at_provider: Decimal | None = None
    months: int | None = None
    website: str = ""
    codes: tuple[CodeDraft, ...] = ()
    requirements: RequirementDraft | None = None
    intakes: tuple[IntakeDraft, ...] | None = None


@dataclass(frozen=True)
class PeriodDraft:
    """When a target group can enrol; the last day counts until midnight in Amsterdam."""

    closes_on: date
    opens_on: date | None = None
    target_group: TargetGroup = TargetGroup.PUBLIC
    has_queue: bool = False
    queue_max: int | None = None
    website: str = ""


@dataclass(frozen=True)
class SessionDraft:
    """A meeting: every week on `weekday`, or once on `on_date`; times are those of Amsterdam."""

    part_of_day: PartOfDay
    weekday: str | None = None
    on_date: date | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    place_key: str | None = None
    about: Localized = Localized()


@dataclass(frozen=True)
class OfferingDraft:
    """A module at given dates. `price` is None when unknown or not in euros; `external_id` is "" for one made here.

    Where `sessions` are given, weekdays, part of day and place follow from them.
    """

    starts_on: date
    ends_on: date
    mode: DeliveryMode
    language: str
    seats: int
    price: Money | None
    periods: tuple[PeriodDraft, ...]
    part_of_day: PartOfDay = PartOfDay.ANY
    weekdays: tuple[str, ...] = ()
    place_key: str | None = None
    sessions: tuple[SessionDraft, ...] = ()
    external_id: str = ""
    state: OfferingState = OfferingState.ACTIVE
    min_seats: int = 0
    decides_on: date | None = None
    guaranteed: bool = False
    flexible_from: date | None = None
    flexible_until: date | None = None
    price_note: str = ""
    cancel_free_days: int = 1  # before the first day: so long giving a seat back costs nothing
    cancel_late_percent: int = 0  # of the price: what it costs after that


@dataclass
class UpsertCount:
    """What an upsert did, by external id; `archived` are those that the source no longer has."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    archived: list[str] = field(default_factory=list)

    def add(self, other: "UpsertCount") -> None:
        """Count what `other` did as well."""
        self.new += other.new
        self.changed += other.changed
        self.same += other.same
        self.archived += other.archived
