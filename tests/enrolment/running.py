"""A class that runs: Tuesday evenings, with learners and people of its provider, for tests of what happens in it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.queries import Actor
from tests import builders

SLUG = "windesheim"
FIRST, SECOND = date(2026, 9, 29), date(2026, 10, 6)  # Tuesdays; the class of the builder begins on 29 September
STARTED = datetime.fromisoformat("2026-09-29T20:00:00+02:00")  # the first evening


@dataclass
class Running:
    """What a test needs to know of the class: its code, and its people with their enrolments."""

    code: str
    sam: Actor
    noor: Actor
    sams: str
    noors: str
    teacher: Actor
    board: Actor


def running(session: Session, now: datetime) -> Running:
    """Make a class with two learners, a teacher and somebody of the exam board."""
    provider_id = builders.provider(session, SLUG)
    module = builders.module(session, now, provider_id=provider_id, ec=Decimal("2.5"))
    code = builders.offering(session, now, external_id=module, provider_id=provider_id)
    sam, noor = builders.actor(session, now, name="Sam"), builders.actor(session, now, name="Noor")
    return Running(
        code, sam, noor, builders.enrol(session, actor=sam, offering_code=code, now=now),
        builders.enrol(session, actor=noor, offering_code=code, now=now), works_here(session, now, accounts.Role.TEACHER),
        works_here(session, now, accounts.Role.EXAM_BOARD),
    )


def works_here(session: Session, now: datetime, role: accounts.Role, slug: str = SLUG) -> Actor:
    """Return somebody new with this role at the provider."""
    person = builders.actor(session, now)
    accounts.add_membership(session, person_id=person.person_id, organisation_id=builders.provider(session, slug), role=role)
    return person
