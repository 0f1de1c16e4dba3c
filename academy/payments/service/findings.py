"""What is not right about money, kept: the same once, open again when it comes back, closed with the moment when it went away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.kernel.db import insert_for, rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.money import Money
from academy.payments.kinds import FindingKind, FindingState, NoticeState
from academy.payments.models import Finding, ReceivedNotice
from academy.payments.queries.attention import AT_THE_BANK

_REOPENED: Final = {"state": FindingState.OPEN, "told_at": None, "closed_at": None, "closed_by": None, "reason": ""}


@dataclass(frozen=True)
class Seen:
    """Something that is not right, as it was just met; `key` is what it is about, so that it is met again as the same."""

    key: str
    kind: FindingKind
    about: str
    happened_at: datetime
    payment_id: UUID | None = None
    order_id: UUID | None = None
    vendor_payment: str = ""
    asked: Money | None = None
    came: Money | None = None
    problem: str = ""


def money_key(vendor_payment: str) -> str:
    """Return the key of money at the bank that is booked nowhere, whoever tells of it."""
    return f"money:{vendor_payment}"


def is_found(session: Session, vendor_payment: str) -> bool:
    """Tell whether a payment at the bank was found here before, as money that is booked nowhere."""
    return session.scalar(select(Finding.id).where(Finding.key == money_key(vendor_payment))) is not None


def keep(session: Session, seen: Sequence[Seen], *, now: datetime) -> None:
    """Write down what was met, some hundred at a time. What a person closed stays closed, unless it is about another amount now."""
    wanted = {each.key: each for each in seen}
    if not wanted:
        return
    made = {"state": FindingState.OPEN, "opened_at": now, "seen_at": now, "reason": ""}
    rows = [{**vars(each), **made, "id": new_id(), "code": short_code()} for each in wanted.values()]
    session.execute(insert_for(session, Finding).values(rows).on_conflict_do_nothing(index_elements=["key"]))
    known = session.execute(
        select(Finding.key, Finding.state, Finding.kind, Finding.asked, Finding.came, Finding.problem).where(Finding.key.in_(wanted)),
    ).all()
    session.execute(update(Finding).where(Finding.key.in_(wanted)).values(seen_at=now))
    for row in known:
        changes = _changes(row, wanted[row.key], now=now)
        if changes:
            session.execute(update(Finding).where(Finding.key == row.key).values(changes))


def _changes(row: Any, seen: Seen, *, now: datetime) -> dict[str, Any]:  # noqa: ANN401 - a row
    told = {"kind": seen.kind, "asked": seen.asked, "came": seen.came, "problem": seen.problem}
    is_other = (row.kind, row.asked, row.came) != (seen.kind, seen.asked, seen.came)
    if row.state is FindingState.OPEN:
        return told if is_other or row.problem != seen.problem else {}
    if row.state is FindingState.CLOSED and not is_other:
        return {}
    return {**told, **_REOPENED, "opened_at": now}


def end(session: Session, finding_id: UUID, state: FindingState, *, by: UUID | None, now: datetime, reason: str = "") -> bool:
    """End a finding, once; False when somebody, or the clock, was before."""
    ended = update(Finding).where(Finding.id == finding_id, Finding.state == FindingState.OPEN)
    return rows_changed(session, ended.values(state=state, closed_at=now, closed_by=by, reason=reason)) == 1


def close_gone(session: Session, *, since: datetime, started_at: datetime, now: datetime) -> None:
    """Close what a whole comparison from `since` on, begun at `started_at`, did not meet any more; its notices need wait for nobody."""
    gone = session.execute(
        update(Finding)
        .where(Finding.state == FindingState.OPEN, Finding.kind.in_(AT_THE_BANK), Finding.seen_at < started_at, Finding.happened_at >= since)
        .values(state=FindingState.GONE, closed_at=now).returning(Finding.vendor_payment).execution_options(synchronize_session=False),
    ).scalars().all()
    stop_waiting(session, [vendor_payment for vendor_payment in gone if vendor_payment], now=now)


def stop_waiting(session: Session, vendor_payments: Sequence[str], *, now: datetime) -> None:
    """Let notices about payments at the bank wait no longer: somebody saw to that money."""
    if not vendor_payments:
        return
    told = ReceivedNotice.content["vendor_payment"].as_string()
    session.execute(
        update(ReceivedNotice).where(ReceivedNotice.state == NoticeState.WAITING, told.in_(vendor_payments))
        .values(state=NoticeState.IGNORED, done_at=now).execution_options(synchronize_session=False),
    )
