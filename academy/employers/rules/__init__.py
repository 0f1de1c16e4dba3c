"""Decisions of the demand side: plain values in, plain answers out."""

from academy.employers.rules.areas import ONLINE, PostcodeWrong, area_of, is_beside
from academy.employers.rules.clocks import (
    NAMES_DAYS,
    demand_answered_until,
    firm_confirms_until,
    is_over,
    names_until,
    provider_answers_until,
)
from academy.employers.rules.matching import (
    Because,
    Match,
    Offered,
    Reason,
    Skill,
    Wanted,
    fit,
    ranked,
    words_of,
)
from academy.employers.rules.pooling import (
    Choice,
    EmptySeatShare,
    Merged,
    Outcome,
    Pool,
    PoolKey,
    Standing,
    Unserved,
    WhyUnserved,
    empty_seat_shares,
    may_merge,
    mergers,
    outcome_at_deadline,
    standing_of,
)
from academy.employers.rules.slots import (
    ANY_SLOT,
    SLOTS,
    Pledge,
    SlotCount,
    SlotUnknown,
    best_slot,
    in_order,
    read_slots,
    slot_counts,
    write_slots,
)
from academy.employers.rules.states import (
    PLEDGE_WAYS,
    POOL_WAYS,
    Way,
    may_follow,
    pledges_before,
    pools_before,
)

__all__ = [
    "ANY_SLOT", "NAMES_DAYS", "ONLINE", "PLEDGE_WAYS", "POOL_WAYS", "SLOTS", "Because", "Choice", "EmptySeatShare", "Match", "Merged",
    "Offered", "Outcome", "Pledge", "Pool", "PoolKey", "PostcodeWrong", "Reason", "Skill", "SlotCount", "SlotUnknown", "Standing", "Unserved",
    "Wanted", "Way", "WhyUnserved", "area_of", "best_slot", "demand_answered_until", "empty_seat_shares", "firm_confirms_until", "fit",
    "in_order", "is_beside", "is_over", "may_follow", "may_merge", "mergers", "names_until", "outcome_at_deadline", "pledges_before",
    "pools_before", "provider_answers_until", "ranked", "read_slots", "slot_counts", "standing_of", "words_of", "write_slots",
]
