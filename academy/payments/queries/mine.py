"""Reads of what one person paid."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.payments.errors import PaymentNotFound
from academy.payments.facts import PaymentFacts
from academy.payments.kinds import PaymentState
from academy.payments.models import Payment
from academy.payments.queries.payments import my_payment, payments


def payments_of(session: Session, person_id: UUID) -> list[PaymentFacts]:
    """Return what a person was asked to pay, newest first."""
    ids = session.scalars(select(Payment.id).where(Payment.person_id == person_id)).all()
    return sorted(payments(session, ids).values(), key=lambda found: (found.opened_at, found.code), reverse=True)


def paid_by_me(session: Session, actor: Actor, code: str) -> PaymentFacts:
    """Return a payment of which there is a receipt: the actor may see it, and the money came. Raises PaymentNotFound."""
    found = my_payment(session, actor, code)
    if found.state is not PaymentState.SETTLED:
        raise PaymentNotFound
    return found
