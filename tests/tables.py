"""Tables for tests: made once by the project's own migrations, emptied before each test."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

import academy
from academy.kernel import migrations
from academy.kernel.db import Database


def import_models() -> None:
    """Import the models of every room, so that the metadata of `Base` is whole."""
    for found in pkgutil.walk_packages(academy.__path__, "academy."):
        if found.name.split(".")[-1] in {"models", "outbox"} or ".models." in found.name:
            importlib.import_module(found.name)


def make(url: str) -> None:
    """Make the tables in the empty database at `url`."""
    database = Database(url)
    migrations.upgrade(database)
    database.close()


@cache
def _names(url: str) -> tuple[str, ...]:
    engine = create_engine(url, poolclass=NullPool)
    names = inspect(engine).get_table_names()
    engine.dispose()
    return tuple(sorted(set(names) - {"alembic_version"}))


def empty(database: Database) -> None:
    """Remove all rows: one question finds the tables that have any, so an untouched database costs a millisecond."""
    names = _names(database.url.render_as_string(hide_password=False))
    if not names:
        return
    question = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)  # noqa: S608
    with database.engine.connect() as connection:
        filled = connection.scalars(text(question)).all()
        connection.rollback()
        if not filled:
            return
        if not database.is_sqlite:
            # Neither triggers nor foreign keys look on, and few rows go in a tenth of the time that TRUNCATE takes to make new files.
            connection.execute(text("SET LOCAL session_replication_role = replica; " + "; ".join(f'DELETE FROM "{name}"' for name in filled)))  # noqa: S608
            connection.commit()
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction
        for name in filled:
            with without_triggers(driver, name):
                driver.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names of our own tables
        driver.execute("PRAGMA foreign_keys = ON")


@contextmanager
def without_triggers(driver: Any, table: str) -> Iterator[None]:
    """Let a test change what a trigger of SQLite guards, and put the trigger back."""
    triggers = driver.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)).fetchall()
    for name, _sql in triggers:
        driver.execute(f'DROP TRIGGER "{name}"')
    yield
    for _name, sql in triggers:
        driver.execute(sql)
