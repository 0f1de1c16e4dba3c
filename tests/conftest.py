"""Fixtures for every test: a moment, both databases, the application, counted queries, a closed network."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from academy.config import Settings, load_settings
from academy.kernel import db
from academy.kernel.db import Database
from academy.kernel.text import DEFAULT_LANGUAGE
from academy.kernel.translation import set_language
from tests import postgres, tables
from tests.browser import browser, page  # noqa: F401 - fixtures for the journeys
from tests.real import real_data  # noqa: F401 - a fixture

SECRET = "only-for-tests-" * 3


@pytest.fixture(autouse=True)
def _in_dutch() -> None:
    """Begin every test in the language of the platform, whatever the one before it read."""
    set_language(DEFAULT_LANGUAGE)


@pytest.fixture
def now() -> datetime:
    """Return the moment at which tests happen: Tuesday 1 September 2026, 11:00 in Amsterdam."""
    return datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a database with the tables of the project; a test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('database') / 'academy.db'}"
        tables.make(url)
        yield url
        return
    with postgres.own_database(request.getfixturevalue("postgres_server")) as url:
        tables.make(url)
        yield url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[object]:
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
def app(settings: Settings, database: Database) -> Flask:
    """Give the whole application on an empty database."""
    from academy.app import create_app  # noqa: PLC0415 - tests of rules and services need no application

    application = create_app(settings)
    application.testing = True
    if db.database() is not database:  # the application opened its own
        db.database().close()
        db.set_database(database)
    return application


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
