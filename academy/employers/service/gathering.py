"""Pools: beginning one, looking whether a provider can be asked, and asking who pledged."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.employers import queries
from academy.employers.events import PledgeAsked, PoolChanged, ProviderAsked
from academy.employers.facts import DemandFacts, PoolFacts
from academy.employers.kinds import OPEN_POOLS, PledgeState, PoolState
from academy.employers.models import Pool
from academy.employers.rules import areas, clocks
from academy.employers.service.history import add_step, move_pledge, move_pool, note_answer
from academy.kernel.clock import amsterdam_day
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce

THRESHOLD: Final = 12  # seats at one slot; a provider may accept fewer
MOST_SEATS: Final = 24
GATHERS_FOR: Final = timedelta(days=56)  # where nobody says by when
_LONGEST_TITLE: Final = 160
_LARGEST: Final = 200  # seats of a pool


def begin_pool(session: Session, *, demand: DemandFacts, module: catalogue.ModuleCard | None, now: datetime) -> str:
    """Begin a pool for what a demand asks, or return the one that gathers for the same module in the same area; returns its code."""
    area = areas.ONLINE if demand.online and not demand.postcode else areas.area_of(demand.postcode)
    pool = Pool(
        id=new_id(), code=short_code(), state=PoolState.IDEA, language=demand.language, module_id=module.id if module else None,
        title=(module.title.in_language(demand.language) if module else demand.words)[:_LONGEST_TITLE], skills=list(demand.skills), area=area,
        threshold=THRESHOLD, most_seats=max(MOST_SEATS, min(demand.people, _LARGEST)), price=module.price if module else None, deadline=_deadline(demand.wanted_by, now),
        begun_by=demand.id, made_at=now,
    )
    try:
        with session.begin_nested():
            session.add(pool)
            session.flush()
    except IntegrityError:  # the index says it: somebody gathers for this already
        there = select(Pool.code).where(Pool.module_id == pool.module_id, Pool.area == area, Pool.state.in_(OPEN_POOLS))
        return session.scalars(there).one()
    add_step(session, pool.id, None, PoolState.IDEA, now=now, by=demand.person_id)
    announce(session, PoolChanged(pool.id))
    return pool.code


def _deadline(wanted_by: date | None, now: datetime) -> date:
    """Return until when a pool gathers: four weeks before it is wanted, so that a class can be planned, but two weeks at least."""
    today = amsterdam_day(now)
    wanted = wanted_by - timedelta(days=28) if wanted_by else today + GATHERS_FOR
    return max(wanted, today + timedelta(days=14))


def look_at(session: Session, pool_id: UUID, *, now: datetime) -> None:
    """See where a pool stands after a change: more than one takes part, or enough seats at one slot so that a provider is asked. Repeatable.

    Who comes when there is a class to confirm is asked at once; a pool that was short goes on by itself when enough came after all.
    """
    pool = queries.locked_pool(session, pool_id)
    pledges = queries.pledges_of(session, pool.id)
    standing = queries.standing_of(pledges, pool.threshold, pool.price)
    if pool.state is PoolState.IDEA and (len(pledges) > 1 or standing.is_met):
        move_pool(session, pool, PoolState.GATHERING, now=now)
        pool = queries.locked_pool(session, pool_id)
    if len(pledges) > 1:  # others look for the same: that is the first answer to whoever asked
        for demand_id in [one.demand_id for one in pledges if one.demand_id is not None]:
            note_answer(session, demand_id, now=now)
    if pool.state is PoolState.GATHERING and standing.is_met and standing.best is not None:
        _ask_provider(session, pool, standing.best.slot, now=now)
    elif pool.state is PoolState.ASKED and not standing.is_met:
        move_pool(session, pool, PoolState.GATHERING, now=now, note="pledges were taken back", slot="", accept_by=None)
    else:
        if pool.state is PoolState.PROVISIONAL:
            ask_to_confirm(session, pool, now=now)
        announce(session, PoolChanged(pool.id))


def _ask_provider(session: Session, pool: PoolFacts, slot: str, *, now: datetime) -> None:
    """Ask who gives the module, or who could, for a class at the moment that serves most."""
    until = clocks.provider_answers_until(now)
    move_pool(session, pool, PoolState.ASKED, now=now, slot=slot, accept_by=until, told_short_at=None)
    announce(session, ProviderAsked(pool.id))


def can_at(slot: str, wanted: tuple[str, ...]) -> bool:
    """Tell whether who named these moments, none of them meaning any, can at this one."""
    return not wanted or slot in wanted


def ask_to_confirm(session: Session, pool: PoolFacts, *, now: datetime) -> int:
    """Ask who pledged, and can at the moment that the class is given, to confirm; returns how many. Their demand has its answer by that."""
    asked = [one for one in queries.pledges_of(session, pool.id, [PledgeState.OPEN]) if can_at(pool.slot, one.slots)]
    for pledge in asked:
        if not move_pledge(session, pledge, PledgeState.ASKED, answered_at=None, reminded=0):
            raise DatabaseBusy
        announce(session, PledgeAsked(pledge.id, 0))
        if pledge.demand_id is not None:
            note_answer(session, pledge.demand_id, now=now)
    return len(asked)
