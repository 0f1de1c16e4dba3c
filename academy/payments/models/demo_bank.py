"""What the demo bank knows: a stand-in for the payment service where no key is set, so that the whole path can be tried."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Cents, Moment, text_enum
from academy.kernel.money import FREE, Money
from academy.payments.kinds import CheckoutState


class DemoCheckout(Base):
    """A visit to the demo bank. Its id is the idempotency key, so that asking twice is asking once."""

    __tablename__ = "demo_checkout"
    __table_args__ = (CheckConstraint("0 <= refunded AND refunded <= amount", name="refunded_within_amount"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(Uuid)  # ours, which the demo bank keeps and gives back; it does not look at our tables
    reference: Mapped[str] = mapped_column(String(20))  # the code of the payment
    description: Mapped[str] = mapped_column(String(300))
    amount: Mapped[Money] = mapped_column(Cents)
    refunded: Mapped[Money] = mapped_column(Cents, default=FREE)
    state: Mapped[CheckoutState] = mapped_column(text_enum(CheckoutState, "state"), default=CheckoutState.OPEN)
    success_url: Mapped[str] = mapped_column(String(2000))
    cancel_url: Mapped[str] = mapped_column(String(2000))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    paid_at: Mapped[datetime | None] = mapped_column(Moment)


class DemoRefund(Base):
    """Money that the demo bank sent back. Its id is the idempotency key."""

    __tablename__ = "demo_refund"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    checkout_id: Mapped[UUID] = mapped_column(ForeignKey("demo_checkout.id"), index=True)
    amount: Mapped[Money] = mapped_column(Cents)
