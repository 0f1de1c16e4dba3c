"""The last seats over HTTP: real server processes, forty people, sixteen at a time, ten seats. Nobody too many, nobody too few."""

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.accounts import service as accounts
from academy.app import create_app
from academy.config import Settings
from academy.enrolment import queries
from academy.enrolment.models import LIVE_STATES, Enrolment
from academy.kernel import db
from academy.kernel.db import Database
from tests import builders
from tests.journeys.conftest import ACADEMY, environment, free_port, wait_until_ready

SEATS, PEOPLE, AT_ONCE, ROUNDS = 10, 40, 16, 2
MOST_TRIES = 10


class Token(HTMLParser):
    """Finds the CSRF token of a form."""

    value = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name") == "csrf_token":
            self.value = found.get("value") or ""


@dataclass
class Visitor:
    """Someone with a browser: keeps the cookie, and comes back when the server is busy."""

    port: int
    cookie: str
    busy: int = 0
    token: str = field(default="", init=False)

    def ask(self, method: str, path: str, **form: str) -> tuple[int, str]:
        for _try in range(MOST_TRIES):
            status, page, retry_after = self._once(method, path, form)
            if status != 503:
                return status, page
            self.busy += 1
            assert retry_after, "a busy server says when to come back"
            time.sleep(0.2)
        pytest.fail("busy, every time")

    def _once(self, method: str, path: str, form: dict[str, str]) -> tuple[int, str, str | None]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": f"academy_session={self.cookie}", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            self._keep_cookie(answer)
            return answer.status, answer.read().decode(), answer.getheader("Retry-After")
        finally:
            connection.close()

    def _keep_cookie(self, answer: HTTPResponse) -> None:
        name, _is, value = (answer.getheader("Set-Cookie") or "").partition(";")[0].partition("=")
        if name == "academy_session":
            self.cookie = value

    def open_check_page(self, path: str) -> None:
        status, page = self.ask("GET", path)
        assert status == 200
        found = Token()
        found.feed(page)
        assert found.value
        self.token = found.value

    def press(self, path: str) -> tuple[int, str]:
        return self.ask("POST", path, csrf_token=self.token)


@pytest.fixture
def web(settings: Settings, database: Database) -> Flask:
    """Give an application with the secret of the servers, to sign cookies as they do."""
    application = create_app(settings)
    db.database().close()
    db.set_database(database)
    return application


@pytest.fixture
def port(settings: Settings, database: Database, tmp_path: Path) -> Iterator[int]:
    """Start servers on the test's database: one process for SQLite, two for PostgreSQL."""
    number = free_port()
    shared = {"DATABASE_URL": settings.database_url, "SECRET_KEY": settings.secret_key}
    words = ["serve", *([] if database.is_sqlite else ["--workers", "2"])]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [ACADEMY, *words], env=environment(tmp_path, number, **shared), cwd=tmp_path, stdout=log, stderr=log,
        )
        try:
            wait_until_ready(f"http://127.0.0.1:{number}", process)
            yield number
            process.send_signal(signal.SIGINT)
            assert process.wait(15) == 0, (tmp_path / "log").read_text()
        finally:
            process.kill()
            process.wait()
    assert "fault" not in (tmp_path / "log").read_text()


def signed_in(app: Flask, database: Database, port: int, now: datetime) -> list[Visitor]:
    """Return people whose sign-in is in the database and in the cookie, as after signing in."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    found = []
    with database.writing() as session:
        for _number in range(PEOPLE):
            sign_in = accounts.start_sign_in(session, person_id=builders.person(session, now), device="", now=now)
            found.append(Visitor(port, signer.dumps({"_user_id": sign_in.id.hex, "_permanent": True})))
    return found


@pytest.mark.slow
def test_the_last_seats_are_sold_once(database: Database, web: Flask, port: int) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the servers read the real clock
    visitors = signed_in(web, database, port, now)
    for _round in range(ROUNDS):
        with database.writing() as session:
            code = builders.offering(session, now, seats=SEATS, external_id=builders.module(session, now))
        path = f"/nl/offerings/{code}/enrol"
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda visitor: visitor.open_check_page(path), visitors))  # noqa: B023 - used within the round
            answers = list(pool.map(lambda visitor: visitor.press(path), visitors))  # noqa: B023
        assert Counter(status for status, _page in answers) == {303: SEATS, 409: PEOPLE - SEATS}
        assert all("Deze groep is vol." in page for status, page in answers if status == 409)
    with database.reading() as session:
        assert queries.audit(session) == []
        live = select(func.count()).where(Enrolment.state.in_(LIVE_STATES)).group_by(Enrolment.offering_id)
        assert session.scalars(live).all() == [SEATS] * ROUNDS
    print(f"answers 503 before the one that counted: {sum(visitor.busy for visitor in visitors)}")  # noqa: T201 - a figure
