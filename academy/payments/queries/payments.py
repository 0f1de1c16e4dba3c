"""Reads of payments: what somebody pays, and how that stands."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, Select, func, select, type_coerce
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, memberships_of
from academy.kernel.db import Cents
from academy.payments.errors import PaymentNotFound
from academy.payments.facts import Payer, PaymentFacts
from academy.payments.kinds import SendState
from academy.payments.models import Payment, Refund
from academy.payments.policy import may_pay

_REFUNDED: Final = (
    select(type_coerce(func.coalesce(func.sum(type_coerce(Refund.amount, Integer)), 0), Cents))
    .where(Refund.payment_id == Payment.id, Refund.state != SendState.FAILED)
    .correlate(Payment).scalar_subquery()
)
_FACTS: Final = select(
    Payment.id, Payment.code, Payment.purpose, Payment.subject_id, Payment.person_id, Payment.organisation_id, Payment.supplier_id,
    Payment.description, Payment.language, Payment.amount, Payment.fee, Payment.state, Payment.opened_at, Payment.pay_until, Payment.settled_at,
    Payment.method, _REFUNDED.label("refunded"),
)


def payment(session: Session, payment_id: UUID) -> PaymentFacts | None:
    """Return a payment, or None."""
    return next(iter(_read(session, _FACTS.where(Payment.id == payment_id))), None)


def payment_by_code(session: Session, code: str) -> PaymentFacts | None:
    """Return a payment by its code, or None."""
    return next(iter(_read(session, _FACTS.where(Payment.code == code))), None)


def my_payment(session: Session, actor: Actor, code: str) -> PaymentFacts:
    """Return a payment that the actor may pay and see: their own, or of an organisation that they buy for. Raises PaymentNotFound."""
    found = payment_by_code(session, code)
    if found is None or not _is_of(session, actor, found.payer):
        raise PaymentNotFound
    return found


def _is_of(session: Session, actor: Actor, payer: Payer) -> bool:
    if payer.organisation_id is None:
        return payer.person_id == actor.person_id
    return any(one.organisation_id == payer.organisation_id and may_pay(one) for one in memberships_of(session, actor.person_id))


def payments(session: Session, payment_ids: Iterable[UUID]) -> dict[UUID, PaymentFacts]:
    """Return the payments with these ids."""
    return {found.id: found for found in _read(session, _FACTS.where(Payment.id.in_(list(payment_ids))))}


def payments_for(session: Session, purpose: str, subject_ids: Iterable[UUID]) -> dict[UUID, PaymentFacts]:
    """Return the latest payment of each subject that has one."""
    asked = _FACTS.where(Payment.purpose == purpose, Payment.subject_id.in_(list(subject_ids))).order_by(Payment.opened_at, Payment.id)
    return {found.subject_id: found for found in _read(session, asked)}


def _read(session: Session, asked: Select[*tuple[Any, ...]]) -> list[PaymentFacts]:
    return [_facts(dict(row)) for row in session.execute(asked).mappings()]


def _facts(row: dict[str, Any]) -> PaymentFacts:
    return PaymentFacts(payer=Payer(row.pop("person_id"), row.pop("organisation_id")), **row)
