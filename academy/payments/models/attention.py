"""What a person has to look at, what goes back that was booked nowhere, and how far the bank was compared with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Cents, Moment, text_enum
from academy.kernel.money import Money
from academy.payments.kinds import FindingKind, FindingState, SendState


class Finding(Base):
    """Something about money that is not right; `key` is what it is about, so that the same is one row however often it is seen."""

    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_state_opened_at", "state", "opened_at"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_at_a_moment"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    kind: Mapped[FindingKind] = mapped_column(text_enum(FindingKind, "kind"))
    state: Mapped[FindingState] = mapped_column(text_enum(FindingState, "state"), default=FindingState.OPEN)
    about: Mapped[str] = mapped_column(String(255))  # the code of a payment, or what the bank calls it
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment.id"), index=True)
    order_id: Mapped[UUID | None] = mapped_column(Uuid)  # the order that failed: a refund, a transfer, a reversal, a return
    vendor_payment: Mapped[str] = mapped_column(String(255), default="")  # at the bank
    asked: Mapped[Money | None] = mapped_column(Cents)  # what we asked or have
    came: Mapped[Money | None] = mapped_column(Cents)  # what the bank has
    problem: Mapped[str] = mapped_column(String(500), default="")  # as the bank or the machine says it; nothing of a person
    happened_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)  # the last time that comparing met it
    told_at: Mapped[datetime | None] = mapped_column(Moment)  # in a letter to the programme office
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))
    reason: Mapped[str] = mapped_column(String(500), default="")


class MoneyReturn(Base):
    """Money at the bank that pays nothing here, and goes back whole. Nothing of it is in the books: neither that it came nor that it went."""

    __tablename__ = "money_return"
    __table_args__ = (
        Index("ix_money_return_state_due_at", "state", "due_at"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name="ended_at_a_moment"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)  # the idempotency key at the bank
    vendor_payment: Mapped[str] = mapped_column(String(255), unique=True)
    amount: Mapped[Money] = mapped_column(Cents)
    state: Mapped[SendState] = mapped_column(text_enum(SendState, "state"), default=SendState.ASKED)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    vendor_refund: Mapped[str | None] = mapped_column(String(255), unique=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(String(500), default="")


class BankComparison(Base):
    """The one row that says how far comparing with the bank came today; who dies on the way leaves the point from which another goes on."""

    __tablename__ = "bank_comparison"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime | None] = mapped_column(Moment)  # how far back this one looks
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    after: Mapped[str] = mapped_column(String(255), default="")  # the payment, as the bank calls it, up to which all was compared
    done_at: Mapped[datetime | None] = mapped_column(Moment)  # when the last whole one ended
    busy_until: Mapped[datetime | None] = mapped_column(Moment)  # somebody is at it
    told_at: Mapped[datetime | None] = mapped_column(Moment)  # the last letter
