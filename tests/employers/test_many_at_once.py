"""Many at the same moment: a class is founded once, the last seats are sold once, and whoever is second hears something that is true."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.employers import service
from academy.employers.drafts import Agreed
from academy.employers.events import ClassFounded, PoolShort
from academy.employers.kinds import PledgeState, PoolState
from academy.funding.api import BlockState
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy, Refusal
from academy.kernel.money import Money
from tests import builders
from tests.employers.market import EVENING, PRICE, SLUG, Firm, Market, listen, open_market
from tests.employers.proofs.crashing import evenings
from tests.employers.proofs.holds import check
from tests.employers.test_any_sequence import office
from tests.enrolment.races import Act, at_the_same_time

TRIES = 20  # of the entry, which starts over when the database is busy: twelve wait for each other here


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(ClassFounded, PoolShort)


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


def _confirm(market: Market, pledge_id: UUID, budget_id: UUID | None = None) -> Act:
    return lambda session: service.confirm_pledge(
        session, pledge_id=pledge_id, by=None, agreed=Agreed(PRICE), budget_id=budget_id, now=market.now,
    )


def _colleague(market: Market, firm: Firm) -> Firm:
    """Return a second person who buys for a firm."""
    assert firm.organisation_id is not None
    with market.database.writing() as session:
        actor = builders.actor(session, market.now, name="Co Collega")
        accounts.add_membership(session, person_id=actor.person_id, organisation_id=firm.organisation_id, role=Role.BUYER)
    return Firm(actor, firm.organisation_id, firm.source)


def _all_at_once(database: Database, acts: list[Act]) -> Counter[str]:
    """Do all of it in the same moment, each in a thread of its own; returns what they heard."""
    start = threading.Barrier(len(acts))

    def one(act: Act) -> str:
        start.wait()
        for _try in range(TRIES):
            try:
                with database.writing() as session:
                    act(session)
            except DatabaseBusy:
                continue
            except Refusal as refusal:
                return refusal.code
            return "done"
        return DatabaseBusy.code

    with ThreadPoolExecutor(len(acts)) as threads:
        return Counter(threads.map(one, acts))


def test_twelve_pledges_of_six_firms_confirmed_in_one_moment_become_one_class(market: Market) -> None:
    market.begin()
    firms = [market.firm(budget=Money(2 * PRICE.cents) if number % 2 else None) for number in range(6)]
    people = [each for firm in firms for each in (firm, _colleague(market, firm))]
    pledges = [market.pledge(each, 1) for each in people]
    market.accept()
    acts = [_confirm(market, pledge, market.budget_id(who) if who.source else None) for pledge, who in zip(pledges, people, strict=True)]
    assert _all_at_once(market.database, acts) == {"done": 12}
    assert (market.pool().state, set(market.states(pledges)), len(market.news(ClassFounded))) == (PoolState.CONFIRMED, {PledgeState.PLACED}, 1)
    assert [(block.state, block.seats) for block in market.blocks()] == [(BlockState.ORDERED, 1)] * 12
    assert [market.earmarked(firm) for firm in firms if firm.source] == [Money(2 * PRICE.cents)] * 3
    check(market.database)


def test_eight_firms_that_each_want_a_quarter_of_a_class_get_four_quarters_of_it(market: Market) -> None:
    pledges = market.accepted(*(3,) * 8, seats=12)
    heard = _all_at_once(market.database, [_confirm(market, one) for one in pledges])
    assert heard == {"done": 4, "too-many-pledged": 4}
    assert (Counter(market.states(pledges))[PledgeState.CONFIRMED], market.free_seats()) == (4, 0)
    check(market.database)
    for one, state in zip(pledges, market.states(pledges), strict=True):
        if state is PledgeState.ASKED:
            market.run(service.decline_pledge, pledge_id=one)
    assert market.pool().state is PoolState.CONFIRMED
    check(market.database)


def test_of_two_who_confirm_the_last_seats_at_once_one_gets_them(market: Market) -> None:
    first, one, other = market.accepted(10, 2, 2, seats=12)
    market.confirm(first)
    assert at_the_same_time(market.database, _confirm(market, one), _confirm(market, other)) == "too-many-pledged"
    assert (market.states([one, other]), market.free_seats()) == ([PledgeState.CONFIRMED, PledgeState.ASKED], 0)
    check(market.database)


def _accept(market: Market) -> Act:
    return lambda session: service.accept_pool(
        session, actor=market.planner, provider_slug=SLUG, pool_code=market.pool_code, module_slug=market.module_slug, slot=EVENING,
        draft=evenings(market.now), now=market.now,
    )


def _withdraw(market: Market, pledge_id: UUID) -> Act:
    pledge = market.facts(pledge_id)
    return lambda session: service.withdraw_pledge(session, pledge=pledge, now=market.now)


def test_who_withdraws_while_the_provider_accepts_hears_that_they_were_asked(market: Market) -> None:
    one, *_others = market.gathered(2, 10)
    assert at_the_same_time(market.database, _accept(market), _withdraw(market, one)) == "pledge-answered"
    assert (market.pool().state, market.facts(one).state) == (PoolState.PROVISIONAL, PledgeState.ASKED)
    check(market.database)


def test_a_provider_that_accepts_while_a_firm_withdraws_hears_that_its_pool_gathers_on(market: Market) -> None:
    one, *_others = market.gathered(2, 10)
    assert at_the_same_time(market.database, _withdraw(market, one), _accept(market)) == "pool-closed"
    assert (market.pool().state, market.facts(one).state) == (PoolState.GATHERING, PledgeState.WITHDRAWN)
    check(market.database)


@pytest.mark.parametrize("is_clock_first", [True, False])
def test_the_deadline_and_the_last_confirmation_at_once_found_the_class_once_or_tell_that_it_is_short(market: Market, is_clock_first: bool) -> None:
    *confirming, last = market.accepted(5, 5, 2)
    for one in confirming:
        market.confirm(one)
    pool = market.pool()
    assert pool.confirm_by is not None
    confirm_by = pool.confirm_by

    def decide(session: Session) -> None:
        service.decide_pool(session, pool.id, now=confirm_by)

    acts = (decide, _confirm(market, last)) if is_clock_first else (_confirm(market, last), decide)
    assert at_the_same_time(market.database, *acts) == "done"
    assert (market.pool().state, len(market.news(ClassFounded)), len(market.news(PoolShort))) == (PoolState.CONFIRMED, 1, int(is_clock_first))
    check(market.database)


def test_two_mergers_the_one_into_the_other_at_once_leave_one_pool_with_everybody(market: Market) -> None:
    broker, one = office(market), market.begin(postcode="3811")
    pledges = [market.pledge(None, 4, code=one)]
    other = market.begin(postcode="1315")
    pledges.append(market.pledge(None, 5, code=other))

    def merge(pool: str, into: str) -> Act:
        return lambda session: service.merge_pools(session, actor=broker, pool_code=pool, into_code=into, now=market.now)

    assert at_the_same_time(market.database, merge(one, other), merge(other, one)) == "pool-closed"
    assert (market.pool(one).state, market.pool(other).state) == (PoolState.LAPSED, PoolState.GATHERING)
    assert {market.facts(each).pool_id for each in pledges} == {market.pool(other).id}
    check(market.database)
