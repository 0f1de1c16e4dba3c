"""Reads of refunds: money on its way back."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from academy.payments.facts import RefundFacts
from academy.payments.models import Refund

_FACTS: Final = select(Refund.id, Refund.payment_id, Refund.amount, Refund.state, Refund.asked_at, Refund.ended_at, Refund.problem)


def refund(session: Session, refund_id: UUID) -> RefundFacts | None:
    """Return a refund, or None."""
    return next(iter(_read(session, _FACTS.where(Refund.id == refund_id))), None)


def refunds_of(session: Session, payment_id: UUID) -> list[RefundFacts]:
    """Return what goes back of a payment, the first first."""
    return _read(session, _FACTS.where(Refund.payment_id == payment_id).order_by(Refund.asked_at, Refund.id))


def _read(session: Session, asked: Select[*tuple[Any, ...]]) -> list[RefundFacts]:
    return [RefundFacts(**row) for row in session.execute(asked).mappings()]
