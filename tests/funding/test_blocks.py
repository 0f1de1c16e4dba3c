"""Seats that a firm buys before it knew who comes: what is promised, what is owed, and what is free again, to the cent."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.funding import queries, rounds, service
from academy.funding.errors import BlockUsedUp, BudgetUsedUp, VatUndecided
from academy.funding.kinds import BlockState, VatReason
from academy.funding.models import FundedBlock, FundedSeat, FundingShare
from academy.kernel.clock import end_of_day
from academy.kernel.db import Database
from academy.kernel.money import FREE, Money
from academy.payments.api import VatCategory
from academy.payments.models import Invoice, InvoiceLine
from tests import builders
from tests.funding import blocks, money
from tests.funding.test_ending import details

FIRST = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)  # half past midnight on 1 October in Amsterdam


def test_a_promise_earmarks_the_price_of_every_seat_and_owes_nothing(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    block_id = blocks.promise(session, now, firm, one)
    found = blocks.facts(session, block_id)
    assert (found.state, found.seats, found.named, found.unnamed, found.price) == (BlockState.PROMISED, 4, 0, 4, money.PRICE)
    assert money.used(session, firm) == (400_00, 0)
    assert money.adds_up(session)
    assert session.scalars(select(FundingShare)).all() == []


def test_more_than_the_budget_has_is_not_promised(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now, budget=Money(399_99))
    with pytest.raises(BudgetUsedUp), session.begin_nested():
        blocks.promise(session, now, firm, one)
    assert money.used(session, firm) == (0, 0)


def test_nobody_spends_the_budget_of_another_firm(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    other = money.source(session, now, slug="ander")
    with pytest.raises(BudgetUsedUp):
        blocks.promise(session, now, firm, one, budget_id=blocks.budget_of(session, other))


def test_a_budget_of_last_year_is_not_for_today(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    with pytest.raises(BudgetUsedUp):
        blocks.promise(session, now + timedelta(days=400), firm, one)


def test_without_a_budget_it_is_by_invoice(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    first = blocks.order(session, now, firm, one, budget_id=None)
    second = blocks.order(session, now, firm, one, budget_id=None)
    assert blocks.facts(session, first).source_id == blocks.facts(session, second).source_id != firm.id
    assert money.used(session, firm) == (0, 0)


def test_what_the_tax_office_does_not_know_is_not_sold(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now, is_told=False), blocks.firm(session, now)
    with pytest.raises(VatUndecided):
        blocks.promise(session, now, firm, one)


def test_a_name_turns_the_promise_into_a_share_and_the_budget_stays_as_it_was(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now, is_in_crkbo=False), blocks.firm(session, now)
    block_id = blocks.order(session, now, firm, one)
    seat_id = blocks.name(session, now, block_id, one)
    share = queries.split_of(session, [seat_id])[seat_id].shares[0]
    assert (share.amount, share.vat, share.state.value, share.organisation_id) == (money.PRICE, Money(17_36), "approved", firm.owner_id)
    assert blocks.facts(session, block_id).unnamed == 3
    assert money.used(session, firm) == (400_00, 0)
    assert money.adds_up(session)


def test_no_more_names_than_seats(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    block_id = blocks.order(session, now, firm, one, seats=1)
    blocks.name(session, now, block_id, one)
    with pytest.raises(BlockUsedUp):
        blocks.name(session, now, block_id, one)


def test_a_promise_gives_out_no_seats_yet(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    with pytest.raises(BlockUsedUp):
        blocks.name(session, now, blocks.promise(session, now, firm, one), one)


def test_a_seat_of_another_class_is_not_in_the_block(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    code = builders.offering(session, now, price=100_00, provider_id=one.found.provider_id)
    other = money.Seat(catalogue.offering_for_enrolment(session, code), one.person_id)
    with pytest.raises(BlockUsedUp):
        blocks.name(session, now, blocks.order(session, now, firm, one), other)


def test_a_seat_that_is_given_up_can_have_another_name(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    block_id = blocks.order(session, now, firm, one, seats=1)
    assert blocks.give_up(session, now, blocks.name(session, now, block_id, one))
    assert blocks.facts(session, block_id).unnamed == 1
    assert money.used(session, firm) == (100_00, 0)
    blocks.name(session, now, block_id, one)
    assert money.adds_up(session)


def test_given_up_twice_it_comes_back_once(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    block_id = blocks.order(session, now, firm, one, seats=2)
    first, _second = (blocks.name(session, now, block_id, one) for _number in range(2))
    assert blocks.give_up(session, now, first)
    assert not blocks.give_up(session, now, first)
    assert blocks.facts(session, block_id).unnamed == 1
    assert money.adds_up(session)


def test_who_leaves_too_late_uses_the_seat_up(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    block_id = blocks.order(session, now, firm, one, seats=2)
    assert not blocks.give_up(session, now, blocks.name(session, now, block_id, one), owed=Money(30_00))
    assert blocks.facts(session, block_id).unnamed == 1
    assert money.used(session, firm) == (130_00, 0)
    assert money.adds_up(session)


def test_a_seat_of_no_block_goes_back_to_none(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    money.reserve(session, now, one)
    service.end_seat(session, one.id, owed=FREE, now=now)
    assert not service.unname_seat(session, seat_id=one.id, now=now)


def test_seats_without_a_name_can_be_given_back_and_others_not(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    block_id = blocks.order(session, now, firm, one)
    blocks.name(session, now, block_id, one)
    assert not service.shrink_block(session, block_id, seats=4, now=now)
    assert service.shrink_block(session, block_id, seats=3, now=now)
    assert money.used(session, firm) == (100_00, 0)
    assert money.adds_up(session)


def test_a_block_grows_as_far_as_its_budget(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    block_id = blocks.order(session, now, firm, one)
    service.grow_block(session, block_id, seats=6, now=now)
    assert money.used(session, firm) == (1_000_00, 0)
    with pytest.raises(BudgetUsedUp), session.begin_nested():
        service.grow_block(session, block_id, seats=1, now=now)
    assert blocks.facts(session, block_id).seats == 10
    assert money.adds_up(session)


def test_a_class_that_does_not_go_ahead_costs_nothing(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    block_id = blocks.promise(session, now, firm, one)
    for _again in range(2):
        service.close_block(session, block_id, owes_unnamed=False, now=now)
    assert money.used(session, firm) == (0, 0)
    assert session.scalars(select(FundedSeat)).all() == []
    assert money.adds_up(session)


def test_the_day_the_class_begins_the_seats_without_a_name_are_owed_in_one_line(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now, is_in_crkbo=False), blocks.firm(session, now)
        details(session, now, one.found.provider_id, firm.owner_id)
        block_id = blocks.order(session, now, firm, one)
        blocks.name(session, now, block_id, one)
        for _again in range(2):
            service.close_block(session, block_id, owes_unnamed=True, now=now)
        assert money.used(session, firm) == (400_00, 0)
        assert money.adds_up(session)
    rounds.invoice_last_month(FIRST)
    with database.reading() as session:
        made = session.scalars(select(Invoice)).one()
        lines = session.scalars(select(InvoiceLine).order_by(InvoiceLine.net)).all()
        assert (made.gross, made.vat, made.buyer_organisation_id) == (Money(400_00), Money(4 * 17_36), firm.owner_id)
        assert [line.description.startswith("3 plekken zonder naam: ") for line in lines] == [False, True]
        assert all(line.description.endswith(" (PO 7)") for line in lines), "the firm finds its order again"
        assert money.used(session, firm) == (0, 400_00)
        assert money.adds_up(session)


def test_a_seat_without_a_name_is_nobodys_in_what_is_kept_of_people(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    service.close_block(session, blocks.order(session, now, firm, one), owes_unnamed=True, now=now)
    seat = session.scalars(select(FundedSeat)).one()
    share = session.scalars(select(FundingShare)).one()
    assert seat.person_id is None
    assert queries.share_for_letter(session, share.id) is None


def test_after_the_class_began_nothing_comes_back_to_the_block(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    block_id = blocks.order(session, now, firm, one, seats=2)
    seat_id = blocks.name(session, now, block_id, one)
    later = end_of_day(one.found.offering.starts_on)
    assert not blocks.give_up(session, later, seat_id)
    assert not service.shrink_block(session, block_id, seats=1, now=later)
    with pytest.raises(BlockUsedUp):
        service.grow_block(session, block_id, seats=1, now=later)
    assert money.adds_up(session)


def test_of_what_was_only_promised_nothing_is_owed_the_day_the_class_begins(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    service.close_block(session, blocks.promise(session, now, firm, one), owes_unnamed=True, now=now)
    assert session.scalars(select(FundedSeat)).all() == []
    assert money.used(session, firm) == (0, 0)
    assert money.adds_up(session)


def test_a_class_that_begins_later_than_when_its_seats_were_bought_gives_them_out_until_then(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), blocks.firm(session, now)
    block_id = blocks.order(session, now, firm, one)
    first = blocks.name(session, now, block_id, one)
    was = one.found.offering
    moved = blocks.move_class(session, one, weeks=3)
    later = end_of_day(was.starts_on)
    assert blocks.give_up(session, later, first)
    seat = session.get_one(FundedSeat, blocks.name(session, later, block_id, moved))
    assert (seat.delivered_from, seat.delivered_until) == (was.starts_on + timedelta(weeks=3), was.ends_on + timedelta(weeks=3))
    service.grow_block(session, block_id, seats=2, now=later)
    assert service.shrink_block(session, block_id, seats=4, now=later)
    begins = end_of_day(moved.found.offering.starts_on)
    assert not service.shrink_block(session, block_id, seats=1, now=begins)
    service.close_block(session, block_id, owes_unnamed=True, now=begins)
    owed = session.scalars(select(FundedSeat).where(FundedSeat.person_id.is_(None))).one()
    assert (owed.price, owed.delivered_from) == (money.PRICE, moved.found.offering.starts_on)
    assert money.adds_up(session)


def test_a_free_class_has_blocks_too_and_costs_nothing(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now, price=FREE), blocks.firm(session, now)
    block_id = blocks.order(session, now, firm, one, seats=2)
    seat_id = blocks.name(session, now, block_id, one)
    assert service.unname_seat(session, seat_id=seat_id, now=now)
    assert not service.unname_seat(session, seat_id=seat_id, now=now)
    service.close_block(session, block_id, owes_unnamed=True, now=now)
    assert money.used(session, firm) == (0, 0)
    assert session.scalars(select(FundingShare)).all() == []
    assert money.adds_up(session)


def test_a_firm_in_belgium_pays_without_vat(session: Session, now: datetime) -> None:
    one = money.seat(session, now, is_in_crkbo=False)
    firm = blocks.firm(session, now, country="BE", vat_id="BE0123456789")
    found = blocks.facts(session, blocks.promise(session, now, firm, one))
    assert (found.price, found.vat) == (Money(82_64), FREE)
    row = session.get_one(FundedBlock, found.id)
    assert (row.vat_category, row.vat_reason) == (VatCategory.REVERSE_CHARGE, VatReason.REVERSE_CHARGE)
