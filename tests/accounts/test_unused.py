"""An account that nobody uses ends, after a letter and time to come back; who comes back, or has something to settle, stays."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from academy import app as house
from academy.accounts import personal
from academy.accounts.events import AccountUnused
from academy.accounts.models import Person, TrailEntry
from academy.accounts.queries import Actor
from academy.accounts.service import signing_in, unused
from academy.kernel.db import Database
from academy.kernel.outbox import OutboxMessage, subscribe
from tests import builders

THEN = datetime(2024, 3, 1, 9, tzinfo=UTC)
TWO_YEARS, DAY = timedelta(days=730), timedelta(days=1)


@pytest.fixture(autouse=True)
def _house() -> None:
    personal.set_rooms(house.PERSONAL)
    subscribe("tests.unused", AccountUnused, inside=lambda *_: None)


def _sam(database: Database) -> Actor:
    with database.writing() as session:
        return builders.actor(session, THEN)


def _turn(database: Database, now: datetime) -> int:
    with database.writing() as session:
        return unused.end_unused(session, now, 100)


def _letters(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(OutboxMessage.subscriber == "tests.unused")) or 0


def _is_erased(database: Database, person_id: UUID) -> bool:
    with database.reading() as session:
        return session.get_one(Person, person_id).erased_at is not None


def test_who_is_away_for_two_years_gets_one_letter_and_the_account_ends_thirty_days_later(database: Database) -> None:
    sam = _sam(database)
    assert _turn(database, THEN + TWO_YEARS - DAY) == 0
    assert [_turn(database, THEN + TWO_YEARS + number * DAY) for number in (0, 1, 29)] == [1, 0, 0]
    assert _letters(database) == 1
    assert not _is_erased(database, sam.person_id)
    assert _turn(database, THEN + TWO_YEARS + 30 * DAY) == 1
    assert _is_erased(database, sam.person_id)
    assert _turn(database, THEN + TWO_YEARS + 90 * DAY) == 0
    with database.reading() as session:
        entry = session.scalars(select(TrailEntry).where(TrailEntry.act == "person-erased")).one()
        assert (entry.actor_id, entry.person_id) == (None, sam.person_id), "the clock did it"


def test_who_comes_back_after_the_letter_stays(database: Database) -> None:
    sam = _sam(database)
    _turn(database, THEN + TWO_YEARS)
    with database.writing() as session:
        signing_in.start_sign_in(session, person_id=sam.person_id, device="", now=THEN + TWO_YEARS + 3 * DAY)
    assert _turn(database, THEN + TWO_YEARS + 40 * DAY) == 0
    assert not _is_erased(database, sam.person_id)


def test_who_has_something_to_settle_stays_and_hears_again(database: Database) -> None:
    sam = _sam(database)
    late = THEN + TWO_YEARS + 30 * DAY
    with database.writing() as session:
        builders.enrol(session, actor=sam, offering_code=builders.offering(session, late), now=late)
    _turn(database, THEN + TWO_YEARS)
    assert _turn(database, late) == 1
    assert not _is_erased(database, sam.person_id)
    assert _letters(database) == 2
