"""Changing how one gets in asks for a proof of the last quarter of an hour, and leads back to the page where it was changed."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from academy.accounts import service as accounts
from academy.accounts.models import AuthenticatorApp, Identity, Passkey, Person, RecoveryCode, SignIn
from academy.accounts.queries import actor_of
from academy.accounts.service import factors
from academy.demo import load_people
from academy.demo.people import DEMO_PASSWORD
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.ids import new_id

SECURITY = "/nl/my/account/security"
IDENTITIES = "/nl/my/account/identities"
EMAIL = "learner@demo.example"
OLD = timedelta(minutes=15, seconds=1)


@pytest.fixture
def house(app: Flask, database: Database) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = False
    with database.writing() as session:
        load_people(session, now=utc_now())
    return app


@pytest.fixture
def learner(house: Flask, database: Database) -> tuple[FlaskClient, UUID]:
    """Return the browser of someone who signed in more than a quarter of an hour ago, and a passkey of theirs."""
    client, now = house.test_client(), utc_now()
    with database.writing() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == EMAIL)).one()
        factors.give_app(session, person_id=person_id, now=now)
        row = accounts.start_sign_in(session, person_id=person_id, device="", now=now - OLD, is_twofold=True)
        passkey_id = new_id()
        session.add(Passkey(id=passkey_id, person_id=person_id, credential_id=b"key", public_key=b"key", name="Sleutel", created_at=now))
        session.add(Identity(id=passkey_id, person_id=person_id, issuer="https://eduid.example", subject="noor", linked_at=now, used_at=now))
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client, passkey_id


def _ways_in(database: Database) -> list[object]:
    with database.reading() as session:
        tables = (AuthenticatorApp.secret, Passkey.id, RecoveryCode.id, Identity.id)
        return [session.scalars(select(column)).all() for column in tables] + [
            session.scalars(select(Person.password_hash).where(Person.email == EMAIL)).one(),
        ]


def _asks_anew(answer: TestResponse, back: str) -> bool:
    found = re.search(r'href="(/nl/sign-in\?again=yes[^"]*)"', answer.get_data(as_text=True))
    return answer.status_code == 403 and found is not None and parse_qs(urlsplit(found[1].replace("&amp;", "&")).query)["next"] == [back]


def _code(client: FlaskClient, database: Database) -> str:
    """Return the present code of the app of who is signed in."""
    with client.session_transaction() as cookie, database.reading() as session:
        actor = actor_of(session, UUID(cookie["_user_id"]), now=utc_now())
        assert actor is not None
        return factors.present_code(session, actor=actor, now=utc_now())


CHANGES = [
    (f"{SECURITY}/passkeys/challenge", SECURITY), (f"{SECURITY}/passkeys", SECURITY), (f"{SECURITY}/passkeys/{{one}}/remove", SECURITY),
    (f"{SECURITY}/app/begin", SECURITY), (f"{SECURITY}/app", f"{SECURITY}/app"), (f"{SECURITY}/app/remove", SECURITY),
    (f"{SECURITY}/recovery-codes", SECURITY), ("/nl/my/account/password", "/nl/my/account"), (f"{IDENTITIES}/{{one}}/unlink", IDENTITIES),
]


@pytest.mark.parametrize(("address", "back"), CHANGES)
def test_after_a_quarter_of_an_hour_no_way_in_changes(
    learner: tuple[FlaskClient, UUID], database: Database, address: str, back: str,
) -> None:
    client, one = learner
    before = _ways_in(database)
    assert _asks_anew(client.post(address.format(one=one.hex), data={"new_password": "een heel lange zin", "code": "1"}), back)
    assert _ways_in(database) == before


def test_the_page_says_so_and_who_signs_in_anew_comes_back_to_it(learner: tuple[FlaskClient, UUID], database: Database) -> None:
    client, _ = learner
    page = client.get(SECURITY).get_data(as_text=True)
    assert "Log opnieuw in om hier iets te wijzigen" in page
    address = f"/nl/sign-in?again=yes&amp;next={SECURITY}"
    assert f'href="{address}"' in page
    form = client.get(address.replace("&amp;", "&"))
    assert form.status_code == 200, "the page to sign in is there for who is in"
    assert "Met je wachtwoord" in form.get_data(as_text=True)
    answer = client.post("/nl/sign-in", data={"email": EMAIL, "password": DEMO_PASSWORD, "next": SECURITY})
    assert urlsplit(answer.headers["Location"]).path == "/nl/sign-in/second-step"
    assert client.post("/nl/sign-in/second-step", data={"code": _code(client, database), "next": SECURITY}).headers["Location"] == SECURITY
    assert "Log opnieuw in om hier iets te wijzigen" not in client.get(SECURITY).get_data(as_text=True)
    assert client.post(f"{SECURITY}/recovery-codes").status_code == 200



def test_a_second_proof_is_as_good_as_a_sign_in(learner: tuple[FlaskClient, UUID], database: Database) -> None:
    client, _ = learner
    with database.writing() as session:
        session.execute(update(SignIn).values(second_factor_at=utc_now()))
    assert client.post(f"{SECURITY}/recovery-codes").status_code == 200


def test_ending_sign_ins_never_waits_for_a_fresh_proof(learner: tuple[FlaskClient, UUID]) -> None:
    client, _ = learner
    assert client.post(f"{SECURITY}/sign-ins/end-others").status_code == 303
    assert client.post("/nl/sign-out-everywhere").status_code == 303


def test_a_new_sign_in_ends_the_one_that_this_browser_had(learner: tuple[FlaskClient, UUID], house: Flask, database: Database) -> None:
    client, _ = learner
    with client.session_transaction() as cookie:
        former = UUID(cookie["_user_id"])
    elsewhere = house.test_client()
    for browser in (elsewhere, client):
        browser.post("/nl/sign-in", data={"email": EMAIL, "password": DEMO_PASSWORD})
    with database.reading() as session:
        rows = session.scalars(select(SignIn).order_by(SignIn.id)).all()
    assert [row.ended_at is not None for row in rows] == [True, False, False]
    assert rows[0].id == former


def test_between_the_first_and_the_second_proof_no_page_names_an_organisation(house: Flask, database: Database) -> None:
    client = house.test_client()
    client.post("/nl/sign-in", data={"email": "office@demo.example", "password": DEMO_PASSWORD})
    with client.session_transaction() as cookie:
        assert {"acting", "desk"}.isdisjoint(cookie)
    assert "Je werkt voor" not in client.get("/nl/").get_data(as_text=True)
    client.post("/nl/sign-in/second-step", data={"code": _code(client, database)})
    assert "Je werkt voor" in client.get("/nl/").get_data(as_text=True)
