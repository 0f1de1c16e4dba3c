"""Guessing does not pay, and no answer tells whether there is an account: real numbers of tries, the same work for each answer."""

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select, update

from academy.accounts import links, passwords, rules, service
from academy.accounts.models import Person, SignIn, SignInLink, Throttle
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests import builders
from tests.accounts.firm import started

GUESSES = 10_000
MACHINE = {"Accept": "application/json"}  # its answers are made sooner than pages
PASSWORD = "een lange zin van Noor"
Queries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def now() -> datetime:
    """Return a moment that requests see too."""
    return datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def site(app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Give the application in a minute that does not end, with forms that need no token."""
    app.config["WTF_CSRF_ENABLED"] = False
    for module in ("academy.accounts.views.signing_in", "academy.accounts.login", "academy.kernel.web.visits"):
        monkeypatch.setattr(f"{module}.utc_now", lambda: now)
    return app


@pytest.fixture
def noor(database: Database, now: datetime) -> str:
    with database.writing() as session:
        builders.person(session, now, email="noor@voorbeeld.nl", password=PASSWORD)
    return "noor@voorbeeld.nl"


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Count the hashes that are computed, without computing them: each takes 16 ms on purpose."""
    computed: list[bool] = []

    def matches(password_hash: str | None, _password: str) -> bool:
        computed.append(password_hash is not None)
        return False

    monkeypatch.setattr(passwords, "matches", matches)
    return computed


def network(number: int) -> dict[str, str]:
    return {"REMOTE_ADDR": f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}"}


# Ten thousand guesses


def tries(pairs: Iterable[tuple[str, str]]) -> Iterator[rules.Attempts]:
    """Yield how often was tried, for each try at an account (first) from a network (second)."""
    counted: Counter[object] = Counter()
    for account, where in pairs:
        counted.update([(account, where), ("account", account), ("network", where)])
        yield rules.Attempts(counted[account, where], counted["network", where], counted["account", account])


def test_of_ten_thousand_guesses_at_one_account_two_hundred_are_looked_at() -> None:
    looked_at = [not each.too_many_passwords for each in tries(("noor", f"network {number // 10}") for number in range(GUESSES))]
    assert sum(looked_at) == rules.PASSWORDS_PER_ACCOUNT == 200


def test_of_ten_thousand_guesses_from_one_network_two_hundred_are_looked_at() -> None:
    looked_at = [not each.too_many_passwords for each in tries((f"account {number}", "here") for number in range(GUESSES))]
    assert sum(looked_at) == rules.ATTEMPTS_PER_NETWORK == 200


def test_of_ten_thousand_guesses_at_one_account_from_one_network_ten_are_looked_at() -> None:
    assert sum(not each.too_many_passwords for each in tries([("noor", "here")] * GUESSES)) == rules.PASSWORDS_PER_PAIR == 10


def test_ten_thousand_asked_letters_become_twenty() -> None:
    sent = [not each.too_many_links and not each.mailbox_is_full for each in tries(("noor", f"network {number}") for number in range(GUESSES))]
    assert sum(sent) == rules.LINKS_PER_ACCOUNT == 20


def test_of_ten_thousand_made_up_signatures_none_is_ours(app: Flask) -> None:
    value = links.token_for(new_id()).rpartition(".")[0]
    for each in (links.link_id_of, links.invitation_id_of, links.approval_id_of, links.leaver_id_of):
        assert not any(each(f"{value}.{secrets.token_urlsafe(20)}") for _guess in range(GUESSES // 4))


def test_pages_count_every_guess_and_compute_no_hash_beyond_the_bound(
    site: Flask, noor: str, hashes: list[bool], monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "PASSWORDS_PER_ACCOUNT", 20)
    statuses = Counter(guess(site, noor, network(each // 5)) for each in range(40))
    assert statuses == {422: 20, 429: 20}
    assert len(hashes) == 20


def test_pages_stop_one_network_that_tries_many_accounts(site: Flask, hashes: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "ATTEMPTS_PER_NETWORK", 20)
    statuses = Counter(guess(site, f"iemand{each}@voorbeeld.nl", network(1)) for each in range(40))
    assert statuses == {422: 20, 429: 20}
    assert len(hashes) == 20


def guess(site: Flask, email: str, where: dict[str, str]) -> int:
    form = {"email": email, "password": secrets.token_hex(8)}
    return site.test_client(use_cookies=False).post("/nl/sign-in", data=form, environ_base=where, headers=MACHINE).status_code


def test_addresses_of_one_ipv6_network_guess_as_one(site: Flask, noor: str, hashes: list[bool]) -> None:
    statuses = [guess(site, noor, {"REMOTE_ADDR": f"2001:db8:1:2::{each:x}"}) for each in range(1, 13)]
    assert statuses == [422] * rules.PASSWORDS_PER_PAIR + [429] * 2
    assert guess(site, noor, {"REMOTE_ADDR": "2001:db8:1:3::1"}) == 422
    assert len(hashes) == rules.PASSWORDS_PER_PAIR + 1


def test_after_a_quarter_of_an_hour_one_may_try_again(site: Flask, noor: str, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    client, right = site.test_client(), {"email": noor, "password": PASSWORD}
    statuses = [guess(site, noor, network(1)) for _try in range(rules.PASSWORDS_PER_PAIR + 1)]
    assert statuses[-1] == 429
    assert client.post("/nl/sign-in", data=right, environ_base=network(1)).status_code == 429
    later = now + rules.THROTTLE_WINDOW
    monkeypatch.setattr("academy.accounts.views.signing_in.utc_now", lambda: later)
    assert client.post("/nl/sign-in", data=right, environ_base=network(1)).status_code == 303


@pytest.mark.parametrize(("path", "page"), [("sign-in/link", "accounts.open_link"), ("invitations", "organisations.invitation")])
def test_who_guesses_links_is_stopped(site: Flask, monkeypatch: pytest.MonkeyPatch, path: str, page: str) -> None:
    view: Any = site.view_functions[page]
    assert view.visits_a_minute == 600
    monkeypatch.setattr(view, "visits_a_minute", 30)
    client = site.test_client(use_cookies=False)
    statuses = Counter(
        client.get(f"/nl/{path}/{secrets.token_urlsafe(40)}.{secrets.token_urlsafe(20)}", environ_base=network(1), headers=MACHINE).status_code
        for _guess in range(40)
    )
    assert statuses == {410: 30, 429: 10}


def test_a_guessed_signature_costs_no_statement(site: Flask, queries: Queries) -> None:
    token = links.token_for(new_id())
    value, _dot, signature = token.rpartition(".")
    with queries(0):
        for forged in (value, f"{value}.", f"{value}.{signature[::-1]}", f"{value}.{'A' * len(signature)}", f"x.{signature}"):
            assert site.test_client().get(f"/nl/sign-in/link/{forged}").status_code == 410


def test_of_two_guesses_at_the_same_moment_the_second_counts_on(database: Database, now: datetime) -> None:
    def count() -> int:
        with database.writing() as session:
            return service.count_attempt(session, what="password", who="noor", now=now)

    with ThreadPoolExecutor(1) as other:
        with database.writing() as session:
            assert service.count_attempt(session, what="password", who="noor", now=now) == 1
            second = other.submit(count)
            with pytest.raises(TimeoutError):  # it waits for the counter, or for the only writer
                second.result(timeout=0.5)
        assert second.result(timeout=10) == 2
    with ThreadPoolExecutor(4) as many:
        counted = list(many.map(lambda _guess: count(), range(40)))
    assert sorted(counted) == list(range(3, 43)), "each number was given once, so none gets past the bound unseen"


def test_one_network_invites_no_more_than_two_hundred_a_day(site: Flask, database: Database) -> None:
    moment = datetime.now(UTC)  # noqa: TID251 - pages of organisations read the real clock
    firm, client = started(database, moment), site.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = firm.owner.sign_in_id.hex
    with database.writing() as session:
        for _letter in range(rules.INVITATIONS_PER_NETWORK - 1):  # by other organisations at that address
            service.count_attempt(session, what="invitations", who="198.18.0.1", now=moment, window=rules.INVITATION_WINDOW)
    invite = f"/nl/my/organisations/{firm.slug}/invitations"
    statuses = [
        client.post(invite, data={"email": f"kim{number}@voorbeeld.nl", "role": "buyer"}, environ_base=network(where)).status_code
        for number, where in enumerate((1, 1, 2))
    ]
    assert statuses == [303, 429, 303]


def test_who_asks_letters_from_many_places_hears_nothing_of_the_bound(site: Flask, noor: str, database: Database) -> None:
    client = site.test_client(use_cookies=False)
    statuses = Counter(
        client.post("/nl/sign-in/link", data={"link-email": noor}, environ_base=network(each // 5), headers=MACHINE).status_code for each in range(30)
    )
    assert statuses == {303: 30}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignInLink)) == rules.LINKS_PER_ACCOUNT
        assert not any("noor" in key for key in session.scalars(select(Throttle.key)))


# The same answer, by the same work


@dataclass(frozen=True)
class Seen:
    """All that somebody outside can see of an answer, and the work it took."""

    status: int
    headers: list[tuple[str, str]]
    page: str
    statements: list[str]
    hashes: int


_CHANGING = {"X-Request-Id", "Set-Cookie", "Content-Security-Policy", "Content-Length"}


@pytest.fixture
def see(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Seen]]:
    """Give what sends a form about an address and tells what can be seen, with the address and what is new each time left out."""
    statements: list[str] = []
    hashed: list[int] = []
    real = passwords._hasher

    class Hasher:
        hash = staticmethod(real.hash)

        def verify(self, *values: str) -> bool:
            hashed.append(1)
            return real.verify(*values)

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    def ask(path: str, email: str, form: dict[str, str]) -> Seen:
        statements.clear()
        hashed.clear()
        client = site.test_client()
        answer = client.post(f"/nl/{path}", data=form, environ_base=network(1))
        done, count = list(statements), len(hashed)
        shown = answer.get_data(as_text=True) + client.get("/nl/check-mail", environ_base=network(1)).get_data(as_text=True)
        shown = re.sub(r'nonce="[^"]*"|name="csrf_token"[^>]*|<code>.*?</code>', "", shown).replace(email, "…")
        headers = [(name, value) for name, value in answer.headers if name not in _CHANGING]
        return Seen(answer.status_code, headers, shown, done, count)

    monkeypatch.setattr(passwords, "_hasher", Hasher())
    event.listen(Engine, "before_cursor_execute", note)
    yield ask
    event.remove(Engine, "before_cursor_execute", note)


FORMS: list[tuple[str, Callable[[str], dict[str, str]]]] = [
    ("sign-in", lambda email: {"email": email, "password": "geraden wachtwoord"}),
    ("sign-in/link", lambda email: {"link-email": email}),
    ("sign-up", lambda email: {"email": email, "name": "Noor"}),
]


@pytest.mark.parametrize(("path", "form"), FORMS, ids=[path for path, _form in FORMS])
def test_with_and_without_an_account_the_answer_and_the_work_are_the_same(
    see: Callable[..., Seen], noor: str, database: Database, now: datetime, path: str, form: Callable[[str], dict[str, str]],
) -> None:
    with database.writing() as session:
        builders.person(session, now, email="link@voorbeeld.nl")
        session.execute(update(Person).where(Person.email == "link@voorbeeld.nl").values(password_hash=None))
    nobody = see(path, "niemand@voorbeeld.nl", form("niemand@voorbeeld.nl"))
    for email in (noor, "link@voorbeeld.nl"):
        assert see(path, email, form(email)) == nobody
    assert nobody.hashes == (1 if path == "sign-in" else 0)
    assert len(nobody.statements) >= 4


def test_a_refused_guess_does_not_tell_whether_there_is_an_account(see: Callable[..., Seen], noor: str) -> None:
    seen = []
    for email in (noor, "niemand@voorbeeld.nl"):
        for _guess in range(rules.PASSWORDS_PER_PAIR):
            see("sign-in", email, {"email": email, "password": "geraden wachtwoord"})
        seen.append(see("sign-in", email, {"email": email, "password": PASSWORD}))
    assert seen[0] == seen[1]
    assert (seen[0].status, seen[0].hashes) == (429, 0)
    assert ("Retry-After", "900") in seen[0].headers


# Links


@pytest.fixture
def letter(database: Database, now: datetime, noor: str) -> str:
    """Ask for a link and return its token."""
    return token(database, noor, now)


def token(database: Database, email: str, now: datetime) -> str:
    with database.writing() as session:
        service.request_link(session, email=email, name="", sign_up=False, next_path="", language="nl", now=now)
        return links.token_for(session.scalars(select(SignInLink.id).where(SignInLink.email == email, SignInLink.used_at.is_(None))).one())


def test_a_scanner_of_mail_may_fetch_a_link_as_often_as_it_likes(site: Flask, letter: str, database: Database) -> None:
    scanner = site.test_client()
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        assert scanner.open(f"/nl/sign-in/link/{letter}", method=method).status_code == 200
    with database.reading() as session:
        assert session.scalars(select(SignInLink.used_at)).all() == [None]
        assert session.scalar(select(func.count()).select_from(SignIn)) == 0
    owner = site.test_client()
    assert owner.post(f"/nl/sign-in/link/{letter}").status_code == 303
    assert owner.get("/nl/my/account").status_code == 200
    assert scanner.get("/nl/my/account").status_code == 303


def test_links_that_do_not_work_all_get_the_same_answer(
    site: Flask, letter: str, database: Database, now: datetime,
) -> None:
    assert site.test_client().post(f"/nl/sign-in/link/{letter}").status_code == 303
    old = token(database, "oud@voorbeeld.nl", now - rules.LINK_LIFETIME)
    seen = {
        (answer.status_code, re.sub(r'nonce="[^"]*"|<code>.*?</code>|/sign-in/link/[^"]*', "", answer.get_data(as_text=True)))
        for bad in (letter, old, links.token_for(new_id()), f"{letter}x", "onzin", letter[::-1])
        for method in ("GET", "POST")
        for answer in [site.test_client().open(f"/nl/sign-in/link/{bad}", method=method)]
    }
    assert len(seen) == 1
    assert next(iter(seen))[0] == 410


def test_who_opens_a_link_of_somebody_else_leaves_their_own_session_first(
    site: Flask, letter: str, noor: str, database: Database, now: datetime,
) -> None:
    client = site.test_client()
    assert client.post(f"/nl/sign-in/link/{token(database, 'sam@voorbeeld.nl', now)}", data={"name": "Sam"}).status_code == 303
    with client.session_transaction() as cookie:
        cookie["mailed_to"] = "sam@voorbeeld.nl"
    assert client.post(f"/nl/sign-in/link/{letter}").status_code == 303
    page = client.get("/nl/my/account").get_data(as_text=True)
    assert noor in page
    assert "sam@voorbeeld.nl" not in page
    with client.session_transaction() as cookie:
        assert "mailed_to" not in cookie, "nothing of the one before is left"


def test_two_who_use_one_link_at_once_do_not_both_get_in(database: Database, noor: str, letter: str, now: datetime) -> None:
    link_id, outcomes = links.link_id_of(letter), []
    for _person in range(2):
        try:
            with database.writing() as session:
                service.use_link(session, link_id=link_id, name="", device="", now=now)
            outcomes.append("in")
        except Exception as refused:  # noqa: BLE001 - its name is what is looked at
            outcomes.append(type(refused).__name__)
    assert outcomes == ["in", "LinkNotValid"]


def test_a_link_works_to_its_last_second_and_not_after(site: Flask, letter: str, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds, status in ((-1, 200), (0, 410), (3600, 410)):
        moment = now + rules.LINK_LIFETIME + timedelta(seconds=seconds)
        monkeypatch.setattr("academy.accounts.views.signing_in.utc_now", lambda moment=moment: moment)
        assert site.test_client().get(f"/nl/sign-in/link/{letter}").status_code == status


# Addresses that deceive


@pytest.mark.parametrize("email", [  # Cyrillic letters among Latin ones, the same as typed for machines, all Cyrillic under .com, signs that nobody sees
    "noor@v\u043e\u043erbeeld.nl", "noor@xn--vrbeeld-3nfc.nl", "noor@\u0430\u0440\u0440\u04cf\u0435.com", "n\u043e\u043er@voorbeeld.nl",
    "noor@voorbeeld.nl\u202e", "noor@voor\u200bbeeld.nl",
])
@pytest.mark.parametrize(("path", "field"), [("sign-in/link", "link-email"), ("sign-up", "email")])
def test_an_address_that_looks_like_another_is_refused_at_the_field(site: Flask, noor: str, email: str, path: str, field: str) -> None:
    client: FlaskClient = site.test_client()
    answer = client.post(f"/nl/{path}", data={field: email, "name": "Noor"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "aria-invalid" in page
    assert "letters die op andere lijken" in page or "geen e-mailadres" in page
