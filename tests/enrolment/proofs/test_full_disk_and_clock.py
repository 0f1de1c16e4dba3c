"""A full disk writes nothing half, and a clock that jumps, at the change to summer time or because it is put right, frees nothing twice."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from academy.enrolment import rules
from academy.enrolment.kinds import WaitsFor
from academy.kernel.clock import AMSTERDAM
from academy.kernel.db import Database
from academy.kernel.errors import StorageUnavailable
from tests.enrolment.proofs.ground import cancel, check, class_with, confirm, do, hold, states, sweep, taken, wait
from tests.enrolment.proofs.test_any_sequence import any_sequence

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
SUMMER_TIME = datetime(2027, 3, 28, 1, 0, tzinfo=UTC)  # two o'clock in Amsterdam becomes three
WINTER_TIME = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # three o'clock becomes two
changes_of_the_clock = pytest.mark.parametrize("change", [SUMMER_TIME, WINTER_TIME])
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@contextmanager
def _full_disk(database: Database) -> Iterator[None]:
    """Let the file, without room to spare, grow no more."""
    with database.engine.connect() as connection:
        connection.rollback()  # VACUUM does not run inside a transaction
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("VACUUM")
    with database.reading() as session:
        pages = session.scalar(text("PRAGMA page_count"))

    def limit(connection: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    event.listen(database.engine, "begin", limit)
    try:
        yield
    finally:
        event.remove(database.engine, "begin", limit)
        event.listen(database.engine, "begin", _no_limit)
        with database.reading() as session:
            session.execute(text("SELECT 1"))
        event.remove(database.engine, "begin", _no_limit)


def _no_limit(connection: Any) -> None:
    connection.exec_driver_sql("PRAGMA max_page_count = 4294967294")


@only_sqlite
def test_on_a_full_disk_a_seat_is_refused_whole_and_sold_when_there_is_room_again(
    database: Database, now: datetime
) -> None:
    code, people = class_with(database, now, seats=60, people=60)
    told = Counter[str]()
    with _full_disk(database):
        for who in people:
            try:
                do(database, hold(who, code, now))
                told["yes"] += 1
            except StorageUnavailable:
                told["no"] += 1
            check(database)
    assert told["no"] > 0
    assert taken(database) == told["yes"]
    do(database, sweep(now + QUARTER))
    for who in people:
        mine = do(database, hold(who, code, now + QUARTER))
        do(database, confirm(who, mine, now + QUARTER))
    assert Counter(states(database)) == {"confirmed": 60, "expired": told["yes"]}


@only_sqlite
def test_on_a_full_disk_a_page_says_so_with_503(app: Flask, client: FlaskClient, database: Database) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the page reads the real clock
    code, people = class_with(database, now, seats=60, people=60)
    app.config["WTF_CSRF_ENABLED"] = False
    told = Counter[int]()
    with _full_disk(database):
        for who in people:
            with client.session_transaction() as session:
                session["_user_id"] = who.sign_in_id.hex
            answer = client.post(f"/nl/offerings/{code}/enrol")
            assert answer.status_code == 503 or "/check" in answer.location
            told[answer.status_code] += 1
    assert told[503] > 0
    assert taken(database) == told[303]
    check(database)


@contextmanager
def _server_says_full(database: Database, table: str) -> Iterator[None]:
    """Let PostgreSQL, which has no limit that a test may set, say of one table what it says when the disk is full."""
    with database.writing() as session:
        session.execute(text(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$",
        ))
        session.execute(text(f"CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION no_room()"))
    try:
        yield
    finally:
        with database.writing() as session:
            session.execute(text("DROP FUNCTION no_room() CASCADE"))


@only_postgresql
@pytest.mark.parametrize("table", ["enrolment", "enrolment_step", "seat_pool"])
def test_wherever_the_server_finds_its_disk_full_a_seat_is_refused_whole_and_sold_when_there_is_room_again(
    database: Database, now: datetime, table: str,
) -> None:
    code, (sam, noor, _piet) = class_with(database, now, seats=2)
    mine = do(database, hold(sam, code, now))
    with _server_says_full(database, table):
        with pytest.raises(StorageUnavailable):
            do(database, hold(noor, code, now))
        if table != "seat_pool":  # confirming takes no seat
            with pytest.raises(StorageUnavailable):
                do(database, confirm(sam, mine, now))
        check(database)
        assert (states(database), taken(database)) == (["held"], 1)
    do(database, confirm(sam, mine, now))
    do(database, confirm(noor, do(database, hold(noor, code, now)), now))
    assert (Counter(states(database)), taken(database)) == (Counter(confirmed=2), 2)


@changes_of_the_clock
def test_a_quarter_of_an_hour_is_one_also_when_the_clock_jumps(database: Database, change: datetime) -> None:
    start = change - timedelta(minutes=5)
    code, (sam, _noor, _piet) = class_with(database, start)
    do(database, hold(sam, code, start))
    assert start.astimezone(AMSTERDAM).utcoffset() != (start + QUARTER).astimezone(AMSTERDAM).utcoffset()
    for minutes, ended in ((4, 0), (6, 0), (14, 0), (15, 1), (16, 0)):
        assert do(database, sweep(start + timedelta(minutes=minutes))) == ended
    assert (states(database), taken(database)) == (["expired"], 0)


@changes_of_the_clock
def test_an_offer_lasts_forty_eight_hours_also_when_the_clock_jumps(database: Database, change: datetime) -> None:
    start = change - HOUR
    code, (sam, noor, piet) = class_with(database, start)
    mine = do(database, hold(sam, code, start))
    for number, who in enumerate((noor, piet)):
        do(database, wait(who, code, start + timedelta(seconds=number)))
    do(database, cancel(sam, mine, start))
    assert do(database, sweep(start + timedelta(hours=47, minutes=59))) == 0
    assert do(database, sweep(start + timedelta(hours=48))) == 1
    assert (states(database), taken(database)) == (["cancelled", "expired", "offered"], 1)


@changes_of_the_clock
def test_a_seat_that_is_kept_until_the_first_day_is_kept_until_midnight_in_amsterdam(change: datetime) -> None:
    day = change.astimezone(AMSTERDAM).date()
    until = rules.kept_until(WaitsFor.PAYMENT, now=change - timedelta(days=2), starts_on=day)
    assert until.astimezone(AMSTERDAM).replace(tzinfo=None) == datetime.combine(
        day + timedelta(days=1), datetime.min.time()
    )


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_clock_that_is_put_right_frees_no_seat_twice(database: Database, now: datetime, jump: timedelta) -> None:
    code, (sam, noor, _piet) = class_with(database, now)
    do(database, hold(sam, code, now))
    hers = do(database, wait(noor, code, now))
    ended = [do(database, sweep(now + step)) for step in (QUARTER, QUARTER + jump, QUARTER, QUARTER + jump)]
    assert sum(ended) == 1
    do(database, confirm(noor, hers, now + jump))
    assert (states(database), taken(database)) == (["expired", "confirmed"], 1)


@pytest.mark.slow
@changes_of_the_clock
def test_whatever_people_do_around_the_change_of_the_clock_all_is_well(database: Database, change: datetime) -> None:
    any_sequence(database, change - timedelta(minutes=20), examples=20, steps=40)
