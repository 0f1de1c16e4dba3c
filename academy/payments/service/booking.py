"""Writing in the ledger: the one place that adds to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from uuid import UUID, uuid5

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from academy.kernel.db import insert_new
from academy.kernel.ids import new_id
from academy.payments.kinds import Booked
from academy.payments.models import LedgerAccount, LedgerEntry, LedgerTransaction
from academy.payments.rules import AccountCode, Leg, without_nothing

_ACCOUNTS: Final = UUID("6f1d5f8e-6a55-5a0f-9b53-3a1f6a3c7d10")  # the same account has the same id everywhere, so that nobody has to look for it
# As rows for the table, not objects to keep track of: nobody changes them, and this costs a third.
_ENTRIES: Final = insert(cast("Table", LedgerEntry.__table__))


@dataclass(frozen=True)
class Booking:
    """A transaction to book: `legs` are debit, credit and amount, and amounts of nothing fall away."""

    key: str
    kind: Booked
    about_id: UUID
    legs: Sequence[Leg]
    note: str = ""


def account_id(code: AccountCode) -> UUID:
    """Return the id that the account has, made yet or not."""
    return uuid5(_ACCOUNTS, str(code))


def book(session: Session, *, key: str, kind: Booked, about_id: UUID, legs: Sequence[Leg], at: datetime, note: str = "") -> None:
    """Book one transaction; the same `key` is booked once. Its legs are (debit, credit, amount above or at zero)."""
    book_all(session, [Booking(key, kind, about_id, legs, note)], at=at)


def book_all(session: Session, bookings: Sequence[Booking], *, at: datetime) -> None:
    """Book transactions together, in three statements; those whose key was booked before are left as they are.

    Raises ValueError for an amount below zero: that is the other way round.
    """
    legs = {each.key: without_nothing(each.legs) for each in bookings}
    if any(amount.cents < 0 for some in legs.values() for _debit, _credit, amount in some):
        message = "an amount below zero is a booking the other way round"
        raise ValueError(message)
    wanted = [each for each in bookings if legs[each.key]]
    if not wanted:
        return
    _open_accounts(session, {code for some in legs.values() for debit, credit, _amount in some for code in (debit, credit)})
    rows = [{"id": new_id(), "key": each.key, "kind": each.kind, "at": at, "about_id": each.about_id, "note": each.note} for each in wanted]
    inserted = insert_new(session, LedgerTransaction, "key").returning(LedgerTransaction.key, LedgerTransaction.id)
    added = session.execute(inserted, rows).all()
    entries = [
        {"id": new_id(), "transaction_id": transaction_id, "debit_id": account_id(debit), "credit_id": account_id(credit), "amount": amount, "at": at}
        for key, transaction_id in added for debit, credit, amount in legs[key]
    ]
    if entries:
        session.execute(_ENTRIES, entries)


def _open_accounts(session: Session, codes: set[AccountCode]) -> None:
    rows = [{"id": account_id(code), "code": str(code), "kind": code.kind, "owner_id": code.owner_id} for code in sorted(codes, key=str)]
    session.execute(insert_new(session, LedgerAccount), rows)  # in one order, so that two do not wait for each other
