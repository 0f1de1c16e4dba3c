"""What enrolment announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from academy.kernel.outbox import Event


@dataclass(frozen=True)
class EnrolmentConfirmed(Event):
    """A person has a seat."""

    name: ClassVar[str] = "Enrolment.enrolment-confirmed.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class EnrolmentCancelled(Event):
    """A person gave the seat back."""

    name: ClassVar[str] = "Enrolment.enrolment-cancelled.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class SeatsChanged(Event):
    """The number of free seats of an offering changed; read the present number."""

    name: ClassVar[str] = "Enrolment.seats-changed.v1"
    offering_id: UUID


@dataclass(frozen=True)
class SeatWithdrawn(Event):
    """A person lost the seat, because the provider called the class off."""

    name: ClassVar[str] = "Enrolment.seat-withdrawn.v1"
    enrolment_id: UUID
