"""What higher rooms may call of employers."""

from academy.employers.events import (
    ClassFounded,
    DemandAnswered,
    DemandOpened,
    DemandPosted,
    LevelEnds,
    OfferTakenBack,
    PartnerAsked,
    PledgeAsked,
    PledgeMade,
    PledgeUnpaid,
    PoolChanged,
    PoolLapsed,
    PoolShort,
    ProposalSent,
    ProposalsReadable,
    ProviderAsked,
    QuestionAnswered,
    QuestionAsked,
    RequestEnded,
    RequestOpened,
    SeatCancelled,
    SeatInvited,
    TailoredOpened,
)
from academy.employers.facts import DemandFacts, PledgeFacts, PoolFacts
from academy.employers.kinds import (
    DemandState,
    GuestState,
    InviteState,
    Party,
    PledgeState,
    PoolState,
    ProposalState,
    RequestState,
)
from academy.employers.links import demand_token_for, guest_token_for, pledge_token_for
from academy.employers.policy import WHO_ACT
from academy.employers.queries import demand_by_id, pledge_by_id, pledges_of, pool_by_id, standing_of
from academy.employers.queries.broker import number_to_call
from academy.employers.queries.course_letters import CourseTold, course_told
from academy.employers.queries.guests import BlockInWork, GuestFacts, guest_by_id, offered_to
from academy.employers.queries.letters import came_by_merger, class_of_pool, module_of_pool, pledges_for_demand
from academy.employers.queries.request_letters import (
    PartnerTold,
    RequestTold,
    class_made,
    partner_told,
    question_told,
    request_told,
    seats_kept,
)
from academy.employers.queries.requests import ProposalFacts, RequestFacts, proposal_by_id
from academy.employers.rules.clocks import names_until, short_decided_until
from academy.employers.rules.slots import SlotCount
from academy.employers.service.short import MOST_EXTENSIONS
from academy.employers.words import area_words, demand_state_words, place_of, pool_state_words, slot_words, slots_words

__all__ = [
    "MOST_EXTENSIONS", "WHO_ACT", "BlockInWork", "ClassFounded", "CourseTold", "DemandAnswered", "DemandFacts", "DemandOpened", "DemandPosted",
    "DemandState", "GuestFacts", "GuestState", "InviteState", "LevelEnds", "OfferTakenBack", "PartnerAsked", "PartnerTold", "Party", "PledgeAsked",
    "PledgeFacts", "PledgeMade", "PledgeState", "PledgeUnpaid", "PoolChanged", "PoolFacts", "PoolLapsed", "PoolShort", "PoolState", "ProposalFacts",
    "ProposalSent", "ProposalState", "ProposalsReadable", "ProviderAsked", "QuestionAnswered", "QuestionAsked", "RequestEnded", "RequestFacts",
    "RequestOpened", "RequestState", "RequestTold", "SeatCancelled", "SeatInvited", "SlotCount", "TailoredOpened", "area_words", "came_by_merger",
    "class_made", "class_of_pool", "course_told", "demand_by_id", "demand_state_words", "demand_token_for", "guest_by_id", "guest_token_for", "module_of_pool",
    "names_until", "number_to_call", "offered_to", "partner_told", "place_of", "pledge_by_id", "pledge_token_for", "pledges_for_demand", "pledges_of", "pool_by_id", "pool_state_words",
    "proposal_by_id", "question_told", "request_told", "seats_kept", "short_decided_until", "slot_words", "slots_words", "standing_of",
]
