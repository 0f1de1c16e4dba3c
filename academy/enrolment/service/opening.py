"""What every way into a class begins with."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment.errors import AlreadyEnrolled, EnrolmentClosed, EnrolmentElsewhere, PriceUnknown
from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.models import Enrolment
from academy.enrolment.service.changes import add_enrolment
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id, short_code


def check_enrolable(found: catalogue.OfferingOfModule, *, now: datetime) -> None:
    """Refuse what can not be enrolled in, seats apart. Raises EnrolmentClosed, EnrolmentElsewhere, PriceUnknown."""
    if not found.offering.is_open(now):
        raise EnrolmentClosed(found.module_slug)
    if found.offering.enrolment_website:
        raise EnrolmentElsewhere(found.module_slug)
    if found.offering.price is None:
        raise PriceUnknown(found.module_slug)


def open_enrolment(
    session: Session, *, found: catalogue.OfferingOfModule, pool_id: UUID, person_id: UUID, state: EnrolmentState, why: Why, by: UUID | None,
    request_key: UUID | None, now: datetime, **values: Any,  # noqa: ANN401 - columns
) -> str:
    """Add an enrolment; the seat is taken by the caller. Returns its code. Raises AlreadyEnrolled; DatabaseBusy asks to start over."""
    enrolment = Enrolment(
        id=new_id(), code=short_code(), request_key=request_key, offering_id=found.offering.id, pool_id=pool_id, person_id=person_id,
        module_version=found.version, state=state, asked_at=now, cancel_free_days=found.offering.cancel_free_days,
        cancel_late_percent=found.offering.cancel_late_percent, **values,
    )
    try:
        add_enrolment(session, enrolment, why=why, by=by, now=now)
    except IntegrityError as error:  # the index says it, also when two requests meet
        if "request_key" in str(error.orig):  # the same form, sent twice at once: who starts over finds what the other one made
            raise DatabaseBusy from error
        raise AlreadyEnrolled from error
    return enrolment.code
