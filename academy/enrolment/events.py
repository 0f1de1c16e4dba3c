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
class SeatOffered(Event):
    """A seat came free for a person who waited, and is kept for them for some time."""

    name: ClassVar[str] = "Enrolment.seat-offered.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class AdmissionAsked(Event):
    """A person has a seat if the provider admits them."""

    name: ClassVar[str] = "Enrolment.admission-asked.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class PaymentPromised(Event):
    """A person has a seat as soon as it is paid."""

    name: ClassVar[str] = "Enrolment.payment-promised.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class HoldExpired(Event):
    """A seat that was kept for a person, for what `waited_for` says, went on to others. `waited_for` is a WaitsFor, or `offer`."""

    name: ClassVar[str] = "Enrolment.hold-expired.v1"
    enrolment_id: UUID
    waited_for: str


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
