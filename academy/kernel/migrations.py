"""Bringing a database to the form that this release needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text

from academy.kernel.db import Database

_LOCK = 4_207_001  # any number, the same in every process of this platform
_FOLDER = Path(__file__).resolve().parent.parent / "migrations"


class DatabaseIsNewer(Exception):
    """The database was made by a newer release; this one must not touch it."""


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["database"] = database
    return config


def revision_of(database: Database) -> str | None:
    """Return the revision that the database is at; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """Return the revision that this release needs."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return ScriptDirectory.from_config(config).get_current_head()


def upgrade(database: Database) -> bool:
    """Bring the database up to this release; tells whether anything was done. Raises DatabaseIsNewer."""
    with _alone(database):
        return _upgrade(database)


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Let one process migrate at a time. On SQLite the single writer sees to that."""
    if database.is_sqlite:
        yield
        return
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("SET lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.execute(text("RESET lock_timeout"))


def _upgrade(database: Database) -> bool:
    before = revision_of(database)
    if before == head():
        return False
    try:
        command.upgrade(_config(database), "head")
    except CommandError as error:
        message = (
            f"The database is at revision {before}, which this release does not know: it was made by a newer one. "
            "Start the newer release, or restore a backup."
        )
        raise DatabaseIsNewer(message) from error
    return True


def downgrade(database: Database, revision: str) -> None:
    """Take the database back to `revision` (`base` is empty)."""
    command.downgrade(_config(database), revision)
