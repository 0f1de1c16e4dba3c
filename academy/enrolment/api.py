"""What higher rooms may call of enrolment."""

from academy.enrolment.events import EnrolmentCancelled, EnrolmentConfirmed, SeatsChanged, SeatWithdrawn
from academy.enrolment.models import EnrolmentState
from academy.enrolment.queries import EnrolmentFacts, enrolment, seats_left
from academy.enrolment.rules import seats_state

__all__ = [
    "EnrolmentCancelled", "EnrolmentConfirmed", "EnrolmentFacts", "EnrolmentState", "SeatWithdrawn", "SeatsChanged", "enrolment", "seats_left", "seats_state",
]
