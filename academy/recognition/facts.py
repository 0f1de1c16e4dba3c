"""Frozen facts of recognition: what its use cases, its pages and higher rooms see of its rows."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.recognition.kinds import Advice, EvidenceKind, FileState, InstrumentKind, Judgement, Route


@dataclass(frozen=True)
class FileFacts:
    """A file as it stands; `told` are the moments at which its learner was told that nothing happens, since they last did something."""

    id: UUID
    code: str
    person_id: UUID
    module_id: UUID
    module_version: int
    provider_id: UUID
    route: Route
    state: FileState
    since: datetime
    idle_since: datetime
    told: tuple[datetime, ...]
    lapsed_from: FileState | None
    guide_id: UUID | None
    advice: Advice | None
    advice_reason: str
    learner_signed_at: datetime | None
    guide_signed_at: datetime | None
    stated_at: datetime | None
    employer: str
    fee: Money
    decision_id: UUID | None
    made_at: datetime
    former_id: UUID | None


@dataclass(frozen=True)
class ClaimedOutcome:
    """An outcome of a file in the words and with the credits (EC) that it had when the file was opened; `missing` is what the assessor asks to add."""

    id: UUID
    wording: Localized
    worth: Decimal
    judgement: Judgement | None
    example: str
    missing: str


@dataclass(frozen=True)
class EvidenceFacts:
    """A piece of evidence; `outcomes` are those it is for in the file that was asked about, empty in the library. `size` in bytes."""

    id: UUID
    person_id: UUID
    kind: EvidenceKind
    title: str
    source: str
    code: str
    earned_on: date | None
    url: str
    text: str
    stored_name: str
    filename: str
    media: str
    size: int
    sha256: str
    is_kept: bool
    added_at: datetime
    outcomes: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class InstrumentFacts:
    """One look at what somebody can do; `answers` are {outcome: answer}."""

    id: UUID
    kind: InstrumentKind
    assessor_id: UUID
    slot_id: UUID | None
    begun_at: datetime
    planned_at: datetime | None
    done_at: datetime | None
    notes: str


@dataclass(frozen=True)
class SlotFacts:
    """Time of an assessor that can be booked; `left` places."""

    id: UUID
    code: str
    provider_id: UUID
    assessor_id: UUID
    kind: InstrumentKind
    starts_at: datetime
    ends_at: datetime
    place_id: UUID | None
    where: str
    is_online: bool
    capacity: int
    taken: int

    @property
    def left(self) -> int:
        return self.capacity - self.taken


@dataclass(frozen=True)
class TermsFacts:
    """What a provider asks and allows; `most_ec` None is no maximum."""

    most_ec: Decimal | None
    signatures: int
    fee: Money
