"""Orders to the bank, one pattern for all: taken by one worker, asked for outside a transaction, and the answer written down.

Who dies on the way leaves an order that is due again later, and goes out under the same key: the bank does it once.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Update, select, update
from sqlalchemy.orm import Session

from academy.kernel.db import database, rows_changed
from academy.payments import rules
from academy.payments.kinds import SendState
from academy.payments.models import MoneyReturn, Refund, Transfer, TransferReversal

Order = Refund | MoneyReturn | Transfer | TransferReversal
_MOST_AT_ONCE: Final = 50


def due(session: Session, kind: type[Order], *conditions: Any, now: datetime) -> list[UUID]:  # noqa: ANN401 - columns
    """Return the orders of one kind that are to go out now, some at a time, the oldest first."""
    asked = select(kind.id).where(kind.state == SendState.ASKED, kind.due_at <= now, *conditions).order_by(kind.due_at, kind.id)
    return list(session.scalars(asked.limit(_MOST_AT_ONCE)))


def take(session: Session, kind: type[Order], order_id: UUID, *columns: Any, now: datetime) -> Row[Any] | None:  # noqa: ANN401 - columns
    """Take an order that is due, for as long as the next try waits; None when somebody else has it, or it is done."""
    present = session.execute(
        select(kind.tries).where(kind.id == order_id, kind.state == SendState.ASKED, kind.due_at <= now).with_for_update(),
    ).one_or_none()
    if present is None:
        return None
    values = {"tries": present.tries + 1, "due_at": rules.next_try(present.tries, now=now)}
    session.execute(update(kind).where(kind.id == order_id).values(values))
    return session.execute(select(kind.tries, *columns).where(kind.id == order_id)).one()


def is_last(taken: Row[Any]) -> bool:
    """Tell whether this try was the last one, after which a person has to look."""
    return bool(taken.tries >= rules.MOST_TRIES)


def change(session: Session, kind: type[Order], order_id: UUID, to: SendState, *, of: tuple[SendState, ...], **values: Any) -> bool:  # noqa: ANN401 - columns
    """Bring an order from one of these states to the next; False when it was in none of them, and nothing happened."""
    return rows_changed(session, update(kind).where(kind.id == order_id, kind.state.in_(of)).values(state=to, **values)) == 1


def retry_failed(session: Session, *, now: datetime) -> int:
    """Give every order that a person looked at a fresh start; returns how many."""
    return sum(rows_changed(session, _again(kind, now)) for kind in (Refund, MoneyReturn, Transfer, TransferReversal))


def retry(session: Session, kind: type[Order], order_id: UUID, *, now: datetime) -> bool:
    """Give one order that failed a fresh start; False when it has not failed, or no more."""
    return rows_changed(session, _again(kind, now).where(kind.id == order_id)) == 1


def _again(kind: type[Order], now: datetime) -> Update:
    again = update(kind).where(kind.state == SendState.FAILED).values(state=SendState.ASKED, tries=0, due_at=now, problem="")
    return again.values(ended_at=None) if kind in {Refund, MoneyReturn} else again


def fail(kind: type[Order], order_id: UUID, problem: str) -> None:
    """Leave an order that is no refund to a person."""
    with database().writing() as session:
        change(session, kind, order_id, SendState.FAILED, of=(SendState.ASKED,), problem=problem[:500])
