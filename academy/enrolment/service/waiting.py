"""Use cases of the waiting list."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.api import Actor, check_may_enrol
from academy.catalogue import api as catalogue
from academy.enrolment import queries
from academy.enrolment.errors import OfferingNotFull
from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.service import seats
from academy.enrolment.service.opening import check_enrolable, open_enrolment
from academy.kernel.money import Money


def join_waiting_list(
    session: Session, *, actor: Actor, offering_code: str, when_can_you: Collection[str], most_price: Money | None, request_key: UUID | None,
    now: datetime,
) -> str:
    """Put the actor at the end of the line of a full class; returns the enrolment's code.

    Raises OfferingNotFound, EnrolmentClosed, EnrolmentElsewhere, ApprovalNeeded, AlreadyEnrolled, and OfferingNotFull when there is a seat.
    """
    found = catalogue.offering_for_enrolment(session, offering_code)
    check_enrolable(found, now=now)
    check_may_enrol(session, actor.person_id)
    pool_id = seats.public_pool(session, found.offering)
    seats.lock(session, [pool_id])  # whoever frees a seat meanwhile waits, and then finds the actor in line
    if not queries.is_full(session, pool_id):
        raise OfferingNotFull(found.module_slug)
    return open_enrolment(
        session, found=found, pool_id=pool_id, person_id=actor.person_id, state=EnrolmentState.WAITING, why=Why.PUT_IN_LINE, by=actor.person_id,
        request_key=request_key, now=now, queued_at=now, when_can_you=sorted(when_can_you), most_price=most_price,
    )
