"""What funding does when money comes."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.funding import service
from academy.kernel.outbox import subscribe
from academy.payments.api import PaymentSettled


def register() -> None:
    """Subscribe once per process."""
    subscribe("funding.note-payment", PaymentSettled, inside=_note_payment)


def _note_payment(session: Session, event: PaymentSettled, now: datetime) -> None:
    service.note_payment(session, event.payment_id, now=now)
