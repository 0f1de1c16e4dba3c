"""Adding to the audit trail, and proving that it is whole."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Row, literal, select, true, type_coerce, update
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from academy.accounts.models import TrailEnd, TrailEntry
from academy.kernel.db import insert_for

_START: Final = "0" * 64  # the seal before the first entry
_ONLY: Final = 1
_PAGE: Final = 1_000  # entries that are in memory at once
_KEPT: Final = 1_000  # faults that are named; of a trail in ruins nobody reads more
_AS_STORED: Final = [type_coerce(column, NullType()).label(column.name) for column in TrailEntry.__table__.columns]


class FaultKind(StrEnum):
    CHANGED = "changed"  # it is there, but not as it was written, or not after the entry that it was written after
    MISSING = "missing"
    ADDED = "added"  # it has a number that was never given out


@dataclass(frozen=True)
class Fault:
    """Entries that are not as they should be: the numbers `first` to `last`, both included."""

    kind: FaultKind
    first: int
    last: int


@dataclass(frozen=True)
class Mark:
    """What the seal of an entry was when someone wrote it down elsewhere."""

    number: int
    seal: str


@dataclass(frozen=True)
class Verdict:
    """What reading the whole trail showed: where it ends, the faults with the lowest numbers, and how many faults there are."""

    end: Mark
    faults: tuple[Fault, ...]
    count: int


def record(
    session: Session, act: str, *, actor_id: UUID | None, now: datetime, organisation_id: UUID | None = None, person_id: UUID | None = None,
    about: str = "", about_id: UUID | None = None, details: Mapping[str, Any] | None = None,
) -> None:
    """Add one act to the trail, in the transaction of the act itself.

    Call it last: the row that says where the trail ends is held until the transaction does. `details` has codes, ids and numbers only.
    """
    session.flush()
    number, before = _next(session)
    told: dict[str, Any] = {
        "number": number, "at": now, "act": act, "actor_id": actor_id, "organisation_id": organisation_id, "person_id": person_id,
        "about": about, "about_id": about_id, "details": dict(details or {}),
    }
    seal = _seal(before, **told)
    session.add(TrailEntry(**told, seal=seal))
    session.execute(update(TrailEnd).where(TrailEnd.id == _ONLY).values(seal=seal))


def verify(session: Session, *, known: Mark | None = None, progress: Callable[[int, int], None] = lambda _done, _total: None) -> Verdict:
    """Read the whole trail and return what is wrong with it; `progress` hears now and then how many entries are done, and of how many.

    `known` is the end of an earlier time, kept outside this database: who can change everything in here can seal it all anew, but not that.
    """
    end, faults, count = Mark(0, _START), [], 0
    for end, fault in _read(session, known, progress):  # noqa: B007 - each step says where the trail ends; the last one is as good as any
        if fault is not None:
            count += 1
            if count <= _KEPT:
                faults.append(fault)
    return Verdict(end, tuple(faults), count)


def _read(session: Session, known: Mark | None, progress: Callable[[int, int], None]) -> Iterator[tuple[Mark, Fault | None]]:
    """Go through the trail; yields where it ends with each fault, and once at the end without one."""
    end, before, expected = Mark(0, _START), _START, 1
    for row in _rows(session):
        end = Mark(0, _START) if row.end_number is None else Mark(row.end_number, row.end_seal)
        if row.number is None:  # there is an end, or not even that, and no entry
            break
        if not 1 <= row.number <= end.number:
            yield end, Fault(FaultKind.ADDED, row.number, row.number)
            continue
        if row.number > expected:
            yield end, Fault(FaultKind.MISSING, expected, row.number - 1)
        if not _is_as_written(row, before, marks=(end, known)) or row.number > expected:
            yield end, Fault(FaultKind.CHANGED, row.number, row.number)
        before, expected = row.seal, row.number + 1
        if row.number % _PAGE == 0:
            progress(row.number, end.number)
    last = max(end.number, known.number if known else 0)
    yield end, Fault(FaultKind.MISSING, expected, last) if expected <= last else None


def _rows(session: Session) -> Iterator[Row[Any]]:
    """Yield every entry beside the end of the trail; one row without an entry when there is none.

    One statement, so that entries added meanwhile are in both or in neither. Values come as they are stored: one that was changed into
    something that is no moment, id or JSON at all must be found, not be a fault in reading it.
    """
    one = select(literal(_ONLY).label("id")).subquery()
    return iter(session.execute(
        select(TrailEnd.number.label("end_number"), TrailEnd.seal.label("end_seal"), *_AS_STORED)
        .select_from(one)
        .outerjoin(TrailEnd, TrailEnd.id == one.c.id)
        .outerjoin(TrailEntry, true())
        .order_by(TrailEntry.number)
        .execution_options(yield_per=_PAGE),
    ))


def _is_as_written(row: Row[Any], before: str, *, marks: tuple[Mark | None, ...]) -> bool:
    """Tell whether an entry has the seal that it should have, here and where it was written down."""
    try:
        seal = _seal(
            before, number=row.number, at=_moment(row.at), act=row.act, actor_id=_identity(row.actor_id),
            organisation_id=_identity(row.organisation_id), person_id=_identity(row.person_id), about=row.about,
            about_id=_identity(row.about_id), details=_details(row.details),
        )
    except (AttributeError, TypeError, ValueError):
        return False
    return {seal, *(mark.seal for mark in marks if mark is not None and mark.number == row.number)} == {row.seal}


def _moment(stored: datetime | str) -> datetime:
    """Return a moment; SQLite keeps it as text, in UTC without saying so. Raises ValueError for text of another form: no question would find it."""
    if not isinstance(stored, str):
        return stored
    moment = datetime.fromisoformat(stored)
    if moment.replace(tzinfo=None).isoformat(" ", "microseconds") != stored:
        raise ValueError(stored)
    return moment.replace(tzinfo=UTC)


def _identity(stored: UUID | str | None) -> UUID | None:
    """Return an id; SQLite keeps it as hexadecimal text. Raises ValueError for text of another form: its person would not find the entry."""
    if not isinstance(stored, str):
        return stored
    identity = UUID(hex=stored)
    if identity.hex != stored:
        raise ValueError(stored)
    return identity


def _details(stored: Any) -> Any:  # noqa: ANN401 - whatever someone made of it
    """Return the details; SQLite keeps JSON as text."""
    return orjson.loads(stored) if isinstance(stored, str) else stored


def _next(session: Session) -> tuple[int, str]:
    """Take the next number; whoever comes second waits here until the first has committed."""
    taking = update(TrailEnd).where(TrailEnd.id == _ONLY).values(number=TrailEnd.number + 1).returning(TrailEnd.number, TrailEnd.seal)
    taken = session.execute(taking).one_or_none()
    if taken is None:
        session.execute(insert_for(session, TrailEnd).values(id=_ONLY, number=0, seal=_START).on_conflict_do_nothing())
        taken = session.execute(taking).one()
    return taken[0], taken[1]


def _seal(
    before: str, *, number: int, at: datetime, act: str, actor_id: UUID | None, organisation_id: UUID | None, person_id: UUID | None,
    about: str, about_id: UUID | None, details: Any,  # noqa: ANN401 - JSON
) -> str:
    """Return a hash over everything in an entry, and the seal before it."""
    ids = ("" if each is None else each.hex for each in (actor_id, organisation_id, person_id, about_id))
    told = (before, number, at.astimezone(UTC).isoformat(), act, *ids, about, details)
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()
