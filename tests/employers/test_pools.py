"""Pools: demand of several firms comes together by itself, and a provider is asked as soon as enough can at one moment of the week."""

from datetime import datetime

import pytest

from academy.catalogue.api import OfferingFaulty
from academy.employers import queries, service
from academy.employers.drafts import PledgeDraft
from academy.employers.errors import (
    AlreadyPledged,
    FirmElsewhere,
    FirmNeeded,
    PledgeAnswered,
    PledgeNotFound,
    PoolClosed,
    SlotTaken,
    TooManyPledged,
)
from academy.employers.events import PledgeAsked, PledgeMade, ProviderAsked
from academy.employers.kinds import DemandState, Party, PledgeState, PoolState
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests import builders
from tests.employers.market import DAY, EVENING, MORNING, SLUG, Firm, Market, listen, open_market
from tests.enrolment.races import Act, at_the_same_time

TWELVE = (2,) * 6


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(PledgeAsked, PledgeMade, ProviderAsked)


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


def _typed(market: Market, email: str, *, seats: int = 2, party: Party = Party.EMPLOYER) -> str:
    """Let somebody who is not signed in promise seats with this address; returns the pledge's code."""
    with market.database.writing() as session:
        return service.make_pledge(
            session, pool_code=market.pool_code, draft=PledgeDraft(party, email, "nl", seats, (EVENING,)), actor=None, demand_id=None,
            next_path="/my/pledges/{code}/prove", now=market.now,
        )


def _prove(market: Market, firm: Firm, code: str, *, kvk_number: str = "", firm_name: str = "") -> None:
    market.run(service.prove_pledge, actor=firm.actor, code=code, kvk_number=kvk_number, firm_name=firm_name)


def test_a_demand_begins_a_pool_and_a_second_one_for_the_same_joins_it(market: Market) -> None:
    first = market.begin()
    assert market.pool().state is PoolState.IDEA
    market.pledge()
    assert (market.begin(), market.pool().state) == (first, PoolState.IDEA)
    market.pledge()
    assert market.pool().state is PoolState.GATHERING


def test_who_asked_has_an_answer_as_soon_as_somebody_looks_for_the_same(market: Market) -> None:
    first = market.firm()
    demand_id = market.demand(first)
    with market.database.writing() as session:
        asked = queries.demand_by_id(session, demand_id)
        market.pool_code = service.begin_pool(session, demand=asked, module=None, now=market.now)
    market.pledge(first, demand_id=demand_id)
    with market.database.reading() as session:
        assert queries.demand_by_id(session, demand_id).state is DemandState.OPEN
    market.pledge()
    with market.database.reading() as session:
        assert queries.demand_by_id(session, demand_id).state is DemandState.ANSWERED


def test_another_area_is_another_pool(market: Market) -> None:
    here = market.begin()
    assert market.begin(postcode="3511") != here
    assert (market.pool().area, market.pool(here).area) == ("35", "13")


def test_a_provider_is_asked_when_enough_can_at_one_moment_and_not_before(market: Market) -> None:
    market.gathered(2, 2, 2, 2, 2)
    market.pledge(None, 2, MORNING)
    assert (market.pool().state, market.news(ProviderAsked)) == (PoolState.GATHERING, [])
    market.pledge(None, 2, MORNING, EVENING)
    pool = market.pool()
    assert (pool.state, pool.slot, len(market.news(ProviderAsked))) == (PoolState.ASKED, EVENING, 1)
    assert pool.accept_by is not None
    assert pool.accept_by > market.now + DAY


def test_who_named_no_moment_can_at_any(market: Market) -> None:
    market.gathered(4, 4)
    firm = market.firm()
    draft = PledgeDraft(Party.EMPLOYER, firm.actor.email, "nl", 4)
    market.run(service.make_pledge, pool_code=market.pool_code, draft=draft, actor=firm.actor, demand_id=None, next_path="")
    assert (market.pool().state, market.pool().slot) == (PoolState.ASKED, EVENING)


def test_a_provider_is_asked_no_more_when_too_few_are_left(market: Market) -> None:
    *_others, last = market.gathered(*TWELVE)
    market.run(service.withdraw_pledge, pledge=market.facts(last))
    assert (market.pool().state, market.facts(last).state) == (PoolState.GATHERING, PledgeState.WITHDRAWN)
    market.run(service.withdraw_pledge, pledge=market.facts(last))  # a second time changes nothing


def test_a_firm_takes_part_once_and_a_pool_holds_no_more_than_a_class(market: Market) -> None:
    market.begin()
    firm = market.firm()
    market.pledge(firm, 3)
    with pytest.raises(AlreadyPledged):
        market.pledge(firm, 3)
    with pytest.raises(TooManyPledged):
        market.pledge(None, 22)


def test_a_pledge_can_be_changed_while_nothing_was_asked(market: Market) -> None:
    one, *_others = market.gathered(1, 2, 2, 2, 2, 2)
    assert market.pool().state is PoolState.GATHERING
    market.run(service.change_pledge, pledge=market.facts(one), seats=2, slots=(EVENING, MORNING), most_price=Money(300_00))
    assert (market.facts(one).seats, market.pool().state) == (2, PoolState.ASKED)
    market.accept()
    with pytest.raises(PledgeAnswered):
        market.run(service.change_pledge, pledge=market.facts(one), seats=1, slots=(), most_price=None)


def test_a_citizen_takes_one_seat_whatever_was_sent(market: Market) -> None:
    market.begin()
    citizen = market.pledge(market.citizen(), 5)
    assert (market.facts(citizen).seats, market.facts(citizen).organisation_id) == (1, None)


# An address that is not proven yet


def test_a_pledge_of_another_address_counts_once_its_letter_was_followed(market: Market) -> None:
    market.begin()
    firm = market.firm()
    code = _typed(market, firm.actor.email)
    with market.database.reading() as session:
        assert queries.pledges_of(session, market.pool().id) == []
    _prove(market, firm, code)
    with market.database.reading() as session:
        assert [one.organisation_id for one in queries.pledges_of(session, market.pool().id)] == [firm.organisation_id]
    _prove(market, firm, code)  # a second time changes nothing


def test_who_proves_a_pledge_for_a_new_firm_says_which_once(market: Market) -> None:
    market.begin()
    with market.database.writing() as session:
        new = Firm(builders.actor(session, market.now), None)
    code = _typed(market, new.actor.email)
    with pytest.raises(FirmNeeded):
        _prove(market, new, code)
    _prove(market, new, code, kvk_number="12345678", firm_name="Bakkerij Jansen")
    with market.database.reading() as session:
        assert [one.organisation_id is not None for one in queries.pledges_of(session, market.pool().id)] == [True]
    with market.database.writing() as session:
        other = Firm(builders.actor(session, market.now), None)
    with pytest.raises(FirmElsewhere):
        _prove(market, other, _typed(market, other.actor.email), kvk_number="12345678", firm_name="Bakkerij Jansen")


def test_nobody_learns_that_an_address_takes_part_already_and_its_owner_gets_the_letter_again(market: Market) -> None:
    market.begin()
    firm = market.firm()
    market.pledge(firm)
    before = len(market.news(PledgeMade))
    code = _typed(market, firm.actor.email, seats=9)
    assert len(market.news(PledgeMade)) == before + 1
    with market.database.reading() as session:
        assert [(one.code, one.seats) for one in queries.pledges_of(session, market.pool().id)] == [(code, 1)]


def test_what_a_stranger_typed_makes_room_for_what_its_owner_says(market: Market) -> None:
    market.begin()
    firm = market.firm()
    _typed(market, firm.actor.email, seats=20)
    own = market.pledge(firm, 2)
    with market.database.reading() as session:
        assert [one.id for one in queries.pledges_of(session, market.pool().id, list(PledgeState)) if one.state is not PledgeState.WITHDRAWN] == [own]


def test_a_pledge_is_proven_by_nobody_else(market: Market) -> None:
    market.begin()
    code = _typed(market, "iemand@anders.example")
    with pytest.raises(PledgeNotFound):
        _prove(market, market.firm(), code)


# A provider answers


def test_a_provider_accepts_and_everybody_who_can_then_is_asked_to_confirm(market: Market) -> None:
    market.begin()
    others = [market.pledge(None, 4) for _each in range(3)]
    elsewhere = market.pledge(None, 1, MORNING)
    market.accept()
    pool, offering = market.pool(), market.offering()
    assert (pool.state, pool.threshold, pool.price, pool.starts_on) == (PoolState.PROVISIONAL, 12, offering.price, offering.starts_on)
    assert (market.states(others), market.facts(elsewhere).state) == ([PledgeState.ASKED] * 3, PledgeState.OPEN)
    assert len(market.news(PledgeAsked)) == 3
    assert pool.confirm_by is not None
    assert (pool.confirm_by - market.now).days == 5


def test_a_demand_is_answered_by_a_class(market: Market) -> None:
    firm = market.firm()
    market.begin()
    demand_id = market.demand(firm)
    market.pledge(firm, 12, demand_id=demand_id)
    market.accept()
    with market.database.reading() as session:
        assert queries.demand_by_id(session, demand_id).state is DemandState.ANSWERED


def test_a_class_for_a_moment_at_which_too_few_can_is_refused(market: Market) -> None:
    market.gathered(*TWELVE)
    for slot in (MORNING, "every-day"):
        with pytest.raises(SlotTaken):
            market.accept(slot=slot)
    assert market.pool().state is PoolState.ASKED


def test_a_class_without_a_price_or_that_begins_before_all_answered_is_refused(market: Market) -> None:
    market.gathered(*TWELVE)
    soon = market.offer().starts_on - 52 * DAY
    for fault in ({"price": None}, {"seats": 201}, {"starts_on": soon, "periods": ()}):
        with pytest.raises(OfferingFaulty):
            market.accept(**fault)
    assert market.pool().state is PoolState.ASKED


def test_a_class_needs_two_seats_at_least(market: Market) -> None:
    market.gathered(*TWELVE)
    market.accept(min_seats=1)
    assert market.pool().threshold == 2


def test_who_joins_while_others_confirm_is_asked_at_once(market: Market) -> None:
    market.accepted(*TWELVE)
    late = market.pledge(None, 2)
    busy = market.pledge(None, 1, MORNING)
    assert market.states([late, busy]) == [PledgeState.ASKED, PledgeState.OPEN]
    market.run(service.change_pledge, pledge=market.facts(busy), seats=1, slots=(EVENING,), most_price=None)
    assert market.facts(busy).state is PledgeState.ASKED


def test_a_pool_that_its_provider_does_not_take_is_asked_of_any_other(market: Market) -> None:
    pledges = market.gathered(*TWELVE)
    market.run(service.decline_pool, actor=market.planner, provider_slug=SLUG, pool_code=market.pool_code, reason="Geen docent")
    assert (market.pool().state, market.pool().slot, market.pool().module_id) == (PoolState.ASKED, EVENING, None)
    assert set(market.states(pledges)) == {PledgeState.OPEN}
    assert len(market.news(ProviderAsked)) == 2
    market.accept()
    with pytest.raises(PoolClosed):
        market.accept()


def test_two_firms_that_join_at_once_ask_the_provider_once(market: Market) -> None:
    market.gathered(2, 2, 2, 2, 2)
    one, other = market.firm(), market.firm()

    def join(firm: Firm) -> Act:
        draft = PledgeDraft(Party.EMPLOYER, firm.actor.email, "nl", 2, (EVENING,))
        return lambda session: service.make_pledge(
            session, pool_code=market.pool_code, draft=draft, actor=firm.actor, demand_id=None, next_path="", now=market.now,
        )

    assert at_the_same_time(market.database, join(one), join(other)) == "done"
    assert (market.pool().state, len(market.news(ProviderAsked))) == (PoolState.ASKED, 1)
    with market.database.reading() as session:
        assert sum(pledge.seats for pledge in queries.pledges_of(session, market.pool().id)) == 14
