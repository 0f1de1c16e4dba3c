"""Letters about demand, pools, pledges and what is made to measure: for each event, the letters that it leads to, written from the present state."""

from typing import Final

from academy.employers import api as employers
from academy.kernel.outbox import Event
from academy.notices.employer_pool_letters import choices, courses, demands, pledges, pools, requests, seats
from academy.notices.enrolment_letters import Write

# By the name of the subscriber, which stands in the outbox.
LETTERS: Final[dict[str, tuple[type[Event], Write]]] = {
    "notices.demand-letter": (employers.DemandPosted, demands.posted),
    "notices.demand-answered-letter": (employers.DemandAnswered, demands.answered),
    "notices.pledge-letter": (employers.PledgeMade, pledges.made),
    "notices.confirm-pledge-letter": (employers.PledgeAsked, pledges.asked),
    "notices.unpaid-pledge-letter": (employers.PledgeUnpaid, pledges.unpaid),
    "notices.provider-asked-letters": (employers.ProviderAsked, pools.provider_asked),
    "notices.offer-taken-back-letters": (employers.OfferTakenBack, pools.offer_taken_back),
    "notices.class-founded-letters": (employers.ClassFounded, pools.founded),
    "notices.pool-short-letters": (employers.PoolShort, pools.short),
    "notices.pool-lapsed-letters": (employers.PoolLapsed, pools.lapsed),
    "notices.seat-invitation-letter": (employers.SeatInvited, seats.invited),
    "notices.seat-cancelled-letter": (employers.SeatCancelled, seats.cancelled),
    "notices.request-opened-letters": (employers.RequestOpened, requests.opened),
    "notices.question-asked-letters": (employers.QuestionAsked, requests.question_asked),
    "notices.question-answered-letters": (employers.QuestionAnswered, requests.question_answered),
    "notices.partner-asked-letters": (employers.PartnerAsked, requests.partner_asked),
    "notices.proposal-sent-letters": (employers.ProposalSent, requests.proposal_sent),
    "notices.proposals-readable-letters": (employers.ProposalsReadable, requests.readable),
    "notices.request-ended-letters": (employers.RequestEnded, choices.ended),
    "notices.tailored-opened-letters": (employers.TailoredOpened, choices.tailored_opened),
    "notices.level-ends-letters": (employers.LevelEnds, courses.level_ends),
}
