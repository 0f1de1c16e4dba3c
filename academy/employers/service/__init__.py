"""Use cases of employers."""

from academy.employers.service.accepting import accept_pool, decline_pool
from academy.employers.service.buying import buy_seats
from academy.employers.service.confirming import confirm_by_letter, confirm_pledge, decline_pledge
from academy.employers.service.demands import post_demand, prove_demand, withdraw_demand
from academy.employers.service.founding import decide_pool, lapse_short_pool, remind_pledge, start_pool
from academy.employers.service.gathering import begin_pool
from academy.employers.service.guests import (
    accept_seat,
    cancel_guest,
    decline_seat,
    invite_guests,
    make_seat_codes,
    remind_guest,
    replace_guest,
)
from academy.employers.service.history import note_answer
from academy.employers.service.joining import join_for_demand
from academy.employers.service.pledging import change_pledge, make_pledge, prove_pledge, withdraw_pledge
from academy.employers.service.short import (
    class_called_off,
    extend_pool,
    leave_short,
    merge_pools,
    pay_empty_seats,
    release_pool,
    start_anyway,
)

__all__ = [
    "accept_pool", "accept_seat", "begin_pool", "buy_seats", "cancel_guest", "change_pledge", "class_called_off", "confirm_by_letter", "confirm_pledge", "decide_pool",
    "decline_pledge", "decline_pool", "decline_seat", "extend_pool", "invite_guests", "join_for_demand", "lapse_short_pool", "leave_short", "make_pledge", "make_seat_codes",
    "merge_pools", "note_answer", "pay_empty_seats", "post_demand", "prove_demand", "prove_pledge", "release_pool", "remind_guest", "remind_pledge",
    "replace_guest", "start_anyway", "start_pool", "withdraw_demand", "withdraw_pledge",
]
