"""Use cases of pools: keeping seats apart for a group, and opening them up when the day has come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment.events import SeatsChanged
from academy.enrolment.models import SeatPool
from academy.enrolment.service import seats
from academy.enrolment.service.passing_on import fill_from_line
from academy.kernel.outbox import announce


def open_up(session: Session, *, pool_id: UUID, now: datetime) -> int:
    """Move what is still free of a pool that was kept apart to everyone, when its day has come; returns how many seats. Repeatable."""
    pool = session.scalars(
        select(SeatPool).where(SeatPool.id == pool_id, SeatPool.opens_up_at.is_not(None), SeatPool.opens_up_at <= now),
    ).one_or_none()
    if pool is None:
        return 0
    found = catalogue.offerings_by_id(session, [pool.offering_id])[pool.offering_id]
    public = seats.public_pool(session, found.offering)
    seats.lock(session, (pool_id, public))
    session.refresh(pool)
    free = pool.capacity - pool.taken
    pool.opens_up_at = None
    session.flush()
    if free and seats.move(session, from_pool=pool_id, to_pool=public, seats=free):
        fill_from_line(session, pool_id=public, offering_id=pool.offering_id, now=now)
        announce(session, SeatsChanged(pool.offering_id))
    return free
