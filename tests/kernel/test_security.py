"""What every answer carries, how cookies are kept, and how the key of the house is changed without anyone noticing."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from academy.accounts import links, service
from academy.app import create_app
from academy.config import BadSettings, load_settings
from academy.kernel.db import database
from academy.kernel.ids import new_id
from academy.kernel.links import LetterLinks
from academy.search import links as search_links
from tests import builders, tables

FIRST, SECOND, THIRD = ("first-key-" * 4, "second-key-" * 4, "third-key-" * 4)
PUBLIC = "https://academie.example"
PRODUCTION = {"BASE_URL": PUBLIC, "SMTP_URL": "smtp://127.0.0.1:9", "LOG_LEVEL": "error"}


@contextmanager
def house(folder: Path, **settings: str) -> Iterator[Flask]:
    """Open the application in production, on a database that stays in `folder`."""
    chosen = load_settings({"DATA_DIR": str(folder), "SECRET_KEY": FIRST, **PRODUCTION, **settings})
    if not (folder / "academy.db").exists():
        tables.make(chosen.database_url)
    app = create_app(chosen)
    app.testing = True
    try:
        yield app
    finally:
        database().close()


# Headers


def addresses(app: Flask) -> list[str]:
    """Return an address for every page that can be asked for with GET, and some that are none."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            address = re.sub(r"<int\([^)]*\):\w+>", "1", rule.rule.replace("<any(nl, en):lang_code>", "nl"))
            found.append(re.sub(r"<(?:\w+(?:\([^)]*\))?:)?\w+>", "x", address))
    return [*found, "/nl/niets", "/niets", "/nl/sign-in/link/onzin", "/static/build/niets.css"]


ALWAYS = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'self'", "font-src 'self'",
    "img-src 'self' data:",
}


@pytest.mark.parametrize("public", [True, False], ids=["https", "local"])
def test_every_answer_carries_the_headers_of_the_house(tmp_path: Path, public: bool) -> None:
    with house(tmp_path, **({} if public else {"BASE_URL": "http://127.0.0.1:8000", "SMTP_URL": ""})) as app:
        client = app.test_client()
        walked = addresses(app)
        assert len(walked) > 60
        for address in walked:
            answer = client.get(address, base_url=PUBLIC if public else "http://127.0.0.1:8000")
            assert answer.status_code != 500, address  # 503: these houses have no index
            for name, value in ALWAYS.items():
                assert answer.headers.get(name) == value, f"{address}: {name}"
            assert_strict(answer.headers.get("Content-Security-Policy", ""), address)
            assert ("Strict-Transport-Security" in answer.headers) is public, address
            assert answer.headers.get("Permissions-Policy"), address
            assert answer.headers.get("Cache-Control"), address
            answer.close()


def assert_strict(policy: str, address: str) -> None:
    parts = set(policy.split("; "))
    if "sandbox" in policy:
        return  # a letter in the demo mailbox, stricter still
    assert parts >= POLICY, address
    assert "unsafe" not in policy, address
    assert "//" not in policy, address
    assert "*" not in policy, address
    for part in ("script-src", "style-src"):
        assert re.search(rf"{part} 'self' 'nonce-[\w-]{{20,}}'(?:;|$)", policy), address


def test_an_answer_that_is_refused_carries_them_too(tmp_path: Path) -> None:
    with house(tmp_path) as app:
        for method, address in (("POST", "/nl/sign-in"), ("PUT", "/nl/"), ("POST", "/nl/sign-up"), ("DELETE", "/nl/search")):
            answer = app.test_client().open(address, method=method, base_url=PUBLIC)
            assert answer.status_code in {400, 405}
            assert_strict(answer.headers.get("Content-Security-Policy", ""), address)
            assert answer.headers["Cache-Control"] == "no-store"


def test_asking_only_for_the_headers_is_never_taken_for_sending_a_form(tmp_path: Path) -> None:
    with house(tmp_path) as app:
        for name, view in app.view_functions.items():
            app.view_functions[name] = watched(view)
        both = [rule.endpoint for rule in app.url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())]
        assert len(both) > 10
        walked = 0
        for address in addresses(app):
            answer = app.test_client().head(address, base_url=PUBLIC)
            walked += answer.headers.get("X-Seen-As") == "GET"
            assert answer.headers.get("X-Seen-As", "GET") == "GET", address
            assert answer.data == b"", address
        assert walked > 20


def watched(view: Callable[..., object]) -> Callable[..., Response]:
    @wraps(view)
    def seen_as(**_values: object) -> Response:
        return Response("body", headers={"X-Seen-As": request.method})

    return seen_as


# Cookies


def cookie_of(app: Flask, base_url: str) -> str:
    return app.test_client().get("/nl/sign-in", base_url=base_url).headers["Set-Cookie"]


def test_over_https_the_cookie_is_bound_to_this_host(tmp_path: Path) -> None:
    with house(tmp_path) as app:
        cookie = cookie_of(app, PUBLIC)
    assert cookie.startswith("__Host-academy_session=")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts
    assert not any(part.lower().startswith("domain") for part in parts), "a browser refuses the prefix together with a domain"


def test_without_https_the_cookie_has_no_prefix_that_a_browser_would_refuse(tmp_path: Path) -> None:
    with house(tmp_path, BASE_URL="http://127.0.0.1:8000", SMTP_URL="") as app:
        assert cookie_of(app, "http://127.0.0.1:8000").startswith("academy_session=")


def test_what_a_visitor_makes_up_is_no_cookie_of_ours(tmp_path: Path) -> None:
    with house(tmp_path, SECRET_KEY=SECOND) as other:
        foreign = cookie_value(cookie_of(other, PUBLIC))
    with house(tmp_path) as app:
        for value in (foreign, "onzin", "", foreign[:-1]):
            assert app.test_client(use_cookies=False).get("/nl/my", base_url=PUBLIC, headers={"Cookie": f"__Host-academy_session={value}"}).status_code == 303


def cookie_value(header: str) -> str:
    return header.partition("=")[2].partition(";")[0]


# Changing the key


def signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    moment = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    with database().writing() as session:
        person_id = builders.person(session, moment)
        sign_in = service.start_sign_in(session, person_id=person_id, device="", now=moment)
    with client.session_transaction(base_url=PUBLIC) as cookie:
        cookie["_user_id"] = sign_in.id.hex
    return client


def kept_cookie(client: FlaskClient) -> str:
    found = client.get_cookie("__Host-academy_session", domain="academie.example")
    assert found
    return found.value


def status_with(app: Flask, cookie: str, page: str = "/nl/my/account") -> int:
    return app.test_client(use_cookies=False).get(page, base_url=PUBLIC, headers={"Cookie": f"__Host-academy_session={cookie}"}).status_code


def test_who_was_signed_in_with_a_former_key_stays_so_and_without_it_signs_in_again(tmp_path: Path) -> None:
    with house(tmp_path) as app:
        cookie = kept_cookie(signed_in(app))
        assert status_with(app, cookie) == 200
    with house(tmp_path, SECRET_KEY=THIRD, SECRET_KEY_FALLBACKS=f"{SECOND},{FIRST}") as app:
        assert status_with(app, cookie) == 200
    with house(tmp_path, SECRET_KEY=THIRD, SECRET_KEY_FALLBACKS=SECOND) as app:
        assert status_with(app, cookie) == 303


def test_new_cookies_are_signed_with_the_new_key_only(tmp_path: Path) -> None:
    with house(tmp_path, SECRET_KEY=SECOND, SECRET_KEY_FALLBACKS=FIRST) as app:
        cookie = kept_cookie(signed_in(app))
    with house(tmp_path, SECRET_KEY=SECOND) as app:
        assert status_with(app, cookie) == 200
    with house(tmp_path) as app:
        assert status_with(app, cookie) == 303


TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def test_a_form_that_was_open_while_the_key_changed_can_be_sent(tmp_path: Path) -> None:
    with house(tmp_path) as app:
        answer = app.test_client().get("/nl/sign-up", base_url=PUBLIC)
    found = TOKEN.search(answer.get_data(as_text=True))
    assert found
    sent = {"csrf_token": found[1], "email": "noor@voorbeeld.nl", "name": "Noor"}
    headers = {"Cookie": f"__Host-academy_session={cookie_value(answer.headers['Set-Cookie'])}", "Referer": f"{PUBLIC}/nl/sign-up"}
    statuses = []
    for fallbacks in (FIRST, ""):
        with house(tmp_path, SECRET_KEY=SECOND, SECRET_KEY_FALLBACKS=fallbacks) as app:
            statuses.append(app.test_client(use_cookies=False).post("/nl/sign-up", data=sent, headers=headers, base_url=PUBLIC).status_code)
    assert statuses == [303, 400]


def test_a_letter_signed_with_a_former_key_still_opens() -> None:
    kind, of = LetterLinks("some-letter"), new_id()
    kind.configure(FIRST)
    old = kind.token_for(of)
    kind.configure(THIRD, SECOND, FIRST)
    assert kind.id_in(old) == of
    new = kind.token_for(of)
    kind.configure(THIRD)
    assert (kind.id_in(new), kind.id_in(old)) == (of, None)
    other = LetterLinks("another-letter")
    other.configure(THIRD)
    assert other.id_in(new) is None


def test_every_kind_of_letter_knows_the_former_keys(tmp_path: Path) -> None:
    with house(tmp_path):
        of = new_id()
        tokens = links.token_for(of), search_links.token_for(of)
    with house(tmp_path, SECRET_KEY=SECOND, SECRET_KEY_FALLBACKS=FIRST):
        assert (links.link_id_of(tokens[0]), search_links.saved_search_id_of(tokens[1])) == (of, of)


@pytest.mark.parametrize("wrong", ["x" * 31, f"{FIRST},{'x' * 31}"])
def test_a_former_key_that_was_cut_off_is_named_and_not_repeated(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(BadSettings, match="SECRET_KEY_FALLBACKS has a key that is too short") as refused:
        load_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY": FIRST, "SECRET_KEY_FALLBACKS": wrong})
    assert "xxx" not in str(refused.value)


def test_former_keys_may_have_spaces_and_a_comma_too_many(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY": FIRST, "SECRET_KEY_FALLBACKS": f" {SECOND} ,, {THIRD},"})
    assert settings.former_keys == (SECOND, THIRD)
