"""Use cases of pledges while a pool gathers: promising seats, proving the address, changing, taking back."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.employers import queries
from academy.employers.drafts import PledgeDraft
from academy.employers.errors import AlreadyPledged, PledgeAnswered, PoolClosed, TooManyPledged
from academy.employers.events import PledgeMade
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.kinds import LIVE_PLEDGES, OPEN_POOLS, DemandState, Party, PledgeState
from academy.employers.links import pledge_token_for
from academy.employers.models import Pledge
from academy.employers.service import firms, gathering
from academy.employers.service.history import move_pledge
from academy.kernel.db import rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id, short_code
from academy.kernel.money import Money
from academy.kernel.outbox import announce

_FREE: tuple[PledgeState, ...] = (PledgeState.UNPROVEN, PledgeState.OPEN)


def make_pledge(
    session: Session, *, pool_code: str, draft: PledgeDraft, actor: Actor | None, demand_id: UUID | None, next_path: str, now: datetime,
    firm_id: UUID | None = None,
) -> str:
    """Promise seats to a pool; returns the pledge's code. With the actor's own address it counts at once; another gets a letter to prove it.

    `next_path` is where the link in that letter leads (`{code}` in it is filled in). A pledge made for a demand is of its firm, and proven
    with it where that demand waits for its own letter.
    Somebody else's address that takes part already gets that letter again, and whoever typed it is not told. A citizen takes one seat.
    Raises PoolNotFound, PoolClosed, TooManyPledged, AlreadyPledged, FirmElsewhere, FirmNeeded.
    """
    pool = queries.locked_pool(session, queries.pool_by_code(session, pool_code).id)
    seats = 1 if draft.party is Party.CITIZEN else draft.seats
    _check_room(session, pool, seats)
    demand = queries.demand_by_id(session, demand_id) if demand_id is not None else None
    waits = demand is not None and demand.state is DemandState.UNPROVEN
    pledge = Pledge(
        id=new_id(), code=short_code(), pool_id=pool.id, demand_id=demand_id, party=draft.party, state=PledgeState.UNPROVEN, email=draft.email,
        language=draft.language, seats=seats, slots=list(draft.slots), most_price=draft.most_price, reference=draft.reference, made_at=now,
    )
    if actor is not None and actor.email == draft.email and not waits:
        _replace_unproven(session, pool, draft.email)
        pledge.state, pledge.proven_at, pledge.person_id = PledgeState.OPEN, now, actor.person_id
        of_demand = demand.organisation_id if demand is not None else None
        pledge.organisation_id = of_demand or firms.firm_for(
            session, actor, party=draft.party, kvk_number="", firm_name="", now=now, firm_id=firm_id,
        )
        _add(session, pool, pledge)
        announce(session, PledgeMade(pledge.id, None))
        gathering.look_at(session, pool.id, now=now)
        return pledge.code
    there = _pledge_of(session, pool, draft.email)
    if there is None:
        _add(session, pool, pledge)
        there = queries.pledge_by_id(session, pledge.id)
    if not waits:
        link_id = accounts.make_link(session, email=draft.email, language=there.language, next_path=next_path.format(code=there.code), now=now)
        announce(session, PledgeMade(there.id, link_id))
    return there.code


def _pledge_of(session: Session, pool: PoolFacts, email: str) -> PledgeFacts | None:
    """Return the live pledge of an address to a pool."""
    return next((one for one in queries.pledges_of(session, pool.id, LIVE_PLEDGES) if one.email == email), None)


def _replace_unproven(session: Session, pool: PoolFacts, email: str) -> None:
    """Let what an address promised before it was proven make room for what who is signed in with it says now."""
    there = _pledge_of(session, pool, email)
    if there is not None and there.state is PledgeState.UNPROVEN and there.demand_id is None:
        move_pledge(session, there, PledgeState.WITHDRAWN)


def _check_room(session: Session, pool: PoolFacts, seats: int, *, but: UUID | None = None) -> None:
    """Refuse what the pool can not hold. What is sold in the end is guarded by the seats of the class; this keeps promises within reach."""
    if pool.state not in OPEN_POOLS:
        raise PoolClosed(pool.code)
    if not _has_room(session, pool, seats, but=but):
        raise TooManyPledged


def _has_room(session: Session, pool: PoolFacts, seats: int, *, but: UUID | None) -> bool:
    others = sum(one.seats for one in queries.pledges_of(session, pool.id) if one.id != but)
    return others + seats <= pool.most_seats


def _add(session: Session, pool: PoolFacts, pledge: Pledge) -> None:
    try:
        with session.begin_nested():
            session.add(pledge)
            session.flush()
    except IntegrityError as error:  # the index says it, also when two requests meet
        raise AlreadyPledged(pool.code) from error


def prove_pledge(
    session: Session, *, actor: Actor, code: str, kvk_number: str = "", firm_name: str = "", now: datetime, firm_id: UUID | None = None,
) -> None:
    """Let a pledge count, now that who made it followed the link. Repeatable. Raises PledgeNotFound, FirmElsewhere, FirmNeeded, and TooManyPledged where
    the pool is full by now: it can be changed to fewer seats, and proven then.
    """
    pool, pledge = _kept(session, queries.pledge_to_act_on(session, actor, code))
    if pledge.state is not PledgeState.UNPROVEN:
        return
    if not _has_room(session, pool, pledge.seats, but=pledge.id):
        raise TooManyPledged(partial(pledge_token_for, pledge.id))
    firm_id = firms.firm_for(session, actor, party=pledge.party, kvk_number=kvk_number, firm_name=firm_name, now=now, firm_id=firm_id)
    _prove(session, pledge, person_id=actor.person_id, organisation_id=firm_id, now=now)


def prove_pledges_of(session: Session, *, demand_id: UUID, person_id: UUID, organisation_id: UUID | None, now: datetime) -> bool:
    """Let the pledges count that were made for a demand, now that it is proven; tells whether all do. One that its pool has no room for any more ends."""
    rows = session.scalars(select(Pledge.id).where(Pledge.demand_id == demand_id, Pledge.state == PledgeState.UNPROVEN).order_by(Pledge.pool_id)).all()
    are_all = True
    for each in rows:
        pool, pledge = _kept(session, queries.pledge_by_id(session, each))
        if pledge.state is not PledgeState.UNPROVEN:
            continue
        if _has_room(session, pool, pledge.seats, but=pledge.id):
            _prove(session, pledge, person_id=person_id, organisation_id=organisation_id, now=now)
        else:
            are_all = False
            move_pledge(session, pledge, PledgeState.LAPSED, answered_at=now)
    return are_all


def _kept(session: Session, pledge: PledgeFacts) -> tuple[PoolFacts, PledgeFacts]:
    """Return a pledge and its pool as they are now, kept to this transaction: the pool before the pledge, as who accepts or ends the pool does."""
    pool = queries.locked_pool(session, pledge.pool_id)
    there = queries.pledge_by_id(session, pledge.id)
    if there.pool_id != pool.id:
        raise DatabaseBusy  # its pool was merged in this moment: who starts over finds it in the other one
    return pool, there


def _prove(session: Session, pledge: PledgeFacts, *, person_id: UUID, organisation_id: UUID | None, now: datetime) -> None:
    if not move_pledge(session, pledge, PledgeState.OPEN, person_id=person_id, organisation_id=organisation_id, proven_at=now):
        raise DatabaseBusy
    announce(session, PledgeMade(pledge.id, None))
    gathering.look_at(session, pledge.pool_id, now=now)


def change_pledge(
    session: Session, *, pledge: PledgeFacts, seats: int, slots: tuple[str, ...], most_price: Money | None, now: datetime,
) -> None:
    """Promise another number, other moments or another price, as long as nothing was asked; the caller has checked who may.

    Raises PoolClosed, TooManyPledged, PledgeAnswered.
    """
    pool = queries.locked_pool(session, pledge.pool_id)
    seats = 1 if pledge.party is Party.CITIZEN else seats
    _check_room(session, pool, seats, but=pledge.id)
    changed = update(Pledge).where(Pledge.id == pledge.id, Pledge.state.in_(_FREE)).values(seats=seats, slots=list(slots), most_price=most_price)
    if rows_changed(session, changed) != 1:
        raise PledgeAnswered
    gathering.look_at(session, pool.id, now=now)


def withdraw_pledge(session: Session, *, pledge: PledgeFacts, now: datetime) -> None:
    """Take a promise back that nothing was asked of yet; taken back already, nothing changes. The caller has checked who may. Raises PledgeAnswered."""
    _pool, there = _kept(session, pledge)
    if there.state is PledgeState.WITHDRAWN:
        return
    if there.state not in _FREE or not move_pledge(session, there, PledgeState.WITHDRAWN, answered_at=now):
        raise PledgeAnswered
    gathering.look_at(session, there.pool_id, now=now)


def kept_pledges_of(session: Session, demand_id: UUID) -> list[PledgeFacts]:
    """Return the live pledges for a demand as they are now, with their pools kept to this transaction: one after the other, as who merges does."""
    mine = select(Pledge.id, Pledge.pool_id).where(Pledge.demand_id == demand_id, Pledge.state.in_(LIVE_PLEDGES))
    there = session.execute(mine).all()
    for pool_id in sorted({row.pool_id for row in there}):
        queries.locked_pool(session, pool_id)
    kept = [queries.pledge_by_id(session, row.id) for row in there]
    if {one.pool_id for one in kept} != {row.pool_id for row in there}:
        raise DatabaseBusy  # a pool was merged in this moment: who starts over finds the other one
    return kept


def withdraw_pledges_of(session: Session, *, demand_id: UUID, now: datetime) -> None:
    """Take back what was promised for a demand, as far as nothing was asked of it yet."""
    rows = session.scalars(select(Pledge.id).where(Pledge.demand_id == demand_id, Pledge.state.in_(_FREE)).order_by(Pledge.id)).all()
    for each in rows:
        withdraw_pledge(session, pledge=queries.pledge_by_id(session, each), now=now)
