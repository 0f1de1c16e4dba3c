"""Reads of a running class: who is in it, when it meets, and who was there as both sides say it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.errors import EnrolmentNotFound
from academy.enrolment.models import Attendance, Enrolment
from academy.enrolment.policy import Rights, rights_in
from academy.enrolment.queries.classes import IN_CLASS
from academy.enrolment.queries.mine import EnrolmentFacts, my_enrolment
from academy.enrolment.rules.meetings import Meeting, meetings


@dataclass(frozen=True)
class Learner:
    """Who is in a class: the enrolment, the name, since when, and the version of the module that counts."""

    enrolment_id: UUID
    person_id: UUID
    code: str
    name: str
    since: datetime
    module_version: int


@dataclass(frozen=True)
class RunningClass:
    """A class as its teacher, planner or exam board sees it; learners by name."""

    of: catalogue.OfferingOfModule
    rights: Rights
    meetings: tuple[Meeting, ...]
    learners: tuple[Learner, ...]


@dataclass(frozen=True)
class Said:
    """What both sides say of one meeting; None: not said."""

    by_provider: bool | None = None
    by_learner: bool | None = None


def class_at(session: Session, actor: Actor, provider_slug: str, code: str) -> RunningClass:
    """Return a class for who teaches it or decides about its results. Raises OfferingNotFound."""
    of = catalogue.offering_of_provider(session, provider_slug, code)
    rights = rights_at(session, actor, of.provider_id)
    if not rights.teach and not rights.decide:
        raise catalogue.OfferingNotFound
    rows = session.scalars(select(Enrolment).where(Enrolment.offering_id == of.offering.id, Enrolment.state.in_(IN_CLASS))).all()
    people = accounts.people(session, [row.person_id for row in rows])
    learners = [
        Learner(row.id, row.person_id, row.code, people[row.person_id].name, row.confirmed_at or row.asked_at, row.module_version) for row in rows
    ]
    return RunningClass(of, rights, meetings_of(of.offering), tuple(sorted(learners, key=lambda each: (each.name.casefold(), each.code))))


def rights_at(session: Session, actor: Actor, provider_id: UUID) -> Rights:
    """Return what the actor may do in the classes of a provider."""
    return rights_in(accounts.memberships_of(session, actor.person_id), provider_id)


def class_for_teaching(session: Session, actor: Actor, provider_slug: str, code: str) -> RunningClass:
    """Return a class for its teacher, planner or owner. Raises OfferingNotFound."""
    found = class_at(session, actor, provider_slug, code)
    if not found.rights.teach:
        raise catalogue.OfferingNotFound
    return found


def is_seen(session: Session, actor: Actor, found: RunningClass, *, now: datetime) -> bool:
    """Tell whether an entry in the audit trail covers this look at who is in the class: recent, and made when all of them were in it."""
    since = max([now - rules.LOOKS["roster-seen"], *(each.since for each in found.learners)])
    return not found.learners or accounts.is_recorded(
        session, "roster-seen", actor_id=actor.person_id, about_id=found.of.offering.id, since=since,
    )


def meetings_of(offering: catalogue.OfferingFacts) -> tuple[Meeting, ...]:
    """Return the days on which an offering, read with its sessions, meets."""
    return meetings(
        starts_on=offering.starts_on, ends_on=offering.ends_on, slots=offering.sessions, weekdays=offering.weekdays,
        has_hours=offering.part_of_day is not catalogue.PartOfDay.ANY,
    )


def said(session: Session, enrolment_ids: Iterable[UUID]) -> dict[tuple[UUID, date], Said]:
    """Return all that was said of these enrolments, by enrolment and day."""
    rows = session.execute(
        select(Attendance.enrolment_id, Attendance.meets_on, Attendance.by_provider, Attendance.by_learner)
        .where(Attendance.enrolment_id.in_(list(enrolment_ids))),
    )
    return {(row.enrolment_id, row.meets_on): Said(row.by_provider, row.by_learner) for row in rows}


def my_class(session: Session, actor: Actor, code: str) -> tuple[EnrolmentFacts, tuple[Meeting, ...]]:
    """Return an enrolment of the actor who is, or was, in the class, with its meetings. Raises EnrolmentNotFound."""
    facts = my_enrolment(session, actor, code)
    if facts.state not in IN_CLASS:
        raise EnrolmentNotFound
    (of,) = catalogue.with_meetings(session, [facts.of])
    return facts, meetings_of(of.offering)
