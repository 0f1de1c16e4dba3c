"""What the bank tells: stored once under its own id, acted on in the same commit, and looked at again until it can be."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.kernel.db import database, insert_new
from academy.kernel.errors import DatabaseBusy, StorageUnavailable
from academy.kernel.money import Money
from academy.payments import rules
from academy.payments.gateway import (
    AccountTold,
    CheckoutOutcome,
    CheckoutTold,
    Notice,
    RefundTold,
    told_as_json,
    told_from_json,
)
from academy.payments.kinds import NoticeState
from academy.payments.models import ReceivedNotice
from academy.payments.service import refunds, transfers
from academy.payments.service.settling import Settled, settle
from academy.payments.service.visits import end_visit, note_refusal, payment_visited

_AT_ONCE: Final = 50
Told = CheckoutTold | RefundTold | AccountTold


def store_notice(notice: Notice, *, now: datetime) -> None:
    """Store a notice whose signature was good, and act on it in the same commit; told again, it is the same notice.

    What it does can wait: a notice that fails, or is about something unknown, is kept and looked at again. What can not be stored is not
    accepted: raises DatabaseBusy and StorageUnavailable, and the bank tells it again. Opens its own transactions.
    """
    try:
        with database().writing() as session:
            _take(session, notice, lambda told: act(session, told, now=now), now=now)
    except (DatabaseBusy, StorageUnavailable):
        raise
    except Exception as fault:  # noqa: BLE001 - whatever is wrong here, the notice is kept
        problem = type(fault).__name__  # its text may hold names
        with database().writing() as session:
            _take(session, notice, lambda _told: problem, now=now)


def _take(session: Session, notice: Notice, do: Callable[[Told], str], *, now: datetime) -> None:
    state = NoticeState.IGNORED if notice.about is None else NoticeState.DONE
    values = {
        "id": notice.id, "kind": notice.kind[:80], "content": told_as_json(notice.about) if notice.about else {}, "state": state,
        "received_at": now, "due_at": now, "tries": 0, "done_at": now, "problem": "",
    }
    added = insert_new(session, ReceivedNotice, "id").returning(ReceivedNotice.id)
    if session.scalar(added, values) is None or notice.about is None:  # who tells the same meanwhile waits here for this to end
        return
    problem = do(notice.about)
    if problem:
        _wait(session, notice.id, problem, tries=0, now=now)


def _wait(session: Session, notice_id: str, problem: str, *, tries: int, now: datetime) -> None:
    values = {"state": NoticeState.WAITING, "done_at": None, "tries": tries + 1, "due_at": rules.next_look(tries, now=now), "problem": problem[:500]}
    session.execute(update(ReceivedNotice).where(ReceivedNotice.id == notice_id).values(values))


def due_notices(session: Session, *, now: datetime) -> list[str]:
    """Return which notices to look at again, some at a time."""
    due = select(ReceivedNotice.id).where(ReceivedNotice.state == NoticeState.WAITING, ReceivedNotice.due_at <= now)
    return list(session.scalars(due.order_by(ReceivedNotice.due_at, ReceivedNotice.id).limit(_AT_ONCE)))


def look_again(notice_id: str, *, now: datetime) -> None:
    """Act on a notice that waits; one that still can not be acted on waits longer. Opens its own transactions."""
    try:
        _act_on(notice_id, lambda session, content: act(session, told_from_json(content), now=now), now=now)
    except (DatabaseBusy, StorageUnavailable):
        raise
    except Exception as fault:  # noqa: BLE001 - one notice does not keep the others
        problem = type(fault).__name__
        _act_on(notice_id, lambda _session, _content: problem, now=now)


def _act_on(notice_id: str, do: Callable[[Session, dict[str, Any]], str], *, now: datetime) -> None:
    waits = select(ReceivedNotice.content, ReceivedNotice.tries).where(
        ReceivedNotice.id == notice_id, ReceivedNotice.state == NoticeState.WAITING, ReceivedNotice.due_at <= now,
    )
    with database().writing() as session:
        row = session.execute(waits.with_for_update()).one_or_none()
        if row is None:
            return
        problem = do(session, row.content)
        if problem:
            _wait(session, notice_id, problem, tries=row.tries, now=now)
        else:
            done = update(ReceivedNotice).where(ReceivedNotice.id == notice_id).values(state=NoticeState.DONE, done_at=now, problem="")
            session.execute(done)


def act(session: Session, told: Told, *, now: datetime) -> str:
    """Do what the bank tells; returns what keeps it waiting, "" for nothing. Told late, twice or in another order, the end is the same."""
    if isinstance(told, AccountTold):
        return transfers.note_account(session, told, now=now)
    if isinstance(told, RefundTold):
        return refunds.note_told(session, told, now=now)
    payment_id = told.payment_id or payment_visited(session, told.vendor_session)
    if payment_id is None:
        return Settled.UNKNOWN.value
    return _visited(session, payment_id, told, now=now)


def _visited(session: Session, payment_id: UUID, told: CheckoutTold, *, now: datetime) -> str:
    if told.what == "paid":
        outcome = CheckoutOutcome(
            told.vendor_session, is_open=False, vendor_payment=told.vendor_payment, vendor_charge=told.vendor_charge, amount=Money(told.cents),
            method=told.method,
        )
        settled = settle(session, payment_id, outcome, now=now)
        return "" if settled in {Settled.NOW, Settled.BEFORE, Settled.GOES_BACK} else settled.value
    if told.what == "expired":
        end_visit(session, payment_id, told.vendor_session, now=now)
    if told.what == "refused":
        note_refusal(session, payment_id, now=now)
    return ""
