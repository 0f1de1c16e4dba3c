"""What the day after the last day of a class does to who was in it."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.models import Enrolment
from academy.enrolment.service.changes import change
from academy.kernel.clock import amsterdam_day

_MOST_AT_ONCE: Final = 200


def finish_ended(session: Session, *, now: datetime) -> int:
    """Finish who is in a class whose last day is over, some at a time; returns how many there were. Repeatable: nobody finishes twice.

    The seat stays theirs. A class that was called off finishes nobody.
    """
    due = session.scalars(
        select(Enrolment.id)
        .where(Enrolment.state == EnrolmentState.CONFIRMED, Enrolment.offering_id.in_(catalogue.ended_offerings(amsterdam_day(now))))
        .order_by(Enrolment.id).limit(_MOST_AT_ONCE),
    ).all()
    for enrolment_id in due:
        change(session, enrolment_id, EnrolmentState.CONFIRMED, EnrolmentState.FINISHED, why=Why.CLASS_ENDED, by=None, now=now)
    return len(due)
