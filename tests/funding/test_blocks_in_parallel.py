"""Many name the seats of one block at once, and several buy the last of one budget: each seat has one name, each euro is promised once.

    mutation                                                     red
    `name_seat` without `named < seats` in its WHERE             the CHECK refuses; without it: more names than seats
    `unname_seat` that leaves `block_id` on the seat             a seat that comes back twice
    `name_seat` of a block in any state                          a name after the class began
    `close_block` without `state <> 'closed'` in its WHERE       seats without a name that are owed twice
    `shrink_block` without `seats - named >= n`                  the CHECK refuses
    `end_seat` that does not keep the block first                on PostgreSQL the two wait for each other until one is sent away
"""

import threading
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.funding import queries, service
from academy.funding.errors import BlockUsedUp, BudgetUsedUp
from academy.funding.models import FundedBlock, FundedSeat
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy
from academy.kernel.money import FREE, Money
from tests.enrolment.races import at_the_same_time
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


def test_the_second_of_two_who_name_the_last_seat_hears_that_the_block_is_used_up(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now), blocks.firm(session, now)
        block_id = blocks.order(session, now, firm, one, seats=1)
    heard = at_the_same_time(
        database, lambda session: blocks.name(session, now, block_id, one), lambda session: blocks.name(session, now, block_id, one),
    )
    assert heard == BlockUsedUp.code
    with database.reading() as session:
        assert blocks.facts(session, block_id).named == len(session.scalars(select(FundedSeat)).all()) == 1
        assert money.adds_up(session)


def test_the_second_of_two_blocks_that_want_the_last_of_a_budget_is_not_promised(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now), blocks.firm(session, now, budget=Money(500_00))
    heard = at_the_same_time(
        database, lambda session: blocks.promise(session, now, firm, one, seats=3), lambda session: blocks.promise(session, now, firm, one, seats=3),
    )
    assert heard == BudgetUsedUp.code
    with database.reading() as session:
        assert [block.seats for block in queries.blocks_of(session, firm.owner_id)] == [3]
        assert money.used(session, firm) == (300_00, 0)
        assert money.adds_up(session)


def test_who_is_named_in_the_moment_that_the_class_begins_comes_too_late_and_that_seat_is_owed_without_a_name(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now), blocks.firm(session, now)
        block_id = blocks.order(session, now, firm, one)
    heard = at_the_same_time(
        database, lambda session: service.close_block(session, block_id, owes_unnamed=True, now=now), lambda session: blocks.name(session, now, block_id, one),
    )
    assert heard == BlockUsedUp.code
    with database.reading() as session:
        assert session.scalars(select(FundedSeat.price)).all() == [Money(400_00)]
        assert money.adds_up(session)


def test_a_class_that_begins_in_the_moment_that_somebody_is_named_owes_one_seat_less_without_a_name(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now), blocks.firm(session, now)
        block_id = blocks.order(session, now, firm, one)
    heard = at_the_same_time(
        database, lambda session: blocks.name(session, now, block_id, one), lambda session: service.close_block(session, block_id, owes_unnamed=True, now=now),
    )
    assert heard == "done"
    with database.reading() as session:
        assert sorted(session.scalars(select(FundedSeat.price))) == [Money(100_00), Money(300_00)]
        assert money.used(session, firm) == (400_00, 0)
        assert money.adds_up(session)


def test_the_second_of_two_who_close_a_block_owes_nothing_more(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now), blocks.firm(session, now)
        block_id = blocks.order(session, now, firm, one)

    def close(session: Session) -> None:
        service.close_block(session, block_id, owes_unnamed=True, now=now)

    assert at_the_same_time(database, close, close) == "done"
    with database.reading() as session:
        assert session.scalars(select(FundedSeat.price)).all() == [Money(400_00)]
        assert money.adds_up(session)


def test_the_second_of_two_who_give_the_last_seats_back_gives_nothing(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now), blocks.firm(session, now)
        block_id = blocks.order(session, now, firm, one)
    given: list[bool] = []

    def shrink(session: Session) -> None:
        given.append(service.shrink_block(session, block_id, seats=3, now=now))

    assert at_the_same_time(database, shrink, shrink) == "done"
    assert given == [True, False]
    with database.reading() as session:
        assert (blocks.facts(session, block_id).seats, money.used(session, firm)) == (1, (100_00, 0))
        assert money.adds_up(session)


def test_who_gives_a_seat_up_and_who_buys_more_wait_for_each_other_in_one_order(database: Database, now: datetime) -> None:
    """Ending a seat touches the budget, giving it back the block: without the block kept first, the two would wait for each other for ever."""
    with database.writing() as session:
        one, firm = money.seat(session, now), blocks.firm(session, now)
        block_id = blocks.order(session, now, firm, one)
        seat_id = blocks.name(session, now, block_id, one)
    wrong: list[Exception] = []

    def grow() -> None:
        try:
            with database.writing() as session:
                service.grow_block(session, block_id, seats=2, now=now)
        except DatabaseBusy as busy:
            wrong.append(busy)

    rival = threading.Thread(target=grow)
    with database.writing() as session:
        service.end_seat(session, seat_id, owed=FREE, now=now)
        session.flush()
        rival.start()
        rival.join(0.4)
        assert service.unname_seat(session, seat_id=seat_id, now=now)
    rival.join(10)
    assert wrong == []
    with database.reading() as session:
        assert (blocks.facts(session, block_id).unnamed, money.used(session, firm)) == (6, (600_00, 0))
        assert money.adds_up(session)


def test_control_without_the_guard_the_check_stops_one_name_too_many(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now), blocks.firm(session, now)
        blocks.order(session, now, firm, one, seats=1)

    def name_without_guard(session: Session) -> None:
        session.execute(update(FundedBlock).values(named=FundedBlock.named + 1).execution_options(synchronize_session=False))

    assert at_the_same_time(database, name_without_guard, name_without_guard) == "stopped by the database"
