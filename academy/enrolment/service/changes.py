"""The one way in which an enrolment comes to be or changes: with who, when and why."""

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from academy.enrolment import rules
from academy.enrolment.kinds import KEPT_STATES, LIVE_STATES, EnrolmentState, WaitsFor, Why
from academy.enrolment.models import Enrolment, EnrolmentStep
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id

# As a row for the table, not an object to keep track of: nobody changes it, and this costs a third.
_NOTE: Final = insert(cast("Table", EnrolmentStep.__table__))
_ENDINGS = frozenset({EnrolmentState.REFUSED, EnrolmentState.CANCELLED, EnrolmentState.WITHDRAWN, EnrolmentState.EXPIRED})


def add_enrolment(session: Session, enrolment: Enrolment, *, why: Why, by: UUID | None, now: datetime) -> None:
    """Add an enrolment with the first line of its history; IntegrityError on flush says that the person has one here already."""
    session.add(enrolment)
    session.flush()
    _note(session, enrolment.id, None, enrolment.state, why=why, by=by, now=now)


def change(
    session: Session, enrolment_id: UUID, from_state: EnrolmentState, to: EnrolmentState, *, why: Why, by: UUID | None, now: datetime,
    note: str = "", until: datetime | None = None, waits_for: WaitsFor | None = None, **values: Any,  # noqa: ANN401 - columns
) -> bool:
    """Bring an enrolment from one state to the next and write down why; False when it was in that state no more, and nothing happened.

    `until` and `waits_for` belong to seats that are kept for a time, and are emptied on leaving those states; a seat that stays held waits
    for somebody else from here. Raises ValueError for a change that is none of those in `rules.FOLLOWS`.
    """
    if to not in rules.FOLLOWS[from_state]:
        message = f"{from_state} is not followed by {to}"
        raise ValueError(message)
    if to in _ENDINGS:
        values["ended_at"] = now
    if to is EnrolmentState.CONFIRMED:
        values["confirmed_at"] = now
    changed = rows_changed(
        session,
        update(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.state == from_state, *([Enrolment.waits_for != waits_for] if to is from_state else []))
        .values(state=to, until=until if to in KEPT_STATES else None, waits_for=waits_for, **values),
    )
    if changed != 1:
        return False
    _note(session, enrolment_id, from_state, to, why=why, by=by, now=now, note=note)
    return True


def transfer(session: Session, moved: Enrolment, *, offering_id: UUID, pool_id: UUID, until: datetime | None, by: UUID, now: datetime) -> bool:
    """Bring an enrolment to a seat in another class, as sure as it is; False when it changed meanwhile. The caller has locked both pools."""
    changed = rows_changed(
        session,
        update(Enrolment)
        .where(
            Enrolment.id == moved.id, Enrolment.state == moved.state, Enrolment.pool_id == moved.pool_id,
            Enrolment.until.is_not_distinct_from(moved.until),
        )
        .values(offering_id=offering_id, pool_id=pool_id, until=until, cancel_late_percent=0),  # not the learner's choice: leaving is free
    )
    if changed != 1:
        return False
    _note(session, moved.id, moved.state, moved.state, why=Why.MOVED, by=by, now=now)
    return True


def let_leave_free(session: Session, offering_id: UUID) -> None:
    """Let who is in a class leave for nothing from here, whatever was agreed: its days are others than they chose."""
    session.execute(update(Enrolment).where(Enrolment.offering_id == offering_id, Enrolment.state.in_(LIVE_STATES)).values(cancel_late_percent=0))


def _note(
    session: Session, enrolment_id: UUID, from_state: EnrolmentState | None, to: EnrolmentState, *, why: Why, by: UUID | None, now: datetime,
    note: str = "",
) -> None:
    session.execute(_NOTE, {
        "id": new_id(), "enrolment_id": enrolment_id, "from_state": from_state, "to_state": to, "why": why, "at": now, "by_id": by, "note": note,
    })
