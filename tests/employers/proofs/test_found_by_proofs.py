"""What the proofs found, each as the shortest way to it."""

from datetime import datetime

import pytest

from academy.catalogue import api as catalogue
from academy.employers import rounds, service
from academy.employers.kinds import PledgeState, PoolState
from academy.enrolment import rounds as enrolment_rounds
from academy.enrolment import service as enrolment
from academy.kernel import db
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy
from tests.employers.market import DAY, SLUG, Market, open_market
from tests.employers.proofs.holds import check
from tests.employers.test_any_sequence import office


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    db.set_database(database)
    return open_market(database, now)


def test_a_no_between_two_rooms_that_hear_that_a_class_is_called_off_makes_nobody_someone_who_can_not_pay(market: Market) -> None:
    one, other = market.accepted(6, 6)
    market.confirm(one)
    offering = market.offering()
    market.run(catalogue.call_off_offering, actor=market.planner, provider_slug=SLUG, code=offering.code, reason="De docent is ziek")
    market.run(enrolment.withdraw_seats, offering_id=offering.id)
    market.run(service.decline_pledge, pledge_id=other)
    assert market.facts(one).state is PledgeState.CONFIRMED
    market.run(service.class_called_off, offering_id=offering.id)
    assert (market.pool().state, market.facts(one).state) == (PoolState.GATHERING, PledgeState.OPEN)
    check(market.database)


def test_a_pool_that_is_short_on_the_first_day_of_its_class_ends_then(market: Market) -> None:
    first = market.offer().starts_on - 48 * DAY  # eight days from now: before the week of choosing is over
    one, *_others = market.short(6, 6, confirming=1, starts_on=first, periods=())
    market.now += 2 * DAY
    for turn in (enrolment_rounds.close_blocks, rounds.decide_pools, rounds.lapse_pools):
        turn(market.now)
    assert (market.pool().state, market.facts(one).state) == (PoolState.LAPSED, PledgeState.LAPSED)
    check(market.database)


def test_who_withdraws_from_a_pool_that_was_merged_meanwhile_starts_over_and_is_out_of_the_other_one(market: Market) -> None:
    broker, there = office(market), market.begin(postcode="3811")
    one = market.pledge(None, 6, code=there)
    here = market.begin(postcode="1315")
    market.pledge(None, 6, code=here)
    before = market.facts(one)
    market.run(service.merge_pools, actor=broker, pool_code=there, into_code=here)
    assert market.pool(here).state is PoolState.ASKED
    with pytest.raises(DatabaseBusy):
        market.run(service.withdraw_pledge, pledge=before)
    market.run(service.withdraw_pledge, pledge=market.facts(one))
    assert market.pool(here).state is PoolState.GATHERING
    check(market.database)


def test_a_class_that_is_called_off_and_begins_before_its_pool_hears_it_is_not_noted_as_begun(market: Market) -> None:
    for one in market.accepted(6, 6):
        market.confirm(one)
    offering = market.offering()
    market.run(catalogue.call_off_offering, actor=market.planner, provider_slug=SLUG, code=offering.code, reason="De docent is ziek")
    rounds.start_pools(market.now + 57 * DAY)
    market.run(service.class_called_off, offering_id=offering.id)
    assert market.pool().state is PoolState.LAPSED
