"""News reaches every subscriber at least once, its effect in the database exactly once, and nothing is dropped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, ClassVar
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from academy.accounts.models import Organisation, OrganisationKind
from academy.kernel import outbox
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id
from academy.kernel.outbox import Event, MessageState, OutboxMessage, announce, subscribe
from academy.kernel.worker import Job, Worker


@dataclass(frozen=True)
class BellRang(Event):
    name: ClassVar[str] = "Tests.bell-rang.v1"
    bell_id: UUID
    times: int
    rope_id: UUID | None = None


@pytest.fixture(autouse=True)
def _no_other_subscribers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_subscribers", {})


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[[timedelta], datetime]:
    """Move the worker's clock forward."""
    moment = [now]

    def forward(by: timedelta) -> datetime:
        moment[0] += by
        return moment[0]

    monkeypatch.setattr("academy.kernel.worker.utc_now", lambda: moment[0])
    monkeypatch.setattr("academy.kernel.outbox.utc_now", lambda: moment[0])
    return forward


def _ring(database: Database, times: int = 1) -> BellRang:
    event = BellRang(new_id(), times)
    with database.writing() as session:
        announce(session, event)
    return event


def _status(database: Database) -> tuple[int, int, int]:
    with database.reading() as session:
        found = outbox.status(session)
    return found.pending, found.done, found.dead


def test_each_subscriber_hears_the_event_as_it_was(database: Database) -> None:
    heard: list[tuple[str, Event]] = []
    subscribe("tests.inside", BellRang, inside=lambda _session, event, _now: heard.append(("inside", event)))
    subscribe("tests.outside", BellRang, outside=lambda event, _now: heard.append(("outside", event)))
    event = _ring(database, 3)
    Worker(database, []).drain()
    assert sorted(heard, key=lambda pair: pair[0]) == [("inside", event), ("outside", event)]
    assert _status(database) == (0, 2, 0)


def test_what_is_rolled_back_was_never_announced(database: Database) -> None:
    subscribe("tests.outside", BellRang, outside=lambda _event, _now: None)
    with pytest.raises(LookupError), database.writing() as session:
        announce(session, BellRang(new_id(), 1))
        raise LookupError
    assert _status(database) == (0, 0, 0)


def _writes_a_row(session: Session, event: Any, _now: datetime) -> None:
    session.add(Organisation(id=new_id(), slug=event.bell_id.hex, name="", kind=OrganisationKind.SCHOOL))


def test_an_effect_in_the_database_happens_once_also_when_two_workers_hold_it(
    database: Database, now: datetime,
) -> None:
    subscribe("tests.inside", BellRang, inside=_writes_a_row)
    _ring(database)
    worker = Worker(database, [])
    with database.writing() as session:
        (message,) = outbox.claim(session, now=now + timedelta(days=999))
    worker._deliver(message)
    worker._deliver(message)  # the second worker, whose lease had run out, comes late
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_a_failing_delivery_is_repeated_with_growing_delay_and_then_waits_for_a_person(
    database: Database, clock: Callable[[timedelta], datetime],
) -> None:
    calls: list[datetime] = []

    def fails(_event: Any, moment: datetime) -> None:
        calls.append(moment)
        message = "the server of sam@voorbeeld.nl is away"
        raise OSError(message)

    subscribe("tests.outside", BellRang, outside=fails)
    _ring(database)
    worker = Worker(database, [])
    for _ in range(1000):
        worker.drain()
        if _status(database)[2]:
            break
        clock(timedelta(seconds=30))
    gaps = [later - earlier for earlier, later in pairwise(calls)]
    assert len(calls) == outbox.MAX_ATTEMPTS
    assert gaps == sorted(gaps)
    assert gaps[-1] >= timedelta(minutes=30)
    assert _status(database) == (0, 0, 1)
    with database.reading() as session:
        assert session.scalars(select(OutboxMessage.last_error)).one() == "OSError"  # no names in the table
    calls.clear()
    subscribe("tests.outside", BellRang, outside=lambda _event, moment: calls.append(moment))
    with database.writing() as session:
        assert outbox.retry_dead(session, now=clock(timedelta())) == 1
    worker.drain()
    assert len(calls) == 1
    assert _status(database) == (0, 1, 0)


def test_a_message_in_the_hands_of_another_worker_is_left_alone_until_its_lease_ends(
    database: Database, clock: Callable[[timedelta], datetime],
) -> None:
    heard: list[Event] = []
    subscribe("tests.outside", BellRang, outside=lambda event, _now: heard.append(event))
    _ring(database)
    with database.writing() as session:
        assert len(outbox.claim(session, now=clock(timedelta()))) == 1  # and then this worker dies
    worker = Worker(database, [])
    worker.drain()
    assert heard == []
    clock(outbox.LEASE + timedelta(seconds=1))
    worker.drain()
    assert len(heard) == 1


def test_a_batch_is_not_finished_after_its_lease(
    database: Database, clock: Callable[[timedelta], datetime],
) -> None:
    heard: list[Event] = []

    def slow(event: Any, _now: datetime) -> None:
        heard.append(event)
        clock(timedelta(seconds=40))

    subscribe("tests.outside", BellRang, outside=slow)
    for _ in range(4):
        _ring(database)
    Worker(database, []).deliver_due()
    assert len(heard) == 1  # at 40 s more than half of the lease of 60 s is over
    with database.reading() as session:
        waiting = session.scalars(select(OutboxMessage).where(OutboxMessage.state == MessageState.PENDING)).all()
        assert [(message.attempts, message.locked_until) for message in waiting] == [(0, None)] * 3


def test_a_worker_that_is_told_to_stop_gives_back_what_it_did_not_try(database: Database) -> None:
    heard: list[Event] = []
    worker = Worker(database, [])

    def hears_and_is_told_to_stop(event: Any, _now: datetime) -> None:
        heard.append(event)
        worker.stop()

    subscribe("tests.outside", BellRang, outside=hears_and_is_told_to_stop)
    for _ in range(3):
        _ring(database)
    worker.run()
    assert len(heard) == 1
    Worker(database, []).drain()  # at once, no lease to wait for
    assert len(heard) == 3


def test_a_message_whose_deliveries_end_the_process_goes_to_a_person(database: Database, now: datetime) -> None:
    heard: list[Event] = []
    subscribe("tests.outside", BellRang, outside=lambda event, _now: heard.append(event))
    _ring(database)
    with database.writing() as session:
        session.execute(update(OutboxMessage).values(attempts=outbox.MAX_ATTEMPTS))
    Worker(database, []).drain()
    assert heard == []
    assert _status(database) == (0, 0, 1)


def test_two_workers_do_not_claim_the_same_message(database: Database, now: datetime) -> None:
    subscribe("tests.outside", BellRang, outside=lambda _event, _now: None)
    for _ in range(3):
        _ring(database)
    later = now + timedelta(days=999)
    with database.writing() as session:
        first = {message.id for message in outbox.claim(session, now=later, limit=2)}
        if not database.is_sqlite:  # SKIP LOCKED: the second does not wait; on SQLite it would, for the single writer
            with database.writing() as other:
                second = {message.id for message in outbox.claim(other, now=later, limit=2)}
            assert len(second) == 1
            assert not first & second
    assert len(first) == 2


def test_a_message_for_a_subscriber_of_another_release_waits(
    database: Database, monkeypatch: pytest.MonkeyPatch,
) -> None:
    subscribe("tests.gone", BellRang, outside=lambda _event, _now: None)
    _ring(database)
    monkeypatch.setattr(outbox, "_subscribers", {})
    Worker(database, []).drain()
    assert _status(database) == (1, 0, 0)


def test_jobs_come_round_by_the_clock(
    database: Database, clock: Callable[[timedelta], datetime],
) -> None:
    ran: list[datetime] = []
    worker = Worker(database, [Job("often", timedelta(minutes=10), ran.append)])
    worker._run_jobs()
    worker._run_jobs()
    assert len(ran) == 1
    clock(timedelta(minutes=10))
    worker._run_jobs()
    assert len(ran) == 2


def test_a_job_that_fails_does_not_stop_the_others_and_is_tried_again_soon(
    database: Database, clock: Callable[[timedelta], datetime],
) -> None:
    tried: list[datetime] = []
    ran: list[datetime] = []

    def fails_once(now: datetime) -> None:
        tried.append(now)
        if len(tried) == 1:
            raise DatabaseBusy

    hour = timedelta(hours=1)
    worker = Worker(database, [Job("fails", hour, fails_once), Job("other", hour, ran.append)])
    worker._run_jobs()
    assert (len(tried), len(ran)) == (1, 1)
    worker._run_jobs()
    assert (len(tried), len(ran)) == (1, 1)  # not at once: what fails may be costly
    clock(timedelta(seconds=10))
    worker._run_jobs()
    assert (len(tried), len(ran)) == (2, 1)
    clock(timedelta(minutes=30))
    worker._run_jobs()
    assert (len(tried), len(ran)) == (2, 1)
    clock(hour)
    worker._run_jobs()
    assert (len(tried), len(ran)) == (3, 2)


def test_a_job_with_a_short_interval_is_not_slowed_down_by_failing(
    database: Database, clock: Callable[[timedelta], datetime],
) -> None:
    tried: list[datetime] = []

    def fails(now: datetime) -> None:
        tried.append(now)
        raise OSError

    worker = Worker(database, [Job("fails", timedelta(seconds=3), fails)])
    for _ in range(4):
        worker._run_jobs()
        clock(timedelta(seconds=3))
    assert len(tried) == 4


def test_a_worker_outlives_a_database_that_is_away(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker(database, [])
    turns: list[int] = []

    def turn() -> int:
        turns.append(1)
        if len(turns) == 1:
            raise OSError
        worker.stop()
        return 0

    monkeypatch.setattr(worker, "deliver_due", turn)
    monkeypatch.setattr(worker._stop, "wait", lambda _seconds: None)
    worker.run()
    assert len(turns) == 2


def test_delivered_messages_are_forgotten_after_a_while(
    database: Database, clock: Callable[[timedelta], datetime],
) -> None:
    subscribe("tests.outside", BellRang, outside=lambda _event, _now: None)
    _ring(database)
    Worker(database, []).drain()
    with database.writing() as session:
        assert outbox.forget_done(session, before=clock(timedelta()) - timedelta(days=7), limit=9) == 0
        assert outbox.forget_done(session, before=clock(timedelta(days=8)) - timedelta(days=7), limit=9) == 1
