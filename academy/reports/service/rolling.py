"""The roll-up: wants, searches and supply of all rooms added up to cells, which replace those of before."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import delete, insert, text
from sqlalchemy.orm import Session

from academy.kernel.db import database
from academy.kernel.text import json_text
from academy.reports.facts import RunFacts
from academy.reports.models import ReportCell, ReportRun, ReportSlot
from academy.reports.queries.cells import last_run
from academy.reports.rules.cube import add_up
from academy.reports.rules.scoring import METHOD
from academy.reports.rules.signals import Cell, Signal, SlotCell
from academy.reports.sources.searches import asked_in_vain
from academy.reports.sources.signals import signals
from academy.reports.sources.skills import clusters
from academy.reports.sources.supply import supply

Progress = Callable[[int], None]

_BATCH: Final = 2_000  # rows in one statement
_EACH: Final = 1_000  # signals between two calls of `progress`
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class _Counted:
    """What a roll-up comes to, in order, before it is written."""

    signals: int
    cells: list[Cell]
    slots: list[SlotCell]


def count(*, as_of: date, now: datetime, progress: Progress | None = None) -> RunFacts:
    """Roll up in transactions of its own: nobody waits while it reads and adds up, which takes minutes on a million events; only the writing is one transaction.

    `progress` hears how many wants were read since it was called last. Raises DatabaseBusy when another one writes and does not end in time: then that one's cells stand.
    """
    found = _counted(database().reading, as_of=as_of, progress=progress)
    with database().writing() as session:
        return _keep(session, found, as_of=as_of, now=now)


def roll_up(session: Session, *, as_of: date, now: datetime, progress: Progress | None = None) -> RunFacts:
    """Count all that happened before midnight in Amsterdam that begins `as_of`, and put it in the place of what was counted before, in the caller's transaction.

    The cells are always those of one roll-up: of two at the same time that which began later stays, and the other returns what that one found.
    """
    return _keep(session, _counted(lambda: nullcontext(session), as_of=as_of, progress=progress), as_of=as_of, now=now)


def _counted(reading: Callable[[], AbstractContextManager[Session]], *, as_of: date, progress: Progress | None) -> _Counted:
    """Return what a roll-up comes to. Each source is read in a transaction that ends with it: adding up takes longer than a database lets one stand still."""
    def read(source: Callable[..., Iterator[_Item]]) -> Iterator[_Item]:
        with reading() as session:
            yield from source(session, as_of=as_of)

    tally = _Tally(progress)
    cells, slots = add_up(tally.over(read(signals)), read(asked_in_vain), read(supply), clusters=clusters())
    return _Counted(tally.done(), sorted(cells, key=lambda one: one.key), sorted(slots, key=lambda one: (one.period, one.skill, one.slot)))


def _keep(session: Session, found: _Counted, *, as_of: date, now: datetime) -> RunFacts:
    """Write what was counted in the place of what was counted before, unless somebody who began later wrote already."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time
        session.execute(text("LOCK TABLE report_run IN SHARE ROW EXCLUSIVE MODE"))
    last = last_run(session)
    if last is not None and last.made_at > now:
        return last
    for table in (ReportRun, ReportCell, ReportSlot):
        session.execute(delete(table).execution_options(synchronize_session=False))
    _insert(session, ReportCell, map(_cell_row, found.cells))
    _insert(session, ReportSlot, map(_slot_row, found.slots))
    facts = RunFacts(as_of, now, METHOD, found.signals, len(found.cells), digest_of(found.cells, found.slots))
    _insert(session, ReportRun, iter([asdict(facts)]))
    return facts


def digest_of(cells: Iterable[Cell], slots: Iterable[SlotCell]) -> str:
    """Return a SHA-256 of cells and slots, which are in order."""
    digest = hashlib.sha256()
    for cell in cells:
        digest.update(json_text([*cell.key, cell.people, cell.firms, cell.seats, cell.cents, cell.searches, cell.urgency, cell.places, cell.free, cell.score]).encode())
    for slot in slots:
        digest.update(json_text([slot.period, slot.skill, slot.slot, slot.people]).encode())
    return digest.hexdigest()


class _Tally:
    """Counts signals as they pass by."""

    def __init__(self, progress: Progress | None) -> None:
        self._number = self._told = 0
        self._progress = progress

    def over(self, passing: Iterable[Signal]) -> Iterator[Signal]:
        for each in passing:
            self._number += 1
            if self._number - self._told == _EACH:
                self._tell()
            yield each

    def done(self) -> int:
        self._tell()
        return self._number

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._number - self._told)
        self._told = self._number


def _insert(session: Session, table: type[ReportCell | ReportRun | ReportSlot], rows: Iterator[dict[str, Any]]) -> None:
    for some in _batches(rows):
        session.execute(insert(table), some)


def _batches(rows: Iterator[_Item]) -> Iterator[list[_Item]]:
    while some := list(islice(rows, _BATCH)):
        yield some


def _cell_row(cell: Cell) -> dict[str, Any]:
    return {
        **cell.key._asdict(), "people": cell.people or None, "is_hidden": cell.people is None, "firms": cell.firms, "seats": cell.seats, "cents": cell.cents,
        "searches": cell.searches, "urgency": cell.urgency, "places": cell.places, "free": cell.free, "score": cell.score,
    }


def _slot_row(slot: SlotCell) -> dict[str, Any]:
    return {"period": slot.period, "skill": slot.skill, "slot": slot.slot, "people": slot.people}
