"""Frozen facts that leave the catalogue: what higher rooms and templates may see of its rows."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

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
    PublicationAct,
    PublicationState,
    RequirementKind,
    TargetGroup,
)
from academy.catalogue.prerequisites import Prerequisite
from academy.catalogue.rules import is_open
from academy.kernel.money import Money
from academy.kernel.text import Localized


@dataclass(frozen=True)
class CodeFacts:
    scheme: CodeScheme
    value: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class ProviderFacts:
    """A provider; `former_names` and `codes` are filled where the reader asks for them: the search index and the provider's own page."""

    id: UUID
    slug: str
    name: str
    kind: ProviderKind
    summary: Localized
    city: str
    country: str
    website: str
    contact_email: str
    contact_phone: str
    is_trusted: bool
    former_names: tuple[str, ...] = ()
    codes: tuple[CodeFacts, ...] = ()


@dataclass(frozen=True)
class PlaceFacts:
    id: UUID
    key: str
    name: Localized
    kind: PlaceKind
    street_address: str
    city: str
    capacity: int | None
    step_free: bool | None
    accessibility: Localized
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class PeriodFacts:
    """When a target group can enrol; the last day counts until midnight in Amsterdam."""

    target_group: TargetGroup
    opens_on: date | None
    closes_on: date
    has_queue: bool
    queue_max: int | None
    website: str


@dataclass(frozen=True)
class SessionFacts:
    part_of_day: PartOfDay
    weekday: str | None
    on_date: date | None
    starts_at: time | None
    ends_at: time | None
    about: Localized
    place: PlaceFacts | None


@dataclass(frozen=True)
class OfferingFacts:
    """A module at given dates; `sessions` are filled where the reader asks for them: the module's page and its calendar file."""

    id: UUID
    code: str
    module_id: UUID
    state: OfferingState
    starts_on: date
    ends_on: date
    flexible_from: date | None
    flexible_until: date | None
    weekdays: tuple[str, ...]
    part_of_day: PartOfDay
    mode: DeliveryMode
    language: str
    min_seats: int
    seats: int
    decides_on: date | None
    guaranteed: bool
    price: Money | None
    price_note: str
    place: PlaceFacts | None
    periods: tuple[PeriodFacts, ...]
    sessions: tuple[SessionFacts, ...] = ()
    cancel_free_days: int = 1
    cancel_late_percent: int = 0

    def is_open(self, now: datetime, group: TargetGroup = TargetGroup.PUBLIC) -> bool:
        """Tell whether `group` can enrol at `now`, seats apart."""
        return self.state is OfferingState.ACTIVE and any(
            is_open(opens_on=period.opens_on, enrol_until=period.closes_on, now=now)
            for period in self.periods
            if period.target_group is group
        )

    @property
    def enrolment_website(self) -> str:
        """Where the public enrols when that is not here; such seats are kept and counted by the provider."""
        public = (period for period in self.periods if period.target_group is TargetGroup.PUBLIC)
        return next((period.website for period in public if period.website), "")

    @property
    def enrol_until(self) -> date | None:
        """The last day on which the public can enrol; None when it never can."""
        return max((period.closes_on for period in self.periods if period.target_group is TargetGroup.PUBLIC), default=None)


@dataclass(frozen=True)
class SkillTag:
    """A skill of the classification, called what it was called when the outcome was tagged."""

    uri: str
    label: Localized


@dataclass(frozen=True)
class OutcomeFacts:
    id: UUID
    text: Localized
    skills: tuple[SkillTag, ...]


@dataclass(frozen=True)
class ModuleFacts:
    """A module with its provider and outcomes; offerings are those not cancelled and not ended.

    `hours` of study are None when unknown; `version` counts from 1 and grows with every published change.
    """

    id: UUID
    slug: str
    code: str
    external_id: str
    kind: ModuleKind
    state: PublicationState
    version: int
    title: Localized
    summary: Localized
    description: Localized
    entry: Localized
    prerequisites: Prerequisite | None
    institution: str
    website: str
    ec: Decimal | None
    hours: int | None
    nlqf: str
    eqf: str
    languages: tuple[str, ...]
    language_level: str
    modes: tuple[DeliveryMode, ...]
    assessments: tuple[AssessmentForm, ...]
    certificate: CertificateKind | None
    sectors: tuple[str, ...]
    topics: tuple[str, ...]
    price: Money | None
    price_note: str
    changed_at: datetime
    provider: ProviderFacts
    outcomes: tuple[OutcomeFacts, ...]
    offerings: tuple[OfferingFacts, ...]


@dataclass(frozen=True)
class ModuleSummary:
    id: UUID
    slug: str
    code: str
    external_id: str
    kind: ModuleKind
    title: Localized
    ec: Decimal | None
    price: Money | None
    provider_name: str


@dataclass(frozen=True)
class ModuleLink:
    """A published module as a link; `external_id` and `provider_slug` are how a prerequisite names it."""

    slug: str
    title: Localized
    external_id: str
    provider_slug: str


@dataclass(frozen=True)
class PriceStepFacts:
    """A public price that became another, of the module as a whole or of one offering; None where it was not known."""

    offering_id: UUID | None
    was: Money | None
    becomes: Money | None
    changed_at: datetime


@dataclass(frozen=True)
class ModulePage:
    """All that the public page of a module shows of the catalogue.

    `programmes` are (slug, title) of those it counts for; `needed` the modules that its prerequisites name; `next` those that need it.
    `fingerprint` is what the database answered, to the letter: the same fingerprint is the same page.
    """

    module: ModuleFacts
    programmes: tuple[tuple[str, Localized], ...]
    needed: tuple[ModuleLink, ...]
    next: tuple[ModuleLink, ...]
    fingerprint: tuple[str, str] = field(repr=False, compare=False)
    prices: tuple[PriceStepFacts, ...] = ()  # the last one first


@dataclass(frozen=True)
class ProgrammeSummary:
    id: UUID
    slug: str
    code: str
    type: ProgrammeType
    title: Localized
    summary: Localized
    provider_name: str
    provider_slug: str
    sectors: tuple[str, ...]
    variants: tuple[str, ...]
    nlqf: str
    ec: Decimal | None
    module_count: int


@dataclass(frozen=True)
class RequirementFacts:
    """A node of what a programme asks; a leaf has a module, `is_published` is False when that is no longer offered."""

    id: UUID
    kind: RequirementKind
    title: Localized
    ec: Decimal | None
    number: int | None
    period: int | None
    module: ModuleSummary | None
    is_published: bool
    items: tuple["RequirementFacts", ...]


@dataclass(frozen=True)
class IntakeFacts:
    id: UUID
    starts_on: date
    ends_on: date | None
    opens_on: date | None
    closes_on: date | None
    state: OfferingState
    variant: str
    seats: int | None
    price: Money | None
    price_note: str


@dataclass(frozen=True)
class ProgrammePage:
    """A programme with its requirement tree; `partners` are (name, slug), the slug "" for who is no provider here."""

    summary: ProgrammeSummary
    description: Localized
    entry: Localized
    entry_nlqf: str
    eqf: str
    ec_at_provider: Decimal | None
    months: int | None
    languages: tuple[str, ...]
    website: str
    changed_at: datetime
    partners: tuple[tuple[str, str], ...]
    codes: tuple[CodeFacts, ...]
    requirements: RequirementFacts | None
    intakes: tuple[IntakeFacts, ...]


@dataclass(frozen=True)
class ProviderPage:
    """A provider with one page of its modules; `module_count` counts all that are published, `page` counts from 1."""

    provider: ProviderFacts
    modules: tuple[ModuleSummary, ...]
    module_count: int
    page: int
    per_page: int
    programmes: tuple[ProgrammeSummary, ...]


@dataclass(frozen=True)
class OfferingOfModule:
    """An offering with what a list of enrolments says of its module; `version` is the module's present one."""

    offering: OfferingFacts
    module_slug: str
    module_title: Localized
    provider_name: str
    provider_id: UUID
    version: int
    external_id: str = ""
    provider_slug: str = ""
    entry: Localized = Localized()
    prerequisites: Prerequisite | None = None
    ec: Decimal | None = None
    module_kind: ModuleKind = ModuleKind.LOOSE_MODULE


@dataclass(frozen=True)
class StepFacts:
    """Who did what to a module's publication, when and why; `person_id` is None for an import."""

    act: PublicationAct
    version: int
    person_id: UUID | None
    by_office: bool
    at: datetime
    reason: str
