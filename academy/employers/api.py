"""What higher rooms may call of employers."""

from academy.employers.events import (
    ClassFounded,
    DemandAnswered,
    DemandOpened,
    DemandPosted,
    OfferTakenBack,
    PledgeAsked,
    PledgeMade,
    PledgeUnpaid,
    PoolChanged,
    PoolLapsed,
    PoolShort,
    ProviderAsked,
    SeatCancelled,
    SeatInvited,
)
from academy.employers.facts import DemandFacts, PledgeFacts, PoolFacts
from academy.employers.kinds import DemandState, GuestState, Party, PledgeState, PoolState
from academy.employers.links import demand_token_for, guest_token_for, pledge_token_for
from academy.employers.queries import demand_by_id, pledge_by_id, pledges_of, pool_by_id, standing_of
from academy.employers.queries.guests import GuestFacts, guest_by_id, offered_to
from academy.employers.queries.letters import came_by_merger, class_of_pool, module_of_pool, pledges_for_demand
from academy.employers.rules.clocks import names_until, short_decided_until
from academy.employers.rules.slots import SlotCount
from academy.employers.service.short import MOST_EXTENSIONS
from academy.employers.words import area_words, slot_words, slots_words

__all__ = [
    "MOST_EXTENSIONS", "ClassFounded", "DemandAnswered", "DemandFacts", "DemandOpened", "DemandPosted", "DemandState", "GuestFacts", "GuestState",
    "OfferTakenBack", "Party", "PledgeAsked", "PledgeFacts", "PledgeMade", "PledgeState", "PledgeUnpaid", "PoolChanged", "PoolFacts", "PoolLapsed",
    "PoolShort", "PoolState", "ProviderAsked", "SeatCancelled", "SeatInvited", "SlotCount", "area_words", "came_by_merger", "class_of_pool", "demand_by_id",
    "demand_token_for", "guest_by_id", "guest_token_for", "module_of_pool", "names_until", "offered_to", "pledge_by_id", "pledge_token_for",
    "pledges_for_demand", "pledges_of", "pool_by_id", "short_decided_until", "slot_words", "slots_words", "standing_of",
]
