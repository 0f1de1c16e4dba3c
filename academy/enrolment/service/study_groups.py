"""Use cases of study groups.

Two bookings of one room can not be told apart by a unique key (they clash when days and hours overlap), and the rows that a row lock would
hold may not exist yet. So who books a room holds the whole table against other writers: SHARE ROW EXCLUSIVE meets itself and every insert,
and lets readers through; a booking is made a few times a month. On SQLite the one writer is the lock.
"""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, is_recorded, record
from academy.catalogue import api as catalogue
from academy.enrolment.errors import NotForStudyGroups, RoomTaken
from academy.enrolment.events import StudyGroupOpened, StudyGroupPossible
from academy.enrolment.models import Enrolment, StudyGroup
from academy.enrolment.queries import study_groups as queries
from academy.enrolment.queries.mine import my_enrolment
from academy.enrolment.rules.study_groups import ENOUGH, Booking
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce

_POSSIBLE: Final = "study-group-possible"


def arrange_study_group(session: Session, *, actor: Actor, provider_slug: str, code: str, booking: Booking, now: datetime) -> None:
    """Give the study group of an online class its room and time, or another one; who wants to meet hears of it.

    Raises OfferingNotFound, NotForStudyGroups, and RoomTaken with the time of the other booking.
    """
    found = queries.class_to_meet(session, actor, provider_slug, code, today=amsterdam_day(now))
    offering = found.of.offering
    if not can_meet(offering, now=now):
        raise NotForStudyGroups
    _one_at_a_time(session)
    taken = queries.clash_of(session, booking, but=offering.id)
    if taken is not None:
        raise RoomTaken(taken.starts_at, taken.ends_at, taken.first_on, taken.last_on)
    group = session.scalars(select(StudyGroup).where(StudyGroup.offering_id == offering.id)).one_or_none()
    if group is None:
        group = StudyGroup(id=new_id(), offering_id=offering.id, opened_at=now, opened_by=actor.person_id)
        session.add(group)
    group.room, group.weekday, group.starts_at, group.ends_at = booking.room, booking.weekday, booking.starts_at, booking.ends_at
    group.first_on, group.last_on = booking.first_on, booking.last_on
    announce(session, StudyGroupOpened(offering.id))
    record(
        session, "study-group-arranged", actor_id=actor.person_id, now=now, organisation_id=found.of.provider_id, about="offering",
        about_id=offering.id, details={"offering": offering.code, "module": found.of.module_slug},
    )


def can_meet(offering: catalogue.OfferingFacts, *, now: datetime) -> bool:
    """Tell whether a class may have a study group: given online, going ahead and not over."""
    return (
        offering.mode is catalogue.DeliveryMode.ONLINE and offering.state is catalogue.OfferingState.ACTIVE and offering.ends_on >= amsterdam_day(now)
    )


def look_for_group(session: Session, *, enrolment_id: UUID, now: datetime) -> None:
    """Tell once, when a learner who has a seat makes enough of them, that an online module can have a study group."""
    row = session.execute(select(Enrolment.offering_id, Enrolment.wants_study_group).where(Enrolment.id == enrolment_id)).one_or_none()
    if row is None or not row.wants_study_group:
        return
    of, today = catalogue.offerings_by_id(session, [row.offering_id])[row.offering_id], amsterdam_day(now)
    if len(queries.wanting(session, of.offering.module_id, today=today)) < ENOUGH:
        return
    _one_at_a_time(session)  # whoever comes second finds what the first one wrote down
    classes = catalogue.online_offerings_ahead(session, of.offering.module_id, today=today)
    if queries.has_group(session, [each.id for each in classes]) or any(_is_told(session, each) for each in classes):
        return
    announce(session, StudyGroupPossible(classes[0].id))
    record(
        session, _POSSIBLE, actor_id=None, now=now, organisation_id=of.provider_id, about="offering", about_id=classes[0].id,
        details={"offering": classes[0].code, "module": of.module_slug},
    )


def leave_study_group(session: Session, *, actor: Actor, code: str) -> None:
    """Let the actor no longer be in the study group; the seat in the class stays. Raises EnrolmentNotFound."""
    facts = my_enrolment(session, actor, code)
    session.execute(update(Enrolment).where(Enrolment.id == facts.id).values(wants_study_group=False))


def _is_told(session: Session, offering: catalogue.OfferingFacts) -> bool:
    return is_recorded(session, _POSSIBLE, about_id=offering.id, since=datetime.min.replace(tzinfo=UTC))


def _one_at_a_time(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE study_group IN SHARE ROW EXCLUSIVE MODE"))
