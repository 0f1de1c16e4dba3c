"""What payments does itself when a payment is settled."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.kernel.outbox import subscribe
from academy.payments.events import PaymentSettled
from academy.payments.service.invoicing_payments import take_payment


def register() -> None:
    """Connect payments to its own news: money for an invoice is written down with that invoice."""
    subscribe("payments.invoice-paid", PaymentSettled, inside=_write_down)


def _write_down(session: Session, event: PaymentSettled, now: datetime) -> None:
    take_payment(session, event.payment_id, now=now)
