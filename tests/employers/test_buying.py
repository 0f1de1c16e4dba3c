"""A firm buys seats before it knows who comes: at the price it saw, out of its budget or on invoice, once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from sqlalchemy import select

from academy.accounts.api import Role
from academy.accounts.models import TrailEntry
from academy.employers.errors import BillingNeeded, FirmNotFound, OfferChanged, SeatsWrong
from academy.enrolment.errors import BlockTooLarge, EnrolmentClosed
from academy.funding import service as funding_service
from academy.funding.api import BlockState, BudgetUsedUp
from academy.funding.kinds import SourceKind
from academy.funding.models import Budget
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from tests.employers.buying_desk import BuyingDesk, bill_to, open_buying_desk
from tests.enrolment.block_desk import DAY, PRICE
from tests.funding import money
from tests.funding.money_desk import member

Counter = Callable[[int], AbstractContextManager[list[str]]]
MOST_STATEMENTS = 40  # of an order, whatever its number of seats: half a second where each takes twelve milliseconds


@pytest.fixture(autouse=True)
def _rules_forgotten() -> None:
    funding_service.forget_rules()


@pytest.fixture
def desk(database: Database, now: datetime) -> BuyingDesk:
    return open_buying_desk(database, now)


def test_seats_out_of_a_budget_are_ordered_and_earmarked_at_once(desk: BuyingDesk) -> None:
    block = desk.there(desk.buy(6)).block
    assert (block.state, block.seats, block.named, block.price, block.reference) == (BlockState.ORDERED, 6, 0, PRICE, "PO 7")
    assert (desk.money(), desk.pools()) == ((6, 0), {"": (4, 0), "Bakkerij": (6, 0)})
    with desk.database.reading() as session:
        told = session.scalars(select(TrailEntry).where(TrailEntry.act == "seats-bought")).one()
    assert (told.actor_id, told.organisation_id, told.details) == (desk.keeper.person_id, desk.buyer.owner_id, {"offering": desk.code, "number": 6})


def test_an_order_asks_as_many_questions_for_two_hundred_seats_as_for_one(database: Database, now: datetime, queries: Counter) -> None:
    desk = open_buying_desk(database, now, budget=Money(1_000_000_00), seats=201)
    desk.buy(1)
    with queries(MOST_STATEMENTS) as one:
        desk.buy(1)
    with queries(MOST_STATEMENTS) as many:
        desk.buy(199)
    assert len(many) == len(one)


def test_on_invoice_only_for_who_said_where_it_goes(desk: BuyingDesk) -> None:
    with pytest.raises(BillingNeeded):
        desk.buy(2, budget="")
    assert (desk.money(), desk.pools()) == ((0, 0), {})
    bill_to(desk)
    assert desk.there(desk.buy(2, budget="")).block.budget_id is None
    assert (desk.money(), desk.pools()["Bakkerij"]) == ((0, 0), (2, 0))


def test_a_free_class_needs_no_budget_and_no_address(database: Database, now: datetime) -> None:
    desk = open_buying_desk(database, now, price=0)
    desk.buy(2, budget="", shown=Money(0))
    assert desk.pools() == {"": (8, 0), "Bakkerij": (2, 0)}


def test_the_same_form_sent_again_is_the_same_order(desk: BuyingDesk) -> None:
    key = new_id()
    assert desk.buy(3, request_key=key) == desk.buy(3, request_key=key)
    assert (desk.money(), desk.pools()) == ((3, 0), {"": (7, 0), "Bakkerij": (3, 0)})


def test_at_another_price_than_was_shown_nothing_is_ordered(desk: BuyingDesk) -> None:
    with pytest.raises(OfferChanged):
        desk.buy(1, shown=Money(1))
    assert (desk.money(), desk.pools()) == ((0, 0), {})


@pytest.mark.parametrize(("seats", "refusal"), [(0, SeatsWrong), (-1, SeatsWrong), (201, SeatsWrong), (11, BlockTooLarge)])
def test_nobody_buys_none_or_more_than_there_are(desk: BuyingDesk, seats: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        desk.buy(seats)
    assert desk.money() == (0, 0)


def test_a_budget_is_never_exceeded(database: Database, now: datetime) -> None:
    desk = open_buying_desk(database, now, budget=Money(700_00))
    desk.buy(2)
    with pytest.raises(BudgetUsedUp):
        desk.buy(1)
    assert (desk.money(), desk.pools()["Bakkerij"]) == ((2, 0), (2, 0))


def test_nobody_pays_out_of_the_budget_of_another_firm(desk: BuyingDesk) -> None:
    with desk.database.writing() as session:
        other = money.source(session, desk.now, kind=SourceKind.EMPLOYER, slug="garage")
        budget_id = session.scalars(select(Budget.id).where(Budget.source_id == other.id)).one()
    for budget in (budget_id.hex, new_id().hex):
        with pytest.raises(BudgetUsedUp):
            desk.buy(1, budget=budget)
    with pytest.raises(NotFound):
        desk.buy(1, budget="geen-id")


def test_only_who_acts_for_the_firm_buys(desk: BuyingDesk) -> None:
    reader = desk.member(Role.PLANNER)
    with pytest.raises(FirmNotFound):
        desk.buy(1, actor=reader)
    with pytest.raises(FirmNotFound):
        desk.buy(1, organisation="windesheim", actor=reader)
    with desk.database.writing() as session:
        reads_only = member(session, desk.buyer.owner_id, Role.READER)
    with pytest.raises(FirmNotFound):
        desk.buy(1, actor=reads_only)
    assert desk.money() == (0, 0)


def test_a_class_that_has_begun_is_not_sold(desk: BuyingDesk) -> None:
    with pytest.raises(EnrolmentClosed):
        desk.buy(1, now=desk.now + 30 * DAY)
