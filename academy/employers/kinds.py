"""The kinds that demand, pools, pledges, requests and sponsorships come in; plain words, so that rules can use them."""

from enum import StrEnum
from typing import Final


class Party(StrEnum):
    """Who wants something to be learned (requirements R18 and R21: the demand side is more than firms)."""

    EMPLOYER = "employer"
    CITIZEN = "citizen"
    SCHOOL = "school"  # a dean, for pupils


class DemandState(StrEnum):
    """Where a demand stands."""

    UNPROVEN = "unproven"  # its letter was not followed yet: it counts for nobody
    OPEN = "open"
    ANSWERED = "answered"  # it has a pool, a request or a reply of the programme office
    MET = "met"  # its people have seats
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class PoolState(StrEnum):
    """Where a pool stands (issue 8: idea, gathering, provisional, confirmed, started or lapsed)."""

    IDEA = "idea"  # one demand, nobody joined it yet
    GATHERING = "gathering"
    ASKED = "asked"  # enough seats at one slot; providers have two working days to answer
    PROVISIONAL = "provisional"  # a provider accepted; each firm has five days to confirm
    CONFIRMED = "confirmed"  # the class exists and its seats are ordered
    STARTED = "started"
    LAPSED = "lapsed"


class PledgeState(StrEnum):
    """Where a pledge stands."""

    UNPROVEN = "unproven"  # its letter was not followed yet
    OPEN = "open"
    ASKED = "asked"  # to confirm what the provider offers
    CONFIRMED = "confirmed"  # its money is earmarked, its seats are kept
    PLACED = "placed"  # the class was founded: its seats are ordered
    DECLINED = "declined"
    UNPAID = "unpaid"  # confirmed, but its money was not there
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # did not answer in time, or its pool lapsed


class RequestState(StrEnum):
    """Where a request for a tailored module stands."""

    OPEN = "open"  # providers ask and propose
    CHOSEN = "chosen"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # nobody proposed, or nobody chose, in time


class InviteState(StrEnum):
    """What an invited provider did with a request."""

    INVITED = "invited"
    PROPOSED = "proposed"
    DECLINED = "declined"


class ProposalState(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SENT = "sent"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not-chosen"
    WITHDRAWN = "withdrawn"


class CourseStage(StrEnum):
    """How far a company's own course is on its way to a level of NLQF."""

    PREPARING = "preparing"
    VALIDITY_ASKED = "validity-asked"  # whether its giver may have courses levelled
    VALIDITY_GRANTED = "validity-granted"
    VALIDITY_REFUSED = "validity-refused"
    LEVEL_ASKED = "level-asked"
    LEVEL_GRANTED = "level-granted"
    LEVEL_REFUSED = "level-refused"


class GuestState(StrEnum):
    """Where somebody stands for whom an employer pays a seat."""

    INVITED = "invited"
    SEATED = "seated"
    DECLINED = "declined"  # said no
    CANCELLED = "cancelled"  # by the employer: the invitation was taken back, or the seat
    LAPSED = "lapsed"  # did not answer in time


class CallOutcome(StrEnum):
    """What came of a telephone call of the programme office."""

    REACHED = "reached"
    NOT_REACHED = "not-reached"
    WILL_ANSWER = "will-answer"
    NO = "no"


OPEN_DEMANDS: Final = (DemandState.OPEN, DemandState.ANSWERED)
UNMET_DEMANDS: Final = (*OPEN_DEMANDS, DemandState.LAPSED)  # of which a class was chosen: its day may pass before the provider opens that
OPEN_POOLS: Final = (PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED, PoolState.PROVISIONAL)
# Pledges that count for a pool that still gathers, and those that keep seats in it.
COUNTING_PLEDGES: Final = (PledgeState.OPEN, PledgeState.ASKED, PledgeState.CONFIRMED)
LIVE_PLEDGES: Final = (PledgeState.UNPROVEN, *COUNTING_PLEDGES, PledgeState.PLACED)
