"""What must hold of pools, pledges, blocks and classes at any moment, whatever was done to them.

A proof is worth what its negative control shows. Each of these mutations of the room was made by hand, and made a proof red.

    mutation                                                          red
    `leave_short` that does not take the block back                   test_crash_points: promised by nobody
    `let_go` that does not take blocks back                           test_any_sequence: promised by nobody
    `pay_empty_seats` that forgets the seats of the pledge            test_crash_points: a block of another size
    `found_class` that orders no blocks                               test_many_at_once
    `found_class` of a class that was called off                      test_found_by_proofs: somebody who can not pay
    `lapse_short_pool` that only counts days                          test_found_by_proofs: confirmed for a class that begins
    `start_pool` that does not look at the class                      test_found_by_proofs, test_any_sequence: started, called off
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue.models import Offering, OfferingState
from academy.employers.kinds import DemandState, Party, PledgeState, PoolState, ProposalState, RequestState
from academy.employers.models import Demand, Pledge, Pool, PoolStep, Proposal, SeatOrder, TailoredRequest
from academy.employers.rules import may_follow
from academy.enrolment import queries as enrolment
from academy.enrolment.queries.blocks import audit_blocks
from academy.enrolment.queries.seats import audit_classes
from academy.funding import queries as funding
from academy.funding.kinds import BlockState
from academy.funding.models import FundedBlock
from academy.kernel.db import Database

_WAITS = (PledgeState.UNPROVEN, PledgeState.OPEN, PledgeState.ASKED, PledgeState.CONFIRMED)
_HAVE_SEATS = (PledgeState.CONFIRMED, PledgeState.PLACED)
_FOUNDED = (PoolState.CONFIRMED, PoolState.STARTED)


def check(database: Database, unheard: Collection[UUID] = ()) -> None:
    """Look that all of it holds; of classes of which not every room heard yet that they were called off (`unheard`), only what can be known."""
    with database.reading() as session:
        found = list(faults(session, unheard))
    assert found == [], found


def faults(session: Session, unheard: Collection[UUID] = ()) -> Iterator[str]:
    """Return what does not hold, in words."""
    books = funding.audit(session)
    yield from (f"{name}: {found}" for name, found in (
        ("seats", enrolment.audit(session)), ("classes", audit_classes(session)), ("blocks", audit_blocks(session)),
        ("prices", books.seats), ("budgets", books.budgets), ("caps", books.caps),
    ) if found)
    classes = {row.id: row for row in session.scalars(select(Offering))}
    blocks = {row.id: row for row in session.scalars(select(FundedBlock))}
    pledges: defaultdict[UUID, list[Pledge]] = defaultdict(list)
    for pledge in session.scalars(select(Pledge).order_by(Pledge.id)):
        pledges[pledge.pool_id].append(pledge)
    for pool in session.scalars(select(Pool).order_by(Pool.id)):
        offering = classes[pool.offering_id] if pool.offering_id is not None else None
        is_heard = offering is None or offering.id not in unheard
        for word in (*_history(session, pool), *_of_pool(pool, offering, pledges[pool.id], blocks, is_heard=is_heard)):
            yield f"{pool.code}, {pool.state.value}: {word}"
    called_off = {one.id for one in classes.values() if one.state is OfferingState.CANCELLED}
    ended = {pool.id for pool in session.scalars(select(Pool).where(Pool.state == PoolState.LAPSED)) if pool.offering_id in called_off}
    chosen = list(session.scalars(select(TailoredRequest).order_by(TailoredRequest.id)))
    bought = {one.block_id for one in chosen} | set(session.scalars(select(SeatOrder.block_id)))
    yield from _of_blocks([one for each in pledges.values() for one in each], blocks, unheard, ended, bought)
    for request in chosen:
        proposals = list(session.scalars(select(Proposal).where(Proposal.request_id == request.id)))
        is_met = session.scalar(select(Demand.state).where(Demand.id == request.demand_id)) is DemandState.MET
        is_heard = request.offering_id not in unheard
        for word in _of_request(request, proposals, classes, blocks if is_heard else {}, is_met=is_met):
            yield f"{request.code}, {request.state.value}: {word}"


def _history(session: Session, pool: Pool) -> Iterator[str]:
    """Return where the history of a pool does not explain where it stands; "longer" and paying empty seats stay where they were."""
    steps = session.scalars(select(PoolStep).where(PoolStep.pool_id == pool.id).order_by(PoolStep.id)).all()
    ways = [(step.from_state, step.to_state) for step in steps]
    if not ways or ways[0][0] is not None or ways[-1][1] is not pool.state:
        yield f"{ways} does not explain it"
    yield from (f"a gap before {after}" for (_was, to), after in pairwise(ways) if to is not after[0])
    yield from (f"{was} to {to} is no way" for was, to in ways if was is not to and not may_follow(was, to))


def _of_pool(pool: Pool, offering: Offering | None, pledges: list[Pledge], blocks: dict[UUID, FundedBlock], *, is_heard: bool) -> Iterator[str]:
    seats = Counter({state: sum(one.seats for one in pledges if one.state is state) for state in PledgeState})
    emails = [one.email for one in pledges if one.state in {*_WAITS, PledgeState.PLACED}]
    if len(set(emails)) < len(emails):
        yield "an address takes part twice"
    if offering is not None and seats[PledgeState.CONFIRMED] + seats[PledgeState.PLACED] > offering.seats:
        yield f"{seats} in {offering.seats} seats"
    if seats[PledgeState.PLACED] and pool.state in {PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED, PoolState.PROVISIONAL}:
        yield "somebody has a seat in a class that was not founded"
    if seats[PledgeState.CONFIRMED] and pool.state is not PoolState.PROVISIONAL:
        yield "somebody confirmed, and is not asked to"
    if pool.state in {*_FOUNDED, PoolState.LAPSED} and any(one.state in _WAITS for one in pledges):
        yield "somebody still waits"
    if pool.state is PoolState.LAPSED and seats[PledgeState.PLACED]:
        yield "somebody has a seat in a class that was called off"
    if not is_heard:
        return
    yield from _of_class(pool, offering, seats[PledgeState.PLACED])
    if pool.state is PoolState.LAPSED and any(one.block_id is not None and blocks[one.block_id].state is not BlockState.CLOSED for one in pledges):
        yield "something is still promised"
    ordered = {one.id for one in blocks.values() if one.offering_id == pool.offering_id and one.state is BlockState.ORDERED}
    if pool.state is PoolState.CONFIRMED and ordered != {one.block_id for one in pledges if one.state is PledgeState.PLACED and one.block_id}:
        yield "not all that is placed is ordered"


def _of_class(pool: Pool, offering: Offering | None, placed: int) -> Iterator[str]:
    """Founded wholly or not at all: its class is open and goes ahead exactly when the pool says so, with enough seats."""
    is_founded = pool.state in _FOUNDED
    if is_founded != (offering is not None and offering.state is OfferingState.ACTIVE and offering.guaranteed):
        yield f"its class is {offering.state.value if offering else 'none'}"
    if is_founded and placed < pool.threshold:
        yield f"{placed} seats of the {pool.threshold} that it needs"
    if pool.state is PoolState.PROVISIONAL and (offering is None or offering.state is not OfferingState.CONCEPT):
        yield "the class that it was offered is no concept"


def _of_blocks(
    pledges: list[Pledge], blocks: dict[UUID, FundedBlock], unheard: Collection[UUID], ended: Collection[UUID], bought: Collection[UUID | None],
) -> Iterator[str]:
    """Return where blocks and who confirmed are not one to one, but for what was bought; pledges of pools whose class was called off keep theirs."""
    named = [one.block_id for one in pledges if one.block_id is not None]
    if len(set(named)) < len(named):
        yield "a block of two"
    for one in pledges:
        has_block = one.block_id is not None
        was_ordered = has_block and one.state is PledgeState.LAPSED and one.pool_id in ended
        if has_block != (was_ordered or (one.state in _HAVE_SEATS and one.party is not Party.CITIZEN)):
            yield f"{one.code}: {one.state.value}, and its block is {one.block_id}"
        elif has_block and one.block_id is not None and blocks[one.block_id].offering_id not in unheard:
            yield from _of_block(one, blocks[one.block_id])
    theirs = {*named, *bought}
    yield from (
        f"{each.id}: promised by nobody" for each in blocks.values()
        if each.id not in theirs and each.state is not BlockState.CLOSED and each.offering_id not in unheard
    )


def _of_block(pledge: Pledge, block: FundedBlock) -> Iterator[str]:
    states = {
        PledgeState.CONFIRMED: {BlockState.PROMISED}, PledgeState.PLACED: {BlockState.ORDERED, BlockState.CLOSED}, PledgeState.LAPSED: {BlockState.CLOSED},
    }[pledge.state]
    if (block.organisation_id, block.seats) != (pledge.organisation_id, pledge.seats) or block.state not in states:
        yield f"{pledge.code}: {pledge.state.value} for {pledge.seats} seats, its block is {block.state.value} for {block.seats}"


def _of_request(
    request: TailoredRequest, proposals: list[Proposal], classes: dict[UUID, Offering], blocks: dict[UUID, FundedBlock], *, is_met: bool,
) -> Iterator[str]:
    """Chosen wholly or not at all: one proposal, its class, and of one employer the block of all its seats; it is met exactly when they are ordered.

    `blocks` is empty where not every room heard what became of its class.
    """
    states = Counter(one.state for one in proposals)
    if states[ProposalState.CHOSEN] != (request.state is RequestState.CHOSEN):
        yield f"{states[ProposalState.CHOSEN]} of its proposals were chosen"
    if request.state is not RequestState.OPEN and states[ProposalState.DRAFT] + states[ProposalState.SENT]:
        yield "somebody still proposes"
    if (request.answered_at is None) != all(one.sent_at is None for one in proposals):
        yield "its first answer is not that of a proposal"
    if (request.block_id is not None) != (request.state is RequestState.CHOSEN and request.pool_id is None):
        yield f"its block is {request.block_id}"
    if request.block_id not in blocks or request.offering_id is None:
        return
    block, offering = blocks[request.block_id], classes[request.offering_id]
    if (block.offering_id, block.organisation_id, block.seats) != (offering.id, request.organisation_id, offering.seats):
        yield "its block is not all of its class"
    if block.state is BlockState.ORDERED and (offering.state is not OfferingState.ACTIVE or not is_met):
        yield f"its seats are ordered, its class is {offering.state.value}, and its demand is {'' if is_met else 'not '}met"
    if block.state is BlockState.PROMISED and is_met:
        yield "its demand is met by seats that nobody ordered"
