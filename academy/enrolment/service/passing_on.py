"""A seat that comes free goes to the first in line, in the transaction that frees it; nobody can slip in between.

A seat that may not be sold, because its provider has yet to say which VAT is in the price, is offered to nobody: it waits in the pool, where nobody
else can have it either, and is offered as soon as that was said.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.events import SeatOffered, SeatsChanged
from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.models import Enrolment, SeatPool
from academy.enrolment.service import seats
from academy.enrolment.service.changes import change
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.outbox import announce


def free_seat(session: Session, *, pool_id: UUID, offering_id: UUID, now: datetime) -> None:
    """Pass a seat on to the first in line, or return it to the pool. The caller has locked the pool and ended who had the seat."""
    if not _offer_to_first(session, pool_id=pool_id, offering_id=offering_id, now=now):
        seats.return_to_pool(session, pool_id)
    announce(session, SeatsChanged(offering_id))


def fill_from_line(session: Session, *, pool_id: UUID, offering_id: UUID, now: datetime) -> int:
    """Offer the free seats of a pool that grew to who waits, in order; returns how many. The caller has locked the pool."""
    offered = 0
    while _first_in_line(session, pool_id) is not None and seats.take(session, pool_id):
        if not _offer_to_first(session, pool_id=pool_id, offering_id=offering_id, now=now):
            seats.return_to_pool(session, pool_id)
            break
        offered += 1
    if offered:
        announce(session, SeatsChanged(offering_id))
    return offered


def _first_in_line(session: Session, pool_id: UUID) -> UUID | None:
    """Return who is the first to be offered a seat; nobody is, as long as lots are yet to be drawn."""
    return session.scalar(
        select(Enrolment.id).join(SeatPool, SeatPool.id == Enrolment.pool_id)
        .where(Enrolment.pool_id == pool_id, Enrolment.state == EnrolmentState.WAITING, SeatPool.awaits_draw.is_(False))
        .order_by(Enrolment.queued_at, Enrolment.id).limit(1),
    )


def _offer_to_first(session: Session, *, pool_id: UUID, offering_id: UUID, now: datetime) -> bool:
    """Turn the first waiting place into an offer of the seat in hand, `taken` unchanged; False when nobody waits or enrolling is over."""
    enrolment_id = _first_in_line(session, pool_id)
    if enrolment_id is None:
        return False
    of = catalogue.offerings_by_id(session, [offering_id])[offering_id]
    offering = of.offering
    if offering.state is not catalogue.OfferingState.ACTIVE or amsterdam_day(now) >= offering.starts_on or may_not_be_sold(session, of, now=now):
        return False
    until = rules.offered_until(now=now, starts_on=offering.starts_on)
    # Nobody else can have changed it: who leaves the line holds the pool too.
    change(session, enrolment_id, EnrolmentState.WAITING, EnrolmentState.OFFERED, why=Why.SEAT_CAME_FREE, by=None, now=now, until=until)
    announce(session, SeatOffered(enrolment_id))
    return True


def may_not_be_sold(session: Session, of: catalogue.OfferingOfModule, *, now: datetime) -> bool:
    """Tell whether who is offered a seat could not take it: its provider has yet to say which VAT there is, and the class has yet to begin."""
    return amsterdam_day(now) < of.offering.starts_on and not funding.is_vat_decided(session, of)


def offer_to_lines(session: Session, *, provider_id: UUID, now: datetime) -> int:
    """Offer to who waits at a provider the free seats that could not be offered before; returns how many. Repeatable."""
    of_provider: Select[UUID] = catalogue.offerings_at(provider_id)
    waits = exists().where(Enrolment.pool_id == SeatPool.id, Enrolment.state == EnrolmentState.WAITING)
    pools = session.execute(
        select(SeatPool.id, SeatPool.offering_id)
        .where(SeatPool.offering_id.in_(of_provider), SeatPool.taken < SeatPool.capacity, waits).order_by(SeatPool.id),
    ).all()
    seats.lock(session, [pool.id for pool in pools])
    return sum(fill_from_line(session, pool_id=pool.id, offering_id=pool.offering_id, now=now) for pool in pools)
