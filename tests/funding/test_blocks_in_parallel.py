"""Many name the seats of one block at once, and several buy the last of one budget: each seat has one name, each euro is promised once.

    mutation                                                     red
    `name_seat` without `named < seats` in its WHERE             the CHECK refuses; without it: more names than seats
    `unname_seat` that leaves `block_id` on the seat             a seat that comes back twice
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.funding import service
from academy.funding.errors import BlockUsedUp, BudgetUsedUp
from academy.funding.models import FundedSeat
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests.funding import blocks, money
from tests.funding.test_in_parallel import SPENDERS, everybody


def test_each_seat_of_a_block_gets_one_name(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now), blocks.firm(session, now)
        block_id = blocks.order(session, now, firm, one, seats=5)
    wrong = everybody(database, lambda session, _number: blocks.name(session, now, block_id, one))
    assert [type(each) for each in wrong] == [BlockUsedUp] * (SPENDERS - 5)
    with database.reading() as session:
        assert blocks.facts(session, block_id).unnamed == 0
        assert len(session.scalars(select(FundedSeat)).all()) == 5
        assert money.adds_up(session)


def test_a_seat_given_up_by_many_at_once_comes_back_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now), blocks.firm(session, now)
        block_id = blocks.order(session, now, firm, one, seats=3)
        seat_id = blocks.name(session, now, block_id, one)
        blocks.name(session, now, block_id, one)
    came_back: list[bool] = []

    def give_up(session: Session, _number: int) -> None:
        is_back = blocks.give_up(session, now, seat_id)
        session.flush()
        came_back.append(is_back)

    assert everybody(database, give_up) == []
    with database.reading() as session:
        assert blocks.facts(session, block_id).unnamed == 2
        assert money.used(session, firm) == (300_00, 0)
        assert money.adds_up(session)


def test_of_the_last_of_a_budget_one_block_is_promised(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now), blocks.firm(session, now, budget=Money(500_00))
    wrong = everybody(database, lambda session, _number: blocks.promise(session, now, firm, one, seats=5))
    assert [type(each) for each in wrong] == [BudgetUsedUp] * (SPENDERS - 1)
    with database.reading() as session:
        assert money.used(session, firm) == (500_00, 0)
        assert money.adds_up(session)


def test_a_block_that_grows_while_it_is_named_loses_nothing(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now), blocks.firm(session, now, budget=Money(5_000_00))
        block_id = blocks.order(session, now, firm, one, seats=8)

    def act(session: Session, number: int) -> None:
        if number % 2:
            service.grow_block(session, block_id, seats=1, now=now)
        else:
            blocks.name(session, now, block_id, one)

    assert everybody(database, act) == []
    with database.reading() as session:
        found = blocks.facts(session, block_id)
        assert (found.seats, found.named) == (16, 8)
        assert money.used(session, firm) == (1_600_00, 0)
        assert money.adds_up(session)
