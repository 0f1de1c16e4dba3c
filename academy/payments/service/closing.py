"""Asking the bank to take no more money for a payment that nobody wants any more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.kernel.db import database
from academy.payments.gateway import BankRefused, BankUnavailable, CheckoutOutcome
from academy.payments.kinds import CheckoutState, PaymentState
from academy.payments.models import Checkout, Payment
from academy.payments.service import bank
from academy.payments.service.visits import note_outcome


def closing_visits(session: Session) -> list[tuple[UUID, str]]:
    """Return the payment and the bank's name of each visit that has to end."""
    rows = session.execute(
        select(Payment.id, Checkout.vendor_session)
        .join(Checkout, Checkout.payment_id == Payment.id)
        .where(Payment.state == PaymentState.CLOSING, Checkout.state == CheckoutState.OPEN)
        .order_by(Payment.id),
    )
    return [(payment_id, vendor_session) for payment_id, vendor_session in rows if vendor_session]


def close_visit(payment_id: UUID, vendor_session: str, *, now: datetime) -> bool:
    """Have the bank end a visit, and write down how it ended, which may be paid; opens its own transaction. False when the bank is away.

    Repeatable. A visit that the bank is still busy with stays as it is, until it says how that ended.
    """
    try:
        outcome = _end_at_bank(vendor_session)
    except BankUnavailable:
        return False
    with database().writing() as session:
        note_outcome(session, payment_id, outcome, now=now)
    return True


def _end_at_bank(vendor_session: str) -> CheckoutOutcome:
    try:
        return bank.gateway().expire_checkout(vendor_session)
    except BankRefused:  # it can not be ended, for instance because it just was paid
        return bank.gateway().checkout(vendor_session)
