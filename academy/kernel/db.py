"""The database: SQLite file or PostgreSQL behind the same two doors, `writing()` and `reading()`.

Transactions begin and end here and nowhere else. SQLite writers take `BEGIN IMMEDIATE` and queue fairly within the process
(measured: without a queue one connection starves another for seconds); PostgreSQL runs READ COMMITTED with a lock time-out.
"""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from functools import cache
from typing import Any, cast

import orjson
from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    CursorResult,
    Delete,
    Engine,
    MetaData,
    ScalarSelect,
    Select,
    Table,
    Text,
    Update,
    create_engine,
    event,
    func,
    literal_column,
    select,
    text,
    type_coerce,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy import cast as cast_type
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.pool import ConnectionPoolEntry

from academy.kernel.errors import DatabaseBusy, StorageUnavailable
from academy.kernel.text import json_text
from academy.kernel.types import Cents, Credits, LocalizedText, Moment

__all__ = [
    "Base", "Cents", "Credits", "Database", "LocalizedText", "Moment", "database", "insert_for", "row_as_text", "rows_as_json",
    "rows_changed", "set_database", "text_enum",
]

WAIT_SECONDS = 10
_LOOK_AGAIN_SECONDS = 0.001
# serialisation failure, deadlock, lock not available, query canceled by a time-out; and a key that another transaction took in this
# moment (unique violation): who starts over finds it there. SQLite, with one writer at a time, has none of these but the lock.
_BUSY_STATES = {"40001", "40P01", "55P03", "57014", "23505"}
_AWAY_STATES = {"57P01", "57P02", "57P03"}  # the server is shut down, crashed, or still starting


class Base(DeclarativeBase):
    """The parent of all tables; names of constraints are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )


def text_enum(kind: type[Enum], name: str) -> EnumType:
    """Return a column type that stores the values of `kind` as text under a CHECK named `name`."""
    return EnumType(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def insert_for(session: Session, table: type[Base]) -> PostgresqlInsert | SqliteInsert:
    """Return the INSERT of this session's database, the one that knows ON CONFLICT."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite_insert(table) if is_sqlite else postgresql_insert(table)


def insert_new(session: Session, table: type[Base], *key: str) -> PostgresqlInsert | SqliteInsert:
    """Return the INSERT of rows that leaves those as they are whose `key` (columns; none: any key) is there already.

    As rows for the table, not objects to keep track of, and put together once: for what is written often, this costs a third.
    """
    return _insert_new(session.get_bind().dialect.name, table, key)


@cache
def _insert_new(dialect: str, table: type[Base], key: tuple[str, ...]) -> PostgresqlInsert | SqliteInsert:
    there = cast("Table", table.__table__)
    added = sqlite_insert(there) if dialect == "sqlite" else postgresql_insert(there)
    return added.on_conflict_do_nothing(index_elements=key or None)


def rows_as_json(
    session: Session, *columns: ColumnElement[Any] | InstrumentedAttribute[Any],
    of: Callable[[Select[Any]], Select[Any]], correlate: type[Base],
) -> ScalarSelect[Any]:
    """Return a subquery that gives its rows as one JSON list of lists, in no order; `of` adds FROM and WHERE, `correlate` is the outer table.

    So what hangs on a row comes along with it in one statement. Ids and moments arrive as text.
    """
    if session.get_bind().dialect.name == "sqlite":
        cells = [func.json(column) if isinstance(column.type, (JSON, LocalizedText)) else column for column in columns]
        gathered = func.json_group_array(func.json_array(*cells))
    else:
        gathered = func.coalesce(func.json_agg(func.json_build_array(*columns)), literal_column("'[]'::json"))
    return of(select(type_coerce(gathered, JSON))).correlate(correlate).scalar_subquery()


def row_as_text(session: Session, *cells: ColumnElement[Any] | InstrumentedAttribute[Any] | ScalarSelect[Any]) -> ColumnElement[str]:
    """Return one JSON list of the cells as the text that the database writes, for who reads it only when it differs from before.

    Ids, days and moments arrive as text, money and credits as the whole numbers they are kept in, yes and no also as 1 and 0.
    """
    if session.get_bind().dialect.name == "sqlite":
        return func.json_array(*(func.json(cell) if isinstance(cell.type, (JSON, LocalizedText)) else cell for cell in cells))
    return cast_type(func.json_build_array(*cells), Text)


def rows_changed(session: Session, statement: Update | Delete, values: dict[str, Any] | None = None) -> int:
    """Run a guarded UPDATE or DELETE, with `values` for what it leaves open, and return how many rows it met."""
    return cast("CursorResult[Any]", session.execute(statement, values)).rowcount


class FairLock:
    """A lock that is granted in the order of asking."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._taken = False

    def acquire(self, seconds: float) -> bool:
        """Wait at most `seconds` for a turn; False when none came."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            turn = threading.Event()
            self._queue.append(turn)
        if turn.wait(seconds):
            return True
        with self._guard:
            if turn.is_set():  # the turn came in the very last moment
                return True
            self._queue.remove(turn)
            return False

    def release(self) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._taken = False


class Database:
    """One database and the two ways into it."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        self._write_engine = self.engine.execution_options(academy_writes=True)
        self._turn = FairLock() if self.is_sqlite else None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that may change rows; commits at the end, rolls back on any exception.

        Raises DatabaseBusy when no lock was granted in time, StorageUnavailable when the database can not be written.
        """
        if self._turn is not None and not self._turn.acquire(WAIT_SECONDS):
            raise DatabaseBusy
        try:
            with _translated(), Session(self._write_engine, expire_on_commit=False) as session, session.begin():
                yield session
        finally:
            if self._turn is not None:
                self._turn.release()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads; a flush in it is a bug and raises RuntimeError."""
        with _translated(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            event.listen(session, "before_flush", _refuse_flush)
            yield session

    def ping(self) -> None:
        """Ask the database for an answer. Raises StorageUnavailable, DatabaseBusy."""
        with self.reading() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()


def _refuse_flush(session: Session, *_: object) -> None:
    if session.new or session.dirty or session.deleted:
        message = "reading() does not write"
        raise RuntimeError(message)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what the driver says about locks and storage into refusals; bugs pass through."""
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseBusy from error
    except DBAPIError as error:
        refusal = _refusal_for(error)
        if refusal is None:
            raise
        raise refusal from error


def _refusal_for(error: DBAPIError) -> DatabaseBusy | StorageUnavailable | None:
    state = getattr(error.orig, "sqlstate", None)
    said = str(error.orig).lower()
    if state in _BUSY_STATES or "database is locked" in said or "database table is locked" in said:
        return DatabaseBusy()
    storage_words = ("readonly database", "disk is full", "disk i/o error", "unable to open database")
    if any(words in said for words in storage_words) or state == "53100":
        return StorageUnavailable()
    is_away = error.connection_invalidated or state is None or state in _AWAY_STATES
    if isinstance(error, OperationalError) and is_away and ("no such" not in said or "no such file" in said):  # a socket, not a table
        return StorageUnavailable()
    return None


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False}, pool_size=8,
                           hide_parameters=True, json_serializer=json_text, json_deserializer=orjson.loads)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 - the driver's own type
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("academy_writes", False):
            _begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_writing(connection: Connection) -> None:
    """Begin as the one writer; while that is another process, look again every millisecond.

    SQLite itself would sleep ever longer, up to a tenth of a second, also while the place is free again.
    """
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    until = time.monotonic() + WAIT_SECONDS
    driver.execute("PRAGMA busy_timeout=0").close()
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as error:
                code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # without what SQLite adds to say why it is busy
                if code != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
            else:
                return
            time.sleep(_LOOK_AGAIN_SECONDS)
    finally:
        driver.execute(f"PRAGMA busy_timeout={int(WAIT_SECONDS * 1000)}").close()


def _postgresql_engine(url: str) -> Engine:
    options = "-c lock_timeout=3000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    return create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=4,
        max_overflow=4,
        pool_timeout=WAIT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,  # what people typed does not belong in errors and logs
        json_serializer=json_text,
        json_deserializer=orjson.loads,
        connect_args={"options": options, "connect_timeout": 5},
    )


_current: list[Database] = []


def set_database(database: Database) -> None:
    """Make `database` the one that `database()` returns in this process."""
    _current[:] = [database]


def database() -> Database:
    """Return the database of this process, set once at start-up."""
    return _current[0]
