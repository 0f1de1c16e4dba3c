"""What funding announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from academy.kernel.outbox import Event


@dataclass(frozen=True)
class ShareAsked(Event):
    """A share of a seat waits for approval. The letter goes to who may approve it: what, for whom, how much, until when, and the page to answer."""

    name: ClassVar[str] = "Funding.share-asked.v1"
    share_id: UUID


@dataclass(frozen=True)
class SeatDecided(Event):
    """Nobody has to approve anything of this seat any more; `seat_id` is the id of the enrolment. What is left is to be paid, or there is nothing."""

    name: ClassVar[str] = "Funding.seat-decided.v1"
    seat_id: UUID


@dataclass(frozen=True)
class ShareRefused(Event):
    """A source does not pay its share. The letter to the learner says who pays it now, as was agreed, and that giving the seat back is free."""

    name: ClassVar[str] = "Funding.share-refused.v1"
    share_id: UUID


@dataclass(frozen=True)
class SeatUnfunded(Event):
    """A source refused its share and nobody agreed to pay it then; whoever keeps the seat gives it back. Nothing of it is promised any more."""

    name: ClassVar[str] = "Funding.seat-unfunded.v1"
    seat_id: UUID


@dataclass(frozen=True)
class EmployerAsked(Event):
    """An employer is asked by letter to pay; `reminder` is 0 for the first letter, 1 and 2 for the reminders of day 2 and day 5."""

    name: ClassVar[str] = "Funding.employer-asked.v1"
    ask_id: UUID
    reminder: int


@dataclass(frozen=True)
class EmployerAnswered(Event):
    """An employer said yes, to a part, or no. The learner hears which; after a part or a no they say whether they pay what is left."""

    name: ClassVar[str] = "Funding.employer-answered.v1"
    ask_id: UUID


@dataclass(frozen=True)
class VatDecided(Event):
    """Somebody said what a provider or one of its modules is to the tax office: seats that could not be sold may be sold now."""

    name: ClassVar[str] = "Funding.vat-decided.v1"
    provider_id: UUID
