"""Rounds of reports: what the clock does."""

import threading
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

import structlog
from sqlalchemy.orm import Session

from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.db import database
from academy.reports.queries.asking import has_to_close, has_to_remind, waves_due
from academy.reports.queries.cells import last_run
from academy.reports.service import commissioning, monitoring
from academy.reports.service.rolling import count

_log = structlog.get_logger(__name__)

_NIGHT: Final = range(1, 6)  # hours in Amsterdam in which the database has little else to do
_LAST_SECONDS: Final = 2.0
_AGAIN: Final = timedelta(minutes=15)  # after it went wrong
_Due = TypeVar("_Due")


class NightRollUp:
    """Counts once a night what was wanted and what is planned, beside the worker, so that letters do not wait for it."""

    def __init__(self, roll_up: Callable[[datetime], None] | None = None) -> None:
        self._roll_up = roll_up or count_last_day
        self._thread: threading.Thread | None = None
        self._tried_on: date | None = None
        self._failed_at: datetime | None = None

    def turn(self, now: datetime) -> None:
        """Begin, when it is night and this one did not try yet, or tried in vain a while ago."""
        today = amsterdam_day(now)
        is_busy = self._thread is not None and self._thread.is_alive()
        has_to_rest = self._failed_at is not None and now - self._failed_at < _AGAIN
        if now.astimezone(AMSTERDAM).hour not in _NIGHT or self._tried_on == today or is_busy or has_to_rest:
            return
        self._tried_on, self._failed_at = today, None
        self._thread = threading.Thread(target=self._run, args=(now,), name="academy-roll-up", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Wait a little for it; what is not written yet is counted the next time."""
        if self._thread is not None:
            self._thread.join(_LAST_SECONDS)

    def _run(self, now: datetime) -> None:
        try:
            self._roll_up(now)
        except Exception as error:  # noqa: BLE001 - the worker goes on
            self._tried_on, self._failed_at = None, now
            _log.exception("roll-up.fault", error=type(error).__name__)


def count_last_day(now: datetime) -> None:
    """Count up to the midnight that was, unless that is what stands; what was counted up to another day is replaced. Opens its own transactions."""
    today = amsterdam_day(now)
    with database().reading() as session:
        last = last_run(session)
    if last is None or last.as_of != today:
        count(as_of=today, now=now)


def ask_about_classes(now: datetime) -> None:
    """Open the waves of questions that are due, each in a transaction of its own, and remind who did not answer.

    What went wrong is raised at the end, as one ExceptionGroup, and tried again the next turn.
    """
    with database().reading() as session:
        due = waves_due(session, now=now)
    wrong = _one_by_one(due, lambda session, wave: monitoring.open_wave(session, *wave, now=now))
    _some_at_a_time(has_to_remind, monitoring.remind, now)
    if wrong:
        raise ExceptionGroup("classes about which nobody could be asked", wrong)


def close_questionnaires(now: datetime) -> None:
    """Forget who was asked by questionnaires that are closed."""
    _some_at_a_time(has_to_close, monitoring.close, now)


def _one_by_one(due: Iterable[_Due], act: Callable[[Session, _Due], object]) -> list[Exception]:
    """Do it for each, in a transaction of its own; returns what went wrong."""
    wrong: list[Exception] = []
    for each in due:
        try:
            with database().writing() as session:
                act(session, each)
        except Exception as error:  # noqa: BLE001 - the others have their turn; who called raises it
            wrong.append(error)
    return wrong


def _some_at_a_time(has_any: Callable[..., bool], act: Callable[..., int], now: datetime) -> None:
    """Do it until nothing is left. An idle turn only reads."""
    with database().reading() as session:
        due = has_any(session, now=now)
    while due:
        with database().writing() as session:
            due = act(session, now=now) > 0


def follow_commissions(now: datetime) -> None:
    """Bring commissions to where their classes are: not all that plans a class says so, and none says that it begins. Each in a transaction of its own."""
    with database().reading() as session:
        due = commissioning.commissions_to_follow(session)
    wrong = _one_by_one(due, lambda session, commission_id: commissioning.follow_commission(session, commission_id, now=now))
    if wrong:
        raise ExceptionGroup("commissions that could not be followed", wrong)
