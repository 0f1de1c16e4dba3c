"""Going to the bank: a visit for a payment, made once however often somebody presses the button."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.kernel.db import database
from academy.kernel.ids import new_id
from academy.payments import queries, rules
from academy.payments.errors import BankAway, BankSaidNo, PaymentOver
from academy.payments.facts import PaymentFacts
from academy.payments.gateway import BankRefused, BankUnavailable, CheckoutOrder, StartedCheckout
from academy.payments.kinds import CheckoutState, PaymentState
from academy.payments.models import Checkout
from academy.payments.service import bank
from academy.payments.service.opening import VISITED, locked
from academy.payments.service.visits import note_outcome


@dataclass(frozen=True)
class _Visit:
    """A visit as it is here, and in what words the bank is asked for it: always the same."""

    order: CheckoutOrder
    vendor_session: str | None  # None: the bank's answer is not stored yet
    url: str
    is_doubtful: bool  # the bank said no once, or its time ran out


def start_checkout(code: str, *, actor: Actor, now: datetime) -> str:
    """Return the address at the bank where the actor pays; for who started before, the same visit as long as it can be paid.

    Opens its own transactions, for the bank is asked between them. Who presses again after a crash asks under the same key, and finds what the
    bank made. An address is given out only while the payment is open, so a visit without one can not be paid by anybody. Raises
    PaymentNotFound, PaymentOver, BankAway, BankSaidNo.
    """
    visit = _find_or_make(code, actor, now=now)
    if visit.is_doubtful and visit.vendor_session and not _goes_on(visit.order, visit.vendor_session, now=now):
        visit = _find_or_make(code, actor, now=now)
    return visit.url or _ask(visit.order)


def _find_or_make(code: str, actor: Actor, *, now: datetime) -> _Visit:
    with database().writing() as session:
        found = queries.my_payment(session, actor, code)
        if locked(session, found.id).state is not PaymentState.OPEN:  # from here nobody else makes a visit for it
            raise PaymentOver(code)
        present = session.scalars(select(Checkout).where(Checkout.payment_id == found.id, Checkout.state.in_(VISITED))).one_or_none()
        if present and present.vendor_session is None and not rules.may_still_start(present.expires_at, now=now):
            present.state, present = CheckoutState.EXPIRED, None
            session.flush()
        if present is None:
            until = rules.visit_until(found.pay_until, now=now)
            present = Checkout(id=new_id(), payment_id=found.id, state=CheckoutState.STARTING, url="", started_at=now, expires_at=until)
            session.add(present)
        is_doubtful = present.refused_at is not None or present.expires_at <= now
        return _Visit(_order(session, found, present), present.vendor_session, present.url, is_doubtful)


def _order(session: Session, found: PaymentFacts, visit: Checkout) -> CheckoutOrder:
    success_url, cancel_url = bank.return_pages(found.code, found.language)
    payer = accounts.person(session, found.payer.person_id) if found.payer.person_id else None
    return CheckoutOrder(
        key=visit.id, reference=found.code, payment_id=found.id, amount=found.amount, description=found.description, language=found.language,
        email=payer.email if payer else "", success_url=success_url, cancel_url=cancel_url, expires_at=visit.expires_at,
    )


def _goes_on(order: CheckoutOrder, vendor_session: str, *, now: datetime) -> bool:
    try:
        outcome = bank.gateway().checkout(vendor_session)
    except BankUnavailable as away:
        raise BankAway(order.reference) from away
    with database().writing() as session:
        note_outcome(session, order.payment_id, outcome, now=now)
    return outcome.is_open


def _ask(order: CheckoutOrder) -> str:
    try:
        started = bank.gateway().start_checkout(order)
    except BankUnavailable as away:
        raise BankAway(order.reference) from away
    except BankRefused as refused:
        with database().writing() as session:
            session.execute(_unstored(order).values(state=CheckoutState.EXPIRED))
        raise BankSaidNo(order.reference) from refused
    with database().writing() as session:
        is_open = locked(session, order.payment_id).state is PaymentState.OPEN
        session.execute(_unstored(order).values(_stored(started)))
        is_open = is_open and session.scalar(select(Checkout.state).where(Checkout.id == order.key)) is CheckoutState.OPEN
    if not is_open:
        raise PaymentOver(order.reference)
    return started.url


def _unstored(order: CheckoutOrder) -> Update:
    return update(Checkout).where(Checkout.id == order.key, Checkout.state == CheckoutState.STARTING)


def _stored(started: StartedCheckout) -> dict[str, Any]:
    return {
        "state": CheckoutState.OPEN, "vendor_session": started.vendor_session, "url": started.url, "expires_at": started.expires_at,
    }
