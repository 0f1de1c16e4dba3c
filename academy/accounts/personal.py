"""What the platform keeps of people: each room says how it is read, what goes and what stays when someone leaves, and for how long it is kept."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, delete, inspect, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from academy.kernel.db import Base, rows_changed
from academy.kernel.errors import Link
from academy.kernel.money import Money

# Leaving


@dataclass(frozen=True)
class Goes:
    """Something that is erased: in the reader's words, how many, and the statements that do it."""

    what: str
    number: int
    statements: tuple[UpdateBase, ...]


@dataclass(frozen=True)
class Stays:
    """Something that stays under a bare number, without name and address; `until` is None when no day is set."""

    what: str
    why: str
    until: date | None
    number: int


@dataclass(frozen=True)
class Obstacle:
    """Something that the person must settle before the account can go, and where."""

    what: str
    link: Link


@dataclass(frozen=True)
class Leaving:
    """What erasing a person comes down to. The page before it shows this, and erasing carries out the same."""

    goes: tuple[Goes, ...] = ()
    stays: tuple[Stays, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True)
class PersonalData:
    """What one room keeps of people.

    `read` returns plain values for a file that machines read; `leaving` reads and changes nothing. `sweep` gets the address of who has just
    left, after the commit, for what lies outside the database.
    """

    room: str
    tables: frozenset[str]
    read: Callable[[Session, UUID], dict[str, Any]]
    leaving: Callable[[Session, UUID, datetime], Leaving]
    sweep: Callable[[str], None] | None = None


_rooms: list[PersonalData] = []


def set_rooms(rooms: Iterable[PersonalData]) -> None:
    """Choose the rooms of this process, the highest first: rows go before what they point to."""
    _rooms[:] = rooms


def rooms() -> tuple[PersonalData, ...]:
    """Return the rooms that keep something of people, the highest first."""
    return tuple(_rooms)


def leaving_of(session: Session, person_id: UUID, *, now: datetime) -> Leaving:
    """Return what goes, what stays and what stands in the way, of all rooms together; what has no rows is left out."""
    found = [room.leaving(session, person_id, now) for room in _rooms]
    return Leaving(
        tuple(each for one in found for each in one.goes if each.number),
        tuple(each for one in found for each in one.stays if each.number),
        tuple(each for one in found for each in one.obstacles),
    )


def plain_rows(session: Session, rows: Executable) -> list[dict[str, Any]]:
    """Return rows as plain values under the names of their columns: moments and days in ISO 8601, amounts in euros, ids as text."""
    return [{name: _plain(value) for name, value in row.items()} for row in session.execute(rows).mappings()]


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Money):
        return str(Decimal(value.cents).scaleb(-2))
    return str(value) if isinstance(value, (UUID, Decimal)) else value


# Keeping

Apply = Callable[[Session, datetime, int], int]


@dataclass(frozen=True)
class RecordClass:
    """One kind of record, and how long it is kept. `period` is None where `since` alone says until when, and no clock ends it.

    `apply` ends at most so many whose time is over and returns how many it did.
    """

    name: str
    table: str
    since: str
    why: str
    then: str
    period: timedelta | None = None
    apply: Apply | None = field(default=None, compare=False)

    @property
    def how_long(self) -> str:
        if self.period is None:
            return self.since
        return f"{_words(self.period)} after {self.since}" if self.period else f"until {self.since}"


def kept_for(
    period: timedelta, table: type[Base], *, name: str, since: str, why: str, over: Callable[[datetime], ColumnElement[bool]],
    without: Mapping[str, Any] | None = None,
) -> RecordClass:
    """Return the class of the rows for which `over(now - period)` holds; they are erased, or stay `without` who it was."""

    def apply(session: Session, now: datetime, limit: int) -> int:
        (key,) = inspect(table).primary_key
        chosen = key.in_(select(key).where(over(now - period)).limit(limit))
        ending = delete(table).where(chosen) if without is None else update(table).where(chosen).values(**without)
        return rows_changed(session, ending.execution_options(synchronize_session=False))

    return RecordClass(name, str(table.__tablename__), since, why, "erased" if without is None else "pseudonymised", period, apply)


def _words(period: timedelta) -> str:
    if period >= timedelta(days=1):
        return _counted(period.days, "day")
    minutes = int(period.total_seconds() // 60)
    return _counted(minutes // 60, "hour") if minutes % 60 == 0 else _counted(minutes, "minute")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
