"""Seats that are bought before it is known who comes: they leave the others, are given out one by one, come back, and are owed when the class begins."""

from datetime import datetime

import pytest
from sqlalchemy import select, update

from academy.accounts.queries import Actor
from academy.catalogue.models import OfferingState
from academy.enrolment import rounds, service
from academy.enrolment.errors import (
    AlreadyEnrolled,
    BlockTooLarge,
    EnrolmentClosed,
    OfferingFull,
    PoolNotFound,
    SeatCodeUsed,
)
from academy.enrolment.events import EnrolmentConfirmed
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.models import SeatPool
from academy.enrolment.queries.blocks import audit_blocks, codes_of_block, seats_of_block
from academy.enrolment.service import blocks, pools
from academy.funding import service as funding_service
from academy.funding.api import BlockState, BudgetUsedUp, ShareState
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.payments.models import Payment
from tests.enrolment.block_desk import DAY, NAME, PRICE, BlockDesk, open_block_desk
from tests.enrolment.desk import listen

QUARTER = DAY / 96


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(EnrolmentConfirmed)
    funding_service.forget_rules()


@pytest.fixture
def desk(database: Database, now: datetime) -> BlockDesk:
    return open_block_desk(database, now)


def _wait(desk: BlockDesk, name: str = "Noor") -> str:
    """Put somebody in the line for everyone's seats."""
    learner = desk.learner(name)
    with desk.database.writing() as session:
        return service.join_waiting_list(
            session, actor=learner, offering_code=desk.code, when_can_you=(), most_price=None, request_key=new_id(), now=desk.now,
        )


def _hold(desk: BlockDesk, seat_code: str, name: str = "Sam", *, now: datetime | None = None) -> tuple[str, Actor]:
    learner = desk.learner(name)
    with desk.database.writing() as session:
        mine = service.hold_seat(session, actor=learner, offering_code=desk.code, request_key=new_id(), seat_code=seat_code, now=now or desk.now)
    return mine, learner


def _begin(desk: BlockDesk) -> datetime:
    """Return a moment on the first day of the class."""
    return desk.now + (desk.offering().starts_on - amsterdam_day(desk.now)).days * DAY


def test_a_block_leaves_the_seats_for_everyone_and_its_price_is_earmarked(desk: BlockDesk) -> None:
    sold = desk.sell(6)
    assert desk.pools() == {"": (4, 0), NAME: (6, 0)}
    assert desk.money() == (6, 0)
    block = desk.block(sold)
    assert (block.state, block.seats, block.named, block.price, block.reference) == (BlockState.ORDERED, 6, 0, PRICE, "PO 7")


def test_a_second_block_of_one_firm_has_a_number(desk: BlockDesk) -> None:
    for _time in range(3):
        desk.sell(1)
    assert desk.pools() == {"": (7, 0), NAME: (1, 0), f"{NAME} 2": (1, 0), f"{NAME} 3": (1, 0)}


def test_who_wants_more_than_is_free_buys_nothing(desk: BlockDesk) -> None:
    desk.enrolled(1)
    with pytest.raises(BlockTooLarge):
        desk.sell(10)
    assert (desk.pools(), desk.money()) == ({"": (10, 1)}, (0, 0))


def test_a_seat_whose_time_ran_out_is_sold_along(desk: BlockDesk) -> None:
    desk.run(service.hold_seat, actor=desk.learner(), offering_code=desk.code, request_key=new_id(), now=desk.now - DAY)
    desk.sell(10)
    assert desk.pools() == {"": (0, 0), NAME: (10, 0)}


def test_a_budget_that_is_too_small_moves_no_seat(database: Database, now: datetime) -> None:
    desk = open_block_desk(database, now, budget=Money(500_00))
    with pytest.raises(BudgetUsedUp):
        desk.sell(3)
    desk.enrolled(1)
    assert desk.pools() == {"": (10, 1)}


def test_without_a_budget_it_is_invoiced(desk: BlockDesk) -> None:
    sold = desk.sell(2, budget_id=None)
    code = desk.claim(sold)
    assert desk.money() == (0, 0)
    assert [(share.state, share.amount) for share in desk.split(code).shares] == [(ShareState.APPROVED, PRICE)]


def test_a_class_that_is_over_or_called_off_is_not_sold(desk: BlockDesk) -> None:
    for values in ({"state": OfferingState.CANCELLED}, {"state": OfferingState.ACTIVE, "starts_on": amsterdam_day(desk.now)}):
        desk.set_offering(**values)
        with pytest.raises(EnrolmentClosed):
            desk.sell(1)


def test_seats_of_a_class_that_is_not_founded_are_promised_and_given_out_from_its_founding(desk: BlockDesk) -> None:
    desk.set_offering(state=OfferingState.CONCEPT)
    sold = desk.sell(2, is_ordered=False)
    assert (desk.block(sold).state, desk.pools(), desk.money()) == (BlockState.PROMISED, {"": (8, 0), NAME: (2, 0)}, (2, 0))
    with pytest.raises(EnrolmentClosed):
        desk.claim(sold)
    desk.set_offering(state=OfferingState.ACTIVE)
    with pytest.raises(EnrolmentClosed):
        desk.claim(sold)
    for _time in range(2):
        desk.run(blocks.order_blocks, offering_id=desk.offering().id)
    desk.claim(sold)
    assert (desk.pools(), desk.money()) == ({"": (8, 0), NAME: (2, 1)}, (2, 0))


def test_who_is_named_has_a_sure_seat_that_the_firm_pays(desk: BlockDesk) -> None:
    sold, sam = desk.sell(), desk.learner()
    code = desk.claim(sold, sam)
    row, split = desk.row(code), desk.split(code)
    assert (row.state, row.is_business, row.block_id, row.agreed_price) == (EnrolmentState.CONFIRMED, True, sold.block_id, PRICE)
    assert (split.own, [share.organisation_id for share in split.shares], split.confirmed_at) == (FREE, [desk.buyer.owner_id], desk.now)
    assert (desk.pools(), desk.money(), desk.block(sold).named) == ({"": (7, 0), NAME: (3, 1)}, (3, 0), 1)
    assert (desk.news(EnrolmentConfirmed), desk.why(code)) == (1, ["asked"])
    with pytest.raises(AlreadyEnrolled):
        desk.claim(sold, sam)
    with desk.database.reading() as session:
        assert [(each.code, each.person_id) for each in seats_of_block(session, sold.block_id)] == [(code, sam.person_id)]


def test_a_block_that_is_used_up_gives_no_seat_however_many_are_free_to_everyone(desk: BlockDesk) -> None:
    sold = desk.sell(1)
    desk.claim(sold)
    with pytest.raises(OfferingFull):
        desk.claim(sold)
    assert (desk.pools(), desk.money()) == ({"": (9, 0), NAME: (1, 1)}, (1, 0))


def test_names_are_given_after_the_enrolment_of_others_closed_and_until_the_class_begins(desk: BlockDesk) -> None:
    sold, begins = desk.sell(), _begin(desk)
    desk.claim(sold, now=begins - DAY)
    with pytest.raises(EnrolmentClosed):
        desk.claim(sold, now=begins)


def test_a_code_leads_to_a_seat_with_nothing_to_pay_and_works_once(desk: BlockDesk) -> None:
    sold = desk.sell()
    (seat_code,) = desk.codes(sold)
    mine, sam = _hold(desk, seat_code.lower())
    assert (desk.pools(), desk.money()) == ({"": (7, 0), NAME: (3, 1)}, (3, 0))
    with desk.database.writing() as session:
        assert service.confirm(session, actor=sam, code=mine, most_own=FREE, now=desk.now) is EnrolmentState.CONFIRMED
    assert (desk.split(mine).own, desk.split(mine).confirmed_at) == (FREE, desk.now)
    with desk.database.reading() as session:
        assert session.scalars(select(Payment.id)).all() == []
        assert [(one.code, one.used) for one in codes_of_block(session, sold.block_id)] == [(seat_code, 1)]
    with pytest.raises(SeatCodeUsed):
        _hold(desk, seat_code, "Noor")
    with pytest.raises(SeatCodeUsed):
        desk.claim(sold, seat_code=seat_code)
    assert (desk.pools(), desk.money()) == ({"": (7, 0), NAME: (3, 1)}, (3, 0))


def test_a_code_opens_no_other_class_and_no_other_block(desk: BlockDesk) -> None:
    sold, other = desk.sell(), desk.sell()
    (seat_code,) = desk.codes(sold)
    elsewhere = desk.another_class(price=PRICE.cents)
    with pytest.raises(SeatCodeUsed):
        desk.run(service.hold_seat, actor=desk.learner(), offering_code=elsewhere, request_key=new_id(), seat_code=seat_code)
    with pytest.raises(SeatCodeUsed):
        desk.claim(other, seat_code=seat_code)
    desk.claim(sold, seat_code=seat_code)


def test_a_seat_that_is_kept_too_long_goes_back_to_the_block_and_its_code_works_again(desk: BlockDesk) -> None:
    sold = desk.sell(1)
    (seat_code,) = desk.codes(sold)
    mine, _sam = _hold(desk, seat_code)
    desk.run(service.expire_due, now=desk.now + QUARTER)
    assert (desk.row(mine).state, desk.block(sold).named) == (EnrolmentState.EXPIRED, 0)
    assert (desk.pools(), desk.money()) == ({"": (9, 0), NAME: (1, 0)}, (1, 0))
    desk.claim(sold, seat_code=seat_code)


def test_a_seat_that_is_given_back_is_the_firms_again_and_not_of_who_waits(desk: BlockDesk) -> None:
    sold = desk.sell(1)
    (seat_code,) = desk.codes(sold)
    desk.enrolled(9)
    waits = _wait(desk)
    sam = desk.learner()
    code = desk.claim(sold, sam, seat_code=seat_code)
    with desk.database.writing() as session:
        service.cancel(session, actor=sam, code=code, now=desk.now)
    desk.news_arrives()
    assert (desk.row(waits).state, desk.block(sold).named) == (EnrolmentState.WAITING, 0)
    assert (desk.pools(), desk.money()) == ({"": (9, 9), NAME: (1, 0)}, (1, 0))
    desk.claim(sold, seat_code=seat_code)


def test_who_leaves_late_uses_the_seat_up_and_it_goes_to_who_waits(desk: BlockDesk) -> None:
    desk.set_offering(cancel_free_days=60, cancel_late_percent=40)
    sold = desk.sell(2)
    (seat_code,) = desk.codes(sold)
    desk.enrolled(8)
    waits = _wait(desk)
    code = desk.claim(sold, seat_code=seat_code)
    desk.run(blocks.release_seat, block_id=sold.block_id, code=code, by=desk.buyer.keeper.person_id)
    desk.news_arrives()
    assert (desk.row(waits).state, desk.split(code).kept) == (EnrolmentState.OFFERED, Money(98_00))
    assert (desk.block(sold).named, desk.pools()) == (1, {"": (9, 9), NAME: (1, 0)})
    with pytest.raises(SeatCodeUsed):
        desk.claim(sold, seat_code=seat_code)
    desk.claim(sold)
    with pytest.raises(OfferingFull):
        desk.claim(sold)


def test_somebody_else_is_sent_for_nothing_and_the_seat_stays_paid(desk: BlockDesk) -> None:
    desk.set_offering(cancel_free_days=60, cancel_late_percent=40)
    sold = desk.sell()
    code, noor = desk.claim(sold), desk.learner("Noor")
    new = desk.run(blocks.replace_person, block_id=sold.block_id, code=code, person_id=noor.person_id, by=desk.buyer.keeper.person_id)
    assert (desk.row(code).state, desk.row(new).state, desk.row(new).seat_id) == (EnrolmentState.CANCELLED, EnrolmentState.CONFIRMED, desk.row(code).id)
    assert (desk.pools(), desk.money(), desk.block(sold).named) == ({"": (7, 0), NAME: (3, 1)}, (3, 0), 1)
    desk.set_offering(cancel_late_percent=0)
    desk.run(blocks.release_seat, block_id=sold.block_id, code=new, by=None)


def test_the_planner_can_not_touch_the_seats_of_a_block(desk: BlockDesk) -> None:
    sold = desk.sell()
    for act, what in ((pools.give_more, {"number": 1}), (pools.give_back, {"number": 1}), (pools.make_codes, {"number": 1, "uses": 1})):
        with pytest.raises(PoolNotFound):
            desk.do(act, code=desk.code, pool_id=sold.pool_id, **what)
    desk.run(service.open_up, pool_id=sold.pool_id, now=desk.now + 400 * DAY)
    assert desk.pools() == {"": (7, 0), NAME: (3, 0)}


def test_seats_that_are_not_wanted_any_more_are_everyones_again(desk: BlockDesk) -> None:
    sold = desk.sell(3)
    desk.claim(sold)
    desk.enrolled(7)
    waits = _wait(desk)
    assert not desk.run(blocks.shrink_block, block_id=sold.block_id, seats_back=3)
    assert desk.run(blocks.shrink_block, block_id=sold.block_id, seats_back=1)
    assert (desk.row(waits).state, desk.block(sold).seats) == (EnrolmentState.OFFERED, 2)
    assert (desk.pools(), desk.money()) == ({"": (8, 8), NAME: (2, 1)}, (2, 0))


def test_a_block_grows_at_its_price_while_seats_and_money_last(desk: BlockDesk) -> None:
    sold = desk.sell(2)
    desk.set_offering(price=Money(999_00))
    desk.run(blocks.grow_block, block_id=sold.block_id, seats_more=4)
    assert (desk.pools(), desk.money(), desk.block(sold).seats) == ({"": (4, 0), NAME: (6, 0)}, (6, 0), 6)
    with pytest.raises(BlockTooLarge):
        desk.run(blocks.grow_block, block_id=sold.block_id, seats_more=5)
    assert (desk.pools(), desk.money()) == ({"": (4, 0), NAME: (6, 0)}, (6, 0))
    code = desk.claim(sold)
    assert (desk.row(code).agreed_price, desk.money()) == (PRICE, (6, 0))


def test_blocks_that_are_taken_back_leave_who_has_a_seat_where_they_are(desk: BlockDesk) -> None:
    sold, other = desk.sell(3), desk.sell(2)
    sam = desk.learner()
    code = desk.claim(sold, sam)
    for _time in range(2):
        desk.run(blocks.take_blocks_back, block_id=sold.block_id)
    assert (desk.block(sold).state, desk.block(other).state) == (BlockState.CLOSED, BlockState.ORDERED)
    assert (desk.pools(), desk.money()) == ({"": (7, 0), NAME: (1, 1), f"{NAME} 2": (2, 0)}, (3, 0))
    with desk.database.writing() as session:
        service.cancel(session, actor=sam, code=code, now=desk.now)
    assert (desk.pools(), desk.money()) == ({"": (8, 0), NAME: (0, 0), f"{NAME} 2": (2, 0)}, (2, 0))
    desk.run(blocks.take_blocks_back, offering_id=desk.offering().id)
    assert (desk.pools(), desk.money()) == ({"": (10, 0), NAME: (0, 0), f"{NAME} 2": (0, 0)}, (0, 0))


def test_on_the_day_the_class_begins_seats_without_a_name_are_owed_once(desk: BlockDesk) -> None:
    sold = desk.sell(3)
    desk.claim(sold)
    rounds.close_blocks(_begin(desk) - DAY)
    assert desk.block(sold).state is BlockState.ORDERED
    for _time in range(2):
        rounds.close_blocks(_begin(desk))
    assert desk.block(sold).state is BlockState.CLOSED
    assert (desk.pools(), desk.money()) == ({"": (7, 0), NAME: (3, 1)}, (3, 0))


@pytest.mark.parametrize(("state", "is_ordered"), [
    (OfferingState.CONCEPT, False), (OfferingState.ACTIVE, False), (OfferingState.CONCEPT, True), (OfferingState.CANCELLED, True),
])
def test_of_what_was_only_promised_or_is_not_given_nothing_is_owed_on_the_first_day(desk: BlockDesk, state: OfferingState, is_ordered: bool) -> None:
    sold = desk.sell(3, is_ordered=is_ordered)
    desk.set_offering(state=state)
    rounds.close_blocks(_begin(desk))
    assert (desk.block(sold).state, desk.money()) == (BlockState.CLOSED, (0, 0))


def test_a_class_that_is_called_off_costs_the_firm_nothing(desk: BlockDesk) -> None:
    sold = desk.sell(3)
    code = desk.claim(sold)
    desk.set_offering(state=OfferingState.CANCELLED)
    for _time in range(2):
        desk.run(service.withdraw_seats, offering_id=desk.offering().id)
        desk.news_arrives()
    assert (desk.row(code).state, desk.block(sold).state, desk.money()) == (EnrolmentState.CANCELLED, BlockState.CLOSED, (0, 0))
    assert {share.state for share in desk.split(code).shares} == {ShareState.RELEASED}


def test_a_free_class_has_blocks_as_well(database: Database, now: datetime) -> None:
    desk = open_block_desk(database, now, price=0)
    sold, sam = desk.sell(1), desk.learner()
    code = desk.claim(sold, sam)
    with pytest.raises(OfferingFull):
        desk.claim(sold)
    with desk.database.writing() as session:
        service.cancel(session, actor=sam, code=code, now=now)
    assert (desk.pools(), desk.money(), desk.block(sold).named) == ({"": (9, 0), NAME: (1, 0)}, (0, 0), 0)


def test_the_audit_finds_a_block_with_other_seats_than_are_paid(desk: BlockDesk) -> None:
    sold = desk.sell(3)
    with desk.database.writing() as session:
        session.execute(update(SeatPool).where(SeatPool.id == sold.pool_id).values(capacity=2))
    with desk.database.reading() as session:
        assert [(one.block_id, one.free, one.unnamed) for one in audit_blocks(session)] == [(sold.block_id, 2, 3)]


def test_a_hold_that_is_for_its_reader_says_so(desk: BlockDesk) -> None:
    (seat_code,) = desk.codes(desk.sell())
    mine, _sam = _hold(desk, seat_code)
    assert desk.row(mine).waits_for is WaitsFor.LEARNER
