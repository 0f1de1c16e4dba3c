"""Decisions of enrolment: plain values in, plain answers out."""

from academy.enrolment.rules.admission import Admission, admission
from academy.enrolment.rules.drawing import Lot, draw_moment, drawn, fingerprint_of, may_draw_on, number_of
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
    "FEW_SEATS", "FOLLOWS", "HOLD", "LOOKS", "MOST_EXTENSIONS", "OFFER", "Admission", "Lot", "admission", "association_state", "draw_moment", "drawn", "fingerprint_of", "goes_ahead", "is_thin", "kept_until", "may_cancel", "may_draw_on",
    "may_extend", "number_of", "offered_until", "paid_until", "seats_state", "taxed_before", "taxed_until",
]
