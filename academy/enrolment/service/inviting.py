"""Seats of a class for people for whom it goes ahead: they asked for it before it existed."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.api import check_may_enrol
from academy.accounts.errors import ApprovalNeeded
from academy.catalogue import api as catalogue
from academy.enrolment import queries
from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.service import seats
from academy.enrolment.service.opening import open_enrolment
from academy.enrolment.service.passing_on import fill_from_line


def offer_seats(session: Session, *, offering_id: UUID, person_ids: Iterable[UUID], now: datetime) -> int:
    """Put people at the end of the line of a class, in this order, and offer them its free seats, for two days each; returns how many got one.

    Who is in the class already, or needs somebody's approval first, is passed over.
    """
    found = catalogue.offerings_by_id(session, [offering_id])[offering_id]
    pool_id = seats.public_pool(session, found.offering)
    seats.lock(session, [pool_id])
    queued_at = queries.joins_at(session, offering_id, now=now)
    for person_id in person_ids:
        if not queries.live_enrolments(session, person_id, [offering_id]) and _may_enrol(session, person_id):
            open_enrolment(
                session, found=found, pool_id=pool_id, person_id=person_id, state=EnrolmentState.WAITING, why=Why.PUT_IN_LINE, by=person_id,
                request_key=None, now=now, queued_at=queued_at,
            )
    return fill_from_line(session, pool_id=pool_id, offering_id=offering_id, now=now)


def _may_enrol(session: Session, person_id: UUID) -> bool:
    try:
        check_may_enrol(session, person_id)
    except ApprovalNeeded:
        return False
    return True
