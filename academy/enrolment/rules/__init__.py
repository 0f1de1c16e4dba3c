"""Decisions of enrolment: plain values in, plain answers out."""

from academy.enrolment.rules.admission import Admission, admission
from academy.enrolment.rules.keeping import LOOKS, taxed_before, taxed_until
from academy.enrolment.rules.leaving import may_cancel
from academy.enrolment.rules.seats import FEW_SEATS, goes_ahead, is_thin, seats_state
from academy.enrolment.rules.states import (
    FOLLOWS,
    HOLD,
    MOST_EXTENSIONS,
    OFFER,
    association_state,
    kept_until,
    may_extend,
    offered_until,
    paid_until,
)

__all__ = [
    "FEW_SEATS", "FOLLOWS", "HOLD", "LOOKS", "MOST_EXTENSIONS", "OFFER", "Admission", "admission", "association_state", "goes_ahead", "is_thin", "kept_until", "may_cancel",
    "may_extend", "offered_until", "paid_until", "seats_state", "taxed_before", "taxed_until",
]
