"""What payments announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from academy.kernel.outbox import Event


@dataclass(frozen=True)
class PaymentSettled(Event):
    """The money of a payment is there."""

    name: ClassVar[str] = "Payments.payment-settled.v1"
    payment_id: UUID


@dataclass(frozen=True)
class PaymentEnded(Event):
    """A payment is known to be unpaid, and no more money is taken for it."""

    name: ClassVar[str] = "Payments.payment-ended.v1"
    payment_id: UUID


@dataclass(frozen=True)
class RefundDone(Event):
    """The bank sent money back to who paid. The letter says how much, and for what."""

    name: ClassVar[str] = "Payments.refund-done.v1"
    refund_id: UUID


@dataclass(frozen=True)
class RefundFailed(Event):
    """Money could not go back; the letter to the programme office says which, and where one sees why."""

    name: ClassVar[str] = "Payments.refund-failed.v1"
    refund_id: UUID


@dataclass(frozen=True)
class AttentionNeeded(Event):
    """Something about money is open for the programme office that no letter told of yet; once a day. The letter has numbers only."""

    name: ClassVar[str] = "Payments.attention-needed.v1"
    day: str  # ISO 8601


@dataclass(frozen=True)
class InvoiceIssued(Event):
    """An invoice or credit note was made. The letter to its buyer says for what and how much, and where it lies."""

    name: ClassVar[str] = "Payments.invoice-issued.v1"
    invoice_id: UUID
