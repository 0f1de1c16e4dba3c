"""Reads of enrolment; frozen facts come out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.errors import EnrolmentNotFound
from academy.enrolment.models import LIVE_STATES, Enrolment, EnrolmentState, SeatPool
from academy.kernel.clock import amsterdam_day


@dataclass(frozen=True)
class EnrolmentFacts:
    """An enrolment with what it is for."""

    id: UUID
    code: str
    person_id: UUID
    state: EnrolmentState
    confirmed_at: datetime
    cancelled_at: datetime | None
    version: int  # of the module, on enrolling
    of: catalogue.OfferingOfModule


@dataclass(frozen=True)
class Seats:
    """The seats of an offering, of all its pools together."""

    left: int
    taken: int


def seats(session: Session, offering_ids: Iterable[UUID]) -> dict[UUID, Seats]:
    """Return the seats per offering; an offering of which no seat was ever taken is not in the answer."""
    ids = list(offering_ids)
    if not ids:
        return {}
    rows = session.execute(
        select(SeatPool.offering_id, func.sum(SeatPool.capacity - SeatPool.taken), func.sum(SeatPool.taken))
        .where(SeatPool.offering_id.in_(ids))
        .group_by(SeatPool.offering_id),
    )
    return {offering_id: Seats(int(left), int(taken)) for offering_id, left, taken in rows}


def seats_left(session: Session, offering_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return the free seats per offering; an offering of which no seat was ever taken is not in the answer."""
    return {offering_id: found.left for offering_id, found in seats(session, offering_ids).items()}


def live_enrolments(session: Session, person_id: UUID, offering_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the codes of the person's live enrolments in these offerings."""
    rows = session.execute(
        select(Enrolment.offering_id, Enrolment.code).where(
            Enrolment.person_id == person_id,
            Enrolment.offering_id.in_(list(offering_ids)),
            Enrolment.state.in_(LIVE_STATES),
        ),
    )
    return dict(rows.all())


def my_enrolments(session: Session, actor: Actor) -> list[EnrolmentFacts]:
    """Return all enrolments of the actor, newest first."""
    rows = session.scalars(
        select(Enrolment).where(Enrolment.person_id == actor.person_id).order_by(Enrolment.confirmed_at.desc()),
    ).all()
    offerings = catalogue.offerings_by_id(session, {row.offering_id for row in rows})
    return [_facts(row, offerings[row.offering_id]) for row in rows]


def my_enrolment(session: Session, actor: Actor, code: str) -> EnrolmentFacts:
    """Return one enrolment of the actor. Raises EnrolmentNotFound, also for somebody else's."""
    row = session.scalars(
        select(Enrolment).where(Enrolment.code == code.upper(), Enrolment.person_id == actor.person_id),
    ).one_or_none()
    if row is None:
        raise EnrolmentNotFound
    return _facts(row, catalogue.offerings_by_id(session, [row.offering_id])[row.offering_id])


def people_in_class(session: Session, organisation_id: UUID, now: datetime) -> int:
    """Return how many seats are taken at a provider in classes that have not ended; it can not close as long as there are any."""
    offering_ids = catalogue.unfinished_offerings(session, organisation_id, today=amsterdam_day(now))
    return sum(found.taken for found in seats(session, offering_ids).values())


def version_of(session: Session, facts: EnrolmentFacts) -> catalogue.ModuleVersionFacts | None:
    """Return what the module said on enrolling; None when that is what it says now."""
    if facts.version == facts.of.version:
        return None
    return catalogue.module_version(session, facts.of.offering.module_id, facts.version)


def enrolment(session: Session, enrolment_id: UUID) -> EnrolmentFacts | None:
    """Return an enrolment for a letter; None when it was erased together with its person."""
    row = session.get(Enrolment, enrolment_id)
    if row is None:
        return None
    return _facts(row, catalogue.offerings_by_id(session, [row.offering_id])[row.offering_id])


@dataclass(frozen=True)
class PoolDifference:
    """A pool whose counter is not the number of live enrolments: a fault."""

    pool_id: UUID
    taken: int
    live: int


def audit(session: Session) -> list[PoolDifference]:
    """Return the pools whose `taken` differs from their live enrolments; none, when all is well."""
    live = (
        select(Enrolment.pool_id, func.count().label("live"))
        .where(Enrolment.state.in_(LIVE_STATES))
        .group_by(Enrolment.pool_id)
        .subquery()
    )
    counted = func.coalesce(live.c.live, 0)
    rows = session.execute(
        select(SeatPool.id, SeatPool.taken, counted)
        .outerjoin(live, live.c.pool_id == SeatPool.id)
        .where(SeatPool.taken != counted),
    )
    return [PoolDifference(*row) for row in rows]


def _facts(row: Enrolment, of: catalogue.OfferingOfModule) -> EnrolmentFacts:
    return EnrolmentFacts(row.id, row.code, row.person_id, row.state, row.confirmed_at, row.cancelled_at, row.module_version, of)


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
        select(Enrolment).where(Enrolment.offering_id == work.offering.id, Enrolment.state.in_(LIVE_STATES)),
    ).all()
    people = accounts.people(session, [row.person_id for row in rows])
    lines = [
        RosterLine(people[row.person_id].name, people[row.person_id].email, row.confirmed_at, row.module_version) for row in rows
    ]
    return ClassFacts(work, tuple(sorted(lines, key=lambda line: (line.name.casefold(), line.email))))


def is_look_noted(session: Session, actor: Actor, found: ClassFacts, act: str, *, now: datetime) -> bool:
    """Tell whether an entry in the audit trail covers this look: recent, and made when all who are in the class now were in it."""
    since = max([now - rules.LOOKS[act], *(line.since for line in found.roster)])
    return not found.roster or accounts.is_recorded(session, act, actor_id=actor.person_id, about_id=found.work.offering.id, since=since)


def present_in(person_id: UUID) -> Select[UUID, datetime, datetime | None]:
    """Select in which classes a person was, from when until when: what happened to those concerns them."""
    return select(Enrolment.offering_id, Enrolment.confirmed_at, Enrolment.cancelled_at).where(Enrolment.person_id == person_id)
