"""Noting that something outside a pathway concerns it: once per cause, until the learner has looked after it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from academy.kernel.db import insert_new, rows_changed
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce
from academy.pathways.events import PathwayConcerned
from academy.pathways.kinds import ChangeKind
from academy.pathways.models import Pathway, PathwayChange

_AT_ONCE: Final = 500  # values in one statement: databases take no endless list
_One = TypeVar("_One")


@dataclass(frozen=True)
class Note:
    """Something that concerns a pathway; `ec` of a credit that was granted or ended."""

    pathway_id: UUID
    kind: ChangeKind
    cause_id: UUID
    module_id: UUID | None = None
    ec: Decimal | None = None


def note(session: Session, notes: Iterable[Note], *, now: datetime) -> None:
    """Write these down; what is written already, open or settled, stays as it is.

    A pathway with something new is at its next version: what was noted since a page was made is not looked after by who presses a button on that page.
    """
    rows = [
        {"id": new_id(), "pathway_id": each.pathway_id, "kind": each.kind, "cause_id": each.cause_id, "module_id": each.module_id, "ec": each.ec, "noted_at": now}
        for each in notes
    ]
    if rows:
        session.execute(insert_new(session, PathwayChange, "pathway_id", "kind", "cause_id"), rows)
    for some in in_bites(row["id"] for row in rows):
        new = select(PathwayChange.pathway_id).where(PathwayChange.id.in_(some))
        session.execute(update(Pathway).where(Pathway.id.in_(new)).values(version=Pathway.version + 1).execution_options(synchronize_session=False))


def unsay(session: Session, kind: ChangeKind, causes: Collection[UUID]) -> None:
    """Take back what is not so any more, so that it is noted anew when it comes back."""
    for some in in_bites(causes):
        gone = delete(PathwayChange).where(PathwayChange.kind == kind, PathwayChange.cause_id.in_(some))
        session.execute(gone.execution_options(synchronize_session=False))


def in_bites(values: Iterable[_One]) -> Iterator[list[_One]]:
    """Yield these, as many at a time as one statement may name."""
    every = list(values)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def settle(session: Session, pathway_id: UUID, *, now: datetime) -> None:
    """Note that the learner looked after all that is open of a pathway."""
    done = update(PathwayChange).where(PathwayChange.pathway_id == pathway_id, PathwayChange.settled_at.is_(None)).values(settled_at=now)
    session.execute(done.execution_options(synchronize_session=False))


def tell(session: Session, pathway_id: UUID, *, now: datetime) -> None:
    """Have a letter name all that is open of a pathway and was in none yet; who comes second finds nothing left to tell."""
    told = rows_changed(
        session,
        update(PathwayChange).where(PathwayChange.pathway_id == pathway_id, PathwayChange.told_at.is_(None), PathwayChange.settled_at.is_(None))
        .values(told_at=now).execution_options(synchronize_session=False),
    )
    if told:
        announce(session, PathwayConcerned(pathway_id))
