"""What the programme office does about a finding. Each act happens once, whoever presses how often, and stands in the audit trail."""

from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.kernel.db import database
from academy.kernel.money import FREE
from academy.payments import rules
from academy.payments.errors import AmountStillWrong, NotForThisFinding
from academy.payments.facts import FindingFacts
from academy.payments.gateway import CheckoutOutcome
from academy.payments.kinds import FindingKind, FindingState, NoticeState
from academy.payments.models import ReceivedNotice
from academy.payments.queries.attention import finding, office_of
from academy.payments.queries.visits import visits_of
from academy.payments.service import bank, sending
from academy.payments.service.findings import end, stop_waiting
from academy.payments.service.returning import ask_return
from academy.payments.service.settling import Settled, settle
from academy.payments.service.sweeping import order_of

_DONE: Final = (Settled.NOW, Settled.BEFORE)


def give_back(session: Session, *, actor: Actor, code: str, now: datetime) -> bool:
    """Send the money of a finding back, whole; False when somebody saw to it before. Raises NotFound, NotForThisFinding, NothingToRefund."""
    found = finding(session, actor, code)
    if found.kind not in rules.MAY_GO_BACK:
        raise NotForThisFinding
    if not end(session, found.id, FindingState.GIVEN_BACK, by=actor.person_id, now=now):
        return False
    stop_waiting(session, [found.vendor_payment], now=now)  # before payments wait: who looks at such a notice again settles a payment
    ask_return(session, vendor_payment=found.vendor_payment, amount=found.came or FREE, now=now)
    _record(session, "money-given-back", found, actor, now=now)
    return True


def settle_after_all(*, actor: Actor, code: str, now: datetime) -> bool:
    """Book the money of a finding as the payment that it is for, when the bank has exactly what was asked; False when somebody was before.

    Asks the bank, outside of its own transactions. Raises NotFound, NotForThisFinding, AmountStillWrong, BankUnavailable, BankRefused.
    """
    with database().reading() as session:
        found = finding(session, actor, code)
        visits = [] if found.payment_id is None else visits_of(session, found.payment_id)
    if found.kind not in rules.MAY_BE_SETTLED or found.payment_id is None:
        raise NotForThisFinding
    if found.state is not FindingState.OPEN:
        return False
    outcomes = (bank.gateway().checkout(vendor_session) for vendor_session in visits)
    unknown = CheckoutOutcome("", is_open=False, vendor_payment=found.vendor_payment, amount=found.came)
    outcome = next((each for each in outcomes if each.vendor_payment == found.vendor_payment), unknown)
    with database().writing() as session:
        if not end(session, found.id, FindingState.SETTLED, by=actor.person_id, now=now):
            return False
        if settle(session, found.payment_id, outcome, now=now) not in _DONE:
            raise AmountStillWrong
        _record(session, "payment-settled-after-all", found, actor, now=now)
    return True


def try_again(session: Session, *, actor: Actor, code: str, now: datetime) -> bool:
    """Let an order that failed go out again, or look at a notice again; it is open again when that fails too. False when somebody was before.

    Raises NotFound, NotForThisFinding.
    """
    found = finding(session, actor, code)
    order = order_of(found.kind)
    if found.kind not in rules.MAY_BE_TRIED_AGAIN:
        raise NotForThisFinding
    if not end(session, found.id, FindingState.TRIED_AGAIN, by=actor.person_id, now=now):
        return False
    if order is not None and found.order_id is not None:
        sending.retry(session, order, found.order_id, now=now)
    else:
        _change_notice(session, found, due_at=now)
    _record(session, "bank-asked-again", found, actor, now=now)
    return True


def close(session: Session, *, actor: Actor, code: str, reason: str, now: datetime) -> bool:
    """Close a finding with what was done about it elsewhere; it stays closed. False when somebody was before. Raises NotFound."""
    found = finding(session, actor, code)
    if not end(session, found.id, FindingState.CLOSED, by=actor.person_id, now=now, reason=reason):
        return False
    if found.kind is FindingKind.NOTICE_WAITS:
        _change_notice(session, found, state=NoticeState.IGNORED, done_at=now)
    if found.kind in rules.MAY_GO_BACK:
        stop_waiting(session, [found.vendor_payment], now=now)
    _record(session, "money-looked-at", found, actor, now=now)
    return True


def _change_notice(session: Session, found: FindingFacts, **values: object) -> None:
    waits = (ReceivedNotice.id == found.about, ReceivedNotice.state == NoticeState.WAITING)
    session.execute(update(ReceivedNotice).where(*waits).values(**values))


def _record(session: Session, act: str, found: FindingFacts, actor: Actor, *, now: datetime) -> None:
    amount = found.came or found.asked
    record(
        session, act, actor_id=actor.person_id, organisation_id=office_of(session, actor), person_id=found.person_id, about="finding",
        about_id=found.id, details={"kind": found.kind.value, "code": found.code, "cents": amount.cents if amount else 0}, now=now,
    )
