"""Seats by lot: announced with the fingerprint of a seed, drawn once at the moment that was told, and given out by the waiting list.

The pool for everyone says that it waits for a draw, so that the one statement that takes seats gives none before it. Locks: that pool, then the rest.
"""

from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Select, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.errors import DrawEntered, DrawTooLate
from academy.enrolment.events import NotDrawn, SeatsChanged
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import DrawLot, Enrolment, SeatDraw, SeatPool
from academy.enrolment.service import seats
from academy.enrolment.service.passing_on import fill_from_line
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.outbox import announce

_PLANNED: Final = frozenset({catalogue.OfferingState.CONCEPT, catalogue.OfferingState.ACTIVE})
_SEED_BYTES: Final = 32
_TICK: Final = timedelta(microseconds=1)


def announce_draw(session: Session, *, actor: Actor, provider_slug: str, code: str, day: date, now: datetime) -> None:
    """Have the seats for everyone of a class drawn by lot on a day, at noon; the fingerprint of the seed can be read from here.

    Raises OfferingNotFound, and DrawTooLate when somebody has such a seat or waits for one, for a class that was drawn, and for other days and classes.
    """
    work = catalogue.offering_for_planning(session, actor, provider_slug, code)
    offering = work.offering
    is_coming = offering.state in _PLANNED and not offering.enrolment_website
    if not is_coming or not rules.may_draw_on(day, today=amsterdam_day(now), starts_on=offering.starts_on):
        raise DrawTooLate(provider_slug, offering.code)
    pool_id = _locked_pool(session, offering)
    if _has_line(session, pool_id) or not seats.keep_for_draw(session, pool_id):
        raise DrawTooLate(provider_slug, offering.code)
    seed = token_hex(_SEED_BYTES)
    added = session.scalar(
        insert_for(session, SeatDraw)
        .values(offering_id=offering.id, draw_at=rules.draw_moment(day), seed=seed, fingerprint=rules.fingerprint_of(seed))
        .on_conflict_do_nothing().returning(SeatDraw.offering_id),
    )
    if added is None:
        raise DrawTooLate(provider_slug, offering.code)
    _tell(session, work, "draw-announced", by=actor.person_id, now=now)


def take_draw_back(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Let the seats of a class go to who asks first after all, as long as nobody entered its draw. Raises OfferingNotFound, DrawEntered."""
    work = catalogue.offering_for_planning(session, actor, provider_slug, code)
    pool_id = _locked_pool(session, work.offering)
    ahead = delete(SeatDraw).where(SeatDraw.offering_id == work.offering.id, SeatDraw.drawn_at.is_(None))
    if _has_line(session, pool_id) or rows_changed(session, ahead) != 1:
        raise DrawEntered(provider_slug, work.offering.code)
    seats.end_keeping(session, pool_id)
    _tell(session, work, "draw-taken-back", by=actor.person_id, now=now)


def draw_lots(session: Session, *, offering_id: UUID, now: datetime) -> int | None:
    """Draw the lots of a class whose moment has come, and offer its seats in that order; returns how many were in it. Repeatable; None for nothing to draw.

    Who joined the line at the moment of the draw or later comes after all lots, however late the draw is held.
    """
    of = catalogue.offerings_by_id(session, [offering_id])[offering_id]
    pool_id = _locked_pool(session, of.offering)
    row = session.execute(
        select(SeatDraw.seed, SeatDraw.draw_at).where(SeatDraw.offering_id == offering_id, SeatDraw.drawn_at.is_(None), SeatDraw.draw_at <= now),
    ).one_or_none()
    if row is None:
        return None
    entered = _in_line(pool_id).where(Enrolment.queued_at < row.draw_at)
    lots = rules.drawn(row.seed, session.scalars(entered))
    free = session.scalars(select(SeatPool.capacity - SeatPool.taken).where(SeatPool.id == pool_id)).one()
    held = update(SeatDraw).where(SeatDraw.offering_id == offering_id, SeatDraw.drawn_at.is_(None))
    if rows_changed(session, held.values(drawn_at=now, seats=free, entered=len(lots)).execution_options(synchronize_session=False)) != 1:
        return None
    _put_in_order(session, offering_id, lots, draw_at=row.draw_at)
    seats.end_keeping(session, pool_id)
    fill_from_line(session, pool_id=pool_id, offering_id=offering_id, now=now)
    for lot in lots[free:]:
        announce(session, NotDrawn(lot.ticket))
    announce(session, SeatsChanged(offering_id))
    record(
        session, "lots-drawn", actor_id=None, now=now, organisation_id=of.provider_id, about="offering", about_id=offering_id,
        details={"offering": of.offering.code, "people": len(lots), "number": free},
    )
    return len(lots)


def _locked_pool(session: Session, offering: catalogue.OfferingFacts) -> UUID:
    pool_id = seats.public_pool(session, offering)
    seats.lock(session, [pool_id])  # whoever joins or leaves the line waits
    return pool_id


def _in_line(pool_id: UUID) -> Select[UUID]:
    return select(Enrolment.id).where(Enrolment.pool_id == pool_id, Enrolment.state == EnrolmentState.WAITING)


def _has_line(session: Session, pool_id: UUID) -> bool:
    return bool(session.scalar(select(_in_line(pool_id).exists())))


def _put_in_order(session: Session, offering_id: UUID, lots: list[rules.Lot], *, draw_at: datetime) -> None:
    """Keep the lots, and give their enrolments the order of the line: all before who joined it from `draw_at` on."""
    if not lots:
        return
    rows = [
        {"offering_id": offering_id, "place": place, "number": lot.number, "enrolment_id": lot.ticket} for place, lot in enumerate(lots, start=1)
    ]
    session.execute(insert(DrawLot), rows)
    in_line = update(cast("Table", Enrolment.__table__)).where(Enrolment.id == bindparam("ticket")).values(queued_at=bindparam("at"))
    session.execute(in_line, [{"ticket": lot.ticket, "at": draw_at - _TICK * (len(lots) - place)} for place, lot in enumerate(lots)])


def _tell(session: Session, work: catalogue.OfferingInWork, act: str, *, by: UUID, now: datetime) -> None:
    announce(session, SeatsChanged(work.offering.id))
    record(
        session, act, actor_id=by, now=now, organisation_id=work.workspace.provider.id, about="offering", about_id=work.offering.id,
        details={"offering": work.offering.code, "module": work.module_slug},
    )
