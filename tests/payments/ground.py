"""What tests of payments stand on: a provider, a learner who pays, a bank in memory, and what must hold at any moment."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select

from academy.accounts.queries import Actor
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.outbox import Event, OutboxMessage, subscribe
from academy.payments import events, rounds, service
from academy.payments.facts import Payer, PaymentFacts
from academy.payments.gateway import CheckoutOutcome, CheckoutTold, Notice
from academy.payments.kinds import AccountKind
from academy.payments.models import (
    Checkout,
    LedgerAccount,
    LedgerEntry,
    LedgerTransaction,
    MoneyReturn,
    Payment,
    PayoutAccount,
    Refund,
    Transfer,
    TransferReversal,
)
from tests import builders
from tests.payments.banks import FakeBank

Budget = Callable[[int], AbstractContextManager[list[str]]]  # the fixture `queries`
PRICE = Money(24_500)
DAY = timedelta(days=1)


@dataclass
class Till:
    """One provider that is paid, and one learner who pays, at a bank in memory."""

    database: Database
    bank: FakeBank
    payer: Actor
    provider_id: UUID
    now: datetime

    def ask(self, amount: Money = PRICE, *, subject_id: UUID | None = None, purpose: str = "enrolment") -> PaymentFacts:
        with self.database.writing() as session:
            return service.open_payment(
                session, purpose=purpose, subject_id=subject_id or new_id(), payer=Payer(person_id=self.payer.person_id), supplier_id=self.provider_id,
                amount=amount, description="Netwerkbeheer", language="nl", pay_until=self.now + DAY, now=self.now,
            )

    def visit(self, asked: PaymentFacts) -> str:
        """Press the button; returns the bank's name of the visit."""
        return f"visit_{service.start_checkout(asked.code, actor=self.payer, now=self.now).rsplit('/', 1)[1]}"

    def tell(self, told: CheckoutOutcome | Any, *, notice_id: str | None = None) -> Notice:
        """Have the bank tell something; returns the notice."""
        notice = Notice(notice_id or f"evt_{new_id().hex}", "fake", paid(told) if isinstance(told, CheckoutOutcome) else told)
        service.store_notice(notice, now=self.now)
        return notice

    def buy(self, amount: Money = PRICE) -> PaymentFacts:
        """Ask, go to the bank, pay, and hear of it."""
        asked = self.ask(amount)
        self.tell(self.bank.pay(self.visit(asked), now=self.now))
        return asked

    def give_back(self, asked: PaymentFacts, amount: Money, *, key: str | None = None) -> None:
        with self.database.writing() as session:
            service.ask_refund(session, payment_id=asked.id, amount=amount, request_key=key or new_id().hex, now=self.now)

    def close(self, asked: PaymentFacts) -> bool:
        with self.database.writing() as session:
            return service.close_payment(session, payment_id=asked.id, now=self.now)

    def connect(self) -> None:
        """Let the provider have an account that can receive; once is enough."""
        with self.database.writing() as session:
            session.merge(PayoutAccount(
                organisation_id=self.provider_id, vendor_account="account_1", is_ready=True, made_at=self.now, ready_at=self.now,
            ))

    def work(self, now: datetime | None = None) -> None:
        """Let the clock have its turn."""
        for turn in (rounds.look_at_notices, rounds.close_visits, rounds.send_orders, rounds.send_orders):
            turn(now or self.now)

    def row(self, asked: PaymentFacts) -> Payment:
        with self.database.reading() as session:
            return session.get_one(Payment, asked.id)

    def all(self, kind: type[Any]) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(kind).order_by(*inspect(kind).primary_key)))

    def news(self) -> list[str]:
        """Return what was announced, in order."""
        with self.database.reading() as session:
            messages = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        return [each.event.removeprefix("Payments.").removesuffix(".v1") for each in messages]

    def holds(self) -> dict[AccountKind, int]:
        """Return what the accounts of each kind hold, in cents, added up entry by entry."""
        found: defaultdict[AccountKind, int] = defaultdict(int)
        kinds = {each.id: each.kind for each in self.all(LedgerAccount)}
        for entry in self.all(LedgerEntry):
            found[kinds[entry.debit_id]] += entry.amount.cents
            found[kinds[entry.credit_id]] -= entry.amount.cents
        return {kind: cents for kind, cents in found.items() if cents}

    def picture(self) -> tuple[object, ...]:
        """Return what is true here, without ids and moments, so that two ways to the same end can be compared."""
        return (
            sorted((each.state.value, each.amount.cents) for each in self.all(Payment)),
            sorted((each.state.value, bool(each.vendor_session)) for each in self.all(Checkout)),
            sorted((each.state.value, each.amount.cents) for each in self.all(Refund)),
            sorted((each.state.value, each.amount.cents) for each in self.all(MoneyReturn)),
            sorted((each.state.value, each.amount.cents, each.reversed.cents) for each in self.all(Transfer)),
            sorted((each.state.value, each.amount.cents) for each in self.all(TransferReversal)),
            sorted(each.kind.value for each in self.all(LedgerTransaction)),
            sorted(self.holds().items()),
            sorted(self.news()),
        )


def paid(outcome: CheckoutOutcome, *, payment_id: UUID | None = None) -> CheckoutTold:
    """Return what a bank tells of a visit that was paid."""
    assert outcome.amount is not None
    return CheckoutTold(
        outcome.vendor_session, payment_id, "paid", vendor_payment=outcome.vendor_payment, vendor_charge=outcome.vendor_charge,
        cents=outcome.amount.cents, method=outcome.method,
    )


def open_till(database: Database, now: datetime, *, fee_rate: int = 0) -> Till:
    """Make a provider and a learner, and choose a bank in memory."""
    with database.writing() as session:
        provider_id, payer = builders.provider(session), builders.actor(session, now)
    bank = FakeBank()
    service.set_gateway(bank, fee_rate=fee_rate)
    service.set_return_pages(lambda code, language: (f"https://academy.test/{language}/{code}/back", f"https://academy.test/{language}/{code}"))
    return Till(database, bank, payer, provider_id, now)


def listen() -> None:
    """Let somebody want to hear all news of payments, so that it is written."""
    for kind in vars(events).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
            subscribe(f"tests.{kind.name}", kind, inside=lambda *_: None)
