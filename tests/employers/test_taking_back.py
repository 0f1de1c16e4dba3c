"""A question is taken back as a whole, or not at all: what was confirmed for it stays, and providers do not go on for nobody."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering
from academy.employers import queries, service
from academy.employers.drafts import Agreed
from academy.employers.errors import DemandPromised
from academy.employers.errors.requests import RequestClosed, RequestThere
from academy.employers.events import RequestEnded
from academy.employers.kinds import DemandState, PledgeState, ProposalState, RequestState
from academy.employers.service import choosing, ending, requesting
from academy.enrolment import service as enrolment
from academy.funding import api as funding
from academy.funding.api import BlockState
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests.employers.market import DAY, PRICE, SLUG, Market, listen, open_market
from tests.employers.tailoring import Atelier, open_atelier
from tests.enrolment.races import Act, at_the_same_time


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


@pytest.fixture
def atelier(market: Market) -> Atelier:
    """Give a firm that can choose a proposal."""
    found = open_atelier(market)
    found.ask()
    found.propose()
    found.time_to_choose()
    return found


def choose(atelier: Atelier) -> Act:
    budget = str(atelier.market.budget_id(atelier.firm))
    return lambda session: choosing.choose_proposal(
        session, actor=atelier.firm.actor, request_code=atelier.code, proposal_code=atelier.proposals[SLUG], budget=budget, now=atelier.market.now,
    )


def take_back(atelier: Atelier) -> Act:
    return lambda session: service.withdraw_demand(
        session, actor=atelier.firm.actor, code=queries.demand_by_id(session, atelier.demand_id).code, now=atelier.market.now,
    )


def do(market: Market, act: Act) -> None:
    with market.database.writing() as session:
        act(session)


def demand_state(atelier: Atelier) -> DemandState:
    with atelier.market.database.reading() as session:
        return queries.demand_by_id(session, atelier.demand_id).state


def offering(atelier: Atelier) -> Offering:
    with atelier.market.database.reading() as session:
        return session.scalars(select(Offering).where(Offering.id == atelier.request().offering_id)).one()


def block_state(atelier: Atelier) -> BlockState:
    block_id = atelier.request().block_id
    assert block_id is not None
    with atelier.market.database.reading() as session:
        return funding.block(session, block_id).state


def test_with_a_question_its_open_request_is_taken_back_and_providers_hear_it(atelier: Atelier) -> None:
    listen(RequestEnded)
    do(atelier.market, take_back(atelier))
    assert (demand_state(atelier), atelier.request().state) == (DemandState.WITHDRAWN, RequestState.WITHDRAWN)
    assert (atelier.proposal().state, len(atelier.market.news(RequestEnded))) == (ProposalState.NOT_CHOSEN, 1)
    do(atelier.market, take_back(atelier))
    assert len(atelier.market.news(RequestEnded)) == 1


def test_a_question_for_which_a_class_was_chosen_is_not_taken_back_until_that_class_is_called_off(atelier: Atelier) -> None:
    do(atelier.market, choose(atelier))
    with pytest.raises(DemandPromised):
        do(atelier.market, take_back(atelier))
    assert (demand_state(atelier), block_state(atelier)) == (DemandState.ANSWERED, BlockState.PROMISED)
    there = offering(atelier)
    atelier.run(catalogue.call_off_offering, actor=atelier.market.planner, provider_slug=SLUG, code=there.code, reason="De docent is ziek")
    atelier.run(enrolment.withdraw_seats, offering_id=there.id)
    do(atelier.market, take_back(atelier))
    assert demand_state(atelier) is DemandState.WITHDRAWN


@pytest.mark.parametrize("is_choice_first", [True, False])
def test_of_choosing_and_taking_the_question_back_at_once_one_happens(atelier: Atelier, is_choice_first: bool) -> None:
    acts = (choose(atelier), take_back(atelier)) if is_choice_first else (take_back(atelier), choose(atelier))
    heard = at_the_same_time(atelier.market.database, *acts)
    if is_choice_first:
        assert (heard, demand_state(atelier), block_state(atelier)) == (DemandPromised.code, DemandState.ANSWERED, BlockState.PROMISED)
    else:
        assert (heard, demand_state(atelier), atelier.request().block_id) == (RequestClosed.code, DemandState.WITHDRAWN, None)


@pytest.mark.parametrize("is_yes_first", [True, False])
def test_of_confirming_and_taking_the_question_back_at_once_no_seat_is_without_a_question(market: Market, is_yes_first: bool) -> None:
    firm = market.firm()
    asked = market.demand(firm, people=6)
    market.begin()
    pledge = market.pledge(firm, 6, demand_id=asked)
    market.pledge(None, 6)
    market.accept()

    def confirm(session: Session) -> None:
        service.confirm_pledge(session, pledge_id=pledge, by=None, agreed=Agreed(PRICE), now=market.now)

    take = take_back(Atelier(market, firm, asked, {}))
    heard = at_the_same_time(market.database, *((confirm, take) if is_yes_first else (take, confirm)))
    with market.database.reading() as session:
        state = queries.demand_by_id(session, asked).state
    expected = (DemandPromised.code, DemandState.ANSWERED, PledgeState.CONFIRMED) if is_yes_first else ("pledge-answered", DemandState.WITHDRAWN, PledgeState.DECLINED)
    assert (heard, state, market.facts(pledge).state) == expected


def test_who_takes_a_question_back_is_not_asked_to_confirm_any_more_and_others_do_not_wait_for_it(market: Market) -> None:
    firm = market.firm()
    asked = market.demand(firm, people=2)
    market.begin()
    pledge, *others = [market.pledge(firm, 2, demand_id=asked), market.pledge(None, 6), market.pledge(None, 6)]
    market.accept()
    for one in others:
        market.confirm(one)
    do(market, take_back(Atelier(market, firm, asked, {})))
    assert (market.facts(pledge).state, set(market.states(others))) == (PledgeState.DECLINED, {PledgeState.PLACED})


def test_seats_that_were_chosen_are_ordered_also_when_the_day_of_the_question_passed_meanwhile(market: Market, now: datetime) -> None:
    atelier = open_atelier(market, wanted_by=now.date() + 20 * DAY)
    atelier.ask()
    atelier.propose()
    atelier.time_to_choose()
    do(market, choose(atelier))
    market.now += 30 * DAY
    market.run(ending.lapse_demands)
    assert demand_state(atelier) is DemandState.LAPSED
    there = offering(atelier)
    market.run(catalogue.open_for_enrolment, actor=market.planner, provider_slug=SLUG, code=there.code)
    for _time in range(2):
        market.run(choosing.order_opened, module_id=there.module_id)
    assert (demand_state(atelier), block_state(atelier)) == (DemandState.MET, BlockState.ORDERED)


def test_the_clock_does_not_end_a_question_while_providers_propose(market: Market, now: datetime) -> None:
    atelier = open_atelier(market, wanted_by=now.date() + 5 * DAY)
    atelier.ask()
    market.now += 7 * DAY
    market.run(ending.lapse_demands)
    assert demand_state(atelier) is DemandState.OPEN
    market.now = atelier.request().proposals_until
    for each in (lambda session: requesting.lapse_request(session, atelier.request().id, now=market.now), lambda session: ending.lapse_demands(session, now=market.now)):
        do(market, each)
    assert demand_state(atelier) is DemandState.LAPSED


def test_a_question_of_which_a_class_was_chosen_is_not_asked_again_and_pays_no_second_class(atelier: Atelier) -> None:
    do(atelier.market, choose(atelier))
    with pytest.raises(RequestThere):
        atelier.ask()
    assert atelier.market.earmarked(atelier.firm) == Money(6 * PRICE.cents)


def test_who_asks_again_while_a_class_is_chosen_can_not_choose_a_second_one(atelier: Atelier) -> None:
    market, draft = atelier.market, atelier.wish()

    def ask(session: Session) -> None:
        code = queries.demand_by_id(session, atelier.demand_id).code
        atelier.code = requesting.request_for_demand(session, actor=atelier.firm.actor, demand_code=code, draft=draft, providers=[SLUG], now=market.now)

    if at_the_same_time(market.database, choose(atelier), ask) == "done":  # it had looked before the choice was made
        atelier.propose()
        with pytest.raises(RequestClosed):
            do(market, choose(atelier))
    assert market.earmarked(atelier.firm) == Money(6 * PRICE.cents)
