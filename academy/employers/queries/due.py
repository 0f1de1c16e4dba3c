"""Which pools, pledges and requests the clock has something to do with."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from academy.employers.facts import PoolFacts
from academy.employers.kinds import OPEN_POOLS, InviteState, PledgeState, PoolState, ProposalState, RequestState
from academy.employers.models import Pledge, Pool, Proposal, RequestInvite, TailoredRequest
from academy.employers.rules.clocks import SHORT_DAYS
from academy.employers.rules.requesting import REMIND_DAYS
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


def requests_to_open(session: Session, *, now: datetime) -> list[UUID]:
    """Return the requests of which proposals can be read, and whose asker did not hear that yet."""
    has_one = exists().where(Proposal.request_id == TailoredRequest.id, Proposal.state == ProposalState.SENT)
    waits_for_some = exists().where(RequestInvite.request_id == TailoredRequest.id, RequestInvite.state == InviteState.INVITED)
    due = select(TailoredRequest.id).where(
        TailoredRequest.state == RequestState.OPEN, TailoredRequest.readable_at.is_(None), TailoredRequest.choose_until > now, has_one,
        (TailoredRequest.proposals_until <= now) | ~waits_for_some,
    )
    return list(session.scalars(due.order_by(TailoredRequest.id)))


def choices_to_remind(session: Session, *, now: datetime) -> list[UUID]:
    """Return the requests whose asker heard a while ago that proposals can be read, did not choose, and has three days left."""
    last_days = timedelta(days=REMIND_DAYS)
    due = select(TailoredRequest.id, TailoredRequest.readable_at, TailoredRequest.choose_until).where(
        TailoredRequest.state == RequestState.OPEN, TailoredRequest.reminded_at.is_(None), TailoredRequest.choose_until > now,
        TailoredRequest.choose_until <= now + last_days,
    )
    found = session.execute(due.order_by(TailoredRequest.id))
    # Who was told in these last days needs no reminder.
    return [request_id for request_id, told_at, until in found if told_at is not None and told_at < until - last_days]
