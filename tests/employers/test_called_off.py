"""A class is called off before it began: who took part has nothing to do with it any more, and what they asked is open again."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering
from academy.employers import queries, service
from academy.employers.events import PoolLapsed
from academy.employers.facts import DemandFacts
from academy.employers.kinds import DemandState, PledgeState, PoolState
from academy.employers.models import Pledge
from academy.employers.personal import RECORDS
from academy.employers.queries.matching import pools_joined
from academy.employers.rules import clocks
from academy.employers.service import choosing, ending, history
from academy.enrolment import service as enrolment
from academy.kernel.db import Database
from tests.employers.market import DAY, SLUG, Firm, Market, listen, open_market
from tests.employers.proofs.holds import check
from tests.employers.tailoring import Atelier, open_atelier
from tests.employers.test_gathering_pages import letter, text
from tests.notices.test_pool_letters import letters

NOW = datetime.now(UTC)  # noqa: TID251 - requests read the real clock


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


def demand(market: Market, demand_id: UUID) -> DemandFacts:
    with market.database.reading() as session:
        return queries.demand_by_id(session, demand_id)


def founded(market: Market) -> tuple[UUID, list[UUID]]:
    """Let two firms, one with a question, found a class, and a third not answer; returns the question and pledges."""
    firm = market.firm()
    asked = market.demand(firm, people=6)
    market.begin()
    pledges = [market.pledge(firm, 6, demand_id=asked), market.pledge(None, 6), market.pledge(None, 2)]
    market.accept()
    for one in pledges[:2]:
        market.confirm(one)
    market.run(service.decline_pledge, pledge_id=pledges[2])
    assert market.pool().state is PoolState.CONFIRMED
    return asked, pledges


def call_off(market: Market) -> None:
    offering = market.offering()
    market.run(catalogue.call_off_offering, actor=market.planner, provider_slug=SLUG, code=offering.code, reason="De docent is ziek")
    for hear in (service.class_called_off, enrolment.withdraw_seats, service.class_called_off):
        market.run(hear, offering_id=offering.id)


def test_who_had_seats_has_none_any_more_and_hears_it_once(market: Market) -> None:
    listen(PoolLapsed)
    _asked, pledges = founded(market)
    call_off(market)
    assert market.pool().state is PoolState.LAPSED
    assert market.states(pledges) == [PledgeState.LAPSED, PledgeState.LAPSED, PledgeState.DECLINED]
    assert [market.facts(one).block_id is not None for one in pledges] == [True, True, False]  # what was ordered is not forgotten
    assert (market.blocks(), len(market.news(PoolLapsed))) == ([], 1)
    check(market.database)


def test_what_was_asked_is_open_again_and_the_office_has_its_days_to_answer_anew(market: Market) -> None:
    asked, _pledges = founded(market)
    before = demand(market, asked)
    assert before.state is DemandState.MET
    market.now += 3 * DAY
    call_off(market)
    again = demand(market, asked)
    assert (again.state, again.answered_at) == (DemandState.OPEN, before.answered_at)
    assert again.answer_by == clocks.demand_answered_until(market.now)
    with market.database.reading() as session:
        assert pools_joined(session, [asked])[asked] == []


def test_the_first_answer_stays_the_first_when_it_is_answered_again(market: Market) -> None:
    asked, _pledges = founded(market)
    first = demand(market, asked).answered_at
    call_off(market)
    market.run(history.note_answer, demand_id=asked, now=market.now + DAY)
    assert (demand(market, asked).state, demand(market, asked).answered_at) == (DemandState.ANSWERED, first)


def test_what_is_open_again_ends_by_the_clock_as_any_other(market: Market) -> None:
    asked, _pledges = founded(market)
    call_off(market)
    market.run(ending.lapse_demands, now=market.now + 366 * DAY)
    assert demand(market, asked).state is DemandState.LAPSED


def test_a_question_with_seats_in_another_class_stays_met(market: Market) -> None:
    asked, _pledges = founded(market)
    first = market.pool_code
    elsewhere = market.begin(postcode="6211")
    market.pledge(Firm(_who(market, asked), demand(market, asked).organisation_id), 6, code=elsewhere, demand_id=asked)
    market.set_pledge(_newest(market), state=PledgeState.PLACED, block_id=None, party="citizen")
    market.pool_code = first
    call_off(market)
    assert demand(market, asked).state is DemandState.MET


def _who(market: Market, asked: UUID) -> Actor:
    person_id = demand(market, asked).person_id
    return next(one.actor for one in market.firms if one.actor.person_id == person_id)


def _newest(market: Market) -> UUID:
    with market.database.reading() as session:
        return max(one.id for one in queries.pledges_of(session, market.pool().id))


# Of a class that was made to measure for one employer.


def ordered(market: Market) -> Atelier:
    """Let a firm choose a proposal, whose provider opens the class."""
    atelier = open_atelier(market)
    atelier.ask()
    atelier.propose()
    atelier.time_to_choose()
    code = atelier.choose(budget=str(market.budget_id(atelier.firm)))
    market.run(catalogue.open_for_enrolment, actor=market.planner, provider_slug=SLUG, code=code)
    return atelier


def hear_that_it_opened(atelier: Atelier) -> None:
    with atelier.market.database.reading() as session:
        module_id = session.scalars(select(Offering.module_id).where(Offering.id == atelier.request().offering_id)).one()
    atelier.run(choosing.order_opened, module_id=module_id)


def test_a_firm_whose_own_class_is_called_off_has_its_question_open_again(market: Market) -> None:
    atelier = ordered(market)
    hear_that_it_opened(atelier)
    assert demand(market, atelier.demand_id).state is DemandState.MET
    offering_id = atelier.request().offering_id
    with market.database.reading() as session:
        code = session.scalars(select(Offering.code).where(Offering.id == offering_id)).one()
    market.run(catalogue.call_off_offering, actor=market.planner, provider_slug=SLUG, code=code, reason="De docent is ziek")
    for _time in range(2):
        market.run(service.class_called_off, offering_id=offering_id)
    assert demand(market, atelier.demand_id).state is DemandState.OPEN


# What its readers see, and what is kept


@pytest.fixture
def online(app: Flask, database: Database) -> Market:
    return open_market(database, NOW)


def test_the_page_of_a_pledge_says_that_the_class_was_called_off(app: Flask, client: FlaskClient, online: Market) -> None:
    _asked, pledges = founded(online)
    assert "De lessen gaan door" in text(client.get(letter(app, pledges[0])))
    call_off(online)
    page = text(client.get(letter(app, pledges[0])))
    assert ("De lessen zijn afgezegd" in page, "Zeker van een plek" in page) == (True, False)


def test_everybody_who_had_seats_gets_a_letter_that_the_class_was_called_off(app: Flask, online: Market) -> None:
    _asked, pledges = founded(online)
    call_off(online)
    with app.app_context():
        told = letters(online, PoolLapsed(online.pool().id))
    assert {one.to for one in told} == {online.facts(one).email for one in pledges[:2]}
    assert all("afgezegd" in one.text and "Je betaalt niets" in one.text for one in told)


def test_who_agreed_to_which_price_is_kept_as_long_as_the_books_also_when_the_class_was_called_off(market: Market) -> None:
    asked, pledges = founded(market)
    call_off(market)
    kept = {"eight years": 2922, "two years": 730}
    for name, left in (("two years", pledges[:2]), ("eight years", [])):
        later = market.now + kept[name] * DAY
        with market.database.writing() as session:
            for one in RECORDS:
                if one.table == "pledge" and one.apply is not None:
                    one.apply(session, later, 100)
            assert list(session.scalars(select(Pledge.id).where(Pledge.id.in_(pledges)).order_by(Pledge.id))) == left
    assert demand(market, asked).state is DemandState.OPEN
