"""Rounds of pathways: what the clock does, each pathway in a transaction of its own, so that one that stumbles keeps no other waiting."""

import threading
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Final, TypeVar

import structlog
from sqlalchemy.orm import Session

from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.db import database
from academy.pathways.queries.following import pathways_to_tell
from academy.pathways.service import following, noting
from academy.pathways.service.slot_advising import count_slots

_log = structlog.get_logger(__name__)

_AT_ONCE: Final = 100  # modules in one transaction
_NIGHT: Final = range(1, 6)  # hours in Amsterdam in which nobody waits for the solver
_LAST_SECONDS: Final = 2.0
_Due = TypeVar("_Due")


def tell_changes(now: datetime) -> None:
    """Write to who has a pathway in their account of which something changed, once a day at most."""
    with database().reading() as session:
        due = pathways_to_tell(session, now=now)
    _each(due, lambda session, pathway_id: noting.tell(session, pathway_id, now=now))


def look_for_classes(now: datetime) -> None:
    """See whether classes that are only expected are planned by now: not all that plans a class says so."""
    with database().reading() as session:
        modules = following.steps_to_come(session, now=now)
    some = [modules[start : start + _AT_ONCE] for start in range(0, len(modules), _AT_ONCE)]
    _each(some, lambda session, module_ids: following.follow_modules(session, module_ids, now=now))


def _each(due: Iterable[_Due], act: Callable[[Session, _Due], None]) -> None:
    """Do this for each, in a transaction of its own; what went wrong is raised at the end, as one ExceptionGroup, and tried again the next turn."""
    wrong: list[Exception] = []
    for each in due:
        try:
            with database().writing() as session:
                act(session, each)
        except Exception as error:  # noqa: BLE001 - raised below, after the others had their turn
            wrong.append(error)
    if wrong:
        raise ExceptionGroup("pathways on which the clock stumbled", wrong)


class NightCount:
    """Counts once a night which times of the week would help most, beside the worker, so that letters do not wait for it."""

    def __init__(self, count: Callable[[datetime], None] = count_slots) -> None:
        self._count = count
        self._thread: threading.Thread | None = None
        self._counted_on: date | None = None

    def turn(self, now: datetime) -> None:
        """Begin, when it is night and this one had no count yet."""
        today = amsterdam_day(now)
        is_busy = self._thread is not None and self._thread.is_alive()
        if now.astimezone(AMSTERDAM).hour not in _NIGHT or self._counted_on == today or is_busy:
            return
        self._counted_on = today
        self._thread = threading.Thread(target=self._run, args=(now,), name="academy-slots", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Wait a little for it; what is not written yet is counted the next night."""
        if self._thread is not None:
            self._thread.join(_LAST_SECONDS)

    def _run(self, now: datetime) -> None:
        try:
            self._count(now)
        except Exception as error:  # noqa: BLE001 - the worker goes on
            _log.exception("slots.fault", error=type(error).__name__)
