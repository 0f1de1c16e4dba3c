"""Fixtures for every test: a moment, both databases, the application, counted queries, a closed network."""

import ipaddress
import os
import socket
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL, Engine, event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from academy.accounts import passwords
from academy.accounts.service import sealing
from academy.config import Settings, load_settings
from academy.kernel import db
from academy.kernel.db import Database
from academy.kernel.text import DEFAULT_LANGUAGE
from academy.kernel.translation import set_language
from academy.kernel.web import visits
from tests import postgres, tables
from tests.browser import browser, page  # noqa: F401 - fixtures for the journeys
from tests.real import real_data  # noqa: F401 - a fixture

SECRET = "only-for-tests-" * 3
_SECONDS = {"app": 1.0, "database": 0.2}  # what a test takes about, by the heaviest thing it asks for
_SECONDS_SLOW, _SECONDS_PURE = 20.0, 0.02


def _about(test: pytest.Item) -> float:
    """Guess how long a test takes, in seconds."""
    if test.get_closest_marker("slow") or test.get_closest_marker("journey"):
        return _SECONDS_SLOW
    asked = getattr(test, "fixturenames", ())
    return next((seconds for name, seconds in _SECONDS.items() if name in asked), _SECONDS_PURE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files that take longest begin first, so that none is left for one process while the others are done.

    Only where processes share the work, a file at a time: one process alone is quickest in the order of pytest, first all tests on one
    kind of database and then all on the other.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    seconds: defaultdict[Path, float] = defaultdict(float)
    for test in items:
        seconds[test.path] += _about(test)
    items.sort(key=lambda test: (-seconds[test.path], test.path))


@pytest.fixture(autouse=True)
def _in_dutch() -> None:
    """Begin every test in the language of the platform, whatever the one before it read."""
    set_language(DEFAULT_LANGUAGE)


@pytest.fixture
def now() -> datetime:
    """Return the moment at which tests happen: Tuesday 1 September 2026, 11:00 in Amsterdam."""
    return datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the address of a database with the tables of the project; a test that asks for it runs on both kinds."""
    return str(request.getfixturevalue(f"_{request.param}_url"))


# Each kind has a fixture of its own, which stays when the next file begins with the other kind: making the tables takes seconds.


@pytest.fixture(scope="session")
def _sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('database') / 'academy.db'}"
    tables.make(url)
    return url


@pytest.fixture(scope="session")
def _postgresql_url(postgres_server: URL) -> Iterator[str]:
    with postgres.own_database(postgres_server) as url:
        tables.make(url)
        yield url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """Start PostgreSQL once, only when a test wants it."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def _shared_database(database_url: str) -> Iterator[Database]:
    """Keep the connections of one kind of database open over the tests."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def database(_shared_database: Database) -> Iterator[Database]:
    """Give an empty database that is the one of this process."""
    tables.empty(_shared_database)
    db.set_database(_shared_database)
    yield _shared_database
    db.set_database(_shared_database)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Open one transaction for the whole test; a test that needs two opens them itself."""
    with database.writing() as opened:
        yield opened


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Return the settings of a local installation with a folder of its own."""
    return load_settings({
        "DATA_DIR": str(tmp_path / "var"),
        "DATABASE_URL": database.url.render_as_string(hide_password=False),
        "SECRET_KEY": SECRET,
        "LOG_LEVEL": "error",
    })


@pytest.fixture
def app(settings: Settings, database: Database) -> Iterator[Flask]:
    """Give the whole application on an empty database.

    Laying out some four hundred addresses takes longer than most tests, so they share the application of their settings; what it works with is chosen
    anew for each, and what a test changes in it is put back.
    """
    from academy.app import build, connect, tell_of_visits  # noqa: PLC0415 - tests of rules and services need no application

    connect(settings)
    if db.database() is not database:  # the application opened its own
        db.database().close()
        db.set_database(database)
    shared = repr(replace(settings, data_dir=Path(), database_url=""))
    if shared not in _APPLICATIONS:
        _APPLICATIONS[shared] = build(settings)
        _APPLICATIONS[shared].testing = True
    application = _APPLICATIONS[shared]
    with _put_back(application, tell_of_visits):
        yield application


_APPLICATIONS: dict[str, Flask] = {}  # by settings, without where they keep things


@contextmanager
def _put_back(application: Flask, tell: visits.Tell) -> Iterator[None]:
    """Restore what tests change in an application: settings, views, what runs around them; and begin with nobody counted."""
    hooks: tuple[dict[Any, Any], ...] = (
        application.config, application.view_functions, application.before_request_funcs, application.after_request_funcs, application.template_context_processors,
        application.jinja_env.globals, application.extensions,
    )
    before = [{key: [*value] if isinstance(value, list) else value for key, value in each.items()} for each in hooks]
    application.extensions[visits.EXTENSION] = visits.Visits(secret_key=SECRET, tell=tell)
    application._got_first_request = False  # a test may still add what Flask takes before the first request only
    yield
    for each, kept in zip(hooks, before, strict=True):
        each.clear()
        each.update(kept)


@pytest.fixture(autouse=True, scope="session")
def _hashed_once() -> Iterator[None]:
    """Hash each password once: a hash is slow on purpose, and hundreds of tests make the same people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hash_of", cache(passwords.hash_of))
        yield


@pytest.fixture(autouse=True, scope="session")
def _addresses_compiled_once() -> Iterator[None]:
    """Compile how an address is written once per address: every test makes an application of some two hundred, and this is half of its time.

    What is compiled depends on nothing but the parts of the address and their defaults; the rule itself comes as an argument.
    """
    compiled: dict[Any, Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def from_memory(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (tuple(rule._trace), append_unknown, tuple(sorted((rule.defaults or {}).items())))
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", from_memory)
        yield


@pytest.fixture(autouse=True, scope="session")
def _keys_for_secrets() -> None:
    """Give secrets in the database a key, also where no application is made."""
    sealing.configure(SECRET)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def queries() -> Callable[[int], AbstractContextManager[list[str]]]:
    """Give the budget keeper: `with queries(3): …` fails when more than three statements reach a database."""
    return _at_most


@contextmanager
def _at_most(budget: int) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(seen) <= budget, f"{len(seen)} statements instead of {budget}:\n" + "\n".join(seen)


@pytest.fixture(autouse=True, scope="session")
def _closed_network() -> Iterator[None]:
    """Refuse connections from Python to other machines: a test must not depend on them."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = str(address[0])
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                message = f"tests do not connect to {host}"
                raise ConnectionRefusedError(message)  # as a closed network would
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", only_here)
        yield
