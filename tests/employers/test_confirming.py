"""Each firm confirms with one click: its seats are kept, its money is earmarked, and nobody buys what it did not agree to."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from academy.employers import links, service
from academy.employers.drafts import Agreed
from academy.employers.errors import (
    BudgetNotEnough,
    OfferChanged,
    PledgeAnswered,
    PledgeOver,
    PriceAbovePledge,
    TooManyPledged,
)
from academy.employers.events import ClassFounded
from academy.employers.kinds import PledgeState, PoolState
from academy.employers.service import confirming
from academy.enrolment.api import BlockTooLarge
from academy.funding.api import BlockState, BudgetUsedUp
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests.employers.market import DAY, EVENING, PRICE, Market, listen, open_market
from tests.enrolment.races import Act, at_the_same_time

TWELVE = (2,) * 6


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(ClassFounded)


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


def _confirm(market: Market, pledge_id: UUID, budget_id: UUID | None = None) -> Act:
    return lambda session: service.confirm_pledge(
        session, pledge_id=pledge_id, by=None, agreed=Agreed(PRICE), budget_id=budget_id, now=market.now,
    )


def test_confirming_keeps_the_seats_and_promises_the_money(market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    assert market.confirm(one, reference="PO 9") is PledgeState.CONFIRMED
    [block] = market.blocks()
    assert (block.id, block.state, block.seats, block.price, block.reference) == (market.facts(one).block_id, BlockState.PROMISED, 2, PRICE, "PO 9")
    assert (market.free_seats(), market.pool().state) == (14, PoolState.PROVISIONAL)


def test_confirming_from_a_budget_earmarks_it(market: Market) -> None:
    market.gathered(2, 2, 2, 2)
    firm = market.firm(budget=Money(1_000_00))
    pledge = market.pledge(firm, 4)
    market.accept()
    market.confirm(pledge, budget_id=market.budget_id(firm))
    assert market.earmarked(firm) == Money(4 * PRICE.cents)
    assert len(market.blocks()) == 1


def test_confirming_twice_is_confirming_once(market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    assert [market.confirm(one), market.confirm(one)] == [PledgeState.CONFIRMED] * 2
    assert len(market.blocks()) == 1


def test_a_budget_that_is_too_small_keeps_nothing_and_the_firm_can_still_pay_by_invoice(market: Market) -> None:
    market.gathered(2, 2, 2, 2)
    firm = market.firm(budget=Money(900_00))
    pledge = market.pledge(firm, 4)
    market.accept()
    with pytest.raises(BudgetUsedUp):
        market.confirm(pledge, budget_id=market.budget_id(firm))
    assert (market.facts(pledge).state, market.blocks()) == (PledgeState.ASKED, [])
    assert market.confirm(pledge) is PledgeState.CONFIRMED
    assert market.earmarked(firm) == Money(0)


def test_who_confirms_by_letter_from_a_budget_that_is_too_small_is_led_back_to_choose(market: Market) -> None:
    links.configure("only-for-tests")
    market.gathered(2, 2, 2, 2)
    firm = market.firm(budget=Money(900_00))
    pledge = market.pledge(firm, 4)
    market.accept()
    agreed = Agreed(PRICE, budget=market.budget_id(firm).hex)
    with pytest.raises(BudgetNotEnough) as refused:
        market.run(service.confirm_by_letter, pledge=market.facts(pledge), agreed=agreed, billing=None)
    assert [link.endpoint for link in refused.value.links()] == ["gathering.pledge"]
    assert market.run(service.confirm_by_letter, pledge=market.facts(pledge), agreed=Agreed(PRICE), billing=None) is PledgeState.CONFIRMED


def test_a_budget_of_another_firm_pays_nothing(market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    rich = market.firm(budget=Money(10_000_00))
    with pytest.raises(BudgetUsedUp):
        market.confirm(one, budget_id=market.budget_id(rich))
    assert (market.earmarked(rich), market.facts(one).state) == (Money(0), PledgeState.ASKED)


def test_another_price_than_was_shown_is_not_agreed_to(market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    with pytest.raises(OfferChanged):
        market.confirm(one, price=Money(240_00))


def test_a_price_above_what_was_said_is_agreed_to_apart(market: Market) -> None:
    market.gathered(4, 4)
    careful = market.pledge(None, 4, EVENING, most=Money(200_00))
    market.set_pool(price=None)
    market.pledge(None, 1)
    assert market.pool().state is PoolState.ASKED
    market.accept()
    with pytest.raises(PriceAbovePledge):
        market.confirm(careful)
    assert market.confirm(careful, may_cost_more=True) is PledgeState.CONFIRMED


def test_nobody_confirms_when_the_time_is_up_and_the_clock_has_yet_to_decide(market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    with pytest.raises(PledgeOver):
        market.confirm(one, now=market.now + 6 * DAY)
    assert market.facts(one).state is PledgeState.ASKED


def test_who_declines_keeps_no_seats_and_can_not_confirm_any_more(market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    for _time in range(2):
        market.run(service.decline_pledge, pledge_id=one)
    assert market.facts(one).state is PledgeState.DECLINED
    with pytest.raises(PledgeAnswered):
        market.confirm(one)


def test_who_confirmed_can_not_decline(market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    market.confirm(one)
    with pytest.raises(PledgeAnswered):
        market.run(service.decline_pledge, pledge_id=one)


def test_a_citizen_confirms_a_seat_that_is_counted_and_not_paid_yet(market: Market) -> None:
    [eleven] = market.gathered(11)
    citizen = market.pledge(market.citizen())
    another = market.pledge(None, 1)
    market.accept(seats=12)
    assert market.confirm(citizen) is PledgeState.CONFIRMED
    assert (market.blocks(), market.facts(citizen).block_id) == ([], None)
    market.confirm(another)
    with pytest.raises(TooManyPledged):  # eleven would make thirteen
        market.confirm(eleven)


# Two at once


def test_two_confirmations_at_once_never_sell_more_seats_than_the_class_has(market: Market) -> None:
    one, other, *_others = market.accepted(7, 7, 7, seats=12)
    assert at_the_same_time(market.database, _confirm(market, one), _confirm(market, other)) == "too-many-pledged"
    assert ([block.seats for block in market.blocks()], market.free_seats()) == ([7], 5)


def test_without_counting_the_pool_for_everyone_stops_the_second(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other, *_others = market.accepted(7, 7, 7, seats=12)
    monkeypatch.setattr(confirming, "_check_room", lambda *_what: None)
    assert at_the_same_time(market.database, _confirm(market, one), _confirm(market, other)) == BlockTooLarge.code
    assert ([block.seats for block in market.blocks()], market.free_seats()) == ([7], 5)


def test_the_last_two_confirmations_at_once_found_the_class_once(market: Market) -> None:
    *others, one, other = market.accepted(*TWELVE)
    for each in others:
        market.confirm(each)
    assert at_the_same_time(market.database, _confirm(market, one), _confirm(market, other)) == "done"
    assert (market.pool().state, len(market.news(ClassFounded))) == (PoolState.CONFIRMED, 1)
    assert [(block.state, block.seats) for block in market.blocks()] == [(BlockState.ORDERED, 2)] * 6


def test_one_click_that_arrives_twice_at_once_keeps_the_seats_once(market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    assert at_the_same_time(market.database, _confirm(market, one), _confirm(market, one)) == "done"
    assert [block.seats for block in market.blocks()] == [2]


def test_a_yes_and_a_no_at_once_are_a_yes(market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)

    def decline(session: Session) -> None:
        service.decline_pledge(session, pledge_id=one, now=market.now)

    assert at_the_same_time(market.database, _confirm(market, one), decline) == PledgeAnswered.code
    assert (market.facts(one).state, len(market.blocks())) == (PledgeState.CONFIRMED, 1)


def test_two_firms_of_one_budget_never_spend_it_twice(market: Market) -> None:
    market.gathered(10)
    firm = market.firm(budget=Money(3 * PRICE.cents))
    one = market.pledge(firm, 2)
    other = market.pledge(None, 2)
    market.set_pledge(other, organisation_id=firm.organisation_id)
    market.accept()
    budget = market.budget_id(firm)
    assert at_the_same_time(market.database, _confirm(market, one, budget), _confirm(market, other, budget)) == BudgetUsedUp.code
    assert market.earmarked(firm) == Money(2 * PRICE.cents)
