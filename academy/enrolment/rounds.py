"""What the clock does to seats and classes: each turn opens short transactions of its own, and may be repeated."""

from datetime import datetime

from sqlalchemy import select

from academy.enrolment import service
from academy.enrolment.models import SeatPool
from academy.kernel.db import database


def end_holds(now: datetime) -> None:
    """End what was kept until a moment that has passed, some at a time, until none is left."""
    ended = 1
    while ended:
        with database().writing() as session:
            ended = service.expire_due(session, now=now)


def open_up_pools(now: datetime) -> None:
    """Let everyone have the seats that were kept apart until now."""
    with database().reading() as session:
        due = session.scalars(select(SeatPool.id).where(SeatPool.opens_up_at <= now)).all()
    for pool_id in due:
        with database().writing() as session:
            service.open_up(session, pool_id=pool_id, now=now)
