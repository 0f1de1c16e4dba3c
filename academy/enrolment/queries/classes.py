"""Reads of classes: who is in them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment

# Who is in a class; who still has to confirm or pay is told apart.
IN_CLASS = (EnrolmentState.CONFIRMED, EnrolmentState.FINISHED)


@dataclass(frozen=True)
class RosterLine:
    """Who is enrolled in a class, since when, and in which version of its module."""

    name: str
    email: str
    since: datetime
    module_version: int


@dataclass(frozen=True)
class ClassFacts:
    """A class with who is in it, by name."""

    work: catalogue.OfferingInWork
    roster: tuple[RosterLine, ...]


def class_of(session: Session, actor: Actor, provider_slug: str, code: str) -> ClassFacts:
    """Return a class with its roster for who works at its provider. Raises ProviderNotFound, OfferingNotFound."""
    work = catalogue.offering_for_reading(session, actor, provider_slug, code)
    rows = session.scalars(
        select(Enrolment).where(Enrolment.offering_id == work.offering.id, Enrolment.state.in_(IN_CLASS)),
    ).all()
    people = accounts.people(session, [row.person_id for row in rows])
    lines = [
        RosterLine(people[row.person_id].name, people[row.person_id].email, row.confirmed_at or row.asked_at, row.module_version)
        for row in rows
    ]
    return ClassFacts(work, tuple(sorted(lines, key=lambda line: (line.name.casefold(), line.email))))


def is_look_noted(session: Session, actor: Actor, found: ClassFacts, act: str, *, now: datetime) -> bool:
    """Tell whether an entry in the audit trail covers this look: recent, and made when all who are in the class now were in it."""
    since = max([now - rules.LOOKS[act], *(line.since for line in found.roster)])
    return not found.roster or accounts.is_recorded(session, act, actor_id=actor.person_id, about_id=found.work.offering.id, since=since)


def present_in(person_id: UUID) -> Select[UUID, datetime, datetime | None]:
    """Select in which classes a person was, from when until when: what happened to those concerns them."""
    return select(Enrolment.offering_id, func.coalesce(Enrolment.confirmed_at, Enrolment.asked_at), Enrolment.ended_at).where(
        Enrolment.person_id == person_id, Enrolment.confirmed_at.is_not(None),
    )
