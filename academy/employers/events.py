"""What employers announces: ids only. Letters and the index hear of it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from academy.kernel.outbox import Event


@dataclass(frozen=True)
class DemandPosted(Event):
    """Somebody who has yet to prove their address wants something: the letter carries a link (`link_id`) to it."""

    name: ClassVar[str] = "Employers.demand-posted.v1"
    demand_id: UUID
    link_id: UUID


@dataclass(frozen=True)
class DemandOpened(Event):
    """A demand counts from here: its address is proven."""

    name: ClassVar[str] = "Employers.demand-opened.v1"
    demand_id: UUID


@dataclass(frozen=True)
class DemandAnswered(Event):
    """A demand has its first answer. The letter tells which."""

    name: ClassVar[str] = "Employers.demand-answered.v1"
    demand_id: UUID


@dataclass(frozen=True)
class PledgeMade(Event):
    """Somebody promised seats to a pool; where the address is not proven yet, `link_id` is that of the link in its letter."""

    name: ClassVar[str] = "Employers.pledge-made.v1"
    pledge_id: UUID
    link_id: UUID | None


@dataclass(frozen=True)
class PoolChanged(Event):
    """A pool began, stands elsewhere, or has other pledges: what shows it looks again."""

    name: ClassVar[str] = "Employers.pool-changed.v1"
    pool_id: UUID


@dataclass(frozen=True)
class ProviderAsked(Event):
    """A pool has enough seats at one slot. The letter to the planners of its provider has the dates that suit most, the number and the price."""

    name: ClassVar[str] = "Employers.provider-asked.v1"
    pool_id: UUID


@dataclass(frozen=True)
class PledgeAsked(Event):
    """A provider accepted: who pledged is asked to confirm, with one click. `reminder` is 0 for the first letter."""

    name: ClassVar[str] = "Employers.pledge-asked.v1"
    pledge_id: UUID
    reminder: int


@dataclass(frozen=True)
class PledgeUnpaid(Event):
    """Who confirmed could not pay: the class goes on without them, and they hear why and what they can do."""

    name: ClassVar[str] = "Employers.pledge-unpaid.v1"
    pledge_id: UUID


@dataclass(frozen=True)
class OfferTakenBack(Event):
    """A provider called the class of a pool off before it was founded. Who pledged hears that the pool gathers on, and that nothing is owed."""

    name: ClassVar[str] = "Employers.offer-taken-back.v1"
    pool_id: UUID


@dataclass(frozen=True)
class ClassFounded(Event):
    """Enough confirmed: the class exists, and the seats of all who confirmed are ordered. Each of them hears, and its provider."""

    name: ClassVar[str] = "Employers.class-founded.v1"
    pool_id: UUID


@dataclass(frozen=True)
class PoolShort(Event):
    """The deadline passed below the line. Each who pledged hears the choices: longer, pay the empty seats, merge, or stop."""

    name: ClassVar[str] = "Employers.pool-short.v1"
    pool_id: UUID


@dataclass(frozen=True)
class PoolLapsed(Event):
    """A pool ended without a class. Each who pledged hears that nothing is owed, and where else to look."""

    name: ClassVar[str] = "Employers.pool-lapsed.v1"
    pool_id: UUID


@dataclass(frozen=True)
class SeatInvited(Event):
    """An employer pays a seat for somebody, who has yet to say yes. `reminder` is 0 for the first letter, and counts those after it."""

    name: ClassVar[str] = "Employers.seat-invited.v1"
    guest_id: UUID
    reminder: int


@dataclass(frozen=True)
class SeatCancelled(Event):
    """An employer took an invitation back before it was answered. Who was invited hears that."""

    name: ClassVar[str] = "Employers.seat-cancelled.v1"
    guest_id: UUID


@dataclass(frozen=True)
class RequestOpened(Event):
    """Providers are invited to propose a module that has yet to be made. Each of them hears."""

    name: ClassVar[str] = "Employers.request-opened.v1"
    request_id: UUID


@dataclass(frozen=True)
class QuestionAsked(Event):
    """An invited provider asks something about a request. Who asked for the module hears, not who asks."""

    name: ClassVar[str] = "Employers.question-asked.v1"
    question_id: UUID


@dataclass(frozen=True)
class QuestionAnswered(Event):
    """A question about a request has its answer. All who were invited hear it."""

    name: ClassVar[str] = "Employers.question-answered.v1"
    question_id: UUID


@dataclass(frozen=True)
class PartnerAsked(Event):
    """A provider is asked to give a proposed class along, in the words as they are now (`partner_id` is that of its row)."""

    name: ClassVar[str] = "Employers.partner-asked.v1"
    partner_id: UUID


@dataclass(frozen=True)
class ProposalSent(Event):
    """There is a proposal. Who asked hears that there is one, and when it can be read."""

    name: ClassVar[str] = "Employers.proposal-sent.v1"
    proposal_id: UUID


@dataclass(frozen=True)
class ProposalsReadable(Event):
    """The proposals for a request can be read, compared and chosen: who asked hears until when. `reminder` is 0 for the first letter."""

    name: ClassVar[str] = "Employers.proposals-readable.v1"
    request_id: UUID
    reminder: int


@dataclass(frozen=True)
class RequestEnded(Event):
    """A request was chosen, taken back or ran out of time. Each who proposed hears whether it was theirs, with thanks and where the reason stands."""

    name: ClassVar[str] = "Employers.request-ended.v1"
    request_id: UUID


@dataclass(frozen=True)
class TailoredOpened(Event):
    """A provider opened the class that was made for one employer: its seats are ordered, and given out from here. Who asked hears."""

    name: ClassVar[str] = "Employers.tailored-opened.v1"
    request_id: UUID


@dataclass(frozen=True)
class LevelEnds(Event):
    """The level of a company course ends within a year: who keeps it hears, so that it can be assessed again in time."""

    name: ClassVar[str] = "Employers.level-ends.v1"
    course_id: UUID
