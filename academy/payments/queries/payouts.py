"""Reads of what a provider receives of payments made here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, func, select, type_coerce
from sqlalchemy.orm import Session

from academy.kernel.money import Money
from academy.payments.kinds import SendState
from academy.payments.models import Payment, Transfer

_SENT: Final = (SendState.SENT, SendState.DONE)


@dataclass(frozen=True)
class TransferFacts:
    """What a provider receives of one payment: its amount is what was `paid` less the `fee`; `reversed` went back with a refund."""

    code: str
    description: str
    at: datetime
    paid: Money
    fee: Money
    amount: Money
    reversed: Money
    state: SendState


@dataclass(frozen=True)
class Totals:
    """`sent`: what went to the provider, less what it gave back. `waiting`: what is still to go."""

    sent: Money
    waiting: Money


def transfers_of(session: Session, organisation_id: UUID, *, since: datetime, until: datetime) -> list[TransferFacts]:
    """Return what a provider receives of payments that were settled in [since, until), newest first."""
    rows = session.execute(
        select(
            Payment.code, Payment.description, Transfer.asked_at.label("at"), Payment.amount.label("paid"), Payment.fee, Transfer.amount,
            Transfer.reversed, Transfer.state,
        )
        .join(Payment, Payment.id == Transfer.payment_id)
        .where(Transfer.organisation_id == organisation_id, Transfer.asked_at >= since, Transfer.asked_at < until)
        .order_by(Transfer.asked_at.desc(), Transfer.id.desc()),
    )
    return [TransferFacts(**row) for row in rows.mappings()]


def transfer_totals(session: Session, organisation_id: UUID) -> Totals:
    """Return what went to a provider, and what is still to go, of all years."""
    rows = session.execute(
        select(Transfer.state, func.sum(type_coerce(Transfer.amount, Integer) - type_coerce(Transfer.reversed, Integer)))
        .where(Transfer.organisation_id == organisation_id).group_by(Transfer.state),
    )
    cents = {state: int(total) for state, total in rows}

    def of(states: Iterable[SendState]) -> Money:
        return Money(sum(cents.get(state, 0) for state in states))

    return Totals(of(_SENT), of(set(SendState) - set(_SENT)))
