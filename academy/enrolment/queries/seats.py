"""Reads of seats."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment.kinds import KEPT_STATES, SEATED_STATES, EnrolmentState, PoolKind
from academy.enrolment.models import Enrolment, SeatPool
from academy.kernel.clock import amsterdam_day

_PUBLIC_LEFT: Final = case((SeatPool.kind == PoolKind.PUBLIC, SeatPool.capacity - SeatPool.taken), else_=0)


@dataclass(frozen=True)
class Seats:
    """The seats of an offering: how many are free to everybody, and how many are taken, those that were kept apart among them."""

    left: int
    taken: int


def seats(session: Session, offering_ids: Iterable[UUID]) -> dict[UUID, Seats]:
    """Return the seats per offering; an offering of which no seat was ever taken is not in the answer."""
    ids = list(offering_ids)
    if not ids:
        return {}
    rows = session.execute(
        select(SeatPool.offering_id, func.sum(_PUBLIC_LEFT), func.sum(SeatPool.taken))
        .where(SeatPool.offering_id.in_(ids))
        .group_by(SeatPool.offering_id),
    )
    return {offering_id: Seats(int(left), int(taken)) for offering_id, left, taken in rows}


def seats_left(session: Session, offering_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return the seats that everybody can take, per offering; an offering of which no seat was ever taken is not in the answer."""
    return {offering_id: found.left for offering_id, found in seats(session, offering_ids).items()}


def is_full(session: Session, pool_id: UUID) -> bool:
    """Tell whether a pool has no free seat."""
    return session.scalars(select(SeatPool.capacity <= SeatPool.taken).where(SeatPool.id == pool_id)).one()


def is_pool_of(session: Session, pool_id: UUID, offering_id: UUID) -> bool:
    """Tell whether a pool holds seats of this offering."""
    return session.scalar(select(SeatPool.offering_id).where(SeatPool.id == pool_id)) == offering_id


def place_in_line(session: Session, enrolment_id: UUID) -> int | None:
    """Return the place on the waiting list, from 1; None for who does not wait."""
    mine = select(Enrolment.pool_id, Enrolment.queued_at, Enrolment.id).where(
        Enrolment.id == enrolment_id, Enrolment.state == EnrolmentState.WAITING,
    )
    me = session.execute(mine).one_or_none()
    if me is None:
        return None
    before = select(func.count()).where(
        Enrolment.pool_id == me.pool_id, Enrolment.state == EnrolmentState.WAITING,
        (Enrolment.queued_at < me.queued_at) | ((Enrolment.queued_at == me.queued_at) & (Enrolment.id < me.id)),
    )
    return 1 + (session.scalar(before) or 0)


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
        select(SeatPool.offering_id, func.sum(SeatPool.capacity), func.sum(_PUBLIC_LEFT)).group_by(SeatPool.offering_id),
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
