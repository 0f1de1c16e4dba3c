"""A class is founded without anybody of the office: enough confirmed, so every confirmed pledge becomes ordered seats in one commit."""

from datetime import datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.catalogue.api import OfferingState
from academy.catalogue.models import Offering
from academy.employers import queries, rounds, service
from academy.employers.drafts import Agreed
from academy.employers.events import ClassFounded, PledgeAsked, PledgeUnpaid, PoolLapsed, PoolShort
from academy.employers.kinds import DemandState, PledgeState, PoolState
from academy.employers.models import PoolStep
from academy.enrolment import api as enrolment
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment
from academy.funding.api import BlockState
from academy.kernel import db
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests.employers.market import DAY, PRICE, Market, listen, open_market
from tests.enrolment.races import at_the_same_time

TWELVE = (2,) * 6


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(ClassFounded, PledgeAsked, PledgeUnpaid, PoolLapsed, PoolShort)


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


def test_twelve_pledges_of_twelve_firms_become_a_confirmed_class_without_staff(market: Market) -> None:
    pledges = market.accepted(*[1] * 12)
    for one in pledges:
        market.confirm(one)
    pool, offering = market.pool(), market.offering()
    assert (pool.state, offering.state, offering.guaranteed) == (PoolState.CONFIRMED, OfferingState.ACTIVE, True)
    assert set(market.states(pledges)) == {PledgeState.PLACED}
    assert [(block.state, block.seats, block.price) for block in market.blocks()] == [(BlockState.ORDERED, 1, PRICE)] * 12
    assert (market.free_seats(), len(market.news(ClassFounded))) == (4, 1)
    with market.database.reading() as session:
        steps = session.scalars(select(PoolStep.to_state).where(PoolStep.pool_id == pool.id).order_by(PoolStep.id)).all()
    assert steps == [PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED, PoolState.PROVISIONAL, PoolState.CONFIRMED]


def test_the_seats_of_a_founded_class_are_given_out_by_who_bought_them(market: Market) -> None:
    pledges = market.accepted(*TWELVE)
    for one in pledges:
        market.confirm(one)
    learner = market.citizen().actor
    mine = market.run(enrolment.claim_seat, block_id=market.facts(pledges[0]).block_id, person_id=learner.person_id, by=None)
    with market.database.reading() as session:
        assert session.scalars(select(Enrolment.state).where(Enrolment.code == mine)).one() is EnrolmentState.CONFIRMED


def test_a_class_waits_for_who_has_yet_to_answer_until_the_time_is_up(market: Market) -> None:
    *confirming, silent = market.accepted(*TWELVE, 2)
    for one in confirming:
        market.confirm(one)
    assert market.pool().state is PoolState.PROVISIONAL
    market.time_passes()
    assert (market.pool().state, market.facts(silent).state) == (PoolState.CONFIRMED, PledgeState.LAPSED)
    market.decide()
    assert len(market.news(ClassFounded)) == 1


def test_the_last_no_founds_the_class_when_enough_said_yes(market: Market) -> None:
    *confirming, last = market.accepted(*TWELVE, 2)
    for one in confirming:
        market.confirm(one)
    market.run(service.decline_pledge, pledge_id=last)
    assert market.pool().state is PoolState.CONFIRMED


def test_a_firm_whose_money_was_taken_away_stays_out_and_breaks_nothing(market: Market) -> None:
    *confirming, poor, silent = market.accepted(*TWELVE, 2, 1)
    for one in (*confirming, poor):
        market.confirm(one)
    market.run(enrolment.take_blocks_back, block_id=market.facts(poor).block_id)
    market.run(service.decline_pledge, pledge_id=silent)
    assert (market.pool().state, market.facts(poor).state) == (PoolState.CONFIRMED, PledgeState.UNPAID)
    assert set(market.states(confirming)) == {PledgeState.PLACED}
    assert (len(market.blocks()), len(market.news(PledgeUnpaid)), len(market.news(ClassFounded))) == (6, 1, 1)


def test_a_class_that_too_few_can_pay_is_short_and_not_founded(market: Market) -> None:
    *confirming, poor = market.accepted(*TWELVE)
    for one in (*confirming[:-1], poor):
        market.confirm(one)
    market.run(enrolment.take_blocks_back, block_id=market.facts(poor).block_id)
    market.confirm(confirming[-1])
    assert (market.pool().state, market.offering().state, market.facts(poor).state) == (PoolState.PROVISIONAL, OfferingState.CONCEPT, PledgeState.UNPAID)
    market.time_passes()
    assert (market.pool().state, len(market.news(PoolShort))) == (PoolState.PROVISIONAL, 1)


def test_citizens_are_offered_their_seats(market: Market) -> None:
    market.gathered(10)
    citizens = [market.citizen() for _each in range(2)]
    pledges = [market.pledge(one) for one in citizens]
    market.accept()
    with market.database.reading() as session:
        everyone = [one.id for one in queries.pledges_of(session, market.pool().id)]
    for one in everyone:
        market.confirm(one)
    assert (market.pool().state, market.states(pledges)) == (PoolState.CONFIRMED, [PledgeState.PLACED] * 2)
    with market.database.reading() as session:
        offered = session.execute(select(Enrolment.person_id, Enrolment.state).where(Enrolment.offering_id == market.offering().id)).all()
    assert {tuple(row) for row in offered} == {(one.actor.person_id, EnrolmentState.OFFERED) for one in citizens}
    assert market.free_seats() == 4


def test_a_demand_is_met_by_its_class(market: Market) -> None:
    market.begin()
    firm = market.firm()
    demand_id = market.demand(firm)
    pledge = market.pledge(firm, 12, demand_id=demand_id)
    market.accept()
    market.confirm(pledge)
    with market.database.reading() as session:
        assert queries.demand_by_id(session, demand_id).state is DemandState.MET


def test_a_class_that_was_called_off_meanwhile_is_not_founded(market: Market) -> None:
    pledges = market.accepted(*TWELVE, 1)
    for one in pledges[:-1]:
        market.confirm(one)
    market.run(_call_off, market=market)
    market.run(service.decline_pledge, pledge_id=pledges[-1])
    assert (market.pool().state, market.offering().state, market.news(ClassFounded)) == (PoolState.PROVISIONAL, OfferingState.CANCELLED, [])


def _call_off(session: Session, *, market: Market, **_when: object) -> None:
    session.execute(update(Offering).where(Offering.id == market.pool().offering_id).values(state=OfferingState.CANCELLED))


# The clock


def test_the_clock_decides_within_a_round_and_only_once(market: Market) -> None:
    *confirming, _silent = market.accepted(*TWELVE, 1)
    for one in confirming:
        market.confirm(one)
    db.set_database(market.database)
    rounds.decide_pools(market.now + 4 * DAY)
    assert market.pool().state is PoolState.PROVISIONAL
    confirm_by = market.pool().confirm_by
    assert confirm_by is not None
    for _time in range(2):
        rounds.decide_pools(confirm_by)
    assert (market.pool().state, len(market.news(ClassFounded))) == (PoolState.CONFIRMED, 1)


def test_a_pool_below_the_line_at_its_deadline_hears_so_once_and_ends_after_a_week(market: Market) -> None:
    pledges = market.gathered(2, 2)
    deadline = market.pool().deadline
    over = market.now + (deadline - market.now.date()).days * DAY + DAY
    db.set_database(market.database)
    rounds.decide_pools(over - DAY)
    assert market.news(PoolShort) == []
    for _time in range(2):
        rounds.decide_pools(over)
    assert (market.pool().state, len(market.news(PoolShort))) == (PoolState.GATHERING, 1)
    rounds.lapse_pools(over + 6 * DAY)
    assert market.pool().state is PoolState.GATHERING
    for _time in range(2):
        rounds.lapse_pools(over + 7 * DAY)
    assert (market.pool().state, set(market.states(pledges)), len(market.news(PoolLapsed))) == (PoolState.LAPSED, {PledgeState.LAPSED}, 1)


def test_a_provider_that_was_asked_in_time_has_its_time_also_after_the_deadline(market: Market) -> None:
    market.gathered(*TWELVE)
    pool = market.pool()
    assert pool.accept_by is not None
    market.set_pool(deadline=market.now.date() - DAY)
    db.set_database(market.database)
    rounds.decide_pools(market.now)
    assert market.news(PoolShort) == []
    rounds.decide_pools(pool.accept_by)
    assert len(market.news(PoolShort)) == 1


def test_a_lapsed_pool_gives_all_seats_and_money_back(market: Market) -> None:
    market.gathered(4)
    firm = market.firm(budget=Money(10_000_00))
    pledge = market.pledge(firm, 8)
    market.accept()
    market.confirm(pledge, budget_id=market.budget_id(firm))
    assert market.earmarked(firm) == Money(8 * PRICE.cents)
    market.time_passes()
    db.set_database(market.database)
    rounds.lapse_pools(market.now + 7 * DAY)
    assert (market.pool().state, market.earmarked(firm), market.blocks(), market.free_seats()) == (PoolState.LAPSED, Money(0), [], 16)
    assert market.facts(pledge).block_id is None


def test_who_has_yet_to_confirm_is_reminded_once_two_days_before(market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    market.confirm(one)
    asked = len(market.news(PledgeAsked))
    db.set_database(market.database)
    rounds.remind_pledges(market.now + 2 * DAY)
    assert len(market.news(PledgeAsked)) == asked
    for _time in range(2):
        rounds.remind_pledges(market.now + 4 * DAY)
    assert len(market.news(PledgeAsked)) == asked + 5


def test_a_class_that_began_is_noted_once(market: Market) -> None:
    for one in market.accepted(*TWELVE):
        market.confirm(one)
    db.set_database(market.database)
    rounds.start_pools(market.now + 55 * DAY)
    assert market.pool().state is PoolState.CONFIRMED
    for _time in range(2):
        rounds.start_pools(market.now + 56 * DAY)
    assert market.pool().state is PoolState.STARTED


def test_a_confirmation_and_the_clock_at_once_found_the_class_once(market: Market) -> None:
    *confirming, last = market.accepted(*TWELVE)
    for one in confirming:
        market.confirm(one)
    confirm_by, pool_id = market.pool().confirm_by, market.pool().id
    assert confirm_by is not None

    def confirm(session: Session) -> object:
        return service.confirm_pledge(session, pledge_id=last, by=None, agreed=Agreed(PRICE), now=market.now)

    assert at_the_same_time(market.database, confirm, lambda session: service.decide_pool(session, pool_id, now=confirm_by)) == "done"
    assert (market.pool().state, len(market.news(ClassFounded)), market.news(PoolShort)) == (PoolState.CONFIRMED, 1, [])
