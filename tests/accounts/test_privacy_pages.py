"""The pages about my privacy, as people use them: pressing twice, going back, two windows, someone else's form."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from academy.accounts import service as accounts
from academy.accounts.models import Consent, OrganisationKind, Person, Role, SignIn
from academy.accounts.rules import address_of_nobody
from academy.enrolment import service as enrolment
from academy.kernel import outbox
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.worker import Worker
from academy.notices import service as notices
from academy.notices.file_gateway import FileCarrier
from academy.notices.gateway import Letter
from tests import builders

EMAIL = "noor@voorbeeld.nl"
NOW = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
ERASE = "/nl/my/privacy/erase"


@pytest.fixture
def noor(database: Database) -> UUID:
    with database.writing() as session:
        return builders.person(session, NOW, email=EMAIL, name="Noor Bakker")


@pytest.fixture
def enter(app: Flask, database: Database) -> Callable[[UUID], FlaskClient]:
    """Give a browser in which someone has just signed in."""
    app.config["WTF_CSRF_ENABLED"] = False

    def signed_in(person_id: UUID) -> FlaskClient:
        client = app.test_client()
        with database.writing() as session:
            row = accounts.start_sign_in(session, person_id=person_id, device="", now=utc_now())  # NOW is long ago when many tests run
        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.id.hex
        return client

    return signed_in


def form_of(client: FlaskClient) -> dict[str, str]:
    """Return what the page of erasing would send, with the word typed."""
    token = re.search(r'name="who"[^>]*value="([^"]+)"', client.get(ERASE).get_data(as_text=True))
    assert token is not None
    return {"who": token.group(1), "word": "Verwijder "}


def test_the_download_is_a_file_that_machines_read_and_nobody_keeps(enter: Callable[[UUID], FlaskClient], noor: UUID) -> None:
    answer = enter(noor).post("/nl/my/privacy/download")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(r'attachment; filename="mijn-gegevens-\d{4}-\d\d-\d\d\.json"', answer.headers["Content-Disposition"])
    found = json.loads(answer.data.decode("utf-8"))
    assert found["rooms"]["accounts"]["person"]["name"] == "Noor Bakker"
    assert set(found["rooms"]) >= {"accounts", "enrolment", "search", "catalogue"}


def test_consent_is_given_and_taken_back_with_one_press(
    enter: Callable[[UUID], FlaskClient], noor: UUID, database: Database,
) -> None:
    with database.writing() as session:
        firm = accounts.register_organisation(session, slug="firma", name="Firma Vos", kind=OrganisationKind.EMPLOYER)
        accounts.add_membership(session, person_id=noor, organisation_id=firm, role=Role.READER)
    client = enter(noor)
    assert "Firma Vos" in client.get("/nl/my/privacy").get_data(as_text=True)
    choice = {"organisation": str(firm), "purpose": "result_to_employer"}
    page = client.post("/nl/my/privacy/consents", data=choice, follow_redirects=True).get_data(as_text=True)
    assert page.count("toegestaan sinds") == 1
    page = client.post("/nl/my/privacy/consents/withdraw", data=choice, follow_redirects=True).get_data(as_text=True)
    assert "toegestaan sinds" not in page
    for wrong in ({}, {**choice, "purpose": "onzin"}, {**choice, "organisation": "x"}):
        assert client.post("/nl/my/privacy/consents", data=wrong).status_code == 404
    with database.reading() as session:
        assert [row.withdrawn_at is not None for row in session.scalars(select(Consent))] == [True]


def test_erasing_signs_out_and_shows_what_stays(enter: Callable[[UUID], FlaskClient], noor: UUID) -> None:
    client = enter(noor)
    answer = client.post(ERASE, data=form_of(client))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/nl/my/privacy/erased")
    page = client.get("/nl/my/privacy/erased").get_data(as_text=True)
    assert "Je account is verwijderd" in page
    assert "het logboek van besluiten en rechten" in page
    assert EMAIL not in page
    assert "/sign-in" in client.get("/nl/my/privacy").headers["Location"]


def test_the_word_must_be_typed(enter: Callable[[UUID], FlaskClient], noor: UUID, database: Database) -> None:
    client = enter(noor)
    answer = client.post(ERASE, data=form_of(client) | {"word": "ja"})
    assert answer.status_code == 422
    assert 'value="ja"' in answer.get_data(as_text=True)
    with database.reading() as session:
        assert session.get_one(Person, noor).erased_at is None


def test_pressing_twice_in_two_windows_or_after_going_back_is_erasing_once(enter: Callable[[UUID], FlaskClient], noor: UUID) -> None:
    first, second = enter(noor), enter(noor)
    form, other_form = form_of(first), form_of(second)
    for client, sent in ((first, form), (first, form), (second, other_form)):
        answer = client.post(ERASE, data=sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/nl/my/privacy/erased")
        assert "Je account is verwijderd" in client.get("/nl/my/privacy/erased").get_data(as_text=True)


def test_a_form_of_someone_else_erases_nobody(enter: Callable[[UUID], FlaskClient], noor: UUID, database: Database) -> None:
    with database.writing() as session:
        kim = builders.person(session, NOW)
    form = form_of(enter(noor))
    for sent in (form, form | {"who": "vervalst"}, {"word": "verwijder"}):
        answer = enter(kim).post(ERASE, data=sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, ERASE)
    with database.reading() as session:
        assert set(session.scalars(select(Person.erased_at))) == {None}


def test_a_stranger_can_erase_nobody_and_sees_no_list(app: Flask, enter: Callable[[UUID], FlaskClient], noor: UUID) -> None:
    form, stranger = form_of(enter(noor)), app.test_client()
    assert "/sign-in" in stranger.get(ERASE).headers["Location"]
    assert stranger.post(ERASE, data=form).headers["Location"] == ERASE  # which asks to sign in
    assert stranger.get("/nl/my/privacy/erased").headers["Location"] == "/nl/"


def test_who_signed_in_long_ago_is_asked_to_do_so_again(enter: Callable[[UUID], FlaskClient], noor: UUID, database: Database) -> None:
    client = enter(noor)
    form = form_of(client)
    with database.writing() as session:
        session.execute(update(SignIn).values(started_at=NOW - timedelta(hours=1)))
    page = client.get(ERASE).get_data(as_text=True)
    assert "Log opnieuw in" in page
    assert 'name="word"' not in page
    answer = client.post(ERASE, data=form)
    assert answer.status_code == 403
    answer = client.post("/nl/my/privacy/sign-in-again")
    assert answer.headers["Location"] == "/nl/sign-in?next=/nl/my/privacy/erase"
    assert "/sign-in" in client.get(ERASE).headers["Location"]


def test_what_must_be_settled_first_is_said_with_the_way_there(
    enter: Callable[[UUID], FlaskClient], noor: UUID, database: Database,
) -> None:
    client = enter(noor)
    form = form_of(client)
    with database.writing() as session:
        actor = builders.actor(session, NOW, email=EMAIL)
        code = builders.enrol(session, actor=actor, offering_code=builders.offering(session, NOW), now=NOW)
    page = client.get(ERASE).get_data(as_text=True)
    assert f'href="/nl/my/enrolments/{code}/cancel"' in page
    assert 'name="word"' not in page
    answer = client.post(ERASE, data=form)
    assert answer.status_code == 409
    assert f'href="/nl/my/enrolments/{code}/cancel"' in answer.get_data(as_text=True)


def test_letters_on_their_way_are_not_sent_and_those_that_lie_here_are_gone(
    enter: Callable[[UUID], FlaskClient], noor: UUID, app: Flask, database: Database,
) -> None:
    carrier = notices.carrier()
    assert isinstance(carrier, FileCarrier)
    for key, to in (("a-1", EMAIL), ("b-2", "kim@voorbeeld.nl")):
        carrier.send(Letter(key=key, to=to, subject="x", text="x", html="<p>x</p>", language="nl"))
    with database.writing() as session:
        actor = builders.actor(session, NOW, email=EMAIL)
        code = builders.enrol(session, actor=actor, offering_code=builders.offering(session, NOW), now=NOW)
        enrolment.cancel(session, actor=actor, code=code, now=NOW)  # two letters wait in the outbox
    client = enter(noor)
    client.post(ERASE, data=form_of(client))
    with app.app_context():
        Worker(database, []).drain()
    assert [letter.to for letter in carrier.letters()] == ["kim@voorbeeld.nl"]
    with database.reading() as session:
        assert outbox.status(session).pending == 0  # none of them is tried again


def test_a_letter_about_what_stayed_goes_nowhere(app: Flask) -> None:
    carrier = notices.carrier()
    assert isinstance(carrier, FileCarrier)
    for key, to in (("a-1", address_of_nobody(new_id())), ("b-2", EMAIL)):
        notices.send(Letter(key=key, to=to, subject="x", text="x", html="<p>x</p>", language="nl"))
    assert [letter.to for letter in carrier.letters()] == [EMAIL]
