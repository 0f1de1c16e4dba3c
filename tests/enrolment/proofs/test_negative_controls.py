"""If one of these fails, the proofs beside it might be useless: with a guard taken away, the fault must become visible to them.

The list of mutations stands in ground.py.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import make_url, text, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.enrolment import queries
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, SeatCode, SeatPool
from academy.enrolment.service import holding, seats
from academy.kernel import db
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests import postgres, tables
from tests.enrolment.proofs.ground import Rival, class_with, confirm, do, faults, hold, meet, pool_apart, sweep

only_postgresql = pytest.mark.parametrize("kind", ["postgresql"])


@pytest.fixture(scope="module")
def _pristine_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pristine") / "academy.db"
    tables.make(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="module")
def _pristine_url(postgres_server: URL) -> Iterator[str]:
    with postgres.own_database(postgres_server) as url:
        tables.make(url)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def spare(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a database of the test's own, out of which it may break pieces."""
    if kind == "sqlite":
        database = Database(
            f"sqlite:///{shutil.copy(request.getfixturevalue('_pristine_file'), tmp_path / 'spare.db')}"
        )
        yield from _as_ours(database)
        return
    pristine = make_url(request.getfixturevalue("_pristine_url"))
    name = f"spare_{uuid4().hex[:12]}"
    server = pristine.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {pristine.database}")
        yield from _as_ours(Database(pristine.set(database=name).render_as_string(hide_password=False)))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _as_ours(database: Database) -> Iterator[Database]:
    db.set_database(database)
    yield database
    database.close()


def _without_guard(session: Session, pool_id: UUID, seats: int = 1) -> bool:
    session.execute(update(SeatPool).where(SeatPool.id == pool_id).values(taken=SeatPool.taken + seats))
    return True


def _without_check(database: Database) -> None:
    """Drop the CHECK on the counter; SQLite, which can not, is told to look at none."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql(
                "PRAGMA ignore_check_constraints = ON"
            )  # of the connection, and the pool gives it again
        return
    do(
        database,
        lambda session: session.execute(
            text("ALTER TABLE seat_pool DROP CONSTRAINT ck_seat_pool_taken_within_capacity")
        ),
    )


def _found(database: Database) -> list[str]:
    with database.reading() as session:
        return [fault.rpartition(": ")[2] for fault in faults(session)]


def test_without_the_guard_the_check_refuses_the_second_and_nothing_is_half(
    spare: Database,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seats, "take", _without_guard)
    code, (sam, noor, _piet) = class_with(spare, now)
    do(spare, hold(sam, code, now))
    with pytest.raises(IntegrityError):
        do(spare, hold(noor, code, now))
    assert _found(spare) == []


def test_without_the_guard_and_the_check_a_seat_is_sold_twice(
    spare: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "take", _without_guard)
    code, (sam, noor, _piet) = class_with(spare, now)
    _without_check(spare)
    for who in (sam, noor):
        do(spare, hold(who, code, now))
    assert _found(spare) == ["2 of 1"]


def test_without_the_check_the_guard_alone_still_holds(spare: Database, now: datetime) -> None:
    code, (sam, noor, _piet) = class_with(spare, now)
    _without_check(spare)
    assert meet(spare, hold(sam, code, now), hold(noor, code, now)) == "offering-full"
    assert _found(spare) == []


def test_a_seat_that_nobody_counts_is_seen_by_the_audit(
    spare: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "take", lambda *_args: True)
    code, (sam, *_others) = class_with(spare, now)
    do(spare, hold(sam, code, now))
    assert _found(spare) == ["0 taken, 1 seated"]


def test_without_the_index_of_live_enrolments_one_person_has_two_places(spare: Database, now: datetime) -> None:
    code, (sam, *_others) = class_with(spare, now, seats=2)
    do(spare, lambda session: session.execute(text("DROP INDEX uq_enrolment_live")))
    for _time in range(2):
        do(spare, hold(sam, code, now))
    assert _found(spare) == ["two places in one class"]


def test_without_looking_for_the_form_it_is_not_answered_with_what_it_made(
    spare: Database,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, (sam, *_others) = class_with(spare, now, seats=2)
    key = new_id()
    monkeypatch.setattr(queries, "code_of_request", lambda *_args: None)
    assert meet(spare, hold(sam, code, now, key=key), hold(sam, code, now, key=key), tries=3) in {
        "busy",
        "already-enrolled",
    }


@only_postgresql  # two who send the form at once do not meet on SQLite: the one writer has looked for it before
def test_without_the_uniqueness_of_the_form_the_second_is_refused_what_it_has(spare: Database, now: datetime) -> None:
    do(spare, lambda session: session.execute(text("ALTER TABLE enrolment DROP CONSTRAINT uq_enrolment_request_key")))
    code, (sam, *_others) = class_with(spare, now, seats=2)
    key = new_id()
    assert meet(spare, hold(sam, code, now, key=key), hold(sam, code, now, key=key), tries=3) == "already-enrolled"
    with spare.reading() as session:
        assert faults(session) == []  # as long as the other index stands behind it


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("is_immediate", [True, False])
def test_without_begin_immediate_the_second_of_two_processes_is_sent_away_instead_of_waiting(
    spare: Database,
    now: datetime,
    *,
    is_immediate: bool,
) -> None:
    code, (sam, noor, _piet) = class_with(spare, now, seats=2)
    other = Database(spare.url.render_as_string())  # as another process would
    if not is_immediate:
        other._write_engine = other.engine.execution_options(academy_writes=False)
    rival = Rival(other, hold(noor, code, now))
    with spare.writing() as session:
        hold(sam, code, now)(session)
        session.flush()
        rival.start()
        rival.is_done(within_seconds=0.3)
    assert (rival.end() == "busy", rival.tries) == ((False, 1) if is_immediate else (True, 3))
    other.close()


@only_postgresql
def test_without_a_guard_on_the_state_a_seat_that_went_on_is_confirmed(
    spare: Database,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unguarded(
        session: Session, enrolment_id: UUID, _from: object, to: EnrolmentState, *, now: datetime, **_more: object
    ) -> bool:
        session.execute(
            update(Enrolment)
            .where(Enrolment.id == enrolment_id)
            .values(state=to, until=None, waits_for=None, confirmed_at=now, ended_at=None),
        )
        return True

    code, (sam, *_others) = class_with(spare, now)
    mine = do(spare, hold(sam, code, now))

    def confirm_unguarded(session: Session) -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(holding, "change", unguarded)
            return confirm(sam, mine, now)(session)

    assert meet(spare, sweep(now + timedelta(minutes=15)), confirm_unguarded) is EnrolmentState.CONFIRMED
    assert "0 taken, 1 seated" in _found(spare)


def test_without_the_guard_on_a_code_the_check_refuses_its_second_use(
    spare: Database,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unguarded(session: Session, code: str, *, now: datetime) -> UUID | None:
        return session.scalar(
            update(SeatCode).where(SeatCode.code == code).values(used=SeatCode.used + 1).returning(SeatCode.pool_id)
        )

    monkeypatch.setattr(seats, "use_code", unguarded)
    code, (sam, noor, _piet) = class_with(spare, now, seats=3)
    do(spare, lambda session: pool_apart(session, code, now, seats_apart=2, code="SAMEN-1"))
    do(spare, hold(sam, code, now, seat_code="SAMEN-1"))
    with pytest.raises(IntegrityError):
        do(spare, hold(noor, code, now, seat_code="SAMEN-1"))
    assert _found(spare) == []
