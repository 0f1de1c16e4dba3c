"""Letters about demand, pools and pledges: for each event, the letters that it leads to, written from the present state."""

from typing import Final

from academy.employers import api as employers
from academy.kernel.outbox import Event
from academy.notices.employer_pool_letters import demands, pledges, pools, seats
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
}
