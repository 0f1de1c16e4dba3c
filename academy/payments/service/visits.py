"""Visits to the bank: how each ends."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.kernel.db import rows_changed
from academy.payments.gateway import CheckoutOutcome
from academy.payments.kinds import CheckoutState
from academy.payments.models import Checkout
from academy.payments.service.opening import VISITED, end_unvisited
from academy.payments.service.settling import Settled, settle


def note_outcome(session: Session, payment_id: UUID, outcome: CheckoutOutcome, *, now: datetime) -> Settled | None:
    """Write down how the bank says that a visit stands; returns what its money did, None when there is none."""
    if outcome.is_paid:
        return settle(session, payment_id, outcome, now=now)
    if not outcome.is_open:
        end_visit(session, payment_id, outcome.vendor_session, now=now)
    return None


def end_visit(session: Session, payment_id: UUID, vendor_session: str, *, now: datetime) -> None:
    """End a visit at which nobody paid or will; a closing payment ends with the last of them."""
    session.execute(
        update(Checkout)
        .where(Checkout.payment_id == payment_id, Checkout.vendor_session == vendor_session, Checkout.state.in_(VISITED))
        .values(state=CheckoutState.EXPIRED),
    )
    end_unvisited(session, payment_id, now=now)


def note_refusal(session: Session, payment_id: UUID, *, now: datetime) -> bool:
    """Write down that the bank said no at the visit for a payment, which goes on; False when there is none."""
    refused = update(Checkout).where(Checkout.payment_id == payment_id, Checkout.state.in_(VISITED)).values(refused_at=now)
    return rows_changed(session, refused) == 1


def payment_visited(session: Session, vendor_session: str) -> UUID | None:
    """Return the payment of a visit; None for a visit that is not known here."""
    return session.scalar(select(Checkout.payment_id).where(Checkout.vendor_session == vendor_session))
