"""Real server processes on the test's database, and people with a browser in front of them."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from academy.accounts.queries import Actor
from academy.app import create_app
from academy.config import Settings
from academy.kernel import db
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests import builders
from tests.journeys.conftest import ACADEMY, environment, free_port, wait_until_ready

MOST_TRIES = 240  # of a quarter of a second
BUSY, GONE = 503, 0  # what a visitor tries again; GONE is no answer at all


class _Token(HTMLParser):
    """Finds the CSRF token of a form."""

    value = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name") == "csrf_token":
            self.value = found.get("value") or ""


@dataclass
class Visitor:
    """Someone with a browser: keeps the cookie, and comes back when the server is busy or away."""

    actor: Actor
    port: int
    cookie: str
    token: str = ""
    seen: list[int] = field(default_factory=list)  # every status, also those that were tried again; GONE for none

    def ask(self, method: str, path: str, **form: str) -> tuple[int, str, str]:
        """Return the status, where it leads and the page."""
        for _try in range(MOST_TRIES):
            status, place, page = self._once(method, path, form)
            self.seen.append(status)
            if status not in {BUSY, GONE}:
                return status, place, page
            time.sleep(0.25)
        pytest.fail(f"busy or away, every time: {self.seen[-MOST_TRIES:]}")

    def _once(self, method: str, path: str, form: dict[str, str]) -> tuple[int, str, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": f"academy_session={self.cookie}", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        except (OSError, HTTPException):
            return GONE, "", ""
        finally:
            connection.close()
        self._keep_cookie(answer)
        assert answer.status != BUSY or answer.getheader("Retry-After"), "a busy server says when to come back"
        return answer.status, answer.getheader("Location") or "", page

    def _keep_cookie(self, answer: HTTPResponse) -> None:
        name, _is, value = (answer.getheader("Set-Cookie") or "").partition(";")[0].partition("=")
        if name == "academy_session" and value:
            self.cookie = value

    def get_token(self, path: str) -> None:
        """Open a page with a form; its token is good for every form of this visitor."""
        status, _place, page = self.ask("GET", path)
        assert status == 200, (status, path)
        found = _Token()
        found.feed(page)
        assert found.value
        self.token = found.value

    def press(self, path: str, **form: str) -> tuple[int, str, str]:
        return self.ask("POST", path, csrf_token=self.token, **form)

    def hold(self, offering: str, *, seat_code: str = "") -> tuple[int, str, str]:
        """Ask for a seat, as the page does: with a key, so that the same form sent again is the same request."""
        return self.press(f"/nl/offerings/{offering}/enrol", request_key=str(new_id()), seat_code=seat_code)


@contextmanager
def servers(
    settings: Settings, folder: Path, *, workers: int, **more: str
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run server processes on the database of `settings`; with one, the worker runs inside. They must meet no fault."""
    number = free_port()
    process = start(settings, folder, number, workers=workers, **more)
    try:
        wait_until_ready(f"http://127.0.0.1:{number}", process)
        yield number, process
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0, (folder / "log").read_text()
    finally:
        process.kill()
        process.wait()
    assert "fault" not in (folder / "log").read_text(), (folder / "log").read_text()


def start(settings: Settings, folder: Path, port: int, *, workers: int, **more: str) -> subprocess.Popen[bytes]:
    folder.mkdir(exist_ok=True)
    shared = {"DATABASE_URL": settings.database_url, "SECRET_KEY": settings.secret_key}
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [ACADEMY, "serve", "--workers", str(workers)],
            env=environment(folder, port, **shared, **more),
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def signed_in(settings: Settings, database: Database, port: int, now: datetime, people: int) -> list[Visitor]:
    """Return people whose sign-in is in the database and in the cookie, as after signing in, with a token for forms."""
    app = create_app(settings)  # with the secret of the servers, to sign cookies as they do
    db.database().close()
    db.set_database(database)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    with database.writing() as session:
        actors = [builders.actor(session, now) for _number in range(people)]
    visitors = [
        Visitor(actor, port, signer.dumps({"_user_id": actor.sign_in_id.hex, "_permanent": True})) for actor in actors
    ]
    at_once(8, lambda visitor: visitor.get_token("/nl/my"), visitors)
    return visitors


def at_once(clients: int, act: Callable[[Any], Any], each: list[Any]) -> list[Any]:
    """Do `act` for each, so many at a time."""
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(act, each))
