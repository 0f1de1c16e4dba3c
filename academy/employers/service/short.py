"""Too few at the deadline: go on longer, pay the empty seats, join a neighbour, or stop. Nobody decides for somebody else's money."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.employers import queries
from academy.employers.errors import (
    NotEnoughConfirmed,
    OfferChanged,
    PledgeAnswered,
    PoolClosed,
    PoolNotFound,
    TooManyPledged,
)
from academy.employers.events import OfferTakenBack, PledgeAsked, PledgeMade, PoolChanged, PoolLapsed, ProviderAsked
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.kinds import COUNTING_PLEDGES, LIVE_PLEDGES, PledgeState, PoolState
from academy.employers.models import Pledge, Pool
from academy.employers.policy import may_broker
from academy.employers.queries import requests
from academy.employers.rules import clocks, pooling
from academy.employers.service import founding, gathering, history
from academy.employers.service.history import add_step, move_pledge, move_pool
from academy.enrolment import api as enrolment
from academy.kernel.clock import amsterdam_day, end_of_day
from academy.kernel.db import rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.money import FREE, Money
from academy.kernel.outbox import announce

MOST_EXTENSIONS: Final = 2
_FEWEST: Final = 2  # a class of one is a lesson
_LONGER: Final = timedelta(days=28)
_MERGED_GATHERS: Final = timedelta(days=14)  # at least
_GATHERS: Final = (PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED)
_MOVES: Final = (PledgeState.UNPROVEN, PledgeState.OPEN)


def extend_pool(session: Session, *, pledge: PledgeFacts, by: UUID | None, now: datetime) -> None:
    """Go on longer with a pool that was short: four weeks to gather, or five days for the others to confirm. Twice at most.

    Asked by whoever takes part; the caller has checked who may. Raises PoolClosed.
    """
    pool = _short(session, pledge.pool_id)
    if pool.extended >= MOST_EXTENSIONS or queries.pledge_by_id(session, pledge.id).state not in COUNTING_PLEDGES:
        raise PoolClosed(pool.code)
    later: dict[str, object] = {"deadline": amsterdam_day(now) + _LONGER}
    if pool.state is PoolState.PROVISIONAL:
        confirm_by = clocks.firm_confirms_until(now)
        if pool.starts_on is not None and end_of_day(pool.starts_on) <= confirm_by:
            raise PoolClosed(pool.code)  # the class would have begun
        later = {"confirm_by": confirm_by}
    elif pool.state is PoolState.ASKED:
        later["accept_by"] = clocks.provider_answers_until(now)
    longer = update(Pool).where(Pool.id == pool.id, Pool.extended == pool.extended, Pool.state == pool.state)
    if rows_changed(session, longer.values(extended=pool.extended + 1, told_short_at=None, **later)) != 1:
        raise DatabaseBusy
    add_step(session, pool.id, pool.state, pool.state, now=now, by=by, note="longer")
    _ask_again(session, pool)
    gathering.look_at(session, pool.id, now=now)


def _ask_again(session: Session, pool: PoolFacts) -> None:
    """Ask who did not answer in time once more: the provider, or who has yet to confirm."""
    if pool.state is PoolState.ASKED:
        announce(session, ProviderAsked(pool.id))
    for waiting in queries.pledges_of(session, pool.id, [PledgeState.ASKED]):
        session.execute(update(Pledge).where(Pledge.id == waiting.id).values(reminded=0).execution_options(synchronize_session=False))
        announce(session, PledgeAsked(waiting.id, 0))


def pay_empty_seats(session: Session, *, pledge: PledgeFacts, seats: int, shown: Money, by: UUID | None, now: datetime) -> bool:
    """Take so many more seats of a class that is short, without a name yet, so that it goes ahead; tells whether it does now.

    `shown` is the price of a seat that its reader saw, `pledge` with the seats that they had then: asked again, it is not paid again. The caller has
    checked who may. Raises PoolClosed, PledgeAnswered unless confirmed before, OfferChanged, TooManyPledged, BudgetUsedUp.
    """
    pool = _short(session, pledge.pool_id)
    now_there = queries.pledge_by_id(session, pledge.id)
    if pool.state is not PoolState.PROVISIONAL or pool.offering_id is None:
        raise PoolClosed(pool.code)
    if now_there.state is not PledgeState.CONFIRMED or now_there.block_id is None or now_there.organisation_id is None:
        raise PledgeAnswered
    offering = catalogue.offerings_by_id(session, [pool.offering_id])[pool.offering_id].offering
    if (offering.price or FREE) != shown or now_there.seats != pledge.seats:
        raise OfferChanged
    confirmed = sum(one.seats for one in queries.pledges_of(session, pool.id, [PledgeState.CONFIRMED]))
    if seats < 1 or confirmed + seats > offering.seats:
        raise TooManyPledged
    enrolment.grow_block(session, block_id=now_there.block_id, seats_more=seats, now=now)
    session.execute(
        update(Pledge).where(Pledge.id == pledge.id).values(seats=now_there.seats + seats).execution_options(synchronize_session=False),
    )
    add_step(session, pool.id, pool.state, pool.state, now=now, by=by, note=f"{seats} empty seats paid")
    return founding.found_class(session, queries.locked_pool(session, pool.id), now=now)


def start_anyway(session: Session, *, actor: Actor, provider_slug: str, pool_code: str, now: datetime) -> None:
    """Let a class go ahead with who confirmed, fewer than it asked for, because its provider wants to; not before all had their time to answer.

    Raises PoolNotFound, ModuleNotFound for who may not plan it, PoolClosed, and NotEnoughConfirmed for fewer than two.
    """
    pool = queries.locked_pool(session, queries.pool_by_code(session, pool_code).id)
    card = catalogue.module_cards(session, [pool.module_id]).get(pool.module_id) if pool.module_id else None
    if card is None:
        raise PoolNotFound
    catalogue.module_for_planning(session, actor, provider_slug, card.slug)
    is_waiting = pool.told_short_at is None and bool(queries.pledges_of(session, pool.id, [PledgeState.ASKED]))
    if pool.state is not PoolState.PROVISIONAL or is_waiting:
        raise PoolClosed(pool.code)
    confirmed = sum(one.seats for one in queries.pledges_of(session, pool.id, [PledgeState.CONFIRMED]))
    if confirmed < _FEWEST:
        raise NotEnoughConfirmed
    session.execute(
        update(Pool).where(Pool.id == pool.id).values(threshold=min(confirmed, pool.threshold)).execution_options(synchronize_session=False),
    )
    if not founding.found_class(session, queries.locked_pool(session, pool.id), now=now):
        raise NotEnoughConfirmed


def merge_pools(session: Session, *, actor: Actor, pool_code: str, into_code: str, now: datetime) -> None:
    """Let a pool go on in a neighbour, with all who pledged, as the programme office; who takes part in both stays there as they were.

    They go on for two weeks at least. Raises PoolNotFound, also for who may not, PoolClosed where the two can not become one, TooManyPledged.
    """
    if not may_broker(accounts.memberships_of(session, actor.person_id)):
        raise PoolNotFound
    there = sorted([queries.pool_by_code(session, pool_code), queries.pool_by_code(session, into_code)], key=lambda one: one.id)
    locked = {one.code: queries.locked_pool(session, one.id) for one in there}  # in one order, so that two mergers do not lock each other out
    pool, into = locked[pool_code.upper()], locked[into_code.upper()]
    if not pooling.may_merge(as_neighbour(session, pool), as_neighbour(session, into)):
        raise PoolClosed(pool.code)
    kept = queries.pledges_of(session, into.id, LIVE_PLEDGES)
    moved = [one for one in queries.pledges_of(session, pool.id, _MOVES) if one.email not in {each.email for each in kept}]
    if sum(one.seats for one in (*kept, *moved)) > into.most_seats:
        raise TooManyPledged
    session.execute(
        update(Pledge).where(Pledge.id.in_([one.id for one in moved])).values(pool_id=into.id).execution_options(synchronize_session=False),
    )
    for one in moved:
        if one.state is PledgeState.OPEN:
            announce(session, PledgeMade(one.id, None))
    founding.let_go(session, queries.pledges_of(session, pool.id, _MOVES), now=now)
    move_pool(session, pool, PoolState.LAPSED, now=now, by=actor.person_id, note="merged", ended_at=now, merged_into=into.id)
    goes_on = max(pool.deadline, into.deadline, amsterdam_day(now) + _MERGED_GATHERS)
    session.execute(
        update(Pool).where(Pool.id == into.id).values(deadline=goes_on, told_short_at=None).execution_options(synchronize_session=False),
    )
    gathering.look_at(session, into.id, now=now)
    accounts.record(
        session, "pool-merged", actor_id=actor.person_id, now=now, about="demand_pool", about_id=pool.id, details={"pool": pool.code, "into": into.code},
    )


def as_neighbour(session: Session, pool: PoolFacts) -> pooling.Pool:
    """Return a pool as the rules compare neighbours: the same module, or the same skills, is the same outcome."""
    outcome = str(pool.module_id) if pool.module_id else "|".join(sorted(pool.skills)) or f"only-{pool.id}"
    pledges = tuple(queries.terms_of(queries.pledges_of(session, pool.id)))
    return pooling.Pool(pool.id, pooling.PoolKey(outcome, pool.area), pool.state, pool.threshold, pledges)


def release_pool(session: Session, *, actor: Actor, pool_code: str, reason: str, now: datetime) -> None:
    """End a pool without a class, as the programme office. Raises PoolNotFound, also for who may not, PoolClosed."""
    if not may_broker(accounts.memberships_of(session, actor.person_id)):
        raise PoolNotFound
    pool = queries.locked_pool(session, queries.pool_by_code(session, pool_code).id)
    if pool.state not in (*_GATHERS, PoolState.PROVISIONAL):
        raise PoolClosed(pool.code)
    founding.lapse_pool(session, pool, by=actor.person_id, note=reason, now=now)
    accounts.record(
        session, "pool-released", actor_id=actor.person_id, now=now, about="demand_pool", about_id=pool.id, details={"pool": pool.code},
    )


def leave_short(session: Session, *, pledge: PledgeFacts, now: datetime) -> None:
    """Leave a pool that was short, also after confirming: the seats are free again and nothing is owed. Raises PoolClosed, PledgeAnswered."""
    pool = _short(session, pledge.pool_id)
    there = queries.pledge_by_id(session, pledge.id)
    if there.block_id is not None and there.state is PledgeState.CONFIRMED:
        enrolment.take_blocks_back(session, block_id=there.block_id, now=now)
    if there.state not in COUNTING_PLEDGES or not move_pledge(session, there, PledgeState.WITHDRAWN, answered_at=now, block_id=None):
        raise PledgeAnswered
    if not queries.pledges_of(session, pool.id):
        founding.lapse_pool(session, queries.locked_pool(session, pool.id), by=None, note="nobody is left", now=now)
    else:
        announce(session, PoolChanged(pool.id))


def class_called_off(session: Session, *, offering_id: UUID, now: datetime) -> None:
    """Let a pool go on without its class, because its provider called that off: it gathers again, or ends where it was founded. Repeatable.

    What had seats in it, for a pool or for one employer, is open again.
    """
    history.open_again(session, requests.demands_of_class(session, offering_id), now=now)
    pool_id = session.scalar(select(Pool.id).where(Pool.offering_id == offering_id))
    if pool_id is None:
        return
    pool = queries.locked_pool(session, pool_id)
    if pool.state is PoolState.PROVISIONAL:
        for pledge in queries.pledges_of(session, pool.id, [PledgeState.ASKED, PledgeState.CONFIRMED]):
            if pledge.block_id is not None:
                enrolment.take_blocks_back(session, block_id=pledge.block_id, now=now)
            move_pledge(session, pledge, PledgeState.OPEN, block_id=None, answered_at=None)
        move_pool(
            session, pool, PoolState.GATHERING, now=now, note="the provider called the class off", slot="", offering_id=None, confirm_by=None,
            deadline=amsterdam_day(now) + _LONGER, told_short_at=None, starts_on=None, threshold=gathering.THRESHOLD,
            most_seats=max(gathering.MOST_SEATS, pool.most_seats),  # as before a provider said how many it can have
        )
        announce(session, OfferTakenBack(pool.id))
    elif pool.state is PoolState.CONFIRMED:
        placed = queries.pledges_of(session, pool.id, [PledgeState.PLACED])
        for pledge in placed:
            move_pledge(session, pledge, PledgeState.LAPSED)  # it keeps its block: what was ordered, and at which price
        history.open_again(session, [one.demand_id for one in placed if one.demand_id is not None], now=now)
        move_pool(session, pool, PoolState.LAPSED, now=now, note="the class was called off", ended_at=now)
        announce(session, PoolLapsed(pool.id))


def _short(session: Session, pool_id: UUID) -> PoolFacts:
    """Return a pool that was told to be short, kept to this transaction. Raises PoolClosed."""
    pool = queries.locked_pool(session, pool_id)
    if pool.told_short_at is None:
        raise PoolClosed(pool.code)
    return pool
