"""Tables of employers."""

from academy.employers.models.courses import CompanyCourse, CourseStep
from academy.employers.models.demands import Demand, DemandSkill
from academy.employers.models.desk import CallNote, DemandReply
from academy.employers.models.guests import SeatGuest, SeatOrder
from academy.employers.models.pools import Pledge, Pool, PoolStep
from academy.employers.models.requests import Proposal, ProposalPartner, RequestInvite, RequestQuestion, TailoredRequest

__all__ = [
    "CallNote", "CompanyCourse", "CourseStep", "Demand", "DemandReply", "DemandSkill", "Pledge", "Pool", "PoolStep", "Proposal", "ProposalPartner", "RequestInvite", "RequestQuestion",
    "SeatGuest", "SeatOrder", "TailoredRequest",
]
