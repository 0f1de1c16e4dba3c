"""Asking for money, and asking for no more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, select, update
from sqlalchemy.orm import Session

from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.money import Money
from academy.kernel.outbox import announce
from academy.payments import queries, rules
from academy.payments.errors import PaymentRunning
from academy.payments.events import PaymentEnded
from academy.payments.facts import Payer, PaymentFacts
from academy.payments.kinds import CheckoutState, PaymentState
from academy.payments.models import Checkout, Payment
from academy.payments.service import bank

RUNNING = (PaymentState.OPEN, PaymentState.CLOSING)
VISITED = (CheckoutState.STARTING, CheckoutState.OPEN)


def open_payment(
    session: Session, *, purpose: str, subject_id: UUID, payer: Payer, supplier_id: UUID, amount: Money, description: str, language: str,
    pay_until: datetime, now: datetime,
) -> PaymentFacts:
    """Ask a payer for money, once: while one of this amount runs, or was paid and kept, it is that one, which can be paid until `pay_until` now.

    One of another amount is closed first; raises PaymentRunning when the bank has to be asked for that. Two at once: one meets the unique
    index, which the database calls busy, and who starts over finds the other's.
    """
    found = queries.payments_for(session, purpose, [subject_id]).get(subject_id)
    if found is not None and found.amount == amount and (found.state is PaymentState.OPEN or _is_kept(found)):
        session.execute(update(Payment).where(Payment.id == found.id, Payment.state == PaymentState.OPEN).values(pay_until=pay_until))
        return queries.payments(session, [found.id])[found.id]
    if found is not None and found.state in RUNNING and not close_payment(session, payment_id=found.id, now=now):
        raise PaymentRunning(found.code)
    opened = Payment(
        id=new_id(), code=short_code(), purpose=purpose, subject_id=subject_id, person_id=payer.person_id, organisation_id=payer.organisation_id,
        supplier_id=supplier_id, description=description, language=language, amount=amount, fee=rules.fee_of(amount, bank.fee_rate()),
        opened_at=now, pay_until=pay_until,
    )
    session.add(opened)
    session.flush()
    return queries.payments(session, [opened.id])[opened.id]


def _is_kept(found: PaymentFacts) -> bool:
    return found.state is PaymentState.SETTLED and found.refunded.is_zero


def close_payment(session: Session, *, payment_id: UUID, now: datetime) -> bool:
    """Take no more money; True when the payment is known to be unpaid, for ever. False: the bank is asked, or the money is there.

    What the bank says comes as PaymentEnded or PaymentSettled.
    """
    row = locked(session, payment_id)
    if row.state is PaymentState.OPEN:
        session.execute(update(Payment).where(Payment.id == payment_id).values(state=PaymentState.CLOSING))
        session.execute(  # its address was given to nobody, and from here it will not be
            update(Checkout).where(Checkout.payment_id == payment_id, Checkout.state == CheckoutState.STARTING).values(state=CheckoutState.EXPIRED),
        )
    return row.state is PaymentState.ENDED or (row.state in RUNNING and end_unvisited(session, payment_id, now=now))


def end_unvisited(session: Session, payment_id: UUID, *, now: datetime) -> bool:
    """End a closing payment for which no visit to the bank goes on; False when one does, or when it is closing no more."""
    ended = rows_changed(
        session,
        update(Payment)
        .where(
            Payment.id == payment_id, Payment.state == PaymentState.CLOSING,
            ~exists().where(Checkout.payment_id == Payment.id, Checkout.state.in_(VISITED)),
        )
        .values(state=PaymentState.ENDED, ended_at=now),
    )
    if ended:
        announce(session, PaymentEnded(payment_id))
    return bool(ended)


def locked(session: Session, payment_id: UUID, *more: Any) -> Row[Any]:  # noqa: ANN401 - columns
    """Return the state of a payment, with `more` of it, and keep it from changing until this transaction ends."""
    columns: Sequence[Any] = (Payment.state, *more)
    return session.execute(select(*columns).where(Payment.id == payment_id).with_for_update()).one()
