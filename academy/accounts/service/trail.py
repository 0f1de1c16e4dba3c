"""Adding to the audit trail, and proving that it is whole."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.models import TrailEnd, TrailEntry
from academy.kernel.db import insert_for

_START: Final = "0" * 64  # the seal before the first entry
_ONLY: Final = 1


def record(
    session: Session, act: str, *, actor_id: UUID | None, now: datetime, organisation_id: UUID | None = None, person_id: UUID | None = None,
    about: str = "", about_id: UUID | None = None, details: Mapping[str, Any] | None = None,
) -> None:
    """Add one act to the trail, in the transaction of the act itself.

    Call it last: the row that says where the trail ends is held until the transaction does. `details` has codes, ids and numbers only.
    """
    session.flush()
    number, before = _next(session)
    entry = TrailEntry(
        number=number, at=now, act=act, actor_id=actor_id, organisation_id=organisation_id, person_id=person_id, about=about, about_id=about_id,
        details=dict(details or {}), seal="",
    )
    entry.seal = _seal(entry, before)
    session.add(entry)
    session.execute(update(TrailEnd).where(TrailEnd.id == _ONLY).values(seal=entry.seal))


def broken_entries(session: Session) -> Iterator[int]:
    """Yield the numbers of entries that are not as they were written, or that are missing; nothing when the trail is whole.

    One more than the last number stands for entries that were cut off the end.
    """
    before, expected = _START, 1
    for entry in session.scalars(select(TrailEntry).order_by(TrailEntry.number).execution_options(yield_per=1_000)):
        yield from range(expected, entry.number)
        if entry.number != expected or entry.seal != _seal(entry, before):
            yield entry.number
        before, expected = entry.seal, entry.number + 1
    end = session.get(TrailEnd, _ONLY)
    if (end.number, end.seal) != (expected - 1, before) if end else expected > 1:
        yield expected


def _next(session: Session) -> tuple[int, str]:
    """Take the next number; whoever comes second waits here until the first has committed."""
    taking = update(TrailEnd).where(TrailEnd.id == _ONLY).values(number=TrailEnd.number + 1).returning(TrailEnd.number, TrailEnd.seal)
    taken = session.execute(taking).one_or_none()
    if taken is None:
        session.execute(insert_for(session, TrailEnd).values(id=_ONLY, number=0, seal=_START).on_conflict_do_nothing())
        taken = session.execute(taking).one()
    return taken[0], taken[1]


def _seal(entry: TrailEntry, before: str) -> str:
    """Return a hash over everything in the entry, and the seal before it."""
    told = (
        before, entry.number, entry.at.astimezone(UTC).isoformat(), entry.act, *(_text(each) for each in (
            entry.actor_id, entry.organisation_id, entry.person_id, entry.about_id,
        )), entry.about, entry.details,
    )
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _text(identity: UUID | None) -> str:
    return "" if identity is None else identity.hex
