"""Transactions: all or nothing, one writer at a time, refusals instead of driver errors; on both databases."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from academy.accounts.models import Organisation, OrganisationKind, Throttle
from academy.catalogue.models import Module
from academy.kernel.db import Database, FairLock
from academy.kernel.errors import DatabaseBusy, StorageUnavailable
from academy.kernel.ids import new_id
from tests import builders


def _organisation(slug: str) -> Organisation:
    return Organisation(id=new_id(), slug=slug, name=slug, kind=OrganisationKind.SCHOOL)


def _slugs(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Organisation.slug).order_by(Organisation.slug)))


def test_an_exception_undoes_everything(database: Database) -> None:
    with pytest.raises(LookupError), database.writing() as session:
        session.add(_organisation("half"))
        session.flush()
        raise LookupError
    assert _slugs(database) == []


def test_reading_can_not_write(database: Database) -> None:
    with pytest.raises(RuntimeError, match="does not write"), database.reading() as session:
        session.add(_organisation("sneaky"))
        session.flush()
    assert _slugs(database) == []


def test_values_come_back_as_they_went_in(database: Database, now: datetime) -> None:
    with database.writing() as session:
        builders.module(session, now, ec=Decimal("7.5"))
    with database.reading() as session:
        row = session.scalars(select(Module)).one()
        assert row.changed_at == now
        assert row.changed_at.tzinfo is UTC
        assert row.ec == Decimal("7.5")
        assert row.title == builders.MODULE.title
        assert row.price == builders.MODULE.price


def test_a_moment_of_another_zone_is_the_same_moment_and_one_without_zone_is_refused(database: Database) -> None:
    tokyo = datetime(2026, 9, 1, 18, 0, tzinfo=timezone(timedelta(hours=9)))
    with database.writing() as session:
        session.add(Throttle(key="t", window_ends_at=tokyo, count=1))
    with database.reading() as session:
        assert session.scalars(select(Throttle.window_ends_at)).one() == datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    with pytest.raises(StatementError, match="time zone"), database.writing() as session:
        session.add(Throttle(key="naive", window_ends_at=datetime(2026, 9, 1), count=1))  # noqa: DTZ001 - the fault


def test_credits_take_one_decimal_and_refuse_two(database: Database, now: datetime) -> None:
    with pytest.raises(StatementError, match="more than one decimal"), database.writing() as session:
        builders.module(session, now, ec=Decimal("7.25"))


def test_the_database_refuses_a_kind_that_does_not_exist(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text("INSERT INTO organisation (id, slug, name, kind) VALUES (:id, 's', 'n', 'pirate')"),
                        {"id": new_id().hex})


def test_a_writer_that_gets_no_turn_in_time_hears_that_it_is_busy(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("academy.kernel.db.WAIT_SECONDS", 0.1)
    with database.writing() as session:
        session.add(_organisation("one"))
    heard: list[str] = []

    def second() -> None:
        try:
            with database.writing() as session:
                if not database.is_sqlite:
                    session.execute(text("SET LOCAL lock_timeout = '100ms'"))
                session.execute(text("UPDATE organisation SET name = 'second'"))
        except DatabaseBusy as refusal:
            heard.append(refusal.code)

    with database.writing() as session:
        session.execute(text("UPDATE organisation SET name = 'first'"))
        rival = threading.Thread(target=second)
        rival.start()
        rival.join(60)
    assert heard == ["busy"]


def test_a_writer_waits_for_the_transaction_of_another_process(tmp_path: Path) -> None:
    here, there = (Database(f"sqlite:///{tmp_path / 'shared.db'}") for _process in range(2))  # each with a queue of its own
    with here.writing() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
    looked = threading.Semaphore(0)
    event.listen(here.engine, "before_cursor_execute", lambda *_: looked.release())

    def second() -> None:
        with here.writing() as session:
            session.execute(text("INSERT INTO note SELECT 'second after ' || words FROM note"))

    rival = threading.Thread(target=second)
    with there.writing() as session:
        session.execute(text("INSERT INTO note VALUES ('first')"))
        rival.start()
        assert all(looked.acquire(timeout=5) for _look in range(3)), "it looks whether the place is free, again and again"
    rival.join(60)
    with there.reading() as session:
        assert session.scalars(text("SELECT words FROM note ORDER BY words")).all() == ["first", "second after first"]
    here.close()
    there.close()


def test_turns_are_given_in_the_order_of_asking() -> None:
    lock, order, asked = FairLock(), [], threading.Semaphore(0)
    assert lock.acquire(1)

    def ask(number: int) -> None:
        asked.release()
        assert lock.acquire(5)
        order.append(number)
        lock.release()

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=ask, args=(number,)))
        threads[-1].start()
        asked.acquire()
        while len(lock._queue) <= number:  # the asker stands in the queue
            threading.Event().wait(0.001)
    lock.release()
    for thread in threads:
        thread.join(60)
    assert order == [0, 1, 2, 3, 4]
    assert lock.acquire(0)


def test_a_read_only_or_full_disk_is_said_and_nothing_is_half_written(tmp_path: Path) -> None:
    small = Database(f"sqlite:///{tmp_path / 'small.db'}")
    with small.writing() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
    with pytest.raises(StorageUnavailable), small.writing() as session:
        session.execute(text("PRAGMA max_page_count = 4"))
        session.execute(text("INSERT INTO note VALUES ('before')"))
        session.execute(text("INSERT INTO note VALUES (:words)"), {"words": "x" * 100_000})
    with small.reading() as session:
        assert session.scalars(text("SELECT words FROM note")).all() == []
    small.close()
    frozen = Database(f"sqlite:///file:{tmp_path / 'small.db'}?mode=ro&uri=true")
    with pytest.raises(StorageUnavailable), frozen.writing() as session:
        session.execute(text("INSERT INTO note VALUES ('late')"))
    frozen.close()


def test_a_database_that_is_away_is_a_refusal_not_a_fault() -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(StorageUnavailable):
        away.ping()


def test_a_mistake_of_ours_stays_a_mistake(database: Database) -> None:
    with pytest.raises(Exception, match=r"no such table|does not exist") as fault, database.reading() as session:
        session.execute(text("SELECT * FROM no_such_table"))
    assert not isinstance(fault.value, StorageUnavailable | DatabaseBusy)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite lets one writer in: nobody finds a key taken halfway
def test_who_takes_a_key_in_the_same_moment_as_another_is_told_to_start_over(database: Database) -> None:
    refused: list[BaseException] = []

    def second() -> None:
        try:
            with database.writing() as session:
                session.add(_organisation("same"))
        except DatabaseBusy as busy:
            refused.append(busy)

    with database.writing() as session:
        session.add(_organisation("same"))
        session.flush()
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.3)  # it waits for us, and then finds the key taken
    waiting.join(60)
    assert len(refused) == 1
    assert _slugs(database) == ["same"]


def test_sqlite_without_begin_immediate_goes_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: read-then-write in deferred transactions gets BUSY at once, time-out or not."""
    monkeypatch.setattr("academy.kernel.db.WAIT_SECONDS", 0.2)
    path = f"sqlite:///{tmp_path / 'control.db'}"
    first, second = Database(path), Database(path)  # two processes in one
    with first.writing() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))

    def count(one: Session) -> None:
        n = one.scalars(text("SELECT n FROM counter")).one()
        one.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    with Session(first.engine) as a, Session(second.engine) as b:  # without academy_writes: a deferred BEGIN
        a.scalars(text("SELECT n FROM counter")).one()
        count(b)
        b.commit()
        with pytest.raises(Exception, match="locked"):
            count(a)
    with first.writing() as session:
        count(session)
    with second.writing() as session:
        count(session)
    with first.reading() as session:
        assert session.scalars(text("SELECT n FROM counter")).one() == 3
    first.close()
    second.close()
