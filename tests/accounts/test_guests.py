"""Who was expected and never came is forgotten after thirty days; who proved the address, or has work here, stays."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from academy import app as house
from academy.accounts import personal, service
from academy.accounts.models import Person
from academy.accounts.service import guests
from academy.enrolment import service as enrolment
from academy.enrolment.models import Enrolment
from academy.enrolment.service import holding
from academy.kernel.db import Database
from tests import builders

THEN = datetime(2026, 9, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
EMAIL = "gast@voorbeeld.nl"


@pytest.fixture(autouse=True)
def _house() -> None:
    personal.set_rooms(house.PERSONAL)


def _guest(database: Database, email: str = EMAIL) -> UUID:
    with database.writing() as session:
        return guests.expect_person(session, email=email, name="Gast  met\x00 naam", language="nl", now=THEN)


def _turn(database: Database, now: datetime) -> int:
    with database.writing() as session:
        return guests.forget_guests(session, now, 100)


def _is_erased(database: Database, person_id: UUID) -> bool:
    with database.reading() as session:
        return session.get_one(Person, person_id).erased_at is not None


def test_expecting_the_same_address_twice_makes_one_person_and_keeps_the_first_name(database: Database) -> None:
    first = _guest(database)
    with database.writing() as session:
        assert guests.expect_person(session, email=EMAIL, name="Een ander", language="en", now=THEN) == first
        person = session.get_one(Person, first)
        assert (person.name, person.language, person.seen_on) == ("Gast met naam", "nl", None)


def test_a_guest_who_never_came_is_erased_after_thirty_days(database: Database) -> None:
    guest = _guest(database)
    assert _turn(database, THEN + 30 * DAY - timedelta(seconds=1)) == 0
    assert _turn(database, THEN + 30 * DAY) == 1
    assert _is_erased(database, guest)
    with database.reading() as session:
        assert EMAIL not in session.get_one(Person, guest).email
    assert _turn(database, THEN + 31 * DAY) == 0


def test_who_followed_the_link_stays(database: Database) -> None:
    guest = _guest(database)
    with database.writing() as session:
        link_id = guests.make_link(session, email=EMAIL, language="nl", next_path="/nl/my", now=THEN)
        assert service.use_link(session, link_id=link_id, name="", device="", now=THEN).person_id == guest
    assert _turn(database, THEN + 400 * DAY) == 0
    assert not _is_erased(database, guest)


def test_who_was_registered_with_a_proven_address_stays(database: Database) -> None:
    with database.writing() as session:
        builders.person(session, THEN)
    assert _turn(database, THEN + 400 * DAY) == 0


def test_a_seat_that_was_kept_for_the_guest_goes_too_once_its_time_ran_out(database: Database) -> None:
    guest = _guest(database)
    with database.writing() as session:
        code = builders.offering(session, THEN)
        holding.hold_for(session, person_id=guest, offering_code=code, request_key=None, now=THEN)
    assert _turn(database, THEN + 30 * DAY) == 0, "what still runs is waited for"
    with database.writing() as session:
        enrolment.expire_due(session, now=THEN + DAY)
    assert _turn(database, THEN + 30 * DAY) == 1
    with database.reading() as session:
        assert session.scalars(select(Enrolment)).all() == []
