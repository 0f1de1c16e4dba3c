"""Reads of study groups: who wants to meet, which groups there are, and where mine is."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, StudyGroup
from academy.enrolment.policy import Rights
from academy.enrolment.queries.attending import rights_at
from academy.enrolment.queries.mine import EnrolmentFacts
from academy.enrolment.rules.study_groups import Booking


@dataclass(frozen=True)
class StudyGroupFacts:
    """The study group of a module, at one of its classes."""

    of: catalogue.OfferingOfModule
    booking: Booking


@dataclass(frozen=True)
class ClassToMeet:
    """A class with its study group, None when there is none, and how many learners of the module want one."""

    of: catalogue.OfferingOfModule
    rights: Rights
    group: Booking | None
    wanting: int


def class_to_meet(session: Session, actor: Actor, provider_slug: str, code: str, *, today: date) -> ClassToMeet:
    """Return a class for who may give its study group a room. Raises OfferingNotFound."""
    of = catalogue.offering_of_provider(session, provider_slug, code)
    rights = rights_at(session, actor, of.provider_id)
    if not rights.arrange:
        raise catalogue.OfferingNotFound
    row = session.scalars(select(StudyGroup).where(StudyGroup.offering_id == of.offering.id)).one_or_none()
    return ClassToMeet(of, rights, None if row is None else _booking(row), len(wanting(session, of.offering.module_id, today=today)))


def wanting(session: Session, module_id: UUID, *, today: date) -> list[UUID]:
    """Return the enrolments of who follows a module online now or soon, has a seat that is sure, and wants to meet."""
    offering_ids = [each.id for each in catalogue.online_offerings_ahead(session, module_id, today=today)]
    return list(session.scalars(
        select(Enrolment.id).where(
            Enrolment.offering_id.in_(offering_ids), Enrolment.state == EnrolmentState.CONFIRMED, Enrolment.wants_study_group,
        ).order_by(Enrolment.id),
    ))


def clash_of(session: Session, wanted: Booking, *, but: UUID) -> Booking | None:
    """Return the booking that takes the room at a moment of `wanted`, that of the class `but` apart; None when it is free."""
    rows = session.scalars(
        select(StudyGroup).where(
            StudyGroup.offering_id != but, StudyGroup.weekday == wanted.weekday, StudyGroup.first_on <= wanted.last_on,
            StudyGroup.last_on >= wanted.first_on,
        ).order_by(StudyGroup.first_on, StudyGroup.id),
    )
    return next((booking for booking in map(_booking, rows) if booking.meets_with(wanted)), None)


def my_study_groups(session: Session, facts: list[EnrolmentFacts], *, today: date) -> dict[UUID, StudyGroupFacts]:
    """Return the study group of each of these enrolments whose learner wants to meet, by enrolment; groups that are over are left out."""
    confirmed = [each.id for each in facts if each.state is EnrolmentState.CONFIRMED]
    if not confirmed:
        return {}
    wants = set(session.scalars(select(Enrolment.id).where(Enrolment.id.in_(confirmed), Enrolment.wants_study_group)))
    if not wants:
        return {}
    rows = session.scalars(select(StudyGroup).where(StudyGroup.last_on >= today).order_by(StudyGroup.first_on.desc(), StudyGroup.id)).all()
    offerings = catalogue.offerings_by_id(session, [row.offering_id for row in rows])
    by_module = {
        offerings[row.offering_id].offering.module_id: StudyGroupFacts(offerings[row.offering_id], _booking(row)) for row in rows
    }
    found = {}
    for each in facts:
        group = by_module.get(each.of.offering.module_id)
        if group and each.id in wants and each.of.offering.ends_on >= group.booking.first_on:
            found[each.id] = group
    return found


def study_group_for_letter(session: Session, offering_id: UUID, *, today: date) -> tuple[StudyGroupFacts, list[UUID]] | None:
    """Return the study group of a class and the enrolments of who wants to meet; None when there is none any more."""
    row = session.scalars(select(StudyGroup).where(StudyGroup.offering_id == offering_id)).one_or_none()
    if row is None:
        return None
    of = catalogue.offerings_by_id(session, [offering_id])[offering_id]
    return StudyGroupFacts(of, _booking(row)), wanting(session, of.offering.module_id, today=today)


def has_group(session: Session, offering_ids: list[UUID]) -> bool:
    """Tell whether one of these classes has a study group."""
    return session.scalar(select(StudyGroup.id).where(StudyGroup.offering_id.in_(offering_ids)).limit(1)) is not None


def _booking(row: StudyGroup) -> Booking:
    return Booking(row.room, row.weekday, row.starts_at, row.ends_at, row.first_on, row.last_on)
