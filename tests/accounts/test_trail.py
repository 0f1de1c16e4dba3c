"""The audit trail: nothing changed, left out or put in goes unseen, and two who write at once leave one chain; on both databases."""

import json
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from academy.accounts.cli import commands
from academy.accounts.models import TrailEnd, TrailEntry
from academy.accounts.service import trail
from academy.accounts.service.trail import FaultKind, Mark
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests import tables

CHANGED, MISSING, ADDED = FaultKind.CHANGED, FaultKind.MISSING, FaultKind.ADDED
COLUMNS = "at, act, actor_id, organisation_id, person_id, about, about_id, details, seal"
COPY = f"INSERT INTO trail_entry (number, {COLUMNS}) SELECT {{to}}, {COLUMNS} FROM trail_entry WHERE number = {{number}}"  # noqa: S608
OTHER_ID = "0123456789abcdef0123456789abcdef"
# Another value for every column, and what is found when entry 3 of 5 has it.
TAMPERED = {
    "number": ("99", [(MISSING, 3, 3), (CHANGED, 4, 4), (ADDED, 99, 99)]),
    "at": ("'2026-09-01 09:00:03.000001'", [(CHANGED, 3, 3)]),
    "act": ("'membership-ended'", [(CHANGED, 3, 3)]),
    "actor_id": ("NULL", [(CHANGED, 3, 3)]),
    "organisation_id": (f"'{OTHER_ID}'", [(CHANGED, 3, 3)]),
    "person_id": (f"'{OTHER_ID}'", [(CHANGED, 3, 3)]),
    "about": ("'module'", [(CHANGED, 3, 3)]),
    "about_id": (f"'{OTHER_ID}'", [(CHANGED, 3, 3)]),
    "details": ("""'{"role": "owner"}'""", [(CHANGED, 3, 3)]),
    "seal": (f"'{'f' * 64}'", [(CHANGED, 3, 3), (CHANGED, 4, 4)]),
}


def write(session: Session, now: datetime, *, entries: int = 1) -> None:
    """Add entries with a value in every column."""
    for number in range(entries):
        trail.record(
            session, "membership-added", actor_id=new_id(), now=now + timedelta(seconds=number), organisation_id=new_id(),
            person_id=new_id(), about="membership", about_id=new_id(), details={"role": "editor", "number": number},
        )


def found(database: Database, *, known: Mark | None = None) -> list[tuple[FaultKind, int, int]]:
    with database.reading() as session:
        verdict = trail.verify(session, known=known)
    assert verdict.count == len(verdict.faults)
    return [(fault.kind, fault.first, fault.last) for fault in verdict.faults]


def end_of(database: Database) -> Mark:
    with database.reading() as session:
        return trail.verify(session).end


@contextmanager
def _unguarded(database: Database) -> Iterator[Callable[[str], object]]:
    """Do what someone who owns the database can: switch its guards off and change rows by hand."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            with tables.without_triggers(connection.connection.driver_connection, "trail_entry"):
                yield connection.exec_driver_sql
                connection.commit()
            return
        connection.exec_driver_sql("ALTER TABLE trail_entry DISABLE TRIGGER USER")
        yield connection.exec_driver_sql
        connection.exec_driver_sql("ALTER TABLE trail_entry ENABLE TRIGGER USER")
        connection.commit()


def tamper(database: Database, *statements: str) -> None:
    with _unguarded(database) as run:
        for statement in statements:
            run(statement)


@pytest.fixture
def five(database: Database, now: datetime) -> Database:
    """Give a database with a trail of five entries."""
    with database.writing() as session:
        write(session, now, entries=5)
    assert found(database) == []
    return database


def test_an_empty_trail_is_whole(database: Database) -> None:
    assert found(database) == []
    assert end_of(database).number == 0


def test_a_change_of_every_column_is_tried() -> None:
    assert set(TAMPERED) == set(TrailEntry.__table__.columns.keys())


@pytest.mark.parametrize("column", TAMPERED)
def test_an_entry_changed_by_hand_is_found(five: Database, column: str) -> None:
    value, faults = TAMPERED[column]
    tamper(five, f"UPDATE trail_entry SET {column} = {value} WHERE number = 3")  # noqa: S608
    assert found(five) == faults


@pytest.mark.parametrize(("statements", "faults"), [
    (["DELETE FROM trail_entry WHERE number = 3"], [(MISSING, 3, 3), (CHANGED, 4, 4)]),
    (["DELETE FROM trail_entry WHERE number IN (1, 2)"], [(MISSING, 1, 2), (CHANGED, 3, 3)]),
    (["DELETE FROM trail_entry WHERE number > 3"], [(MISSING, 4, 5)]),
    (["DELETE FROM trail_entry"], [(MISSING, 1, 5)]),
    (["DELETE FROM trail_entry WHERE number = 5", "UPDATE trail_end SET number = 4"], [(CHANGED, 4, 4)]),
    (["DELETE FROM trail_end"], [(ADDED, number, number) for number in range(1, 6)]),
    (["UPDATE trail_end SET seal = 'x'"], [(CHANGED, 5, 5)]),
    (["UPDATE trail_end SET number = 6"], [(MISSING, 6, 6)]),
    ([COPY.format(to=6, number=5)], [(ADDED, 6, 6)]),
    (["DELETE FROM trail_entry WHERE number = 3", COPY.format(to=3, number=2)], [(CHANGED, 3, 3), (CHANGED, 4, 4)]),
    (
        [f"UPDATE trail_entry SET number = {new} WHERE number = {old}" for old, new in ((2, -2), (4, 2), (-2, 4))],  # noqa: S608
        [(CHANGED, number, number) for number in (2, 3, 4, 5)],
    ),
])
def test_what_is_left_out_put_in_or_swapped_is_found(
    five: Database, statements: list[str], faults: list[tuple[FaultKind, int, int]],
) -> None:
    tamper(five, *statements)
    assert found(five) == faults


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL does not keep such values
@pytest.mark.parametrize(("column", "value"), [
    ("at", "'yesterday'"), ("person_id", "'x'"), ("details", "'{'"), ("details", "X'00'"), ("actor_id", "7"), ("seal", "X'00'"),
    ("act", "X'FF'"),
])
def test_what_is_not_even_a_moment_an_id_or_json_is_found_and_breaks_nothing(five: Database, column: str, value: str) -> None:
    tamper(five, f"UPDATE trail_entry SET {column} = {value} WHERE number = 3")  # noqa: S608
    assert (CHANGED, 3, 3) in found(five)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL keeps moments and ids as such, not as text
@pytest.mark.parametrize(("column", "written"), [
    ("person_id", "upper(person_id)"), ("about_id", "'{' || about_id || '}'"), ("at", "replace(at, ' ', 'T')"), ("at", "at || '+00:00'"),
])
def test_the_same_value_written_so_that_no_question_finds_it_is_found(five: Database, column: str, written: str) -> None:
    tamper(five, f"UPDATE trail_entry SET {column} = {written} WHERE number = 3")  # noqa: S608
    assert found(five) == [(CHANGED, 3, 3)]


def test_a_trail_sealed_anew_from_an_old_place_on_is_found_by_an_end_written_down_elsewhere(five: Database, now: datetime) -> None:
    known = end_of(five)
    assert found(five, known=known) == []
    tamper(five, "DELETE FROM trail_entry", "DELETE FROM trail_end")
    with five.writing() as session:
        write(session, now, entries=5)
    assert found(five) == []  # a chain in itself…
    assert found(five, known=known) == [(CHANGED, 5, 5)]  # …but another one
    tamper(five, "DELETE FROM trail_entry", "DELETE FROM trail_end")
    with five.writing() as session:
        write(session, now, entries=2)
    assert found(five, known=known) == [(MISSING, 3, 5)]


@pytest.mark.parametrize("statement", ["UPDATE trail_entry SET act = 'x' WHERE number = 3", "DELETE FROM trail_entry WHERE number = 5"])
def test_the_database_itself_refuses_to_change_or_delete_an_entry(five: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only added to"), five.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert found(five) == []


def test_an_act_that_is_undone_leaves_no_gap(database: Database, now: datetime) -> None:
    with database.writing() as session:
        write(session, now)
    with pytest.raises(LookupError), database.writing() as session:
        write(session, now, entries=3)
        raise LookupError
    with database.writing() as session:
        write(session, now)
    assert (found(database), end_of(database).number) == ([], 2)


def test_an_entry_costs_three_statements(database: Database, now: datetime, queries: Callable[[int], AbstractContextManager[None]]) -> None:
    with database.writing() as session:
        write(session, now)
    with queries(3), database.writing() as session:
        write(session, now)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer at a time; see the processes below
@pytest.mark.parametrize("first_ends", ["commits", "rolls back"])
@pytest.mark.parametrize("begun", [True, False])
def test_of_two_open_transactions_the_second_waits_and_goes_on_where_the_first_ended(
    database: Database, now: datetime, first_ends: str, begun: bool,
) -> None:
    if begun:
        with database.writing() as session:
            write(session, now)
    second = threading.Thread(target=_write_once, args=(database, now))
    with pytest.raises(LookupError) if first_ends == "rolls back" else nullcontext(), database.writing() as session:
        write(session, now)
        second.start()
        _wait_until_it_waits(database)
        if first_ends == "rolls back":
            raise LookupError
    second.join(10)
    assert found(database) == []
    assert end_of(database).number == begun + (first_ends == "commits") + 1


def _write_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        write(session, now)


def _wait_until_it_waits(database: Database) -> None:
    """Return when a transaction waits for another: the meeting that this test is about."""
    until = time.monotonic() + 2.5  # lock_timeout is 3 s
    while time.monotonic() < until:
        with database.engine.connect() as connection:
            if connection.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")):
                return
        time.sleep(0.02)
    pytest.fail("the second transaction did not wait for the first")


WRITER = """
import sys
from datetime import UTC, datetime
from academy.accounts.service import trail
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy

database = Database(sys.argv[1])
for number in range(40):
    try:
        with database.writing() as session:
            trail.record(session, "membership-added", actor_id=None, now=datetime(2026, 9, 1, tzinfo=UTC), details={"number": number})
            if number % 10 == 9:
                raise LookupError
    except LookupError:
        pass
"""


def test_processes_that_write_at_the_same_time_leave_one_chain(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, url], cwd=Path(__file__).resolve().parents[2], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for writer in writers:
        assert writer.communicate(timeout=120)[1] == ""
        assert writer.returncode == 0
    assert (found(database), end_of(database).number) == ([], 3 * 36)


def test_an_entry_added_while_the_trail_is_read_raises_no_false_alarm(
    five: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def add(_done: int, _total: int) -> None:
        _write_once(five, now)

    monkeypatch.setattr(trail, "_PAGE", 2)
    with five.reading() as session:
        verdict = trail.verify(session, progress=add)
    assert (verdict.count, verdict.end.number) == (0, 5)
    assert end_of(five).number == 7


def test_memory_stays_flat_however_long_the_trail_is(database: Database, now: datetime) -> None:
    with database.writing() as session:
        write(session, now)
        _lengthen(session)
    tracemalloc.start()
    with database.reading() as session:
        verdict = trail.verify(session)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert verdict.count == 9_999  # copies with the seal of the first
    assert len(verdict.faults) == 1_000
    assert peak < 4_000_000  # bytes; all of them at once would be 20 million


def _lengthen(session: Session) -> None:
    """Make a trail of 10,000 entries quickly; its seals are not right, which is no matter for memory."""
    numbers = "WITH RECURSIVE counted(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM counted WHERE n < 10000)"
    session.execute(text(
        f"INSERT INTO trail_entry (number, {COLUMNS}) {numbers} SELECT n, {COLUMNS} FROM trail_entry, counted WHERE number = 1",  # noqa: S608
    ))
    session.execute(text("UPDATE trail_end SET number = 10000"))


# The command


@contextmanager
def house() -> Iterator[None]:
    yield


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(commands(house), ["verify", *words])
    return done.exit_code, done.stdout


def test_the_command_says_that_the_trail_is_whole_and_how_it_ends(five: Database) -> None:
    with five.reading() as session:
        seal = session.get_one(TrailEnd, 1).seal
    assert run() == (0, f"5 entries, all as they were written.\nThe trail ends at 5:{seal}\n")
    assert json.loads(run("--json")[1]) == {"entries": 5, "end": f"5:{seal}", "faults": 0, "lowest": []}
    assert run("--known", f"5:{seal}")[0] == 0
    assert run("--known", f"4:{seal}") == (1, "entry 4: not as it was written\n")


def test_the_command_names_the_lowest_numbers_that_are_wrong(database: Database, now: datetime) -> None:
    with database.writing() as session:
        write(session, now, entries=40)
    tamper(database, "UPDATE trail_entry SET act = 'x' WHERE number > 20", "DELETE FROM trail_entry WHERE number IN (2, 3)")
    code, said = run()
    lines = said.splitlines()
    assert code == 1
    assert lines[:3] == ["entries 2 to 3: missing", "entry 4: not as it was written", "entry 21: not as it was written"]
    assert (len(lines), lines[-1]) == (11, "and 12 more")
    assert json.loads(run("--json")[1])["lowest"][0] == {"kind": "missing", "first": 2, "last": 3}


def test_a_mark_that_is_none_is_told(database: Database) -> None:
    done = CliRunner().invoke(commands(house), ["verify", "--known", "5"])
    assert done.exit_code == 2
    assert "NUMBER:SEAL" in done.stderr
