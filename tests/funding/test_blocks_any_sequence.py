"""Whatever is done to blocks, in whatever order: budgets add up, no seat has two names, and what is owed is what has a name or began without one."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.funding import service
from academy.funding.kinds import BlockState, ShareState
from academy.funding.models import Budget, FundedBlock, FundedSeat, FundingShare
from academy.kernel.db import Database
from academy.kernel.errors import Refusal
from academy.kernel.money import FREE, Money
from tests.funding import blocks, money

BLOCKS = 3
ACTS = ("promise", "order", "name", "give_up", "leave_late", "grow", "shrink", "call_off", "begin")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, BLOCKS - 1), st.integers(1, 5)), min_size=30, max_size=30)


class _Undone(Exception):
    """Undoes an example."""


class World:
    """A firm with a budget for ten seats that buys blocks of one class, out of it and by invoice."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.one, self.firm = money.seat(session, now, is_in_crkbo=False), blocks.firm(session, now)
        self.there: dict[int, UUID] = {}
        self.named: dict[int, list[UUID]] = {number: [] for number in range(BLOCKS)}
        self.late = 0

    def step(self, act: str, which: int, number: int) -> None:
        """Do one thing, or hear that it can not be done."""
        with suppress(Refusal), self.session.begin_nested():
            if act == "promise":
                self._promise(which, number)
            elif which in self.there:
                getattr(self, f"_{act}")(which, number)

    def _promise(self, which: int, number: int) -> None:
        if which not in self.there:
            more = {"budget_id": None} if which == BLOCKS - 1 else {}
            self.there[which] = blocks.promise(self.session, self.now, self.firm, self.one, seats=number, **more)

    def _order(self, which: int, _number: int) -> None:
        service.order_block(self.session, self.there[which], now=self.now)

    def _name(self, which: int, _number: int) -> None:
        self.named[which].append(blocks.name(self.session, self.now, self.there[which], self.one))

    def _give_up(self, which: int, number: int) -> None:
        if self.named[which]:
            blocks.give_up(self.session, self.now, self.named[which][number % len(self.named[which])])

    def _leave_late(self, which: int, number: int) -> None:
        if self.named[which]:
            blocks.give_up(self.session, self.now, self.named[which][number % len(self.named[which])], owed=Money(30_00))

    def _grow(self, which: int, number: int) -> None:
        service.grow_block(self.session, self.there[which], seats=number, now=self.now)

    def _shrink(self, which: int, number: int) -> None:
        service.shrink_block(self.session, self.there[which], seats=number, now=self.now)

    def _call_off(self, which: int, _number: int) -> None:
        service.close_block(self.session, self.there[which], owes_unnamed=False, now=self.now)

    def _begin(self, which: int, _number: int) -> None:
        if blocks.facts(self.session, self.there[which]).state is BlockState.ORDERED:
            service.close_block(self.session, self.there[which], owes_unnamed=True, now=self.now + timedelta(days=300))

    def check(self) -> None:
        """See that everything adds up."""
        assert money.adds_up(self.session)
        budget = self.session.scalars(select(Budget).execution_options(populate_existing=True)).one()
        assert FREE <= budget.earmarked <= budget.amount
        for block in self.session.scalars(select(FundedBlock).execution_options(populate_existing=True)):
            of_it = select(FundedSeat).where(FundedSeat.block_id == block.id, FundedSeat.person_id.is_not(None))
            assert len(self.session.scalars(of_it).all()) == block.named <= block.seats
        live = select(FundingShare).where(FundingShare.state != ShareState.RELEASED)
        for share in self.session.scalars(live.execution_options(populate_existing=True)):
            assert share.organisation_id == self.firm.owner_id
            assert share.amount.cents % money.PRICE.cents == 0


@given(steps=STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_blocks_add_up_after_any_sequence(database: Database, now: datetime, steps: list[tuple[str, int, int]]) -> None:
    with suppress(_Undone), database.writing() as session:
        world = World(session, now)
        for act, which, number in steps:
            world.step(act, which, number)
            world.check()
        raise _Undone
