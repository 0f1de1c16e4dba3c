"""What the clock does to seats and classes: each turn opens short transactions of its own, and may be repeated."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from sqlalchemy import select

from academy.catalogue import api as catalogue
from academy.enrolment import queries, service
from academy.enrolment.errors import NotEnoughSeats, OfferingFull
from academy.enrolment.models import SeatPool
from academy.enrolment.queries import waiting as lines
from academy.enrolment.queries.blocks import offerings_with_begun_blocks
from academy.enrolment.queries.drawing import draws_due
from academy.enrolment.service import blocks, deciding, drawing, finishing, waiting
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import database

_MODULES_AT_ONCE: Final = 100


def end_holds(now: datetime) -> None:
    """End what was kept until a moment that has passed, some at a time, until none is left. An idle turn only reads."""
    with database().reading() as session:
        ended = queries.has_holds_to_end(session, now=now)
    while ended:
        with database().writing() as session:
            ended = service.expire_due(session, now=now) > 0


@contextmanager
def ending_holds_of(offering_code: str, now: datetime) -> Iterator[None]:
    """Do what asks for seats of a class; where there are none, end what was kept there too long all the same.

    A refusal undoes all that was done before it, also that a seat was taken back and offered to who waits. Without this they would have to
    wait for the worker.
    """
    try:
        yield
    except (OfferingFull, NotEnoughSeats):
        with database().reading() as session:
            due = queries.pools_with_holds_to_end(session, catalogue.offering_for_enrolment(session, offering_code).offering.id, now=now)
        for pool_id in due:
            with database().writing() as session:
                service.expire_due(session, now=now, pool_id=pool_id)
        raise


def open_up_pools(now: datetime) -> None:
    """Let everyone have the seats that were kept apart until now, also those that come free later."""
    with database().reading() as session:
        due = session.scalars(select(SeatPool.id).where(SeatPool.opens_up_at <= now, SeatPool.capacity > SeatPool.taken)).all()
    for pool_id in due:
        with database().writing() as session:
            service.open_up(session, pool_id=pool_id, now=now)


def close_blocks(now: datetime) -> None:
    """Close the blocks of classes that have begun, one class a transaction: what was ordered is owed from here, whether somebody came or not."""
    with database().reading() as session:
        due = offerings_with_begun_blocks(session, today=amsterdam_day(now))
    for offering_id in due:
        with database().writing() as session:
            blocks.close_begun(session, offering_id=offering_id, now=now)


def tell_news(now: datetime) -> None:
    """Tell who wants news of a module that it has room.

    Looked at by the clock, because enrolment opens by the day, of which nobody tells, and so that taking and giving back a seat cost no more.
    """
    with database().reading() as session:
        wanted = lines.modules_with_wishes(session)
    for start in range(0, len(wanted), _MODULES_AT_ONCE):
        with database().writing() as session:
            waiting.tell_news(session, module_ids=wanted[start : start + _MODULES_AT_ONCE], now=now)


def decide_classes(now: datetime) -> None:
    """Look at each class whose day of deciding has come, one transaction each: a class goes ahead, or its planners hear that too few people came.

    The day is that of Amsterdam, so a clock that is put forward or back in the night changes nothing.
    """
    with database().reading() as session:
        due = catalogue.offerings_to_decide(session, today=amsterdam_day(now))
    for offering_id in due:
        with database().writing() as session:
            deciding.decide(session, offering_id=offering_id, now=now)


def draw_lots(now: datetime) -> None:
    """Draw the lots of each class whose moment has come, one transaction each. An idle turn only reads."""
    with database().reading() as session:
        due = draws_due(session, now=now)
    for offering_id in due:
        with database().writing() as session:
            drawing.draw_lots(session, offering_id=offering_id, now=now)


def finish_classes(now: datetime) -> None:
    """Finish who is in a class whose last day is over, some at a time, until none is left."""
    finished = 1
    while finished:
        with database().writing() as session:
            finished = finishing.finish_ended(session, now=now)
