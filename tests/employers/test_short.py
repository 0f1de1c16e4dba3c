"""Too few at the deadline: who takes part goes on longer, pays the empty seats or leaves, the office merges or ends it; nobody pays for what is not there."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.catalogue.api import OfferingState
from academy.employers import rounds, service
from academy.employers.drafts import Agreed, PledgeDraft
from academy.employers.errors import (
    NotEnoughConfirmed,
    OfferChanged,
    PledgeAnswered,
    PoolClosed,
    PoolNotFound,
    TooManyPledged,
)
from academy.employers.events import ClassFounded, PledgeAsked, PledgeMade, PoolLapsed, PoolShort, ProviderAsked
from academy.employers.kinds import Party, PledgeState, PoolState
from academy.employers.models import PoolStep
from academy.funding.api import BudgetUsedUp
from academy.kernel import db
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests import builders
from tests.employers.market import DAY, EVENING, PRICE, SLUG, Market, listen, open_market
from tests.enrolment.races import Act, at_the_same_time

TWELVE = (2,) * 6


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(ClassFounded, PledgeAsked, PledgeMade, PoolLapsed, PoolShort, ProviderAsked)


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    db.set_database(database)
    return open_market(database, now)


def _office(market: Market) -> Actor:
    with market.database.writing() as session:
        actor = builders.actor(session, market.now, name="Bo Broker")
        owner = accounts_service.register_organisation(session, slug="bureau", name="Programmabureau", kind=OrganisationKind.OFFICE)
        accounts.add_membership(session, person_id=actor.person_id, organisation_id=owner, role=Role.OFFICE)
    return actor


def test_a_pool_goes_on_longer_because_who_takes_part_asks_it_twice_at_most(market: Market) -> None:
    one, *_others = market.gathered(2, 2)
    for _time in range(2):
        market.time_passes()
        deadline = market.pool().deadline
        market.run(service.extend_pool, pledge=market.facts(one), by=None)
        assert (market.pool().told_short_at, market.pool().deadline - deadline > 20 * DAY) == (None, True)
    market.time_passes()
    with pytest.raises(PoolClosed):
        market.run(service.extend_pool, pledge=market.facts(one), by=None)
    assert len(market.news(PoolShort)) == 3


def test_nobody_extends_a_pool_that_is_not_short_or_that_they_left(market: Market) -> None:
    one, other, *_others = market.gathered(2, 2, 2)
    with pytest.raises(PoolClosed):
        market.run(service.extend_pool, pledge=market.facts(one), by=None)
    market.run(service.withdraw_pledge, pledge=market.facts(other))
    market.time_passes()
    with pytest.raises(PoolClosed):
        market.run(service.extend_pool, pledge=market.facts(other), by=None)


def test_more_time_asks_who_did_not_answer_again_and_reminds_them_again(market: Market) -> None:
    pledges = market.short(*TWELVE, confirming=5)
    asked = len(market.news(PledgeAsked))
    market.run(service.extend_pool, pledge=market.facts(pledges[0]), by=None)
    assert len(market.news(PledgeAsked)) == asked + 1
    rounds.remind_pledges(market.now + 4 * DAY)
    assert len(market.news(PledgeAsked)) == asked + 2
    market.confirm(pledges[-1])
    assert market.pool().state is PoolState.CONFIRMED


def test_a_provider_that_did_not_answer_is_asked_again_when_its_pool_goes_on(market: Market) -> None:
    one, *_others = market.gathered(*TWELVE)
    market.time_passes()
    market.run(service.extend_pool, pledge=market.facts(one), by=None)
    pool = market.pool()
    assert (pool.state, len(market.news(ProviderAsked))) == (PoolState.ASKED, 2)
    assert pool.accept_by is not None
    assert pool.accept_by > market.now
    market.accept()
    assert market.pool().state is PoolState.PROVISIONAL


def test_a_class_that_would_have_begun_by_then_is_not_put_off(market: Market) -> None:
    first = market.offer().starts_on - 49 * DAY
    pledges = market.short(*TWELVE, confirming=5, starts_on=first, periods=())
    with pytest.raises(PoolClosed):
        market.run(service.extend_pool, pledge=market.facts(pledges[0]), by=None)


def test_a_firm_pays_the_empty_seats_and_the_class_goes_ahead(market: Market) -> None:
    one, *others = market.short(*TWELVE, confirming=5)
    assert market.run(service.pay_empty_seats, pledge=market.facts(one), seats=1, shown=PRICE, by=None) is False
    assert market.pool().state is PoolState.PROVISIONAL
    assert market.run(service.pay_empty_seats, pledge=market.facts(one), seats=1, shown=PRICE, by=None) is True
    assert (market.pool().state, market.facts(one).seats, market.facts(others[-1]).state) == (PoolState.CONFIRMED, 4, PledgeState.LAPSED)
    assert (sorted(block.seats for block in market.blocks()), market.free_seats()) == ([2, 2, 2, 2, 4], 4)


def test_the_same_form_sent_again_pays_no_empty_seats_again(market: Market) -> None:
    one, *_others = market.short(*TWELVE, confirming=5)
    as_read = market.facts(one)
    market.run(service.pay_empty_seats, pledge=as_read, seats=1, shown=PRICE, by=None)
    with pytest.raises(OfferChanged):
        market.run(service.pay_empty_seats, pledge=as_read, seats=1, shown=PRICE, by=None)
    assert market.facts(one).seats == 3


def test_empty_seats_are_paid_from_the_same_budget_as_far_as_it_goes(market: Market) -> None:
    market.gathered(4)
    firm = market.firm(budget=Money(7 * PRICE.cents))
    pledge = market.pledge(firm, 6)
    market.pledge(None, 2)
    market.accept()
    market.confirm(pledge, budget_id=market.budget_id(firm))
    market.time_passes()
    with pytest.raises(BudgetUsedUp):
        market.run(service.pay_empty_seats, pledge=market.facts(pledge), seats=2, shown=PRICE, by=None)
    assert (market.facts(pledge).seats, market.earmarked(firm), [block.seats for block in market.blocks()]) == (6, Money(6 * PRICE.cents), [6])
    market.run(service.pay_empty_seats, pledge=market.facts(pledge), seats=1, shown=PRICE, by=None)
    assert market.earmarked(firm) == Money(7 * PRICE.cents)


def test_nobody_pays_empty_seats_at_another_price_or_before_confirming_or_more_than_there_are(market: Market) -> None:
    one, *others = market.short(*TWELVE, confirming=5)
    for pledge_id, seats, shown, refused in (
        (one, 1, Money(1), OfferChanged), (others[-1], 1, PRICE, PledgeAnswered), (one, 7, PRICE, TooManyPledged), (one, 0, PRICE, TooManyPledged),
    ):
        with pytest.raises(refused):
            market.run(service.pay_empty_seats, pledge=market.facts(pledge_id), seats=seats, shown=shown, by=None)
    assert market.free_seats() == 6


def test_two_firms_that_pay_the_last_empty_seats_at_once_pay_them_once(market: Market) -> None:
    one, other, *_others = market.short(*TWELVE, confirming=5)

    def pay(pledge_id: UUID) -> Act:
        return lambda session: service.pay_empty_seats(session, pledge=market.facts(pledge_id), seats=2, shown=PRICE, by=None, now=market.now)

    assert at_the_same_time(market.database, pay(one), pay(other)) == PoolClosed.code
    assert (market.pool().state, len(market.news(ClassFounded)), sum(block.seats for block in market.blocks())) == (PoolState.CONFIRMED, 1, 12)


def test_who_is_late_is_still_welcome_when_too_few_confirmed_and_founds_the_class(market: Market) -> None:
    *_others, late, later = market.short(*TWELVE, 2, confirming=5)
    market.confirm(late)
    assert (market.pool().state, market.facts(later).state) == (PoolState.CONFIRMED, PledgeState.LAPSED)


def test_who_joins_a_pool_that_was_short_makes_it_go_on(market: Market) -> None:
    market.gathered(5, 5)
    market.time_passes()
    market.pledge(None, 2, now=market.now)
    assert (market.pool().state, market.pool().told_short_at) == (PoolState.ASKED, None)
    rounds.lapse_pools(market.now + 30 * DAY)
    assert market.pool().state is PoolState.ASKED


def test_who_leaves_a_short_pool_owes_nothing_and_the_last_one_ends_it(market: Market) -> None:
    market.gathered(3)
    firm = market.firm(budget=Money(10_000_00))
    pledge = market.pledge(firm, 9)
    market.accept()
    market.confirm(pledge, budget_id=market.budget_id(firm))
    market.time_passes()
    market.run(service.leave_short, pledge=market.facts(pledge))
    assert (market.facts(pledge).state, market.earmarked(firm), market.free_seats()) == (PledgeState.WITHDRAWN, Money(0), 16)
    assert market.pool().state is PoolState.PROVISIONAL
    with pytest.raises(PledgeAnswered):
        market.run(service.leave_short, pledge=market.facts(pledge))


def test_the_last_one_who_leaves_ends_the_pool(market: Market) -> None:
    [only] = market.gathered(3)
    market.time_passes()
    market.run(service.leave_short, pledge=market.facts(only))
    assert (market.pool().state, len(market.news(PoolLapsed))) == (PoolState.LAPSED, 1)


def test_nobody_leaves_after_confirming_while_there_is_time(market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    market.confirm(one)
    with pytest.raises(PoolClosed):
        market.run(service.leave_short, pledge=market.facts(one))


# The provider


def test_a_provider_starts_with_fewer_once_all_had_their_time(market: Market) -> None:
    pledges = market.accepted(*TWELVE)
    for one in pledges[:4]:
        market.confirm(one)
    act = {"actor": market.planner, "provider_slug": SLUG, "pool_code": market.pool_code}
    with pytest.raises(PoolClosed):
        market.run(service.start_anyway, **act)
    market.time_passes()
    market.run(service.start_anyway, **act)
    assert (market.pool().state, market.pool().threshold, len(market.blocks())) == (PoolState.CONFIRMED, 8, 4)


def test_a_class_of_one_is_not_started(market: Market) -> None:
    market.short(1, 11, confirming=1)
    with pytest.raises(NotEnoughConfirmed):
        market.run(service.start_anyway, actor=market.planner, provider_slug=SLUG, pool_code=market.pool_code)


def test_a_class_that_is_called_off_before_it_was_founded_lets_its_pool_gather_on(market: Market) -> None:
    market.gathered(2)
    firm = market.firm(budget=Money(10_000_00))
    pledges = [market.pledge(firm, 8), market.pledge(None, 2)]
    market.accept()
    market.confirm(pledges[0], budget_id=market.budget_id(firm))
    offering_id = market.offering().id
    for _time in range(2):
        market.run(service.class_called_off, offering_id=offering_id)
    pool = market.pool()
    assert (pool.state, pool.slot, pool.offering_id, set(market.states(pledges))) == (PoolState.GATHERING, "", None, {PledgeState.OPEN})
    assert (pool.threshold, pool.most_seats, market.earmarked(firm)) == (12, 24, Money(0))
    market.pledge(None, 1)
    market.accept()
    assert (market.pool().state, market.confirm(pledges[0])) == (PoolState.PROVISIONAL, PledgeState.CONFIRMED)


def test_a_founded_class_that_is_called_off_ends_its_pool(market: Market) -> None:
    for one in market.accepted(*TWELVE):
        market.confirm(one)
    offering_id = market.offering().id
    for _time in range(2):
        market.run(service.class_called_off, offering_id=offering_id)
    assert (market.pool().state, len(market.news(PoolLapsed))) == (PoolState.LAPSED, 1)


# The programme office


def test_the_office_merges_a_pool_with_its_neighbour_and_the_provider_is_asked(market: Market) -> None:
    broker, there = _office(market), market.begin(postcode="3811")
    both = market.firm()
    moved, stays = market.pledge(None, 4, code=there), market.pledge(both, 4, code=there)
    here = market.begin(postcode="1315")
    market.pledge(both, 4, code=here)
    market.pledge(None, 4, code=here)
    market.run(service.merge_pools, actor=broker, pool_code=there, into_code=here)
    assert (market.pool(there).state, market.pool(there).merged_into) == (PoolState.LAPSED, market.pool(here).id)
    assert (market.facts(moved).pool_id, market.facts(stays).state) == (market.pool(here).id, PledgeState.LAPSED)
    assert (market.pool(here).state, market.pool(here).told_short_at) == (PoolState.ASKED, None)


def test_a_merger_gives_both_two_weeks_more_and_keeps_an_unproven_address_apart(market: Market) -> None:
    broker, there = _office(market), market.begin(postcode="3811")
    firm = market.firm()
    market.pledge(firm, 2, code=there)
    here = market.begin(postcode="1315")
    market.pledge(None, 2, code=here)
    draft = PledgeDraft(Party.EMPLOYER, firm.actor.email, "nl", 3, (EVENING,))
    market.run(service.make_pledge, pool_code=here, draft=draft, actor=None, demand_id=None, next_path="/x/{code}")
    market.time_passes()
    told = len(market.news(PledgeMade))
    market.run(service.merge_pools, actor=broker, pool_code=there, into_code=here)
    pool = market.pool(here)
    assert (pool.told_short_at, (pool.deadline - market.now.date()).days >= 13, len(market.news(PledgeMade))) == (None, True, told)


def test_pools_far_apart_are_not_merged_and_only_the_office_merges_or_ends(market: Market) -> None:
    broker, far = _office(market), market.begin(postcode="6211")
    here = market.begin(postcode="1315")
    for act in ({"pool_code": far, "into_code": here}, {"pool_code": here, "into_code": here}):
        with pytest.raises(PoolClosed):
            market.run(service.merge_pools, actor=broker, **act)
    with pytest.raises(PoolNotFound):
        market.run(service.merge_pools, actor=market.planner, pool_code=far, into_code=here)
    with pytest.raises(PoolNotFound):
        market.run(service.release_pool, actor=market.planner, pool_code=here, reason="")


def test_the_office_ends_a_pool_and_nobody_owes_anything(market: Market) -> None:
    broker = _office(market)
    pledges = market.short(*TWELVE, confirming=3)
    market.run(service.release_pool, actor=broker, pool_code=market.pool_code, reason="Te weinig vraag")
    assert (market.pool().state, set(market.states(pledges)), market.blocks()) == (PoolState.LAPSED, {PledgeState.LAPSED}, [])
    assert (market.free_seats(), market.offering().state) == (16, OfferingState.CONCEPT)
    with pytest.raises(PoolClosed):
        market.run(service.release_pool, actor=broker, pool_code=market.pool_code, reason="")


def test_what_was_decided_is_written_down(market: Market) -> None:
    one, *_others = market.short(*TWELVE, confirming=5)
    market.run(service.extend_pool, pledge=market.facts(one), by=None)
    with market.database.reading() as session:
        notes = session.scalars(select(PoolStep.note).where(PoolStep.pool_id == market.pool().id, PoolStep.note != "")).all()
        assert session.scalar(select(func.count()).select_from(PoolStep)) == 5
    assert notes == ["longer"]


def test_leaving_and_a_late_confirmation_at_once_never_found_a_class_without_its_seats(market: Market) -> None:
    one, *_between, late = market.short(*TWELVE, confirming=5)

    def leave(session: Session) -> None:
        service.leave_short(session, pledge=market.facts(one), now=market.now)

    def confirm(session: Session) -> object:
        return service.confirm_pledge(session, pledge_id=late, by=None, agreed=Agreed(PRICE), now=market.now)

    assert at_the_same_time(market.database, leave, confirm) == "done"
    assert (market.pool().state, sum(block.seats for block in market.blocks())) == (PoolState.PROVISIONAL, 10)
