"""Reads of classes: who is in them, and who may yet come."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.kinds import LIVE_STATES, EnrolmentState, WaitsFor
from academy.enrolment.models import Enrolment
from academy.kernel.money import FREE, Money

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
class PendingLine:
    """Who has a kept seat in a class and is not in it yet: what they wait for, and until when."""

    name: str
    waits_for: WaitsFor
    since: datetime
    until: datetime


@dataclass(frozen=True)
class ClassNumbers:
    """How many are in a class, have a kept seat, asked to be admitted, and wait for a seat."""

    sure: int
    kept: int
    asked: int
    waiting: int
    agreed: Money = FREE  # what those who are in it agreed to together


@dataclass(frozen=True)
class ClassFacts:
    """A class with who is in it, by name, and who may yet come; `taken` counts all seats that nobody else can have."""

    work: catalogue.OfferingInWork
    roster: tuple[RosterLine, ...]
    pending: tuple[PendingLine, ...]
    numbers: ClassNumbers

    @property
    def taken(self) -> int:
        """How many seats are sure or kept."""
        return self.numbers.sure + self.numbers.kept + self.numbers.asked


def class_of(session: Session, actor: Actor, provider_slug: str, code: str) -> ClassFacts:
    """Return a class with its roster for who works at its provider. Raises ProviderNotFound, OfferingNotFound."""
    work = catalogue.offering_for_reading(session, actor, provider_slug, code)
    rows = session.scalars(select(Enrolment).where(Enrolment.offering_id == work.offering.id, Enrolment.state.in_(LIVE_STATES))).all()
    known = accounts.people(session, [row.person_id for row in rows])
    lines = [
        RosterLine(known[row.person_id].name, known[row.person_id].email, row.confirmed_at or row.asked_at, row.module_version)
        for row in rows if row.state in IN_CLASS
    ]
    pending = [
        PendingLine(known[row.person_id].name, row.waits_for, row.asked_at, row.until)
        for row in rows if row.waits_for is not None and row.waits_for is not WaitsFor.LEARNER and row.until is not None
    ]
    states = Counter(row.state for row in rows)
    numbers = ClassNumbers(
        sure=len(lines), kept=states[EnrolmentState.HELD] + states[EnrolmentState.OFFERED], asked=states[EnrolmentState.REQUESTED],
        waiting=states[EnrolmentState.WAITING],
        agreed=sum((row.agreed_price or FREE for row in rows if row.state in IN_CLASS), FREE),
    )
    return ClassFacts(
        work, tuple(sorted(lines, key=lambda line: (line.name.casefold(), line.email))), tuple(sorted(pending, key=lambda line: line.until)), numbers,
    )


def is_look_noted(session: Session, actor: Actor, found: ClassFacts, act: str, *, now: datetime) -> bool:
    """Tell whether an entry in the audit trail covers this look: recent, and made when all who are in the class now were in it."""
    came = [*(line.since for line in found.roster), *(line.since for line in found.pending)]
    since = max([now - rules.LOOKS[act], *came])
    return not came or accounts.is_recorded(session, act, actor_id=actor.person_id, about_id=found.work.offering.id, since=since)


def present_in(person_id: UUID) -> Select[UUID, datetime, datetime | None]:
    """Select in which classes a person was, from when until when: what happened to those concerns them."""
    return select(Enrolment.offering_id, func.coalesce(Enrolment.confirmed_at, Enrolment.asked_at), Enrolment.ended_at).where(
        Enrolment.person_id == person_id, Enrolment.confirmed_at.is_not(None),
    )
