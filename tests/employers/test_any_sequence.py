"""Whatever firms, a citizen, a provider and the office do to two pools, in whatever order: no seat is sold twice, nothing is earmarked for nothing."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from academy.accounts import api as accounts
from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.catalogue import api as catalogue
from academy.employers import rounds, service
from academy.employers.drafts import PledgeDraft
from academy.employers.facts import PledgeFacts
from academy.employers.kinds import COUNTING_PLEDGES, LIVE_PLEDGES, OPEN_POOLS, PledgeState, PoolState
from academy.employers.models import Pledge
from academy.employers.queries.pools import pledge_facts
from academy.employers.rules.states import PLEDGE_WAYS
from academy.enrolment import rounds as enrolment_rounds
from academy.enrolment import service as enrolment_service
from academy.kernel import db
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy, Refusal
from academy.kernel.money import Money
from tests import builders, tables
from tests.employers.market import DAY, EVENING, MORNING, PRICE, SLUG, Firm, Market, open_market
from tests.employers.proofs.holds import check

AREAS = ("1315", "3811")  # beside each other: what gathers in the one can go on in the other
ACTS = (  # as often as they are named
    "begin", "join", "join", "join", "join_unproven", "prove", "change", "withdraw", "accept", "accept", "accept", "refuse",
    *("confirm",) * 7, "decline", "days", "days", "extend", "pay_empty", "pay_empty", "leave", "start_anyway", "merge", "release", "call_off", "hear",
)
STEPS = 45
_ONE_STEP = {(way.was, way.becomes) for way in PLEDGE_WAYS}
_STEPS = {(was, to) for was, between in _ONE_STEP for came, to in _ONE_STEP if came is between} | _ONE_STEP


class World:
    """Two pools for one module, four firms of which two pay from a budget, and a citizen."""

    def __init__(self, database: Database, now: datetime) -> None:
        tables.empty(database)
        self.market = open_market(database, now)
        budgets = (Money(9 * PRICE.cents), Money(30 * PRICE.cents), None, None)
        self.who = [*(self.market.firm(budget=budget) for budget in budgets), self.market.citizen()]
        self.office = office(self.market)
        self.pools = [self.market.begin(self.who[number], postcode=area) for number, area in enumerate(AREAS)]
        self._gather(0)
        self.unheard: dict[UUID, list[Callable[..., None]]] = {}
        self.seen: dict[UUID, PledgeState | None] = {}
        self.check()

    def _gather(self, pool: int) -> None:
        """Let three firms want enough for a class, so that something can come of a pool."""
        for number, seats in enumerate((5, 5, 3)):
            self.market.pledge(self.who[number], seats, code=self.pools[pool], now=self.market.now)

    def step(self, act: str, pool: int, who: int, number: int) -> str:
        """Do one thing, or hear that it can not be done."""
        try:
            getattr(self, f"_{act}")(pool, self.who[who], number)
        except DatabaseBusy:
            raise  # nobody else is there
        except Refusal as refusal:
            return refusal.code
        return "done"

    def check(self) -> None:
        """Look whether all is well, and that every pledge went a way that there is."""
        check(self.market.database, self.unheard)
        with self.market.database.reading() as session:
            now_there = {one.id: one.state for one in session.scalars(select(Pledge))}
        ways = {(self.seen.get(each), state) for each, state in now_there.items()}
        assert {way for way in ways if way[0] is not way[1]} <= _STEPS
        assert PledgeState.UNPAID not in now_there.values(), "nobody's money was taken away"
        self.seen = {**now_there}

    def end(self) -> None:
        """Let all that was told be heard, and all that has time run out."""
        while self.unheard:
            self._hear(0, self.who[0], 1)
        self._days(0, self.who[0], 9)
        self.check()

    def _pledge(self, pool: int, firm: Firm, *wanted: PledgeState) -> PledgeFacts:
        """Return the pledge of somebody to a pool, or that of another one in a state in which something can come of it: most acts are to succeed."""
        there = self.market.pool(self.pools[pool]).id
        with self.market.database.reading() as session:
            rows = session.scalars(select(Pledge).where(Pledge.pool_id == there).order_by(Pledge.id)).all()
            chosen = [row for row in rows if row.state in wanted] or [row for row in rows if row.email == firm.actor.email] or list(rows)
            if not chosen:
                raise Refusal
            return pledge_facts(max(chosen, key=lambda row: (row.email == firm.actor.email, row.state in LIVE_PLEDGES, row.id)))

    def _firm(self, pledge: PledgeFacts) -> Firm:
        return next(one for one in self.who if one.actor.email == pledge.email)

    def _fits(self, pool: int) -> None:
        """See that what was promised in this moment is within what the pool can hold."""
        there = self.market.pool(self.pools[pool])
        with self.market.database.reading() as session:
            rows = session.scalars(select(Pledge).where(Pledge.pool_id == there.id, Pledge.state.in_(COUNTING_PLEDGES))).all()
            assert sum(row.seats for row in rows) <= there.most_seats or there.state not in OPEN_POOLS

    def _begin(self, pool: int, firm: Firm, _number: int) -> None:
        if self.market.pool(self.pools[pool]).state not in OPEN_POOLS:
            code = self.market.begin(firm, postcode=AREAS[pool])
            if code not in self.pools:
                self.pools[pool] = code
                self._gather(pool)

    def _join(self, pool: int, firm: Firm, number: int) -> None:
        self.market.pledge(firm, number, *((EVENING, MORNING) if number % 3 else (MORNING,)), code=self.pools[pool], now=self.market.now)
        self._fits(pool)

    def _join_unproven(self, pool: int, firm: Firm, number: int) -> None:
        draft = PledgeDraft(firm.party, firm.actor.email, "nl", number, (EVENING,))
        self.market.run(service.make_pledge, pool_code=self.pools[pool], draft=draft, actor=None, demand_id=None, next_path="/x/{code}")

    def _prove(self, pool: int, firm: Firm, _number: int) -> None:
        pledge = self._pledge(pool, firm, PledgeState.UNPROVEN)
        self.market.run(service.prove_pledge, actor=self._firm(pledge).actor, code=pledge.code)

    def _change(self, pool: int, firm: Firm, number: int) -> None:
        self.market.run(service.change_pledge, pledge=self._pledge(pool, firm, PledgeState.OPEN), seats=number, slots=(EVENING,), most_price=None)
        self._fits(pool)

    def _withdraw(self, pool: int, firm: Firm, _number: int) -> None:
        self.market.run(service.withdraw_pledge, pledge=self._pledge(pool, firm, PledgeState.OPEN))

    def _accept(self, pool: int, _firm: Firm, number: int) -> None:
        slot = self.market.pool(self.pools[pool]).slot
        self.market.accept(code=self.pools[pool], slot=slot or EVENING, seats=11 + number, min_seats=9 + number // 3)

    def _refuse(self, pool: int, _firm: Firm, _number: int) -> None:
        act = {"actor": self.market.planner, "provider_slug": SLUG, "pool_code": self.pools[pool]}
        self.market.run(service.decline_pool, reason="Geen docent", **act)

    def _confirm(self, pool: int, firm: Firm, number: int) -> None:
        pledge = self._pledge(pool, firm, PledgeState.ASKED)
        payer = self._firm(pledge)
        self.market.confirm(pledge.id, budget_id=self.market.budget_id(payer) if payer.source and number > 3 else None)

    def _decline(self, pool: int, firm: Firm, _number: int) -> None:
        self.market.run(service.decline_pledge, pledge_id=self._pledge(pool, firm, PledgeState.ASKED).id)

    def _extend(self, pool: int, firm: Firm, _number: int) -> None:
        self.market.run(service.extend_pool, pledge=self._pledge(pool, firm, *COUNTING_PLEDGES), by=None)

    def _pay_empty(self, pool: int, firm: Firm, number: int) -> None:
        self.market.run(service.pay_empty_seats, pledge=self._pledge(pool, firm, PledgeState.CONFIRMED), seats=number, shown=PRICE, by=None)

    def _leave(self, pool: int, firm: Firm, _number: int) -> None:
        self.market.run(service.leave_short, pledge=self._pledge(pool, firm, *COUNTING_PLEDGES))

    def _start_anyway(self, pool: int, _firm: Firm, _number: int) -> None:
        self.market.run(service.start_anyway, actor=self.market.planner, provider_slug=SLUG, pool_code=self.pools[pool])

    def _merge(self, pool: int, _firm: Firm, number: int) -> None:
        if number > 4:
            self.market.run(service.merge_pools, actor=self.office, pool_code=self.pools[pool], into_code=self.pools[1 - pool])
            self._fits(1 - pool)

    def _release(self, pool: int, _firm: Firm, number: int) -> None:
        if number > 7:  # most pools are to go on
            self.market.run(service.release_pool, actor=self.office, pool_code=self.pools[pool], reason="Te weinig vraag")

    def _call_off(self, pool: int, _firm: Firm, _number: int) -> None:
        there = self.market.pool(self.pools[pool])
        offering_id = there.offering_id
        if offering_id is None or offering_id in self.unheard or there.state is PoolState.STARTED:  # what began stays begun
            return
        with self.market.database.reading() as session:
            offering = catalogue.offerings_by_id(session, [offering_id])[offering_id].offering
        if offering.state is catalogue.OfferingState.CANCELLED:
            return
        self.market.run(catalogue.call_off_offering, actor=self.market.planner, provider_slug=SLUG, code=offering.code, reason="De docent is ziek")
        self.unheard[offering_id] = [enrolment_service.withdraw_seats, service.class_called_off]

    def _hear(self, _pool: int, _firm: Firm, number: int) -> None:
        """Let a room hear, in any order, that a class was called off."""
        for offering_id in list(self.unheard)[:1]:
            rooms = self.unheard[offering_id]
            self.market.run(rooms.pop(number % len(rooms)), offering_id=offering_id)
            if not rooms:
                del self.unheard[offering_id]

    def _days(self, _pool: int, _firm: Firm, number: int) -> None:
        """Let time pass, and the clock do its work in every room; it hears of what was called off first."""
        self.market.now += (60 if number > 8 else number) * DAY
        of_pools = (rounds.remind_pledges, rounds.decide_pools, rounds.lapse_pools, rounds.start_pools)
        for turn in (*of_pools, enrolment_rounds.end_holds, enrolment_rounds.close_blocks):
            turn(self.market.now)


def office(market: Market) -> Actor:
    """Return somebody of the programme office."""
    with market.database.writing() as session:
        actor = builders.actor(session, market.now, name="Bo Broker")
        owner = accounts_service.register_organisation(session, slug="bureau", name="Programmabureau", kind=OrganisationKind.OFFICE)
        accounts.add_membership(session, person_id=actor.person_id, organisation_id=owner, role=Role.OFFICE)
    return actor


def _live_through(database: Database, now: datetime, seed: int) -> None:
    """Do forty-five things; chance alone chooses, so that each is as likely as it is named: most of it is to get somewhere."""
    db.set_database(database)
    world, chance = World(database, now), Random(seed)  # noqa: S311 - no secret
    for _number in range(STEPS):
        act, pool = chance.choice(ACTS), chance.choice((0, 0, 1))
        world.step(act, pool, chance.randrange(5), chance.randint(1, 9))
        world.check()
    world.end()


@pytest.mark.slow
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_after_thousands_of_acts_in_any_order_all_that_must_hold_holds(database: Database, now: datetime, seed: int) -> None:
    _live_through(database, now, seed)


@pytest.mark.parametrize("seed", [102, 103])
def test_after_acts_in_any_order_all_that_must_hold_holds(database: Database, now: datetime, seed: int) -> None:
    _live_through(database, now, seed)
