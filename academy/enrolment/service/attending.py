"""Use cases of attendance. Each side writes its own column: neither can overwrite what the other says."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.enrolment.errors import AttendanceClosed, MeetingNotFound
from academy.enrolment.models import Attendance, Enrolment
from academy.enrolment.queries import attending as queries
from academy.enrolment.queries.classes import IN_CLASS
from academy.enrolment.rules.attendance import can_be_said
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import insert_for


def note_attendance(
    session: Session, *, actor: Actor, provider_slug: str, code: str, day: date, enrolment_code: str, was_there: bool | None, now: datetime,
) -> None:
    """Write down whether one person was at a meeting, as the provider says; None takes it back.

    Who left the class meanwhile is passed over. Raises OfferingNotFound, MeetingNotFound (also for a day to come), AttendanceClosed.
    """
    found = _class_on(session, actor, provider_slug, code, day=day, now=now)
    for enrolment_id in _in_class(session, found, enrolment_code):
        session.execute(
            insert_for(session, Attendance)
            .values(enrolment_id=enrolment_id, meets_on=day, by_provider=was_there)
            .on_conflict_do_update(index_elements=["enrolment_id", "meets_on"], set_={"by_provider": was_there}),
        )


def note_rest(session: Session, *, actor: Actor, provider_slug: str, code: str, day: date, now: datetime) -> None:
    """Write down that everybody was at a meeting of whom nothing was said yet. Raises as `note_attendance`."""
    found = _class_on(session, actor, provider_slug, code, day=day, now=now)
    rows = [{"enrolment_id": each, "meets_on": day, "by_provider": True} for each in _in_class(session, found)]
    if rows:
        statement = insert_for(session, Attendance).values(rows)
        session.execute(statement.on_conflict_do_update(
            index_elements=["enrolment_id", "meets_on"], set_={"by_provider": True}, where=Attendance.by_provider.is_(None),
        ))


def say_attendance(session: Session, *, actor: Actor, code: str, day: date, was_there: bool, now: datetime) -> None:
    """Write down whether the actor was at a meeting, as they say themselves. Raises EnrolmentNotFound, MeetingNotFound, AttendanceClosed."""
    facts, meetings = queries.my_class(session, actor, code)
    if not any(meeting.day == day and meeting.has_begun(now) for meeting in meetings):
        raise MeetingNotFound
    if not can_be_said(ends_on=facts.of.offering.ends_on, today=amsterdam_day(now)):
        raise AttendanceClosed
    session.execute(
        insert_for(session, Attendance)
        .values(enrolment_id=facts.id, meets_on=day, by_learner=was_there)
        .on_conflict_do_update(index_elements=["enrolment_id", "meets_on"], set_={"by_learner": was_there}),
    )


def note_look(session: Session, *, actor: Actor, found: queries.RunningClass, act: str, now: datetime) -> None:
    """Put in the audit trail that someone saw or took away (`act`) who is in a class; all of them can read it."""
    record(
        session, act, actor_id=actor.person_id, now=now, organisation_id=found.of.provider_id, about="offering", about_id=found.of.offering.id,
        details={"offering": found.of.offering.code, "module": found.of.module_slug, "people": len(found.learners)},
    )


def _class_on(session: Session, actor: Actor, provider_slug: str, code: str, *, day: date, now: datetime) -> queries.RunningClass:
    found, today = queries.class_for_teaching(session, actor, provider_slug, code), amsterdam_day(now)
    if day > today or all(meeting.day != day for meeting in found.meetings):
        raise MeetingNotFound
    if not can_be_said(ends_on=found.of.offering.ends_on, today=today):
        raise AttendanceClosed
    return found


def _in_class(session: Session, found: queries.RunningClass, enrolment_code: str | None = None) -> Iterable[UUID]:
    """Return who is in the class now, and stays as long as this transaction lasts: nobody is erased between the look and the row."""
    wanted = select(Enrolment.id).where(Enrolment.offering_id == found.of.offering.id, Enrolment.state.in_(IN_CLASS)).order_by(Enrolment.id)
    if enrolment_code is not None:
        wanted = wanted.where(Enrolment.code == enrolment_code)
    return session.scalars(wanted.with_for_update(read=True, key_share=True)).all()
