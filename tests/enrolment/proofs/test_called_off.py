"""A class is called off at the very moment in which somebody takes a seat in it, confirms one, or stands in line: nobody stays behind.

On PostgreSQL only: SQLite lets one writer in at a time.
"""

import threading
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.catalogue.models import Offering, OfferingState
from academy.enrolment import service
from academy.enrolment.service import leaving, seats, together
from academy.kernel.db import Database
from tests.enrolment.proofs.ground import Rival, class_with, confirm, do, enrol, hold, states, taken, wait

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class _Pause:
    """Stops the first caller of a function until it may go on."""

    def __init__(self, patch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        self._real = getattr(owner, name)
        self._reached, self._go_on, self._first = threading.Event(), threading.Event(), threading.Lock()
        patch.setattr(owner, name, self._stopping)

    def _stopping(self, *args: Any, **named: Any) -> Any:
        if self._first.acquire(blocking=False):
            self._reached.set()
            assert self._go_on.wait(10)
        return self._real(*args, **named)

    def wait(self) -> None:
        assert self._reached.wait(10)

    def go_on(self) -> None:
        self._go_on.set()


def _call_off(database: Database, now: datetime) -> None:
    """Call the class off, and then do what the worker does when it hears of it."""
    do(database, lambda session: session.execute(update(Offering).values(state=OfferingState.CANCELLED)))
    do(database, lambda session: _withdraw(session, now))


def _withdraw(session: Session, now: datetime) -> None:
    service.withdraw_seats(session, offering_id=session.scalars(select(Offering.id)).one(), now=now)


def test_who_takes_a_seat_meanwhile_gets_none(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, (sam, noor) = class_with(database, now, seats=3, people=2)
    do(database, enrol(noor, code, now))
    pause = _Pause(monkeypatch, seats, "take")
    rival = Rival(database, hold(sam, code, now))
    rival.start()
    pause.wait()  # it found the class open, and has put its enrolment in
    _call_off(database, now)
    pause.go_on()
    rival.end()
    assert (states(database), taken(database)) == (["cancelled"], 0)


def test_a_group_that_is_sure_at_once_gets_no_seats_meanwhile(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, (sam, noor) = class_with(database, now, seats=5, people=2)
    do(database, enrol(noor, code, now))
    people = [("Sam", sam.email), ("Piet", "piet@voorbeeld.nl")]
    pause = _Pause(monkeypatch, seats, "take")
    rival = Rival(
        database,
        lambda session: together.enrol_group(
            session, actor=sam, offering_code=code, people=people, request_key=None, language="nl", now=now
        ),
    )
    rival.start()
    pause.wait()  # it found the class open, and has put in all of the group as confirmed
    _call_off(database, now)
    pause.go_on()
    assert rival.end() == "not-enough-seats"
    assert (states(database), taken(database)) == (["cancelled"], 0)


def test_who_confirms_meanwhile_is_ended_with_the_others(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, (sam, *_others) = class_with(database, now)
    mine = do(database, hold(sam, code, now))
    pause = _Pause(monkeypatch, leaving, "change")
    ending = threading.Thread(target=_call_off, args=(database, now))
    ending.start()
    pause.wait()  # it has found the seat, kept for the learner
    rival = Rival(database, confirm(sam, mine, now))
    rival.start()
    rival.is_done(within_seconds=0.5)
    pause.go_on()
    ending.join(10)
    rival.end()
    assert (states(database), taken(database)) == (["cancelled"], 0)


def test_who_stands_in_line_meanwhile_is_not_left_in_it(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, (sam, noor) = class_with(database, now, people=2)
    do(database, enrol(noor, code, now))
    pause = _Pause(monkeypatch, seats, "lock")
    rival = Rival(database, wait(sam, code, now))
    rival.start()
    pause.wait()
    _call_off(database, now)
    pause.go_on()
    rival.end()
    assert set(states(database)) == {"cancelled"}
