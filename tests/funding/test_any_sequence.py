"""Whatever is done to a few seats, in whatever order: the shares are the price, nobody gets back more than they paid, and budgets add up."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.funding import queries, service
from academy.funding.facts import ShareFacts
from academy.funding.kinds import Fallback, ShareState, SourceKind
from academy.funding.service.invoicing import month_of
from academy.kernel.db import Database
from academy.kernel.errors import Refusal
from academy.kernel.money import FREE, Money
from academy.payments.models import Invoice, Refund
from tests.funding import money
from tests.funding.money import Seat, Source
from tests.funding.test_ending import details, paid

SEATS = 3
ACTS = ("reserve", "approve", "refuse", "lapse", "pay", "confirm", "end", "reopen", "invoice")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, SEATS - 1), st.integers(0, 120_00)), min_size=40, max_size=40)


class _Undone(Exception):
    """Undoes an example."""


class World:
    """A class in which three seats are asked, of which a fund, an employer and the learner may pay."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        first = money.seat(session, now, is_in_crkbo=False)
        self.seats = [first, *(money.another(session, now, first) for _number in range(SEATS - 1))]
        self.sources: dict[object, Source] = {}
        for number, fallback in enumerate(Fallback):
            made = money.source(
                session, now, slug=f"fonds-{number}", position=number, percentage=2_345, needs_approval=True, fallback=fallback, budget=Money(60_00),
                cap_person_year=Money(40_00), cap_provider_year=Money(70_00),
            )
            self.sources[made.id] = made
        firm = money.source(session, now, kind=SourceKind.EMPLOYER, slug="firma", position=9, needs_approval=True, budget=Money(120_00))
        self.sources[firm.id] = firm
        details(session, now, first.found.provider_id, *(one.owner_id for one in self.sources.values()))

    def step(self, act: str, one: Seat, amount: int) -> None:
        """Do one thing, or hear that it can not be done."""
        with suppress(Refusal), self.session.begin_nested():
            getattr(self, f"_{act}")(one, amount)

    def _reserve(self, one: Seat, _amount: int) -> None:
        money.reserve(self.session, self.now, one)

    def _shares(self, one: Seat) -> tuple[ShareFacts, ...]:
        return money.split(self.session, one).shares if self._is_there(one) else ()

    def _is_there(self, one: Seat) -> bool:
        return bool(queries.split_of(self.session, [one.id]))

    def _asked(self, one: Seat) -> ShareFacts | None:
        return next((share for share in self._shares(one) if share.approve_until is not None), None)

    def _approve(self, one: Seat, _amount: int) -> None:
        share = self._asked(one)
        if share is not None:
            service.approve_share(self.session, actor=self.sources[share.source_id].keeper, share_id=share.id, now=self.now)

    def _refuse(self, one: Seat, _amount: int) -> None:
        share = self._asked(one)
        if share is not None:
            service.refuse_share(self.session, actor=self.sources[share.source_id].keeper, share_id=share.id, reason="nee", now=self.now)

    def _lapse(self, _one: Seat, amount: int) -> None:
        if amount % 8 == 0:
            service.lapse_due(self.session, now=self.now + timedelta(days=8))

    def _pay(self, one: Seat, _amount: int) -> None:
        unpaid = [share for share in self._shares(one) if share.kind is SourceKind.LEARNER and share.payment_id is None]
        if unpaid and self._asked(one) is None:
            service.note_payment(self.session, paid(self.session, self.now, one), now=self.now)

    def _confirm(self, one: Seat, _amount: int) -> None:
        if self._is_there(one) and all(share.state is not ShareState.RESERVED for share in self._shares(one)):
            service.confirm_seat(self.session, one.id, self.now)

    def _end(self, one: Seat, amount: int) -> None:
        service.end_seat(self.session, one.id, owed=Money(amount), now=self.now)

    def _reopen(self, one: Seat, _amount: int) -> None:
        service.reopen_seat(self.session, one.id, self.now)

    def _invoice(self, _one: Seat, _amount: int) -> None:
        month = month_of(self.now + timedelta(days=31))
        for pair in service.pairs_to_invoice(self.session, month=month):
            service.invoice_pair(self.session, pair, month=month, now=self.now)

    def check(self) -> None:
        """Look whether all is well."""
        assert money.adds_up(self.session)  # shares and prices, budgets, caps; that nothing is exceeded the CHECKs see to
        for one in self.seats:
            for share in self._shares(one):
                assert FREE <= share.refunded <= share.amount
        shares = [share for one in self.seats for share in self._shares(one)]
        back = sum(amount.cents for amount in self.session.scalars(select(Refund.amount)))
        assert back == sum(share.refunded.cents for share in shares if share.payment_id is not None)
        papers = self.session.execute(select(Invoice.credits_id, Invoice.gross)).all()
        stands = sum(gross.cents if credits_id is None else -gross.cents for credits_id, gross in papers)
        assert stands == sum(share.remains.cents for share in shares if share.invoice_id is not None)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_after_a_thousand_acts_in_any_order_all_adds_up(database: Database, now: datetime, steps: list[tuple[str, int, int]]) -> None:
    with suppress(_Undone), database.writing() as session:
        world = World(session, now)
        for act, number, amount in steps:
            world.step(act, world.seats[number], amount)
            world.check()
        raise _Undone
