"""Reads of seats."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment.kinds import KEPT_STATES, SEATED_STATES, EnrolmentState, PoolKind
from academy.enrolment.models import Enrolment, SeatDraw, SeatPool
from academy.kernel.clock import amsterdam_day

_FREE: Final = case((SeatPool.kind == PoolKind.PUBLIC, SeatPool.capacity - SeatPool.taken), else_=0)
_PUBLIC_LEFT: Final = case((SeatPool.awaits_draw.is_(False), _FREE), else_=0)
_DRAW: Final = (SeatDraw.draw_at, SeatDraw.fingerprint, SeatDraw.drawn_at)


@dataclass(frozen=True)
class Draw:
    """When the seats of an offering are drawn by lot, and what is told of the seed from the beginning; `drawn_at` is None until it happened."""

    draw_at: datetime
    fingerprint: str
    drawn_at: datetime | None


@dataclass(frozen=True)
class Seats:
    """The seats of an offering: how many are free to everybody, and how many are taken, those that were kept apart among them.

    Of seats that are yet to be drawn by lot (`draw`) none is free.
    """

    left: int
    taken: int
    draw: Draw | None = None


def seats(session: Session, offering_ids: Iterable[UUID]) -> dict[UUID, Seats]:
    """Return the seats per offering; an offering of which no seat was ever taken is not in the answer."""
    ids = list(offering_ids)
    if not ids:
        return {}
    rows = session.execute(
        select(SeatPool.offering_id, func.sum(_PUBLIC_LEFT), func.sum(SeatPool.taken), *_DRAW)
        .outerjoin(SeatDraw, SeatDraw.offering_id == SeatPool.offering_id)
        .where(SeatPool.offering_id.in_(ids))
        .group_by(SeatPool.offering_id, *_DRAW),
    )
    return {
        offering_id: Seats(int(left), int(taken), Draw(draw_at, fingerprint, drawn_at) if draw_at else None)
        for offering_id, left, taken, draw_at, fingerprint, drawn_at in rows
    }


def seats_left(session: Session, offering_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return the seats that everybody can take, per offering; an offering of which no seat was ever taken is not in the answer."""
    return {offering_id: found.left for offering_id, found in seats(session, offering_ids).items()}


def is_full(session: Session, pool_id: UUID) -> bool:
    """Tell whether a pool has no seat to take: all are taken, or are yet to be drawn by lot."""
    return session.scalars(select(or_(SeatPool.capacity <= SeatPool.taken, SeatPool.awaits_draw)).where(SeatPool.id == pool_id)).one()


def awaits_draw(session: Session, pool_id: UUID) -> bool:
    """Tell whether the seats of a pool are yet to be drawn by lot."""
    return session.scalars(select(SeatPool.awaits_draw).where(SeatPool.id == pool_id)).one()


def is_pool_of(session: Session, pool_id: UUID, offering_id: UUID) -> bool:
    """Tell whether a pool holds seats of this offering."""
    return session.scalar(select(SeatPool.offering_id).where(SeatPool.id == pool_id)) == offering_id


def place_in_line(session: Session, enrolment_id: UUID) -> int | None:
    """Return the place on the waiting list, from 1; None for who does not wait, and as long as the order is yet to be drawn by lot."""
    mine = select(Enrolment.pool_id, Enrolment.queued_at, Enrolment.id).join(SeatPool, SeatPool.id == Enrolment.pool_id).where(
        Enrolment.id == enrolment_id, Enrolment.state == EnrolmentState.WAITING, SeatPool.awaits_draw.is_(False),
    )
    me = session.execute(mine).one_or_none()
    if me is None:
        return None
    before = select(func.count()).where(
        Enrolment.pool_id == me.pool_id, Enrolment.state == EnrolmentState.WAITING,
        (Enrolment.queued_at < me.queued_at) | ((Enrolment.queued_at == me.queued_at) & (Enrolment.id < me.id)),
    )
    return 1 + (session.scalar(before) or 0)


def joins_at(session: Session, offering_id: UUID, *, now: datetime) -> datetime:
    """Return the moment at which who joins the line now stands in it: not before the lots of a draw that was held while they asked.

    The caller has locked the pool for everyone.
    """
    held = session.scalar(select(SeatDraw.draw_at).where(SeatDraw.offering_id == offering_id, SeatDraw.drawn_at.is_not(None)))
    return now if held is None else max(now, held)


def has_holds_to_end(session: Session, *, now: datetime) -> bool:
    """Tell whether a seat is kept past its moment."""
    return session.scalar(select(Enrolment.id).where(Enrolment.state.in_(KEPT_STATES), Enrolment.until <= now).limit(1)) is not None


def pools_with_holds_to_end(session: Session, offering_id: UUID, *, now: datetime) -> list[UUID]:
    """Return the pools of an offering in which a seat is kept past its moment."""
    due = select(Enrolment.pool_id).where(Enrolment.offering_id == offering_id, Enrolment.state.in_(KEPT_STATES), Enrolment.until <= now)
    return list(session.scalars(due.distinct().order_by(Enrolment.pool_id)))


def people_in_class(session: Session, organisation_id: UUID, now: datetime) -> int:
    """Return how many seats are taken at a provider in classes that have not ended; it can not close as long as there are any."""
    offering_ids = catalogue.unfinished_offerings(session, organisation_id, today=amsterdam_day(now))
    return sum(found.taken for found in seats(session, offering_ids).values())


@dataclass(frozen=True)
class PoolDifference:
    """A pool whose counter is not the number of seated enrolments: a fault."""

    pool_id: UUID
    taken: int
    live: int


def audit(session: Session) -> list[PoolDifference]:
    """Return the pools whose `taken` differs from their seated enrolments; none, when all is well."""
    live = (
        select(Enrolment.pool_id, func.count().label("live"))
        .where(Enrolment.state.in_(SEATED_STATES))
        .group_by(Enrolment.pool_id)
        .subquery()
    )
    counted = func.coalesce(live.c.live, 0)
    rows = session.execute(
        select(SeatPool.id, SeatPool.taken, counted)
        .outerjoin(live, live.c.pool_id == SeatPool.id)
        .where(SeatPool.taken != counted),
    )
    return [PoolDifference(*row) for row in rows]


@dataclass(frozen=True)
class ClassDifference:
    """A class whose pools hold another number of seats than it has: a fault, unless more people were in it already than its source gives it now."""

    offering_id: UUID
    seats: int
    in_pools: int


def audit_classes(session: Session) -> list[ClassDifference]:
    """Return the classes whose pools do not add up to their seats; none, when all is well."""
    rows = session.execute(
        select(SeatPool.offering_id, func.sum(SeatPool.capacity), func.sum(_FREE)).group_by(SeatPool.offering_id),
    ).all()
    offerings = catalogue.offerings_by_id(session, [offering_id for offering_id, _in_pools, _left in rows])
    wrong = []
    for offering_id, in_pools, left in rows:
        if offerings[offering_id].offering.state is catalogue.OfferingState.CANCELLED:
            continue  # its free seats were taken out
        its_seats = offerings[offering_id].offering.seats
        if in_pools < its_seats or (in_pools > its_seats and left > 0):
            wrong.append(ClassDifference(offering_id, its_seats, int(in_pools)))
    return wrong
