"""The ledger: every amount that moved or is owed, as a debit of one account and the credit of another.

Each row holds both sides, so that no row and no transaction can be out of balance; the database refuses to change or delete one.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Cents, Moment, text_enum
from academy.kernel.money import Money
from academy.payments.kinds import AccountKind, Booked


class LedgerAccount(Base):
    """A party, or a heap of money of our own; `code` is its kind with the id of its owner."""

    __tablename__ = "ledger_account"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[AccountKind] = mapped_column(text_enum(AccountKind, "kind"))
    owner_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)  # a person or an organisation; it stays when they are gone


class LedgerTransaction(Base):
    """Entries that belong together; the same `key` is the same transaction, booked once."""

    __tablename__ = "ledger_transaction"
    __table_args__ = (Index("ix_ledger_transaction_about_id", "about_id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[Booked] = mapped_column(text_enum(Booked, "kind"))
    at: Mapped[datetime] = mapped_column(Moment)
    about_id: Mapped[UUID] = mapped_column(Uuid)  # the payment, refund, transfer or invoice
    note: Mapped[str] = mapped_column(String(300), default="")


class LedgerEntry(Base):
    """An amount from one account to another."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_debit", "debit_id", "at", "amount"),
        Index("ix_ledger_entry_credit", "credit_id", "at", "amount"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    transaction_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_transaction.id"), index=True)
    debit_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_account.id"))
    credit_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_account.id"))
    amount: Mapped[Money] = mapped_column(Cents)
    at: Mapped[datetime] = mapped_column(Moment)
