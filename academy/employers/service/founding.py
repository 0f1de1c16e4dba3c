"""A class is founded: every confirmed pledge becomes ordered seats, in one commit. Or the day has come and too few confirmed."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.employers import queries
from academy.employers.events import ClassFounded, PledgeAsked, PledgeUnpaid, PoolLapsed, PoolShort
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.kinds import OPEN_DEMANDS, OPEN_POOLS, DemandState, Party, PledgeState, PoolState
from academy.employers.models import Demand, Pledge, Pool
from academy.employers.queries.due import is_due
from academy.employers.rules import clocks
from academy.employers.service.history import move_pledge, move_pool
from academy.enrolment import api as enrolment
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.outbox import announce


def found_if_answered(session: Session, pool_id: UUID, *, now: datetime) -> bool:
    """Found the class of a pool when nobody has to answer any more and enough confirmed; tells whether it did. The caller keeps the pool.

    Where too few confirmed in time nobody is waited for any more: the seat that makes it enough founds the class.
    """
    pool = queries.pool_by_id(session, pool_id)
    if pool.state is not PoolState.PROVISIONAL:
        return False
    if pool.told_short_at is None and queries.pledges_of(session, pool.id, [PledgeState.ASKED]):
        return False
    return found_class(session, pool, now=now)


def found_class(session: Session, pool: PoolFacts, *, now: datetime) -> bool:
    """Turn every confirmed pledge into ordered seats and open the class, if enough confirmed. The caller keeps the pool to this transaction.

    Who did not answer, or can not at this moment of the week, is let go; who can not pay any more stays out, and breaks nothing. Citizens are
    offered their seats. False where too few confirmed, or the class was called off meanwhile or has begun.
    """
    if pool.offering_id is None or not _is_to_come(session, pool.offering_id, now=now):
        return False
    confirmed = _who_pay(session, pool)
    if sum(one.seats for one in confirmed) < pool.threshold:
        return False
    if not catalogue.found_offering(session, offering_id=pool.offering_id):
        return False
    enrolment.order_blocks(session, offering_id=pool.offering_id, now=now)
    move_pool(session, pool, PoolState.CONFIRMED, now=now, note="enough confirmed")
    for pledge in confirmed:
        _move(session, pledge, PledgeState.PLACED)
    let_go(session, queries.pledges_of(session, pool.id, [PledgeState.ASKED, PledgeState.OPEN, PledgeState.UNPROVEN]), now=now)
    citizens = [one.person_id for one in confirmed if one.party is Party.CITIZEN and one.person_id is not None]
    enrolment.offer_seats(session, offering_id=pool.offering_id, person_ids=citizens, now=now)
    met = [one.demand_id for one in confirmed if one.demand_id is not None]
    session.execute(update(Demand).where(Demand.id.in_(met), Demand.state.in_(OPEN_DEMANDS)).values(state=DemandState.MET, ended_at=now))
    announce(session, ClassFounded(pool.id))
    return True


def _is_to_come(session: Session, offering_id: UUID, *, now: datetime) -> bool:
    """Tell whether a class can still be founded. What was called off or has begun has no blocks left, and that is not because of who pays."""
    offering = catalogue.offerings_by_id(session, [offering_id])[offering_id].offering
    return offering.state is not catalogue.OfferingState.CANCELLED and offering.starts_on > amsterdam_day(now)


def _who_pay(session: Session, pool: PoolFacts) -> list[PledgeFacts]:
    """Return who confirmed and still pays. Whose seats are no longer promised, because their money was taken away, hears that."""
    confirmed = queries.pledges_of(session, pool.id, [PledgeState.CONFIRMED])
    there = [] if pool.offering_id is None else funding.blocks_at(session, pool.offering_id)
    promised = {None, *(block.id for block in there if block.state is not funding.BlockState.CLOSED)}
    for pledge in confirmed:
        if pledge.block_id not in promised:
            _move(session, pledge, PledgeState.UNPAID, block_id=None)
            announce(session, PledgeUnpaid(pledge.id))
    return [pledge for pledge in confirmed if pledge.block_id in promised]


def let_go(session: Session, pledges: Iterable[PledgeFacts], *, now: datetime) -> None:
    """Let pledges lapse that their pool has no use for any more: nothing is owed. Seats that were kept for them are free again."""
    for pledge in pledges:
        if pledge.block_id is not None:
            enrolment.take_blocks_back(session, block_id=pledge.block_id, now=now)
        _move(session, pledge, PledgeState.LAPSED, answered_at=pledge.answered_at or now, block_id=None)


def _move(session: Session, pledge: PledgeFacts, to: PledgeState, **values: object) -> None:
    if not move_pledge(session, pledge, to, **values):
        raise DatabaseBusy  # somebody was quicker: who starts over sees what there is now


def lapse_pool(session: Session, pool: PoolFacts, *, by: UUID | None, note: str, now: datetime) -> None:
    """End a pool without a class: nobody owes anything, and everybody hears. The caller keeps the pool to this transaction."""
    live = [PledgeState.UNPROVEN, PledgeState.OPEN, PledgeState.ASKED, PledgeState.CONFIRMED]
    let_go(session, queries.pledges_of(session, pool.id, live), now=now)
    move_pool(session, pool, PoolState.LAPSED, now=now, by=by, note=note, ended_at=now)
    announce(session, PoolLapsed(pool.id))


def decide_pool(session: Session, pool_id: UUID, *, now: datetime) -> None:
    """Decide about a pool whose time is up: found its class, or tell its people that too few came and what they can choose. Repeatable."""
    pool = queries.locked_pool(session, pool_id)
    if not is_due(pool, now=now) or (pool.state is PoolState.PROVISIONAL and found_class(session, pool, now=now)):
        return
    session.execute(update(Pool).where(Pool.id == pool.id).values(told_short_at=now).execution_options(synchronize_session=False))
    announce(session, PoolShort(pool.id))


def lapse_short_pool(session: Session, pool_id: UUID, *, now: datetime) -> None:
    """End a pool that was short and with which nobody did anything for a week, or whose class would have begun by now. Repeatable."""
    pool = queries.locked_pool(session, pool_id)
    if pool.state in OPEN_POOLS and pool.told_short_at is not None and (now >= clocks.short_decided_until(pool.told_short_at) or _would_have_begun(pool, now)):
        lapse_pool(session, pool, by=None, note="too few, and nobody chose otherwise", now=now)


def _would_have_begun(pool: PoolFacts, now: datetime) -> bool:
    return pool.state is PoolState.PROVISIONAL and pool.starts_on is not None and pool.starts_on <= amsterdam_day(now)


def remind_pledge(session: Session, pledge_id: UUID, *, now: datetime) -> None:
    """Remind who has yet to confirm, once, as long as there is time. Repeatable."""
    in_time = select(Pool.id).where(Pool.confirm_by > now)
    due = update(Pledge).where(Pledge.id == pledge_id, Pledge.state == PledgeState.ASKED, Pledge.reminded == 0, Pledge.pool_id.in_(in_time))
    if rows_changed(session, due.values(reminded=1).execution_options(synchronize_session=False)) == 1:
        announce(session, PledgeAsked(pledge_id, 1))


def start_pool(session: Session, pool_id: UUID, *, now: datetime) -> None:
    """Note that the class of a pool began, on the day that it has now: its provider may have put it off, or called it off. Repeatable."""
    pool = queries.locked_pool(session, pool_id)
    if pool.state is not PoolState.CONFIRMED or pool.offering_id is None:
        return
    offering = catalogue.offerings_by_id(session, [pool.offering_id])[pool.offering_id].offering
    if offering.state is not catalogue.OfferingState.CANCELLED and offering.starts_on <= amsterdam_day(now):
        move_pool(session, pool, PoolState.STARTED, now=now)
