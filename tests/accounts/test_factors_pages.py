"""The second step over HTTP: nothing closed opens before it, codes are counted, and a newcomer at the demo gets in."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from academy.accounts import service as accounts
from academy.accounts.models import AuthenticatorApp, Person, SignIn, SignInMethod
from academy.accounts.queries import Actor, actor_of
from academy.accounts.service import factors, sealing
from academy.demo import load_people
from academy.demo.people import DEMO_PASSWORD
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.outbox import OutboxMessage
from academy.notices import letters
from tests import builders
from tests.accounts.authenticator import Authenticator

SECURITY = "/nl/my/account/security"
STEP = "/nl/sign-in/second-step"
LOCAL = "http://localhost"
WITH_ROLE = ("office", "assessor", "examboard", "fund")


@pytest.fixture
def house(app: Flask, database: Database) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = False
    with database.writing() as session:
        load_people(session, now=utc_now())
    return app


def _by_password(house: Flask, who: str, *, after: str = "") -> tuple[FlaskClient, str]:
    """Return a browser in which the password was given, and where it was sent."""
    client = house.test_client()
    answer = client.post(f"/nl/sign-in?next={after}", data={"email": f"{who}@demo.example", "password": DEMO_PASSWORD})
    assert answer.status_code == 303
    return client, answer.headers["Location"]


def _without_app(database: Database) -> None:
    with database.writing() as session:
        session.execute(delete(AuthenticatorApp))


def _code(database: Database, email: str, *, ahead: int = 0) -> str:
    """Return the code of someone's app, so many seconds from now."""
    with database.reading() as session:
        app = session.scalars(select(AuthenticatorApp).join(Person, Person.id == AuthenticatorApp.person_id).where(Person.email == email)).one()
        secret = sealing.opened(app.secret, of=app.person_id)
    assert secret is not None
    return pyotp.TOTP(secret).at(utc_now() + timedelta(seconds=ahead))


def _person(database: Database, client: FlaskClient) -> Actor:
    with client.session_transaction() as cookie, database.reading() as session:
        found = session.scalars(select(SignIn).where(SignIn.id == UUID(cookie["_user_id"]))).one()
        actor = actor_of(session, found.id, now=utc_now())
    assert actor is not None
    return actor


def _signed_in(house: Flask, database: Database, *, is_twofold: bool = False) -> FlaskClient:
    """Return the browser of a learner."""
    with database.writing() as session:
        person_id = builders.person(session, utc_now())
        row = accounts.start_sign_in(session, person_id=person_id, device="Firefox · Linux", now=utc_now(), is_twofold=is_twofold)
    client = house.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


def _text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


# The second step


@pytest.mark.parametrize("who", WITH_ROLE)
def test_a_newcomer_at_the_demo_gets_in_with_the_code_on_the_page(house: Flask, who: str) -> None:
    client, sent_to = _by_password(house, who, after="/nl/my/account")
    assert sent_to == f"{STEP}?next=/nl/my/account"
    page = _text(client, sent_to)
    assert "Alleen in deze demo" in page
    found = re.search(r"<code[^>]*>(\d{6})</code>", page)
    assert found
    answer = client.post(STEP, data={"code": found[1], "next": "/nl/my/account"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/nl/my/account")
    assert client.get("/nl/my/account").status_code == 200


def test_whose_answer_to_the_second_step_was_lost_finds_their_desk_in_the_menu_all_the_same(house: Flask, database: Database) -> None:
    client, _ = _by_password(house, "examboard")
    with client.session_transaction() as cookie:
        before = dict(cookie)
    client.post(STEP, data={"code": _code(database, "examboard@demo.example")})
    with client.session_transaction() as cookie:  # the server took the code, and its answer never came
        cookie.clear()
        cookie.update(before)
    answer = client.get(STEP, follow_redirects=True)
    assert "Resultaten vaststellen" in answer.get_data(as_text=True)


def test_outside_the_demo_no_page_shows_a_code(house: Flask, database: Database) -> None:
    house.config["SHOWS_CODES"] = False
    page = _text(_by_password(house, "office")[0], STEP)
    assert "demo" not in page.lower().replace("demo/mailbox", "")
    assert _code(database, "office@demo.example") not in page


def test_every_closed_page_leads_to_the_second_step(house: Flask) -> None:
    client, _ = _by_password(house, "office")
    walked = 0
    for rule in house.url_map.iter_rules():
        view = house.view_functions[rule.endpoint]
        if rule.endpoint == "static" or getattr(view, "open_to_all", False) or rule.endpoint in {
            "factors.second_step", "factors.second_step_challenge", "factors.second_step_with_passkey",
        }:
            continue
        address = re.sub(r"<[^>]*lang_code>", "nl", rule.rule)
        address = re.sub(r"<[^>]*>", "x", re.sub(r"<uuid:[^>]*>", str(new_id()), address))
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = client.open(address, method=method)
            walked += 1
            assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) == (303, STEP), f"{method} {address} is reached"
    assert walked > 40


def test_an_open_page_takes_someone_halfway_for_a_stranger(house: Flask, database: Database) -> None:
    with database.writing() as session:
        code = builders.offering(session, utc_now())
    client, _ = _by_password(house, "office")
    assert client.get("/nl/modules/netwerkbeheer").status_code == 200
    assert client.get("/nl/sign-in").status_code == 200  # and not sent on as somebody who is signed in
    assert "Log eerst in" in client.get(f"/nl/offerings/{code}/enrol").get_data(as_text=True)


def test_a_program_hears_what_is_missing(house: Flask) -> None:
    answer = _by_password(house, "office")[0].get("/nl/my", headers={"Accept": "application/json"})
    assert (answer.status_code, json.loads(answer.data)["code"]) == (403, "second-step-needed")


def test_who_has_no_second_proof_yet_sets_one_up_first(house: Flask, database: Database) -> None:
    _without_app(database)
    client, sent_to = _by_password(house, "examboard")
    assert client.get(sent_to).headers["Location"] == SECURITY
    page = _text(client, SECURITY)
    assert "Stel eerst een tweede stap in" in page
    assert "Waar je bent ingelogd" not in page
    for closed in ("/nl/my", "/nl/my/account", f"{SECURITY}/passkeys/x"):
        assert client.get(closed).headers["Location"].startswith(STEP)
    for closed in ("recovery-codes", "sign-ins/end-others", "app/remove"):
        assert client.post(f"{SECURITY}/{closed}").headers["Location"].startswith(STEP)
    assert client.post(f"{SECURITY}/app/begin").headers["Location"] == f"{SECURITY}/app"
    page = _text(client, f"{SECURITY}/app")
    assert client.get(f"{SECURITY}/app").headers["Cache-Control"] == "no-store"
    assert "<svg" in page
    letters_of_secret = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)
    assert letters_of_secret
    wrong = client.post(f"{SECURITY}/app", data={"code": "123"})
    assert wrong.status_code == 422
    assert "klopt niet" in wrong.get_data(as_text=True)
    code = pyotp.TOTP(letters_of_secret[1].replace(" ", "")).at(utc_now())
    assert client.post(f"{SECURITY}/app", data={"code": code}).headers["Location"] == SECURITY
    assert client.get("/nl/my").status_code == 200


def test_signing_out_is_always_possible(house: Flask, database: Database) -> None:
    client, _ = _by_password(house, "office")
    who = _person(database, client)
    assert client.post("/nl/sign-out").status_code == 303
    with database.reading() as session:
        assert actor_of(session, who.sign_in_id, now=utc_now()) is None


def test_a_wrong_code_is_told_at_the_field_and_the_sixth_try_waits(house: Flask, database: Database) -> None:
    client, _ = _by_password(house, "office")
    right = _code(database, "office@demo.example")
    wrong = "000000" if right != "000000" else "111111"
    statuses = [client.post(STEP, data={"code": wrong}).status_code for _ in range(5)]
    late = client.post(STEP, data={"code": right})
    assert (statuses, late.status_code, late.headers["Retry-After"]) == ([422] * 5, 429, "900")
    assert client.get("/nl/my").status_code == 303
    elsewhere, _ = _by_password(house, "office")  # the count is the person's, not the browser's
    assert elsewhere.post(STEP, data={"code": right}).status_code == 429
    other, _ = _by_password(house, "fund")
    assert other.post(STEP, data={"code": _code(database, "fund@demo.example")}).status_code == 303


def test_nobody_is_asked_who_need_not_be(house: Flask) -> None:
    client, sent_to = _by_password(house, "learner")
    assert sent_to == "/nl/my"
    assert client.get(STEP).headers["Location"] == "/nl/my"
    assert client.get(f"{STEP}?next=https://elders.example").headers["Location"] == "/nl/my"


def test_a_learner_with_an_app_is_asked_as_well(house: Flask, database: Database) -> None:
    client, _ = _by_password(house, "learner")
    with database.writing() as session:
        factors.give_app(session, person_id=_person(database, client).person_id, now=utc_now())
    again, sent_to = _by_password(house, "learner")
    assert sent_to.startswith(STEP)
    assert again.get("/nl/my").status_code == 303
    assert client.get("/nl/my").headers["Location"].startswith(STEP)  # also where they were signed in already


# Recovery codes


def test_recovery_codes_are_shown_once_and_kept_as_a_file(house: Flask, database: Database) -> None:
    client, _ = _by_password(house, "office")
    client.post(STEP, data={"code": _code(database, "office@demo.example")})
    answer = client.post(f"{SECURITY}/recovery-codes")
    assert answer.headers["Cache-Control"] == "no-store"
    codes = re.findall(r"<code[^>]*>([0-9a-z-]{14})</code>", answer.get_data(as_text=True))
    assert len(codes) == 10
    assert not [code for code in codes if code in _text(client, SECURITY)]
    file = client.post(f"{SECURITY}/recovery-codes/file", data={"code": [*codes[:9], "<script>"]})
    assert file.headers["Content-Disposition"] == 'attachment; filename="ad-academy-herstelcodes.txt"'
    assert file.mimetype == "text/plain"
    assert file.get_data(as_text=True).split()[-9:] == codes[:9]
    assert client.post(f"{SECURITY}/recovery-codes/file", data={"code": "onzin"}).status_code == 404
    again, _ = _by_password(house, "office")
    assert again.post(STEP, data={"code": codes[0]}).status_code == 303
    assert again.get("/nl/my").status_code == 200


# Passkeys


def _add_passkey(client: FlaskClient, device: Authenticator) -> None:
    question = client.post(f"{SECURITY}/passkeys/challenge", base_url=LOCAL).get_data(as_text=True)
    answer = client.post(f"{SECURITY}/passkeys", data={"credential": device.create(question)}, base_url=LOCAL)
    assert (answer.status_code, answer.headers["Location"]) == (303, SECURITY)


def test_a_passkey_is_both_steps_and_a_replay_is_refused(house: Flask, database: Database) -> None:
    client, _ = _by_password(house, "office")
    client.post(STEP, data={"code": _code(database, "office@demo.example")})
    device = Authenticator()
    _add_passkey(client, device)
    browser = house.test_client()
    question = browser.post("/nl/sign-in/passkey/challenge").get_data(as_text=True)
    assert json.loads(question).get("allowCredentials", []) == []  # it does not tell whose passkeys there are
    answer = device.get(question)
    signed_in = browser.post("/nl/sign-in/passkey", data={"credential": answer, "next": "/nl/my/account"})
    assert (signed_in.status_code, signed_in.headers["Location"]) == (303, "/nl/my/account")
    assert browser.get("/nl/my/account").status_code == 200
    with database.reading() as session:
        assert session.scalars(select(SignIn.method).order_by(SignIn.id.desc())).first() is SignInMethod.PASSKEY
    for replay in (browser, house.test_client()):
        assert replay.post("/nl/sign-in/passkey", data={"credential": answer}).status_code == 422


def test_a_passkey_gives_the_second_proof_too_but_not_somebody_elses(house: Flask, database: Database) -> None:
    keys = {}
    for who in ("office", "fund"):
        client, _ = _by_password(house, who)
        client.post(STEP, data={"code": _code(database, f"{who}@demo.example")})
        keys[who] = Authenticator()
        _add_passkey(client, keys[who])
    for whose, status in (("fund", 422), ("office", 303)):
        client, _ = _by_password(house, "office")
        assert "Met je toegangssleutel" in _text(client, STEP)
        question = client.post(f"{STEP}/passkey/challenge").get_data(as_text=True)
        assert client.post(f"{STEP}/passkey", data={"credential": keys[whose].get(question)}).status_code == status
        assert (client.get("/nl/my").status_code == 200) is (status == 303)


def test_a_passkey_is_renamed_and_removed_and_nobody_elses_is_seen(house: Flask, database: Database) -> None:
    client = _signed_in(house, database)
    _add_passkey(client, Authenticator())
    found = re.search(rf"{SECURITY}/passkeys/([0-9a-f]{{32}})\"", client.get(SECURITY, base_url=LOCAL).get_data(as_text=True))
    assert found
    address = f"{SECURITY}/passkeys/{found[1]}"
    stranger = _signed_in(house, database)
    assert [stranger.get(address).status_code, stranger.post(address, data={"name": "x"}).status_code,
            stranger.post(f"{address}/remove").status_code] == [404] * 3
    empty = client.post(address, data={"name": "  "})
    assert (empty.status_code, "Geef een naam." in empty.get_data(as_text=True)) == (422, True)
    assert client.post(address, data={"name": "Sleutelhanger"}).status_code == 303
    assert "Sleutelhanger" in _text(client, SECURITY)
    assert client.post(f"{address}/remove").status_code == 303
    assert "Je hebt nog geen toegangssleutel." in _text(client, SECURITY)


def test_asking_for_questions_without_end_is_stopped(house: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("academy.accounts.rules.CHALLENGES_PER_NETWORK", 2)
    client = house.test_client()
    assert [client.post("/nl/sign-in/passkey/challenge").status_code for _ in range(3)] == [200, 200, 429]


def test_at_a_number_the_page_says_where_passkeys_work(house: Flask) -> None:
    client = house.test_client()
    there = client.get("/nl/sign-in?next=/nl/my", base_url="http://127.0.0.1:8000").get_data(as_text=True)
    assert 'href="http://localhost:8000/nl/sign-in?next=/nl/my"' in there
    assert "data-passkey" not in there
    assert "data-passkey" in client.get("/nl/sign-in", base_url="http://localhost:8000").get_data(as_text=True)


# Where I am signed in, and what is told


def test_sign_ins_are_listed_and_ended_one_by_one(house: Flask, database: Database) -> None:
    client, _ = _by_password(house, "learner")
    others = [_by_password(house, "learner")[0] for _ in range(3)]
    ids = [_person(database, other).sign_in_id for other in others]
    assert _text(client, SECURITY).count("Log hier uit") == 3
    client.post(f"{SECURITY}/sign-ins/{ids[0].hex}/end")
    assert [other.get("/nl/my").status_code for other in others] == [303, 200, 200]
    client.post(f"{SECURITY}/sign-ins/end-others")
    assert [other.get("/nl/my").status_code for other in others] == [303] * 3
    page = _text(client, SECURITY)
    assert "Log hier uit" not in page
    assert page.count("<tr>") == 1 + 4  # the history keeps them
    assert client.post(f"{SECURITY}/sign-ins/{new_id().hex}/end").status_code == 404
    here = _person(database, client).sign_in_id
    assert client.post(f"{SECURITY}/sign-ins/{here.hex}/end").headers["Location"] == "/nl/sign-in"
    assert client.get("/nl/my").status_code == 303


def test_nobody_ends_the_sign_in_of_another(house: Flask, database: Database) -> None:
    victim, _ = _by_password(house, "learner")
    attacker = _signed_in(house, database)
    assert attacker.post(f"{SECURITY}/sign-ins/{_person(database, victim).sign_in_id.hex}/end").status_code == 404
    assert victim.get("/nl/my").status_code == 200


def test_a_changed_way_in_is_told_by_letter(house: Flask, database: Database) -> None:
    client, _ = _by_password(house, "learner")
    client.post("/nl/my/account/password", data={"new_password": "een heel lange zin"})
    with database.reading() as session:
        payload = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.event == "Accounts.way-in-changed.v1")).one()
    assert set(payload) == {"change_id", "person_id", "what"}
    with database.reading() as session, house.app_context():
        letter = letters.way_in_letter(session, UUID(payload["change_id"]), UUID(payload["person_id"]), payload["what"])
    assert letter is not None
    assert (letter.to, letter.subject) == ("learner@demo.example", "Er is iets veranderd aan hoe je inlogt")
    assert "Er is een nieuw wachtwoord ingesteld." in letter.text
    assert "Er is een nieuw wachtwoord ingesteld." in letter.html


def test_the_pages_cost_a_fixed_number_of_statements(
    house: Flask, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    client, step = _by_password(house, "office")
    learner, _ = _by_password(house, "learner")
    for budget, who, address in ((6, client, step), (5, learner, SECURITY)):
        with queries(budget):
            assert who.get(address).status_code == 200
