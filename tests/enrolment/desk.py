"""A provider with a planner and a class, and learners who ask for a seat: each step a transaction of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering
from academy.enrolment import queries, service
from academy.enrolment import subscribers as enrolment_subscribers
from academy.enrolment.models import Enrolment, EnrolmentStep, SeatPool
from academy.funding import subscribers as funding_subscribers
from academy.kernel import outbox
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.outbox import Event, MessageState, OutboxMessage, subscribe
from academy.payments import api as payments
from academy.payments.gateway import CheckoutOutcome
from academy.payments.service.settling import Settled, settle
from tests import builders
from tests.enrolment.vat import decide_vat

SLUG = "windesheim"


@dataclass
class Desk:
    """What a test does at a provider."""

    database: Database
    now: datetime
    provider_id: UUID
    planner: Actor
    code: str  # of the class

    def member(self, *roles: Role) -> Actor:
        """Return somebody new with these roles at the provider."""
        with self.database.writing() as session:
            person = builders.actor(session, self.now)
            for role in roles:
                accounts.add_membership(session, person_id=person.person_id, organisation_id=self.provider_id, role=role)
        return person

    def learner(self, name: str = "Sam de Vries") -> Actor:
        with self.database.writing() as session:
            return builders.actor(session, self.now, name=name)

    def ask(
        self, learner: Actor, *, code: str = "", statement: str = "", now: datetime | None = None, is_business: bool = False,
    ) -> str:
        """Let somebody ask for a seat and go as far as they can alone; returns the enrolment's code. An organisation that buys it pays the provider."""
        with self.database.writing() as session:
            mine = service.hold_seat(session, actor=learner, offering_code=code or self.code, request_key=new_id(), now=now or self.now)
            session.execute(update(Enrolment).where(Enrolment.code == mine).values(is_business=is_business))
            service.confirm(session, actor=learner, code=mine, statement=statement, now=now or self.now)
        return mine

    def payment(self, code: str) -> payments.PaymentFacts:
        """Return the learner's payment of an enrolment, the newest."""
        seat_id = self.row(code).seat_id or self.row(code).id
        with self.database.reading() as session:
            return payments.payments_for(session, "enrolment", [seat_id])[seat_id]

    def pay(self, code: str, *, now: datetime | None = None) -> None:
        """Let the bank say that an enrolment is paid, and everybody act on that."""
        payment = self.payment(code)
        told = CheckoutOutcome("visit", is_open=False, vendor_payment=f"paid-{payment.code}", amount=payment.amount, method="ideal")
        with self.database.writing() as session:
            assert settle(session, payment.id, told, now=now or self.now) is Settled.NOW
        self.news_arrives(now=now)

    def news_arrives(self, *, now: datetime | None = None) -> None:
        """Let the rooms act on what was told, one transaction each, until nothing is left; letters are not written."""
        while self._next_news_arrives(now or self.now):
            pass

    def _next_news_arrives(self, now: datetime) -> bool:
        with self.database.writing() as session:
            told = session.scalars(
                select(OutboxMessage).where(OutboxMessage.state == MessageState.PENDING).order_by(OutboxMessage.created_at, OutboxMessage.id).limit(1),
            ).one_or_none()
            subscriber = None if told is None else outbox.subscriber_named(told.subscriber)
            if told is not None:
                outbox.mark_done(session, told.id, now=now)
            if told is not None and subscriber is not None and subscriber.inside is not None:
                subscriber.inside(session, outbox.event_from(subscriber, told.payload), now)
            return told is not None

    def enrolled(self, number: int, *, code: str = "") -> list[str]:
        """Let so many people enrol; returns their codes."""
        return [self.ask(self.learner(f"Cursist {place}"), code=code) for place in range(number)]

    def another_class(self, **about: Any) -> str:
        """Plan another class of the same module; returns its code."""
        with self.database.writing() as session:
            return builders.offering(session, self.now, external_id="NET-01", provider_id=self.provider_id, **about)

    def set_offering(self, code: str = "", **values: Any) -> None:
        with self.database.writing() as session:
            session.execute(update(Offering).where(Offering.code == (code or self.code)).values(**values))

    def do(self, act: Callable[..., Any], **what: Any) -> Any:
        """Carry out what the planner does."""
        with self.database.writing() as session:
            return act(session, **({"actor": self.planner, "provider_slug": SLUG, "now": self.now} | what))

    def run(self, act: Callable[..., Any], **what: Any) -> Any:
        """Carry out what nobody in particular does."""
        with self.database.writing() as session:
            return act(session, **({"now": self.now} | what))

    def row(self, code: str) -> Enrolment:
        """Return an enrolment as it is, once it is sure that each pool counts what is there."""
        with self.database.reading() as session:
            assert queries.audit(session) == []
            return session.scalars(select(Enrolment).where(Enrolment.code == code)).one()

    def offering(self, code: str = "") -> catalogue.OfferingFacts:
        with self.database.reading() as session:
            offering_id = session.scalars(select(Offering.id).where(Offering.code == (code or self.code))).one()
            return catalogue.offerings_by_id(session, [offering_id])[offering_id].offering

    def why(self, code: str) -> list[str]:
        """Return the reasons in the history of an enrolment, oldest first."""
        with self.database.reading() as session:
            return [step.value for step in session.scalars(
                select(EnrolmentStep.why).join(Enrolment, Enrolment.id == EnrolmentStep.enrolment_id).where(Enrolment.code == code)
                .order_by(EnrolmentStep.id),
            )]

    def taken(self, code: str = "") -> int:
        with self.database.reading() as session:
            return session.scalar(
                select(func.coalesce(func.sum(SeatPool.taken), 0)).where(SeatPool.offering_id == self.offering(code).id),
            ) or 0

    def news(self, event: type[Event]) -> int:
        """Return how often something was told."""
        with self.database.reading() as session:
            told = select(func.count()).where(OutboxMessage.event == event.name, OutboxMessage.subscriber == f"tests.{event.name}")
            return session.scalar(told) or 0


def open_desk(
    database: Database, now: datetime, *, seats: int = 10, price: int = 0, min_seats: int = 0, decides_on: date | None = None,
    asks: catalogue.Prerequisite | None = None,
) -> Desk:
    """Return a provider with a planner and one class, that starts in four weeks."""
    with database.writing() as session:
        provider_id = builders.provider(session, SLUG)
        planner = builders.actor(session, now, name="Pia Planner")
        accounts.add_membership(session, person_id=planner.person_id, organisation_id=provider_id, role=Role.PLANNER)
        builders.module(session, now, provider_id=provider_id, prerequisites=asks)
        code = builders.offering(session, now, seats=seats, price=price, external_id="NET-01", provider_id=provider_id)
        decide_vat(session, now)
        session.execute(update(Offering).values(min_seats=min_seats, decides_on=decides_on))
    return Desk(database, now, provider_id, planner, code)


def listen(*events: type[Event]) -> None:
    """Let the rooms hear each other, and somebody want to hear the news, so that it is written."""
    enrolment_subscribers.register()
    funding_subscribers.register()
    for event in events:
        subscribe(f"tests.{event.name}", event, inside=lambda _session, _event, _now: None)


A_WEEK = timedelta(days=7)
