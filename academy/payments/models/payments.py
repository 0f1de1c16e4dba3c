"""What is paid, at which visits to the bank, what the bank told, and what goes back or on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Cents, Moment, text_enum
from academy.kernel.money import FREE, Money
from academy.payments.kinds import CheckoutState, NoticeState, PaymentState, SendState

_RUNNING = text("state IN ('open', 'closing')")
_VISITED = text("state IN ('starting', 'open')")


class Payment(Base):
    """What one payer owes once, for one thing: `purpose` and `subject_id` say which, and mean nothing here."""

    __tablename__ = "payment"
    __table_args__ = (
        Index("uq_payment_running", "purpose", "subject_id", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_payment_subject_id", "subject_id"),
        Index("ix_payment_state_pay_until", "state", "pay_until"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("0 <= fee AND fee <= amount", name="fee_within_amount"),
        CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name="one_payer"),
        CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name="settled_at_a_moment"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_at_a_moment"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    purpose: Mapped[str] = mapped_column(String(30))  # "enrolment", "invoice"
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)  # who delivers what is paid
    description: Mapped[str] = mapped_column(String(300))  # as the payer reads it, in `language`
    language: Mapped[str] = mapped_column(String(2))
    amount: Mapped[Money] = mapped_column(Cents)  # what the payer pays, with VAT
    fee: Mapped[Money] = mapped_column(Cents, default=FREE)  # what the platform keeps of it, with VAT
    state: Mapped[PaymentState] = mapped_column(text_enum(PaymentState, "state"), default=PaymentState.OPEN)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    pay_until: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    method: Mapped[str] = mapped_column(String(40), default="")  # as the bank calls it: "ideal", "card"
    vendor_payment: Mapped[str | None] = mapped_column(String(255), unique=True)
    vendor_charge: Mapped[str] = mapped_column(String(255), default="")
    compared_at: Mapped[datetime | None] = mapped_column(Moment)  # the last time that comparing met it at the bank


class Checkout(Base):
    """One visit to the bank for a payment; its id is the idempotency key under which the bank was asked for it."""

    __tablename__ = "checkout"
    __table_args__ = (Index("uq_checkout_visited", "payment_id", unique=True, sqlite_where=_VISITED, postgresql_where=_VISITED),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id"), index=True)
    vendor_session: Mapped[str | None] = mapped_column(String(255), unique=True)
    url: Mapped[str] = mapped_column(String(2000), default="")
    state: Mapped[CheckoutState] = mapped_column(text_enum(CheckoutState, "state"), default=CheckoutState.STARTING)
    started_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    refused_at: Mapped[datetime | None] = mapped_column(Moment)  # the last time the bank said no; the visit goes on


class ReceivedNotice(Base):
    """What the bank told, stored under its own id before anything else; told again, it is the same notice."""

    __tablename__ = "received_notice"
    __table_args__ = (Index("ix_received_notice_state_due_at", "state", "due_at"),)

    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))  # as the bank calls it
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # of it, in our words, what we act on: ids and amounts, nobody's name
    state: Mapped[NoticeState] = mapped_column(text_enum(NoticeState, "state"), default=NoticeState.WAITING)
    received_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(String(500), default="")


class Refund(Base):
    """Money that goes back to who paid; asked once per `request_key`, sent by the worker."""

    __tablename__ = "refund"
    __table_args__ = (
        Index("ix_refund_state_due_at", "state", "due_at"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name="ended_at_a_moment"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)  # the idempotency key at the bank
    request_key: Mapped[str] = mapped_column(String(120), unique=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id"), index=True)
    amount: Mapped[Money] = mapped_column(Cents)
    state: Mapped[SendState] = mapped_column(text_enum(SendState, "state"), default=SendState.ASKED)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    vendor_refund: Mapped[str | None] = mapped_column(String(255), unique=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(String(500), default="")


class PayoutAccount(Base):
    """Where a provider receives its money: its account at the payment service."""

    __tablename__ = "payout_account"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    vendor_account: Mapped[str] = mapped_column(String(255), unique=True)
    is_ready: Mapped[bool] = mapped_column(default=False)  # the payment service knows who they are, and pays out
    made_at: Mapped[datetime] = mapped_column(Moment)
    ready_at: Mapped[datetime | None] = mapped_column(Moment)


class Transfer(Base):
    """What a provider receives of a payment: its amount less the fee. Waits until the provider has an account."""

    __tablename__ = "transfer"
    __table_args__ = (
        Index("ix_transfer_state_due_at", "state", "due_at"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("0 <= reversed AND reversed <= amount", name="reversed_within_amount"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)  # the idempotency key at the bank
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id"), unique=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)
    amount: Mapped[Money] = mapped_column(Cents)
    reversed: Mapped[Money] = mapped_column(Cents, default=FREE)
    state: Mapped[SendState] = mapped_column(text_enum(SendState, "state"), default=SendState.ASKED)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    vendor_transfer: Mapped[str | None] = mapped_column(String(255), unique=True)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(String(500), default="")


class TransferReversal(Base):
    """What a provider gives back of a transfer because its payer got money back; the platform gives back its part of the fee."""

    __tablename__ = "transfer_reversal"
    __table_args__ = (
        Index("ix_transfer_reversal_state_due_at", "state", "due_at"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)  # the idempotency key at the bank
    transfer_id: Mapped[UUID] = mapped_column(ForeignKey("transfer.id"), index=True)
    refund_id: Mapped[UUID] = mapped_column(ForeignKey("refund.id"), unique=True)
    amount: Mapped[Money] = mapped_column(Cents)
    state: Mapped[SendState] = mapped_column(text_enum(SendState, "state"), default=SendState.ASKED)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    vendor_reversal: Mapped[str | None] = mapped_column(String(255), unique=True)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(String(500), default="")
