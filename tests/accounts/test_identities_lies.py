"""A provider that is away, slow, mistaken or lying, and a way back that is not one: nobody is signed in, and there is a way on."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from structlog.testing import CapturingLogger
from werkzeug.test import TestResponse

from academy.accounts import oidc_gateway
from academy.accounts.models import Identity, Person
from academy.accounts.oidc_gateway import OidcProvider
from academy.accounts.service import identities
from academy.kernel.db import Database
from tests.identity_provider import (
    CLIENT,
    SECRET,
    Provider,
    back_from,
    running,
    signed_by_a_stranger,
    signed_with_the_public_key,
    unsigned,
)

EDUID = "/nl/sign-in/with/eduid"
AWAY, BROKEN_OFF, UNTRUE, LOST = "eduID antwoordt nu niet.", "bij eduID is het afgebroken.", "het antwoord van eduID klopt niet.", "we weten niet meer"
AN_HOUR = 3600
Lie = Callable[[Provider], object]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc_gateway, "_READ", 0.3)
    monkeypatch.setattr(oidc_gateway, "_WHOLE", 0.4)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> CapturingLogger:
    """What goes to the log, whatever its level."""
    log = CapturingLogger()
    monkeypatch.setattr(oidc_gateway, "_log", log)
    return log


@pytest.fixture
def provider(app: Flask) -> Iterator[Provider]:
    app.config["WTF_CSRF_ENABLED"] = False
    with running(Provider()) as started:
        choose(started.url)
        yield started
        identities.set_providers([])


def choose(issuer: str) -> None:
    identities.set_providers([OidcProvider(code="eduid", name="eduID", issuer=issuer, client_id=CLIENT, client_secret=SECRET)])


def way_back(client: FlaskClient) -> str:
    """Leave, sign in at the provider, and return the address to which it sends one back."""
    return back_from(client.get(EDUID).headers["Location"]).removeprefix("http://127.0.0.1:8000")


def is_refused(client: FlaskClient, answer: TestResponse, database: Database, status: int, words: str) -> None:
    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    assert 'href="/nl/sign-in"' in answer.text, "a way on"
    with client.session_transaction() as cookie:
        assert "_user_id" not in cookie
    with database.reading() as session:
        assert [session.scalar(select(func.count()).select_from(table)) for table in (Person, Identity)] == [0, 0]


def tells(path: str, status: int, value: object) -> Lie:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return lambda provider: provider.answer.update({path: lambda: (status, body)})


def claims(**told: object) -> Lie:
    return lambda provider: provider.token.update(told)


def elsewhere(provider: Provider) -> None:
    """Send who asks about the person to another address, which does answer."""
    provider.answer["/userinfo"] = lambda: (302, json.dumps({"location": f"{provider.url}/elsewhere"}).encode())
    provider.answer["/elsewhere"] = lambda: (200, json.dumps(provider.person).encode())


def now_and(seconds: int) -> int:
    return int(time.time()) + seconds


UNTRUTHS: dict[str, tuple[Lie, str]] = {
    "a nonce of another departure": (claims(nonce="of-another"), UNTRUE),
    "no nonce": (claims(nonce=None), UNTRUE),
    "for another client": (claims(aud="another-client"), UNTRUE),
    "for another client, by us": (claims(aud="another-client", azp=CLIENT), UNTRUE),
    "for us and for another, by another": (claims(aud=[CLIENT, "another-client"], azp="another-client"), UNTRUE),
    "for nobody": (claims(aud=None), UNTRUE),
    "by another issuer": (claims(iss="https://elsewhere.example"), UNTRUE),
    "over since an hour": (claims(iat=now_and(-2 * AN_HOUR), exp=now_and(-AN_HOUR)), UNTRUE),
    "without an end": (claims(exp=None), UNTRUE),
    "not yet": (claims(nbf=now_and(AN_HOUR)), UNTRUE),
    "about nobody": (claims(sub=None), UNTRUE),
    "about a number": (claims(sub=7), UNTRUE),
    "about too long a subject": (lambda provider: provider.person.update(sub="x" * 256), UNTRUE),
    "about an empty subject": (lambda provider: provider.person.update(sub=""), UNTRUE),
    "of another access token": (claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), UNTRUE),
    "signed by a stranger": (lambda provider: setattr(provider, "sign", signed_by_a_stranger), UNTRUE),
    "signed by nobody": (lambda provider: setattr(provider, "sign", unsigned), UNTRUE),
    "signed with the public key": (lambda provider: setattr(provider, "sign", signed_with_the_public_key), UNTRUE),
    "with a key that it does not name": (lambda provider: setattr(provider, "key", 1), UNTRUE),
    "no token": (tells("/token", 200, {"access_token": "x", "token_type": "Bearer"}), UNTRUE),
    "a token that is a number": (tells("/token", 200, {"access_token": "x", "token_type": "Bearer", "id_token": 7}), UNTRUE),
    "a token of words": (tells("/token", 200, {"access_token": "x", "token_type": "Bearer", "id_token": "a.b.c"}), UNTRUE),
    "a list for tokens": (tells("/token", 200, []), UNTRUE),
    "tokens in HTML": (tells("/token", 200, b"<html>"), UNTRUE),
    "a code that it does not know": (tells("/token", 400, {"error": "invalid_grant"}), UNTRUE),
    "somebody else's particulars": (tells("/userinfo", 200, {"sub": "another", "email": "noor@school.example"}), UNTRUE),
    "particulars of nobody": (tells("/userinfo", 200, {"email": "noor@school.example"}), UNTRUE),
    "keys that are words": (tells("/jwks", 200, {"keys": ["x"]}), UNTRUE),
    "keys that are a number": (tells("/jwks", 200, {"keys": 7}), UNTRUE),
    "no keys": (tells("/jwks", 200, {"keys": []}), UNTRUE),
    "keys in HTML": (tells("/jwks", 200, b"<html>"), AWAY),
    "keys as a list": (tells("/jwks", 200, []), AWAY),
    "a fault for tokens": (tells("/token", 500, {}), AWAY),
    "a fault for particulars": (tells("/userinfo", 503, {}), AWAY),
    "an answer of another issuer": (lambda provider: provider.came_back_with.update(iss="https://elsewhere.example"), UNTRUE),
    "particulars are elsewhere": (elsewhere, AWAY),
    "tokens are elsewhere": (tells("/token", 307, {"location": "http://127.0.0.1:9/token"}), AWAY),
    "particulars of 300 kB": (tells("/userinfo", 200, {"sub": "noor-1", "name": "x" * 300_000}), AWAY),
}


@pytest.mark.parametrize("lie", UNTRUTHS)
def test_what_is_not_proven_signs_nobody_in(
    client: FlaskClient, provider: Provider, database: Database, said: CapturingLogger, lie: str,
) -> None:
    tell, words = UNTRUTHS[lie]
    tell(provider)
    is_refused(client, client.get(way_back(client)), database, 503 if words == AWAY else 403, words)
    assert [(call.method_name, call.kwargs["provider"]) for call in said.calls] == [("warning", "eduid")]
    assert re.fullmatch("[A-Za-z-]+", said.calls[0].kwargs["reason"]), "a word for why, and nothing about whom"


def test_without_a_lie_the_same_way_signs_in(client: FlaskClient, provider: Provider, database: Database) -> None:
    assert client.get(way_back(client)).status_code == 303
    with client.session_transaction() as cookie:
        assert "_user_id" in cookie


@pytest.mark.parametrize(("parameter", "status", "words"), [
    ("error=access_denied", 403, BROKEN_OFF),
    ("error=x&error_description=<script>", 403, BROKEN_OFF),
    ("error=temporarily_unavailable", 503, AWAY),
    ("code=made-up", 403, UNTRUE),
    ("code=" + "x" * 5000, 403, UNTRUE),
    ("", 403, UNTRUE),
])
def test_other_answers_sign_nobody_in(
    client: FlaskClient, provider: Provider, database: Database, parameter: str, status: int, words: str,
) -> None:
    client.get(EDUID)
    with client.session_transaction() as cookie:
        state = cookie["departures"][0]["departure"]["state"]
    is_refused(client, client.get(f"{EDUID}/back?state={state}&{parameter}"), database, status, words)


def test_the_way_back_serves_once(client: FlaskClient, provider: Provider, database: Database) -> None:
    provider.token["nonce"] = "of-another"
    back = way_back(client)
    assert client.get(back).status_code == 403
    is_refused(client, client.get(back), database, 400, LOST)
    assert provider.asked.count("/token") == 1


def test_a_code_that_was_used_is_worth_nothing_to_who_kept_the_cookie(client: FlaskClient, provider: Provider) -> None:
    back = way_back(client)
    kept = client.get_cookie("academy_session")
    assert kept is not None
    assert client.get(back).status_code == 303
    client.set_cookie("academy_session", kept.value)
    assert client.get(back).status_code == 403


@pytest.mark.parametrize("query", ["", "?code=code-0", "?state=&code=code-0", "?state=made-up&code=code-0", "?state=made-up&error=x"])
def test_nobody_comes_back_who_did_not_leave(client: FlaskClient, provider: Provider, database: Database, query: str) -> None:
    is_refused(client, client.get(f"{EDUID}/back{query}"), database, 400, LOST)
    assert provider.asked == []


def test_a_provider_may_forget_who_broke_off(client: FlaskClient, provider: Provider, database: Database) -> None:
    client.get(EDUID)
    is_refused(client, client.get(f"{EDUID}/back?error=access_denied"), database, 403, BROKEN_OFF)


def test_the_way_back_is_for_the_browser_that_left(client: FlaskClient, provider: Provider, app: Flask, database: Database) -> None:
    other = app.test_client()
    is_refused(other, other.get(way_back(client)), database, 400, LOST)
    back = way_back(client)
    way_back(other)
    is_refused(other, other.get(back), database, 400, LOST)


def test_the_way_back_is_open_for_a_quarter_of_an_hour(client: FlaskClient, provider: Provider, database: Database) -> None:
    back = way_back(client)
    with client.session_transaction() as cookie:
        cookie["departures"] = [{**cookie["departures"][0], "until": time.time() - 1}]
    is_refused(client, client.get(back), database, 400, LOST)


def test_two_tabs_can_both_come_back_and_a_third_takes_the_place_of_the_first(client: FlaskClient, provider: Provider) -> None:
    first, second, third = (way_back(client) for _ in range(3))
    assert client.get(first).status_code == 400
    assert client.get(third).status_code == 303
    client.post("/nl/sign-out")
    first, second = way_back(client), way_back(client)
    assert client.get(first).status_code == 303
    assert client.get(second).status_code == 400, "who signed in begins with an empty cookie"


# Away and slow


def test_a_provider_that_is_not_there(client: FlaskClient, provider: Provider, database: Database) -> None:
    choose("http://127.0.0.1:9")
    answer = client.get(EDUID)
    is_refused(client, answer, database, 503, AWAY)
    assert answer.headers["Retry-After"] == "60"


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"])
def test_a_provider_that_hangs_is_not_waited_for(
    client: FlaskClient, provider: Provider, database: Database, impatient: None, path: str,
) -> None:
    done = threading.Event()

    def hang() -> tuple[int, bytes]:
        done.wait(30)
        return 200, b"{}"

    if path.startswith("/."):
        provider.answer[path] = hang
        started = time.monotonic()
        answer = client.get(EDUID)
    else:
        back = way_back(client)
        provider.answer[path] = hang
        started = time.monotonic()
        answer = client.get(back)
    took = time.monotonic() - started
    done.set()
    is_refused(client, answer, database, 503, AWAY)
    assert took < 15


def test_a_provider_that_drips_is_not_waited_for(client: FlaskClient, provider: Provider, database: Database, impatient: None) -> None:
    provider.pause = 0.1
    started = time.monotonic()
    is_refused(client, client.get(EDUID), database, 503, AWAY)
    assert time.monotonic() - started < 20  # all of it would take a minute


def test_a_slow_provider_does_not_take_every_thread(provider: Provider, monkeypatch: pytest.MonkeyPatch, client: FlaskClient, database: Database) -> None:
    monkeypatch.setattr(oidc_gateway, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(oidc_gateway, "_CONNECT", 0.1)
    with oidc_gateway._turns:
        is_refused(client, client.get(EDUID), database, 503, AWAY)
    assert provider.asked == []
    assert client.get(EDUID).status_code == 302


# What the provider says of itself


@pytest.mark.parametrize("described", [
    {"issuer": "https://elsewhere.example"}, {"issuer": None}, {"token_endpoint": None}, {"authorization_endpoint": "javascript:alert(1)"},
    {"jwks_uri": "file:///etc/passwd"}, {"token_endpoint": 7},
])
def test_a_description_that_does_not_fit_is_not_used(
    client: FlaskClient, provider: Provider, database: Database, described: dict[str, object],
) -> None:
    provider.described = described
    is_refused(client, client.get(EDUID), database, 503, AWAY)


def test_a_provider_with_https_does_not_send_secrets_without() -> None:
    secure = OidcProvider(code="eduid", name="eduID", issuer="https://school.example", client_id=CLIENT, client_secret=SECRET)
    assert secure._is_safe("https://school.example/token")
    assert not secure._is_safe("http://school.example/token")


def test_description_and_keys_are_asked_for_once_and_new_keys_when_needed(client: FlaskClient, provider: Provider) -> None:
    for _time in range(2):
        assert client.get(way_back(client)).status_code == 303
        client.post("/nl/sign-out")
    asked = ["/.well-known/openid-configuration", "/jwks"]
    assert [provider.asked.count(path) for path in asked] == [1, 1]
    provider.key, provider.knows_key = 1, (0, 1)
    assert client.get(way_back(client)).status_code == 303
    assert [provider.asked.count(path) for path in asked] == [1, 2]


def test_the_description_is_asked_for_anew_after_an_hour(client: FlaskClient, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    assert oidc_gateway._KEPT == AN_HOUR
    monkeypatch.setattr(oidc_gateway, "_KEPT", 0.0)
    client.get(EDUID)
    client.get(EDUID)
    assert provider.asked.count("/.well-known/openid-configuration") == 2
