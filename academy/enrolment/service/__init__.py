"""Use cases of enrolment."""

from academy.enrolment.service.holding import confirm, expire_due, extend_hold, hold_seat, pay_oneself
from academy.enrolment.service.leaving import call_off, cancel, withdraw_seats
from academy.enrolment.service.opening import check_enrolable
from academy.enrolment.service.planning import follow_seats, note_look, replan
from academy.enrolment.service.pools import open_up
from academy.enrolment.service.waiting import join_waiting_list

__all__ = [
    "call_off",
    "cancel",
    "check_enrolable",
    "confirm",
    "expire_due",
    "extend_hold",
    "follow_seats",
    "hold_seat",
    "join_waiting_list",
    "note_look",
    "open_up",
    "pay_oneself",
    "replan",
    "withdraw_seats",
]
