"""What recognition announces: ids only. Letters hear of it, and who keeps routes."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from academy.kernel.outbox import Event


@dataclass(frozen=True)
class FileMoved(Event):
    """A file went a step. `step_id` is its line in the history: it says from where to where, and who did it."""

    name: ClassVar[str] = "Recognition.file-moved.v1"
    file_id: UUID
    step_id: UUID


@dataclass(frozen=True)
class FileStill(Event):
    """Nothing happened in a file for a while. `letter` is 1 or 2; the second names the day on which it would end."""

    name: ClassVar[str] = "Recognition.file-still.v1"
    file_id: UUID
    letter: int


@dataclass(frozen=True)
class StepLate(Event):
    """Who is to act on a file is late. Colleagues with the same part hear, and the programme office."""

    name: ClassVar[str] = "Recognition.step-late.v1"
    file_id: UUID


@dataclass(frozen=True)
class StatementAsked(Event):
    """Somebody at work is asked for a statement; the letter carries the link."""

    name: ClassVar[str] = "Recognition.statement-asked.v1"
    statement_id: UUID


@dataclass(frozen=True)
class StatementAnswered(Event):
    """Somebody at work answered, or said no. The learner hears."""

    name: ClassVar[str] = "Recognition.statement-answered.v1"
    statement_id: UUID


@dataclass(frozen=True)
class SlotBooked(Event):
    """A learner booked time of an assessor. Both hear, with a calendar file."""

    name: ClassVar[str] = "Recognition.slot-booked.v1"
    instrument_id: UUID


@dataclass(frozen=True)
class SlotCalledOff(Event):
    """A booked look is called off. The other party hears, and that a new day can be chosen."""

    name: ClassVar[str] = "Recognition.slot-called-off.v1"
    instrument_id: UUID


@dataclass(frozen=True)
class Decided(Event):
    """A decision was taken, on whatever ground. The learner hears that it can be read, not what it says."""

    name: ClassVar[str] = "Recognition.decided.v1"
    decision_id: UUID


@dataclass(frozen=True)
class SignatureWanted(Event):
    """A decision waits for the signature of another member of the exam board."""

    name: ClassVar[str] = "Recognition.signature-wanted.v1"
    file_id: UUID


@dataclass(frozen=True)
class CreditsBooked(Event):
    """The credits of a person changed: who keeps their route looks again."""

    name: ClassVar[str] = "Recognition.credits-booked.v1"
    person_id: UUID
    decision_id: UUID


@dataclass(frozen=True)
class AgreementAsked(Event):
    """A learner asks that a module elsewhere counts. The board at home hears, and who gives the module."""

    name: ClassVar[str] = "Recognition.agreement-asked.v1"
    agreement_id: UUID


@dataclass(frozen=True)
class AgreementChanged(Event):
    """An agreement was signed, refused or ended. Who is concerned hears."""

    name: ClassVar[str] = "Recognition.agreement-changed.v1"
    agreement_id: UUID


@dataclass(frozen=True)
class TestBooked(Event):
    """A test here after a remote course was booked, called off or judged; the letter tells how it stands. Learner and assessor hear."""

    name: ClassVar[str] = "Recognition.test-booked.v1"
    test_id: UUID
