"""A process that takes a seat all the way, through every room, over and over, and each time is killed one step later.

Started by test_crash_whole.py. It reads one JSON object a line: which way to go, for whom, and at which step to die. For each it forks, so that what
was imported is imported once. A step is a commit of what was written, or a call of the bank: a fork sends itself SIGKILL before and after each. What
happens at every statement within a commit is proven in each room by itself. It answers "killed", or "ended" when there is no such step any more.
"""

import itertools
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from academy.accounts import queries as accounts
from academy.accounts.queries import Actor
from academy.enrolment import service as enrolment
from academy.enrolment import subscribers as enrolment_subscribers
from academy.enrolment.service import leaving, withdrawing
from academy.funding import rounds as funding_rounds
from academy.funding import service as funding
from academy.funding import subscribers as funding_subscribers
from academy.funding.kinds import SourceKind
from academy.funding.models import FundingShare
from academy.funding.service.invoicing import month_of
from academy.kernel import outbox
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.errors import Refusal
from academy.kernel.outbox import MessageState, OutboxMessage
from academy.kernel.worker import Worker
from academy.payments import rounds as payment_rounds
from academy.payments import service as payments
from academy.payments.gateway import CheckoutTold, Notice
from academy.payments.models import Checkout, Payment
from tests.payments.ground import listen as listen_to_payments
from tests.payments.proofs.crashing import WrittenBank, choose


def listen() -> None:
    """Let the rooms hear each other, as in the application."""
    listen_to_payments()
    enrolment_subscribers.register()
    funding_subscribers.register()


def _actor(sign_in: str, now: datetime) -> Actor:
    with database().reading() as session:
        found = accounts.actor_of(session, UUID(sign_in), now=now)
    assert found is not None
    return found


def _do(act: Callable[[Session], object]) -> None:
    """Do one thing in a transaction of its own; what was done before is refused, or is the same."""
    with suppress(Refusal), database().writing() as session:
        act(session)


def _news_arrives() -> None:
    Worker(database(), []).drain()


def _orders_leave(now: datetime) -> None:
    payment_rounds.send_orders(max(now, utc_now()))  # what news asked for is due from the moment at which it arrived


def _news_is_marked_first() -> None:
    """Deliver as nobody may: what a message does follows in a second transaction. For the negative control."""
    while True:
        with database().writing() as session:
            told = session.scalars(select(OutboxMessage).where(OutboxMessage.state == MessageState.PENDING).order_by(OutboxMessage.id).limit(1)).first()
            if told is None:
                return
            outbox.mark_done(session, told.id, now=utc_now())
        subscriber = outbox.subscriber_named(told.subscriber)
        assert subscriber is not None
        with database().writing() as session:
            if subscriber.inside is not None:
                subscriber.inside(session, outbox.event_from(subscriber, told.payload), utc_now())


def to_a_seat(*, now: datetime, learner: str, firm: str, mine: str, **_others: str) -> None:
    """Confirm, let the employer approve, pay at the bank, hear of it, have the seat, send the invoices, and send the provider its money."""
    who, approver = _actor(learner, now), _actor(firm, now)
    _do(lambda session: enrolment.confirm(session, actor=who, code=mine, now=now))
    _news_arrives()
    _do(lambda session: funding.approve_share(session, actor=approver, share_id=_asked(session), now=now))
    _news_arrives()
    with database().reading() as session:
        payment = session.execute(select(Payment.id, Payment.code, Payment.amount)).one()
    with suppress(Refusal):
        payments.start_checkout(payment.code, actor=who, now=now)
    with database().reading() as session:
        visit = str(session.scalars(select(Checkout.vendor_session)).one())
    told = CheckoutTold(
        visit, payment.id, "paid", vendor_payment=f"payment-{visit}", vendor_charge=f"charge-{visit}", cents=payment.amount.cents, method="ideal",
    )
    payments.store_notice(Notice("evt_of_the_whole", "fake", told), now=now)
    _news_arrives()
    funding_rounds.invoice_before(month_of(now + timedelta(days=32)), now=now)
    _orders_leave(now)
    _news_arrives()


def _asked(session: Session) -> UUID:
    return session.scalars(select(FundingShare.id).where(FundingShare.kind == SourceKind.EMPLOYER)).one()


def _cancel(session: Session, *, actor: Actor, mine: str, now: datetime, **_others: object) -> None:
    enrolment.cancel(session, actor=actor, code=mine, now=now)


def _withdraw(session: Session, *, actor: Actor, mine: str, now: datetime, **_others: object) -> None:
    withdrawing.withdraw(session, actor=actor, code=mine, email=actor.email, now=now)


def _call_off(session: Session, *, planner: Actor, offering: str, now: datetime, **_others: object) -> None:
    leaving.call_off(session, actor=planner, provider_slug="windesheim", code=offering, reason="De docent is ziek.", people=1, now=now)


LEAVE: dict[str, Callable[..., None]] = {"cancel": _cancel, "withdraw": _withdraw, "call off": _call_off}


def out_again(*, how: str, now: datetime, learner: str, planner: str, mine: str, offering: str, **_others: str) -> None:
    """Leave, hear that money goes back, ask for it, let the bank do it, credit who was invoiced, and ask the provider for its part."""
    who, at_the_provider = _actor(learner, now), _actor(planner, now)
    _do(lambda session: LEAVE[how](session, actor=who, planner=at_the_provider, mine=mine, offering=offering, now=now))
    _news_arrives()
    _orders_leave(now)  # refunds, and reversals of what has gone on already
    _orders_leave(now)
    _news_arrives()


def go(*, way: str, now: str, **named: str) -> None:
    """Go a way from its beginning, given in words that travel as JSON; what was done before is not done again."""
    moment = datetime.fromisoformat(now)
    if way == "to a seat":
        to_a_seat(now=moment, **named)
    else:
        out_again(how=way, now=moment, **named)


def _die_at(bank: WrittenBank, step: int) -> None:
    counted = itertools.count(1)
    written: list[str] = []

    def at_a_step(*_: object) -> None:
        if next(counted) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN")):
            written.append(statement)

    def at_a_commit(*_: object) -> None:
        if written:
            at_a_step()

    def after_a_commit(*_: object) -> None:
        at_a_commit()
        written.clear()

    event.listen(Engine, "before_cursor_execute", note)
    event.listen(Engine, "commit", at_a_commit)
    event.listen(Session, "after_commit", after_a_commit)
    bank.at_a_point = at_a_step


def main() -> None:
    bank = choose(sys.argv[1], Path(sys.argv[2]))
    listen()
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        step, is_broken = order.pop("step"), order.pop("is_broken")
        child = os.fork()
        if not child:
            if is_broken:
                globals()["_news_arrives"] = _news_is_marked_first
            _die_at(bank, step)
            go(**order)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        sys.stdout.write("killed\n" if died else f"failed with {status}\n" if status else "ended\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
