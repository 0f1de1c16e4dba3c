"""Which pools and pledges the clock has something to do with."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.employers.facts import PoolFacts
from academy.employers.kinds import OPEN_POOLS, PledgeState, PoolState
from academy.employers.models import Pledge, Pool
from academy.employers.rules.clocks import SHORT_DAYS
from academy.kernel.clock import amsterdam_day, end_of_day

_GATHERS: Final = (PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED)
_REMIND_BEFORE: Final = timedelta(days=2)


def is_due(pool: PoolFacts, *, now: datetime) -> bool:
    """Tell whether the time of a pool is up and nobody decided yet: to confirm, or to gather. A provider that was asked in time has its time."""
    if pool.told_short_at is not None:
        return False
    if pool.state is PoolState.PROVISIONAL:
        return pool.confirm_by is not None and now >= pool.confirm_by
    if pool.state not in _GATHERS or now < end_of_day(pool.deadline):
        return False
    return pool.accept_by is None or now >= pool.accept_by


def pools_to_decide(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pools whose time is up."""
    over = Pool.state.in_(_GATHERS) & (Pool.deadline < amsterdam_day(now)) & (Pool.accept_by.is_(None) | (Pool.accept_by <= now))
    due = select(Pool.id).where(Pool.told_short_at.is_(None), ((Pool.state == PoolState.PROVISIONAL) & (Pool.confirm_by <= now)) | over)
    return list(session.scalars(due.order_by(Pool.id)))


def pools_to_lapse(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pools that were short for so long that nobody chooses any more, or whose class would have begun."""
    has_begun = (Pool.state == PoolState.PROVISIONAL) & (Pool.starts_on <= amsterdam_day(now))
    due = select(Pool.id).where(
        Pool.state.in_(OPEN_POOLS), Pool.told_short_at.is_not(None), (Pool.told_short_at <= now - timedelta(days=SHORT_DAYS)) | has_begun,
    )
    return list(session.scalars(due.order_by(Pool.id)))


def pools_to_start(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pools whose class began today or before."""
    due = select(Pool.id).where(Pool.state == PoolState.CONFIRMED, Pool.starts_on <= amsterdam_day(now))
    return list(session.scalars(due.order_by(Pool.id)))


def pledges_to_remind(session: Session, *, now: datetime) -> list[UUID]:
    """Return who has yet to confirm, two days before the time is up, and was not reminded."""
    due = (
        select(Pledge.id).join(Pool, Pool.id == Pledge.pool_id)
        .where(Pledge.state == PledgeState.ASKED, Pledge.reminded == 0, Pool.confirm_by <= now + _REMIND_BEFORE, Pool.confirm_by > now)
    )
    return list(session.scalars(due.order_by(Pledge.id)))
