"""A guest has a seat for a quarter of an hour and a letter with a link; the answer tells nobody who has an account here."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from academy.accounts.api import SignInLinkRequested
from academy.accounts.models import Person, SignInLink
from academy.enrolment import queries, service
from academy.enrolment.errors import EnrolmentClosed, OfferingFull
from academy.enrolment.events import SeatHeldForGuest
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, EntryClaim
from academy.enrolment.service import guests
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.outbox import Event, OutboxMessage, subscribe
from tests import builders

QUARTER = timedelta(minutes=15)
EMAIL = "gast@voorbeeld.nl"


@pytest.fixture(autouse=True)
def _listening() -> None:
    """Let somebody want to hear the news, so that it is written."""
    for event in (SeatHeldForGuest, SignInLinkRequested):
        subscribe(f"tests.{event.name}", event, inside=_hear)


def _hear(_session: object, _event: Event, _now: datetime) -> None:
    """Hear it."""


def _ask(database: Database, code: str, now: datetime, email: str = EMAIL, name: str = "Gast") -> datetime:
    with database.writing() as session:
        return guests.hold_for_guest(
            session, email=email, name=name, offering_code=code, next_path=f"/nl/offerings/{code}/from-letter", language="nl", now=now,
        )


def _letters(database: Database, event: type[Event]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(OutboxMessage.event == event.name, OutboxMessage.subscriber.like("tests.%"))) or 0


def _enrolments(database: Database) -> int:
    with database.reading() as session:
        assert queries.audit(session) == []
        return session.scalar(select(func.count()).select_from(Enrolment)) or 0


def test_a_guest_has_a_seat_for_a_quarter_of_an_hour_and_a_letter_with_a_link(database: Database, now: datetime) -> None:
    with database.writing() as session:
        code = builders.offering(session, now, seats=1)
    assert _ask(database, code, now) == now + QUARTER
    with database.reading() as session:
        row = session.scalars(select(Enrolment)).one()
        link = session.scalars(select(SignInLink)).one()
        assert (row.state, row.until) == (EnrolmentState.HELD, now + QUARTER)
        assert (link.email, link.next_path, link.name) == (EMAIL, f"/nl/offerings/{code}/from-letter", "")
        assert session.get_one(Person, row.person_id).seen_on is None  # nobody has proven the address
    assert (_letters(database, SeatHeldForGuest), _letters(database, SignInLinkRequested)) == (1, 0)
    with pytest.raises(OfferingFull):
        _ask(database, code, now, email="ander@voorbeeld.nl")


def test_a_stranger_changes_nothing_of_who_has_an_account(database: Database, now: datetime) -> None:
    with database.writing() as session:
        code = builders.offering(session, now)
        person_id = builders.person(session, now, email=EMAIL, name="Noor")
    _ask(database, code, now, name="Iemand Anders")
    with database.reading() as session:
        assert session.get_one(Person, person_id).name == "Noor"
        assert session.scalars(select(Enrolment.person_id)).all() == [person_id]
        assert session.scalars(select(EntryClaim)).all() == []


def _enrolled(database: Database, code: str, now: datetime) -> None:
    with database.writing() as session:
        builders.enrol(session, actor=builders.actor(session, now, email=EMAIL), offering_code=code, now=now)


def _minor(database: Database, _code: str, now: datetime) -> None:
    with database.writing() as session:
        person_id = builders.person(session, now, email=EMAIL)
        session.execute(update(Person).where(Person.id == person_id).values(is_minor=True))


def _unknown(_database: Database, _code: str, _now: datetime) -> None:
    """Leave the address unknown."""


def _known(database: Database, _code: str, now: datetime) -> None:
    with database.writing() as session:
        builders.person(session, now, email=EMAIL)


@pytest.mark.parametrize("who", [_enrolled, _minor])
def test_who_is_in_the_class_already_or_may_not_enrol_gets_a_letter_and_no_seat(
    database: Database, now: datetime, who: Callable[[Database, str, datetime], None],
) -> None:
    with database.writing() as session:
        code = builders.offering(session, now)
    who(database, code, now)
    before = _enrolments(database)
    assert _ask(database, code, now) == now + QUARTER
    assert _enrolments(database) == before
    assert (_letters(database, SeatHeldForGuest), _letters(database, SignInLinkRequested)) == (0, 1)


@pytest.mark.parametrize("who", [_unknown, _known, _enrolled, _minor])
def test_the_answer_is_the_same_whoever_has_the_address(
    app: Flask, database: Database, who: Callable[[Database, str, datetime], None],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    now = utc_now()
    with database.writing() as session:
        code = builders.offering(session, now, seats=2)
    who(database, code, now)
    client = app.test_client()
    answer = client.post(f"/nl/offerings/{code}/enrol", data={"name": "Gast", "email": EMAIL})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/nl/offerings/asked")
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert EMAIL in page
    assert re.search(r"vast tot [^.]*\d\d:\d\d uur", page)
    with database.writing() as session:  # and when it is full
        full = builders.offering(session, now, seats=1, external_id="NET-01")
        builders.enrol(session, actor=builders.actor(session, now), offering_code=full, now=now)
    assert client.post(f"/nl/offerings/{full}/enrol", data={"name": "Gast", "email": EMAIL}).status_code == 409


def test_of_a_full_class_who_is_in_it_hears_the_same_as_a_stranger(database: Database, now: datetime) -> None:
    with database.writing() as session:
        code = builders.offering(session, now, seats=1)
    _enrolled(database, code, now)
    for email in (EMAIL, "vreemd@voorbeeld.nl"):
        with pytest.raises(OfferingFull):
            _ask(database, code, now, email=email)


def test_a_class_that_is_closed_takes_no_guests(database: Database, now: datetime) -> None:
    with database.writing() as session:
        code = builders.offering(session, now)
    with pytest.raises(EnrolmentClosed):
        _ask(database, code, now + timedelta(days=27))


def test_the_quarter_of_an_hour_begins_anew_when_the_link_is_opened_and_only_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        code = builders.offering(session, now)
    _ask(database, code, now)
    with database.writing() as session:
        guest = builders.actor(session, now, email=EMAIL)
    for minutes, kept in ((10, 25), (20, 25)):
        moment = now + timedelta(minutes=minutes)
        with database.writing() as session:
            mine = guests.arrive(session, actor=guest, offering_code=code, now=moment)
            assert mine is not None
            assert queries.my_enrolment(session, guest, mine).until == now + timedelta(minutes=kept)


def test_who_comes_too_late_may_ask_anew(database: Database, now: datetime) -> None:
    with database.writing() as session:
        code = builders.offering(session, now)
    _ask(database, code, now)
    with database.writing() as session:
        service.expire_due(session, now=now + QUARTER)
        guest = builders.actor(session, now, email=EMAIL)
        assert guests.arrive(session, actor=guest, offering_code=code, now=now + QUARTER) is None


def test_a_guest_who_asks_too_often_hears_so(app: Flask, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with database.writing() as session:
        code = builders.offering(session, utc_now())
    client = app.test_client()
    answers = [client.post(f"/nl/offerings/{code}/enrol", data={"name": "Gast", "email": EMAIL}).status_code for _ in range(6)]
    assert answers == [303, 303, 303, 303, 303, 429]
    assert _enrolments(database) == 1


def test_a_name_without_letters_and_no_address_come_back_with_what_was_typed(client: FlaskClient, app: Flask, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with database.writing() as session:
        code = builders.offering(session, utc_now())
    answer = client.post(f"/nl/offerings/{code}/enrol", data={"name": "12", "email": "geen adres"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Vul je naam in." in page
    assert "Dit is geen e-mailadres." in page
    assert 'value="geen adres"' in page
    assert _enrolments(database) == 0
