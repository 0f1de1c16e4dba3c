"""Whatever is done to blocks, in whatever order: what is promised, owed and invoiced is what a simple count beside it says, and budgets add up."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.funding import service
from academy.funding.kinds import BlockState, ShareState
from academy.funding.models import Budget, FundingShare
from academy.funding.service.invoicing import month_of
from academy.kernel.db import Database
from academy.kernel.errors import Refusal
from academy.kernel.money import FREE, Money
from academy.payments.models import Invoice
from tests.funding import blocks, money
from tests.funding.test_ending import details

BLOCKS = 3
SEATS = (4, 3, 3)  # of the blocks there are at first: two ordered and one promised, the second by invoice
ACTS = (*("name",) * 8, *("give_up", "order", "promise") * 3, "leave_late", "grow", "shrink", "call_off", "begin", "invoice")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, BLOCKS - 1), st.integers(1, 5)), min_size=40, max_size=40)
LATE = Money(30_00)  # what stays owed of who leaves late
PRICE = money.PRICE.cents


class _Undone(Exception):
    """Undoes an example."""


@dataclass
class Count:
    """What a block should be, counted without looking: how much of each seat that had a name is owed, in cents, and how many are owed without."""

    id: UUID
    seats: int
    is_of_budget: bool
    state: BlockState = BlockState.PROMISED
    named: int = 0
    without: int = 0
    owed: dict[UUID, int] = field(default_factory=dict)
    back: list[UUID] = field(default_factory=list)  # seats that came back already

    @property
    def promised(self) -> int:
        return 0 if self.state is BlockState.CLOSED else (self.seats - self.named) * PRICE

    @property
    def owes(self) -> int:
        return sum(self.owed.values()) + self.without * PRICE


class World:
    """A firm with a budget for ten seats that buys blocks of one class: two out of it, and one by invoice; another when one is closed."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.one, self.firm = money.seat(session, now, is_in_crkbo=False), blocks.firm(session, now)
        details(session, now, self.one.found.provider_id, self.firm.owner_id)
        self.there: dict[int, Count] = {}
        self.all: list[Count] = []
        for which, number in enumerate(SEATS):
            self._promise(which, number)
        for which in (0, 1):
            self._order(self.there[which], 0)

    def step(self, act: str, which: int, number: int) -> None:
        """Do one thing, or hear that it can not be done."""
        with suppress(Refusal), self.session.begin_nested():
            if act == "promise":
                self._promise(which, number)
            else:
                getattr(self, f"_{act}")(self.there[which], number)

    def _promise(self, which: int, number: int) -> None:
        if which not in self.there or self.there[which].state is BlockState.CLOSED:
            is_of_budget = which != 1
            terms = {} if is_of_budget else {"budget_id": None}
            self.there[which] = Count(blocks.promise(self.session, self.now, self.firm, self.one, seats=number, **terms), number, is_of_budget)
            self.all.append(self.there[which])

    def _order(self, block: Count, _number: int) -> None:
        service.order_block(self.session, block.id, now=self.now)
        block.state = BlockState.ORDERED if block.state is BlockState.PROMISED else block.state

    def _name(self, block: Count, _number: int) -> None:
        seat_id = blocks.name(self.session, self.now, block.id, self.one)
        block.owed[seat_id], block.named = PRICE, block.named + 1
        assert block.state is BlockState.ORDERED

    def _give_up(self, block: Count, number: int) -> None:
        self._leave(block, number, FREE)

    def _leave_late(self, block: Count, number: int) -> None:
        self._leave(block, number, LATE)

    def _leave(self, block: Count, number: int, owed: Money) -> None:
        seat_ids = [*block.owed, *block.back]
        if seat_ids:
            seat_id = seat_ids[number % len(seat_ids)]
            is_back = blocks.give_up(self.session, self.now, seat_id, owed=owed)
            assert is_back == (owed.is_zero and block.state is BlockState.ORDERED and seat_id not in block.back)
            if is_back:
                del block.owed[seat_id]
                block.back.append(seat_id)
                block.named -= 1
            elif seat_id in block.owed:
                block.owed[seat_id] = min(block.owed[seat_id], owed.cents)

    def _grow(self, block: Count, number: int) -> None:
        service.grow_block(self.session, block.id, seats=number, now=self.now)
        block.seats += number
        assert block.state is not BlockState.CLOSED

    def _shrink(self, block: Count, number: int) -> None:
        fits = block.state is not BlockState.CLOSED and number <= block.seats - block.named and number < block.seats
        assert service.shrink_block(self.session, block.id, seats=number, now=self.now) == fits
        block.seats -= number if fits else 0

    def _call_off(self, block: Count, _number: int) -> None:
        service.close_block(self.session, block.id, owes_unnamed=False, now=self.now)
        block.state, block.without = BlockState.CLOSED, 0

    def _begin(self, block: Count, _number: int) -> None:
        service.close_block(self.session, block.id, owes_unnamed=True, now=self.now)
        if block.state is BlockState.ORDERED:
            block.without = block.seats - block.named
        block.state = BlockState.CLOSED

    def _invoice(self, _block: Count, _number: int) -> None:
        month = month_of(self.now + timedelta(days=31))
        for pair in service.pairs_to_invoice(self.session, month=month):
            service.invoice_pair(self.session, pair, month=month, now=self.now)

    def check(self) -> None:
        """See that the database says what was counted."""
        assert money.adds_up(self.session)
        for block in self.all:
            found = blocks.facts(self.session, block.id)
            assert (found.state, found.seats, found.named) == (block.state, block.seats, block.named)
            assert 0 <= found.named <= found.seats
        budget = self.session.scalars(select(Budget).execution_options(populate_existing=True)).one()
        of_it = [block for block in self.all if block.is_of_budget]
        assert (budget.earmarked + budget.spent).cents == sum(block.promised + block.owes for block in of_it) <= budget.amount.cents
        self._check_shares()

    def _check_shares(self) -> None:
        live = select(FundingShare).where(FundingShare.state != ShareState.RELEASED).execution_options(populate_existing=True)
        shares = self.session.scalars(live).all()
        assert sum((share.amount - share.refunded).cents for share in shares) == sum(block.owes for block in self.all)
        assert {share.organisation_id for share in shares} <= {self.firm.owner_id}
        papers = self.session.execute(select(Invoice.credits_id, Invoice.gross)).all()
        stands = sum(gross.cents if credits_id is None else -gross.cents for credits_id, gross in papers)
        assert stands == sum((share.amount - share.refunded).cents for share in shares if share.invoice_id is not None)


@given(steps=STEPS)
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_blocks_add_up_after_any_sequence(database: Database, now: datetime, steps: list[tuple[str, int, int]]) -> None:
    with suppress(_Undone), database.writing() as session:
        world = World(session, now)
        for act, which, number in steps:
            world.step(act, which, number)
            world.check()
        raise _Undone
