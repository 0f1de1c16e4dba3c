"""A request for a tailored module: who asks whom, until when, and questions that all who were invited read."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.catalogue import api as catalogue
from academy.catalogue.errors import ProviderNotFound
from academy.employers import rounds
from academy.employers.errors import DemandNotFound, PoolNotFound
from academy.employers.errors.requests import (
    QuestionAnsweredAlready,
    RequestClosed,
    RequestNotFound,
    RequestThere,
    RequestWrong,
)
from academy.employers.events import QuestionAnswered, QuestionAsked, RequestEnded, RequestOpened
from academy.employers.kinds import InviteState, ProposalState, RequestState
from academy.employers.queries import demand_by_id, requests
from academy.employers.rules import requesting as rules
from academy.employers.service import requesting
from academy.kernel.db import Database, set_database
from academy.kernel.money import Money
from tests.employers.market import DAY, SLUG, Market, listen, open_market
from tests.employers.tailoring import Atelier, add_provider, open_atelier
from tests.employers.test_trail import broker
from tests.enrolment.races import at_the_same_time

OTHER = "techniek"


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


@pytest.fixture
def atelier(market: Market) -> Atelier:
    return open_atelier(market)


def question(atelier: Atelier, slug: str = SLUG, text: str = "Is er een werkplaats?") -> object:
    return atelier.run(requesting.ask_question, actor=atelier.planners[slug], provider_slug=slug, request_code=atelier.code, text=text)


def test_a_request_takes_over_what_its_demand_asks_and_invites_each_provider_once(atelier: Atelier) -> None:
    listen(RequestOpened)
    atelier.ask(SLUG, OTHER, SLUG, in_company=True, guest_teacher=True, budget=Money(4000_00))
    found = atelier.seen()
    assert (found.request.people, found.request.state, found.request.in_company, found.request.guest_teacher) == (6, RequestState.OPEN, True, True)
    assert [state for _id, state in found.invites] == [InviteState.INVITED] * 2
    assert len(atelier.market.news(RequestOpened)) == 1


def test_a_request_of_a_pool_is_for_the_seats_at_its_best_moment(market: Market, atelier: Atelier) -> None:
    market.gathered(4, 5)
    atelier.ask_for_pool(market.firms[-1].actor)
    found = atelier.request()
    assert (found.people, found.slots, found.is_of_pool) == (9, ("tue-evening",), True)


def test_the_office_asks_for_a_pool_and_for_a_firm(market: Market, atelier: Atelier) -> None:
    office = broker(market)
    market.gathered(4, 5)
    atelier.ask_for_pool(office)
    atelier.ask(actor=office)
    assert atelier.request().organisation_id == atelier.firm.organisation_id


def test_strangers_ask_for_no_demand_and_no_pool_of_others(market: Market, atelier: Atelier) -> None:
    market.gathered(4, 5)
    stranger = market.firm().actor
    with pytest.raises(DemandNotFound):
        atelier.ask(actor=stranger)
    with pytest.raises(PoolNotFound):
        atelier.ask_for_pool(stranger)


def test_there_is_one_open_request_of_a_demand_also_when_asked_twice_at_once(atelier: Atelier) -> None:
    demand_code = requests_demand_code(atelier)

    def ask(session: object) -> object:
        return requesting.request_for_demand(
            session, actor=atelier.firm.actor, demand_code=demand_code, draft=atelier.wish(), providers=[SLUG], now=atelier.market.now,  # type: ignore[arg-type] # a session
        )

    assert at_the_same_time(atelier.market.database, ask, ask) == RequestThere.code


def requests_demand_code(atelier: Atelier) -> str:
    with atelier.market.database.reading() as session:
        return demand_by_id(session, atelier.demand_id).code


@pytest.mark.parametrize("wrong", [{"questions_on": -1}, {"questions_on": 12}, {"proposals_on": -1}])
def test_days_that_are_past_or_out_of_order_are_refused(atelier: Atelier, wrong: dict[str, int]) -> None:
    with pytest.raises(RequestWrong):
        atelier.ask(**_days(atelier, wrong))


def _days(atelier: Atelier, ahead: dict[str, int]) -> dict[str, Any]:
    return {name: atelier.today + days * DAY for name, days in ahead.items()}


def test_all_who_were_invited_read_a_question_and_its_answer_and_nobody_who_asked(atelier: Atelier) -> None:
    listen(QuestionAsked, QuestionAnswered)
    atelier.ask()
    asked = question(atelier)
    atelier.run(requesting.answer_question, actor=atelier.firm.actor, request_code=atelier.code, question_id=asked, text="Ja, voor acht mensen.")
    for slug in (SLUG, OTHER):
        (read,) = atelier.seen_at(slug).questions
        assert (read.text, read.answer) == ("Is er een werkplaats?", "Ja, voor acht mensen.")
        assert set(vars(read)) == {"id", "text", "asked_at", "answer"}
    with pytest.raises(QuestionAnsweredAlready):
        atelier.run(requesting.answer_question, actor=atelier.firm.actor, request_code=atelier.code, question_id=asked, text="Toch niet.")
    assert (len(atelier.market.news(QuestionAsked)), len(atelier.market.news(QuestionAnswered))) == (1, 1)


def test_after_the_last_day_to_ask_and_by_who_was_not_invited_nothing_is_asked(atelier: Atelier) -> None:
    atelier.ask(SLUG)
    with pytest.raises(RequestNotFound):
        question(atelier, OTHER)
    with pytest.raises(ProviderNotFound):
        atelier.run(requesting.ask_question, actor=atelier.firm.actor, provider_slug=SLUG, request_code=atelier.code, text="Wat?")
    atelier.market.now = atelier.request().questions_until
    with pytest.raises(RequestClosed):
        question(atelier)


def test_a_request_taken_back_lets_its_proposals_go_and_tells_once(atelier: Atelier) -> None:
    listen(RequestEnded)
    atelier.ask()
    atelier.propose()
    atelier.begin(OTHER)
    for _each in range(2):
        atelier.run(requesting.withdraw_request, actor=atelier.firm.actor, request_code=atelier.code, reason="We doen het zelf")
    assert atelier.request().state is RequestState.WITHDRAWN
    assert (atelier.proposal().state, atelier.proposal(OTHER).state) == (ProposalState.NOT_CHOSEN, ProposalState.WITHDRAWN)
    assert len(atelier.market.news(RequestEnded)) == 1


def test_a_request_that_nobody_answers_lapses_after_the_last_day_to_propose(atelier: Atelier) -> None:
    atelier.ask()
    found = atelier.request()
    assert not atelier.run(requesting.lapse_request, request_id=found.id)
    atelier.market.now = found.proposals_until
    assert [atelier.run(requesting.lapse_request, request_id=found.id) for _each in range(2)] == [True, False]
    assert atelier.request().state is RequestState.LAPSED


def test_the_clock_ends_what_is_over_and_nothing_else(atelier: Atelier) -> None:
    set_database(atelier.market.database)
    atelier.ask()
    found = atelier.request()
    rounds.lapse_requests(found.proposals_until - DAY)
    assert atelier.request().state is RequestState.OPEN
    rounds.lapse_requests(found.proposals_until)
    assert atelier.request().state is RequestState.LAPSED


def test_a_request_with_a_proposal_lapses_only_after_the_time_to_choose(atelier: Atelier) -> None:
    atelier.ask()
    atelier.propose()
    atelier.time_to_choose()
    found = atelier.request()
    assert not atelier.run(requesting.lapse_request, request_id=found.id)
    atelier.market.now = found.choose_until
    assert atelier.run(requesting.lapse_request, request_id=found.id)


def test_providers_that_teach_are_suggested_those_whose_modules_fit_first(market: Market, atelier: Atelier) -> None:
    add_provider(market, "aaa")
    with market.database.reading() as session:
        modules = list(catalogue.module_facts(session, today=atelier.today, provider_id=market.provider_id))
        skills = [tag.uri for module in modules for outcome in module.outcomes for tag in outcome.skills]
        found = requests.suggested_providers(session, skills)
    assert [(one.slug, number) for one, number in found][:1] == ([(SLUG, 1)] if skills else [("aaa", 0)])
    assert {one.slug for one, _number in found} == {SLUG, OTHER, "aaa"}


@given(st.integers(0, 10_000_00), st.none() | st.integers(0, 5_000_00), st.integers(1, 200))
def test_seats_together_never_cost_more_than_the_class(cents: int, of_seat: int | None, seats: int) -> None:
    price = rules.seat_price(Money(cents), None if of_seat is None else Money(of_seat), seats)
    assert price.cents * seats <= cents
    assert of_seat is None or price.cents <= of_seat
    if of_seat is None:
        assert cents - price.cents * seats < seats  # what could not be divided, and no more


def test_the_tables_of_states_have_one_beginning_and_no_way_back() -> None:
    for steps in (rules.REQUEST_STEPS, rules.PROPOSAL_STEPS):
        assert sum(one.was is None for one in steps) == 1
        assert not any(rules.may_step(steps, one.becomes, one.was) for one in steps if one.was is not None)
