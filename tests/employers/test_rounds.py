"""What the clock does to pools, pledges and demand: by itself, in time, again without harm, and one bad pool stops no other."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.app import create_worker
from academy.catalogue import api as catalogue
from academy.employers import rounds, service, subscribers
from academy.employers.events import PledgeAsked, PoolLapsed, PoolShort
from academy.employers.kinds import DemandState, PledgeState, PoolState
from academy.employers.models import Demand, Pool
from academy.kernel import db
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.outbox import subscriber_named
from tests.employers.market import DAY, Market, listen, open_market


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(PledgeAsked, PoolLapsed, PoolShort)


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    db.set_database(database)
    return open_market(database, now)


def states(market: Market, *codes: str) -> list[PoolState]:
    return [market.pool(code).state for code in codes]


def demand_state(market: Market, demand_id: UUID) -> DemandState:
    with market.database.reading() as session:
        return session.scalars(select(Demand.state).where(Demand.id == demand_id)).one()


def test_who_has_yet_to_confirm_is_reminded_once_two_days_before(market: Market) -> None:
    asked, confirmed, *_others = market.accepted(6, 4, 2)
    market.confirm(confirmed)
    until = market.pool().confirm_by
    assert until is not None
    rounds.remind_pledges(until - timedelta(days=2, seconds=1))
    first = len(market.news(PledgeAsked))
    rounds.remind_pledges(until - 2 * DAY)
    rounds.remind_pledges(until - DAY)
    told = market.news(PledgeAsked)
    assert len(told) - first == 2, "the two who did not answer, once each"
    assert not any(str(confirmed) in each for each in told[first:])
    assert any(str(asked) in each for each in told[first:])


def test_a_pool_goes_from_short_to_lapsed_by_the_clock_alone(market: Market) -> None:
    pledges = market.accepted(6, 4, 2)
    until = market.pool().confirm_by
    assert until is not None
    rounds.decide_pools(until - timedelta(seconds=1))
    assert market.news(PoolShort) == []
    rounds.decide_pools(until)
    rounds.decide_pools(until + DAY)
    assert len(market.news(PoolShort)) == 1, "told once"
    rounds.lapse_pools(until + 7 * DAY - timedelta(seconds=1))
    assert states(market, market.pool_code) == [PoolState.PROVISIONAL]
    rounds.lapse_pools(until + 7 * DAY)
    rounds.lapse_pools(until + 8 * DAY)
    assert states(market, market.pool_code) == [PoolState.LAPSED]
    assert (set(market.states(pledges)), len(market.news(PoolLapsed))) == ({PledgeState.LAPSED}, 1)


def test_a_founded_pool_starts_with_its_class(market: Market) -> None:
    for one in market.accepted(6, 6):
        market.confirm(one)
    rounds.start_pools(market.now)
    assert states(market, market.pool_code) == [PoolState.CONFIRMED]
    rounds.start_pools(market.now + 56 * DAY)
    rounds.start_pools(market.now + 57 * DAY)
    assert states(market, market.pool_code) == [PoolState.STARTED]


def test_a_pool_that_stumbles_keeps_no_other_waiting_and_is_told(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    first = market.begin(postcode="1315")
    second = market.begin(market.firm(), postcode="1011")
    bad = min(market.pool(first).id, market.pool(second).id)  # the clock takes it first
    other = second if market.pool(first).id == bad else first
    decide = service.decide_pool

    def stumbles(session: Session, pool_id: UUID, *, now: datetime) -> None:
        decide(session, pool_id, now=now)
        if pool_id == bad:
            raise ConnectionError

    monkeypatch.setattr(service, "decide_pool", stumbles)
    later = market.now + 60 * DAY
    with pytest.raises(ExceptionGroup) as failed:
        rounds.decide_pools(later)
    assert [type(each) for each in failed.value.exceptions] == [ConnectionError]
    assert market.pool(other).told_short_at == later
    with market.database.reading() as session:
        assert session.get_one(Pool, bad).told_short_at is None, "what was done of it is undone"
    monkeypatch.undo()
    rounds.decide_pools(later + DAY)
    with market.database.reading() as session:
        assert session.get_one(Pool, bad).told_short_at == later + DAY


@pytest.mark.parametrize(("wanted_by", "after", "state"), [
    (date(2026, 10, 1), 30, DemandState.OPEN),
    (date(2026, 10, 1), 31, DemandState.LAPSED),
    (None, 364, DemandState.OPEN),
    (None, 365, DemandState.LAPSED),
])
def test_demand_runs_out_the_day_after_it_was_wanted_or_after_a_year(market: Market, wanted_by: date | None, after: int, state: DemandState) -> None:
    demand_id = market.demand(market.firm(), wanted_by=wanted_by)
    rounds.lapse_demands(market.now + after * DAY)
    rounds.lapse_demands(market.now + after * DAY)
    assert demand_state(market, demand_id) is state


def test_demand_for_which_something_is_promised_does_not_run_out(market: Market) -> None:
    firm = market.firm()
    demand_id = market.demand(firm, wanted_by=amsterdam_day(market.now))
    market.begin()
    pledge_id = market.pledge(firm, 2, demand_id=demand_id)
    rounds.lapse_demands(market.now + 30 * DAY)
    assert demand_state(market, demand_id) is not DemandState.LAPSED
    market.run(service.withdraw_pledge, pledge=market.facts(pledge_id))
    rounds.lapse_demands(market.now + 30 * DAY)
    assert demand_state(market, demand_id) is DemandState.LAPSED


def test_a_class_that_its_provider_calls_off_lets_its_pool_gather_on(market: Market) -> None:
    pledges = market.accepted(6, 6)
    market.confirm(pledges[0])
    subscribers.register()
    there = subscriber_named("employers.class-called-off")
    assert there is not None
    assert there.inside is not None
    event = catalogue.OfferingCancelled(market.offering().id)
    for _each in range(2):
        market.run(there.inside, event=event)
    assert states(market, market.pool_code) == [PoolState.GATHERING]
    assert set(market.states(pledges)) == {PledgeState.OPEN}


def test_the_worker_does_all_of_it(app: Any) -> None:
    with app.app_context():
        jobs = {job.name: job.run for job in create_worker().jobs}
    wanted = {"decide-pools", "lapse-pools", "start-pools", "remind-pledges", "lapse-demands"}
    assert wanted <= set(jobs)


def test_an_idle_turn_only_reads(market: Market, queries: Any) -> None:
    with market.database.writing() as session:
        session.execute(update(Pool).values(told_short_at=None))
    for turn in (rounds.decide_pools, rounds.lapse_pools, rounds.start_pools, rounds.remind_pledges, rounds.lapse_demands):
        with queries(1) as asked:
            turn(market.now)
        assert asked[0].startswith("SELECT")
