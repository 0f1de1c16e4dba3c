"""Money that came before this installation began: for a demo, which shows a year that nobody lived through."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.payments.demo_gateway import paid_before
from academy.payments.facts import PaymentFacts
from academy.payments.service.settling import settle


def settle_in_past(session: Session, paid: PaymentFacts, *, at: datetime) -> None:
    """Settle a payment as the demo bank would have done at a moment that is over; the bank knows of it too, so that both agree."""
    outcome = paid_before(session, payment_id=paid.id, reference=paid.code, description=paid.description, amount=paid.amount, at=at)
    settle(session, paid.id, outcome, now=at)
