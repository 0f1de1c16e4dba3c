"""A seat that comes free goes to the first in line, in the transaction that frees it; nobody can slip in between."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.events import SeatOffered, SeatsChanged
from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.models import Enrolment
from academy.enrolment.service import seats
from academy.enrolment.service.changes import change
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
    return session.scalar(
        select(Enrolment.id).where(Enrolment.pool_id == pool_id, Enrolment.state == EnrolmentState.WAITING)
        .order_by(Enrolment.queued_at, Enrolment.id).limit(1),
    )


def _offer_to_first(session: Session, *, pool_id: UUID, offering_id: UUID, now: datetime) -> bool:
    """Turn the first waiting place into an offer of the seat in hand, `taken` unchanged; False when nobody waits or enrolling is over."""
    enrolment_id = _first_in_line(session, pool_id)
    if enrolment_id is None:
        return False
    offering = catalogue.offerings_by_id(session, [offering_id])[offering_id].offering
    if offering.state is not catalogue.OfferingState.ACTIVE or amsterdam_day(now) >= offering.starts_on:
        return False
    until = rules.offered_until(now=now, starts_on=offering.starts_on)
    # Nobody else can have changed it: who leaves the line holds the pool too.
    change(session, enrolment_id, EnrolmentState.WAITING, EnrolmentState.OFFERED, why=Why.SEAT_CAME_FREE, by=None, now=now, until=until)
    announce(session, SeatOffered(enrolment_id))
    return True
