"""Reads of the ledger: what an account holds, and how that came."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, func, select, type_coerce
from sqlalchemy.orm import Session

from academy.kernel.money import Money
from academy.payments.kinds import AccountKind, Booked
from academy.payments.models import LedgerAccount, LedgerEntry, LedgerTransaction

_MOST_LINES = 200
_CENTS = type_coerce(LedgerEntry.amount, Integer)


@dataclass(frozen=True)
class StatementLine:
    """An entry as one account sees it: a debit is above zero. `balance` is what the account holds after it."""

    at: datetime
    kind: Booked
    about_id: UUID
    note: str
    amount: Money
    balance: Money


@dataclass(frozen=True)
class Statement:
    """An account over a time: what it held, the last entries (oldest first), and what it holds. `left_out` entries came before those."""

    opening: Money
    lines: list[StatementLine]
    left_out: int
    closing: Money


def balances(session: Session) -> dict[AccountKind, Money]:
    """Return what the accounts of each kind hold together, debits less credits; of all kinds together that is nothing."""
    found: defaultdict[AccountKind, int] = defaultdict(int)
    for side, sign in ((LedgerEntry.debit_id, 1), (LedgerEntry.credit_id, -1)):
        sums = select(side.label("account_id"), func.sum(_CENTS).label("cents")).group_by(side).subquery()
        for kind, cents in session.execute(
            select(LedgerAccount.kind, func.sum(sums.c.cents)).join(sums, sums.c.account_id == LedgerAccount.id).group_by(LedgerAccount.kind),
        ):
            found[kind] += sign * int(cents)
    return {kind: Money(found[kind]) for kind in AccountKind}


def balance(session: Session, account_id: UUID, *, before: datetime | None = None) -> Money:
    """Return what an account holds, debits less credits; `before` a moment, when given."""
    sides = []
    for side in (LedgerEntry.debit_id, LedgerEntry.credit_id):
        asked = select(func.sum(_CENTS)).where(side == account_id)
        sides.append(int(session.scalar(asked if before is None else asked.where(LedgerEntry.at < before)) or 0))
    return Money(sides[0] - sides[1])


def statement(session: Session, account_id: UUID, *, since: datetime, until: datetime, most: int = _MOST_LINES) -> Statement:
    """Return the statement of an account over [since, until), with its last entries, at most `most`."""
    during = (LedgerEntry.at >= since, LedgerEntry.at < until)
    rows = [row for side in (LedgerEntry.debit_id, LedgerEntry.credit_id) for row in session.execute(_last(side == account_id, *during, most=most))]
    rows = sorted(rows, key=lambda row: (row.at, row.id))[-most:]
    number = sum(session.scalar(select(func.count()).where(side == account_id, *during)) or 0 for side in (LedgerEntry.debit_id, LedgerEntry.credit_id))
    closing = balance(session, account_id, before=until)
    lines: list[StatementLine] = []
    holds = closing
    for row in reversed(rows):
        amount = row.amount if row.debit_id == account_id else -row.amount
        lines.append(StatementLine(row.at, row.kind, row.about_id, row.note, amount, holds))
        holds -= amount
    return Statement(balance(session, account_id, before=since), lines[::-1], number - len(lines), closing)


def _last(*conditions: ColumnElement[bool], most: int) -> Select[*tuple[Any, ...]]:
    columns = (LedgerEntry.id, LedgerEntry.at, LedgerEntry.debit_id, LedgerEntry.amount)
    chosen = select(*columns, LedgerEntry.transaction_id).where(*conditions).order_by(LedgerEntry.at.desc(), LedgerEntry.id.desc()).limit(most).subquery()
    return select(
        chosen.c.id, chosen.c.at, chosen.c.debit_id, chosen.c.amount, LedgerTransaction.kind, LedgerTransaction.about_id, LedgerTransaction.note,
    ).join(LedgerTransaction, LedgerTransaction.id == chosen.c.transaction_id)
