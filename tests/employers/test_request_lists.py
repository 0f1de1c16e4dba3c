"""Where requests are found: on the desk of a firm, at its questions and its groups, and in the list of the programme office with how long they took."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.employers import links
from academy.employers.models import Demand, TailoredRequest
from academy.employers.service import requesting
from academy.kernel.db import Database
from tests.employers import request_desk
from tests.employers.market import DAY, SLUG, Market, open_market
from tests.employers.request_desk import at_office, demand_code, new_address, readable, set_request, text
from tests.employers.tailoring import Atelier, open_atelier

SignIn = Callable[[Actor], FlaskClient]
OFFICE = "/nl/office/requests"


@pytest.fixture
def market(app: Flask, database: Database) -> Market:
    app.config["WTF_CSRF_ENABLED"] = False
    return open_market(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock


@pytest.fixture
def atelier(market: Market) -> Atelier:
    return open_atelier(market)


@pytest.fixture
def at_work(app: Flask, market: Market) -> SignIn:
    return lambda actor: request_desk.at_work(app, market, actor)


@pytest.fixture
def buyer(atelier: Atelier, at_work: SignIn) -> FlaskClient:
    return at_work(atelier.firm.actor)


@pytest.fixture
def office(market: Market, at_work: SignIn) -> FlaskClient:
    return at_work(at_office(market))


def desk(atelier: Atelier) -> str:
    return f"/nl/employer/{atelier.market.prefix}-{atelier.market.firms.index(atelier.firm) + 1}"


def asked_about(market: Market, atelier: Atelier) -> None:
    market.run(requesting.ask_question, actor=market.planner, provider_slug=SLUG, request_code=atelier.code, text="Hoe dun?")


# At a firm


def test_a_question_leads_to_having_it_made_and_then_to_the_request(atelier: Atelier, buyer: FlaskClient) -> None:
    address = f"/nl/my/demands/{demand_code(atelier)}"
    assert f'href="{new_address(atelier)}"' in text(buyer, address)
    atelier.ask()
    page = text(buyer, address)
    assert f'href="/nl/requests/{atelier.code}"' in page
    assert "Laat het op maat maken" not in page


def test_of_a_chosen_request_the_question_says_so_and_of_a_withdrawn_one_it_offers_another(market: Market, atelier: Atelier, buyer: FlaskClient) -> None:
    address = f"/nl/my/demands/{demand_code(atelier)}"
    atelier.ask()
    market.run(requesting.withdraw_request, actor=atelier.firm.actor, request_code=atelier.code, reason="")
    assert "Laat het op maat maken" in text(buyer, address)
    readable(atelier)
    atelier.choose(budget=str(market.budget_id(atelier.firm)))
    page = text(buyer, address)
    assert "Er is een voorstel gekozen." in page
    assert f'href="/nl/requests/{atelier.code}"' in page
    assert buyer.get(new_address(atelier)).headers["Location"].endswith(f"/nl/requests/{atelier.code}")  # not a second one beside it


def test_a_citizens_question_has_no_such_way(market: Market, at_work: SignIn) -> None:
    citizen = market.citizen()
    market.demand(citizen, people=1)
    client = at_work(citizen.actor)
    assert "Laat het op maat maken" not in text(client, "/nl/my/demands")
    with market.database.reading() as session:
        code = session.scalars(select(Demand.code)).one()
    assert "Laat het op maat maken" not in text(client, f"/nl/my/demands/{code}")


def test_the_desk_says_when_a_question_or_a_choice_waits_and_the_list_how_each_stands(market: Market, atelier: Atelier, buyer: FlaskClient) -> None:
    assert "Aanvragen op maat" not in text(buyer, f"{desk(atelier)}/demand")
    atelier.ask()
    assert "Lassen van dun plaatstaal" not in text(buyer, desk(atelier))
    page = text(buyer, f"{desk(atelier)}/demand")
    for part in ("Aanvragen op maat", "2 aanbieders gevraagd, 0 voorstellen", "voorstellen tot en met", "Staat open"):
        assert part in page, part
    asked_about(market, atelier)
    page = text(buyer, desk(atelier))
    assert "Beantwoord 1 vraag: Lassen van dun plaatstaal" in page
    for slug in atelier.planners:
        atelier.propose(slug)
    page = text(buyer, desk(atelier))
    assert "Kies uit 2 voorstellen: Lassen van dun plaatstaal" in page
    assert f'href="/nl/requests/{atelier.code}"' in page
    assert "kiezen tot en met" in text(buyer, f"{desk(atelier)}/demand")


def test_a_firm_that_takes_part_in_a_group_without_a_module_comes_to_the_form_and_an_outsider_with_the_link_does_not(
    app: Flask, market: Market, at_work: SignIn,
) -> None:
    pledges = market.gathered(4, 5)
    address = f"/nl/pledges/{links.pledge_token_for(pledges[-1])}"
    client, href = at_work(market.firms[-1].actor), f'href="/nl/requests/new/pool/{market.pool_code}"'
    assert href not in text(client, address)
    market.set_pool(module_id=None)
    assert href in text(client, address)
    assert href not in text(app.test_client(), address)
    assert href not in text(at_work(market.firm().actor), address)


def test_a_second_firm_of_a_group_is_told_that_somebody_asks_already(market: Market, at_work: SignIn) -> None:
    atelier = open_atelier(market)
    market.gathered(4, 5)
    atelier.ask_for_pool(market.firms[-1].actor)
    page = at_work(market.firms[-2].actor).get(f"/nl/requests/new/pool/{market.pool_code}", follow_redirects=True)
    assert page.status_code == 200
    assert "Iemand anders in deze groep vroeg al om voorstellen." in page.get_data(as_text=True)


# At the programme office


def test_the_office_has_a_list_that_says_when_it_is_empty(office: FlaskClient) -> None:
    page = text(office, OFFICE)
    for part in ("Er staat geen aanvraag open", "nog te weinig om te zeggen", "Van 0 aanvragen in het laatste jaar."):
        assert part in page, part
    assert f'href="{OFFICE}"' in text(office, "/nl/office/broker")


def test_late_requests_come_first_and_those_that_ended_last_with_how_long_it_took(market: Market, atelier: Atelier, office: FlaskClient) -> None:
    market.now -= 10 * DAY
    atelier.demand_id = market.demand(atelier.firm, people=6)
    market.now += 4 * DAY
    readable(atelier)
    market.now += 3 * DAY
    atelier.choose(budget=str(market.budget_id(atelier.firm)))
    market.now += 3 * DAY
    late = open_atelier(market)
    late.ask(title="Late aanvraag")
    past = market.now - DAY
    set_one(market, late.code, questions_until=past - DAY, proposals_until=past)
    fresh = another_firm(market)
    fresh.ask(title="Verse aanvraag")
    page = text(office, OFFICE)
    assert page.index("Late aanvraag") < page.index("Verse aanvraag") < page.index("Lassen van dun plaatstaal")
    for part in ("te laat:", "2 staan open", "Afgerond", "Voorstel gekozen", "de helft binnen 4 dagen", "de helft binnen 7 dagen", "Van 3 aanvragen in het laatste jaar."):
        assert part in page, part


def set_one(market: Market, code: str, **values: Any) -> None:
    with market.database.writing() as session:
        session.execute(update(TailoredRequest).where(TailoredRequest.code == code).values(**values))


def another_firm(market: Market) -> Atelier:
    """Return another firm with the same providers."""
    firm = market.firm()
    return Atelier(market, firm, market.demand(firm, people=3), {SLUG: market.planner})


def test_the_file_of_the_office_has_every_request_and_no_formula(market: Market, atelier: Atelier, office: FlaskClient) -> None:
    readable(atelier)
    set_request(market, title="=1+1")
    answer = office.get(f"{OFFICE}.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    assert [len(row) for row in rows] == [13] * 2
    assert rows[1][1:3] == ["'=1+1", atelier_name(market)]
    assert rows[1][5:8] == ["2", "2", "0"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]


def atelier_name(market: Market) -> str:
    assert market.firms[0].organisation_id is not None
    with market.database.reading() as session:
        return accounts.organisation(session, market.firms[0].organisation_id).name


def test_the_list_asks_as_much_of_the_database_for_many_as_for_few(
    market: Market, atelier: Atelier, office: FlaskClient, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    readable(atelier)
    text(office, OFFICE)
    with queries(16) as few:
        text(office, OFFICE)
    for _number in range(3):
        another_firm(market).ask()
    with queries(16) as many:
        text(office, OFFICE)
    assert len(many) == len(few)


def test_the_list_is_the_offices_only(market: Market, buyer: FlaskClient, at_work: SignIn) -> None:
    for client in (buyer, at_work(market.planner)):
        for address in (OFFICE, f"{OFFICE}.csv"):
            assert client.get(address).status_code == 404


def test_the_office_makes_a_request_of_a_question_it_calls_about_and_of_a_group_without_a_module(market: Market, office: FlaskClient) -> None:
    market.now -= 21 * DAY
    atelier = open_atelier(market)
    page = text(office, f"/nl/office/broker/calls/demand/{demand_code(atelier)}")
    assert f'href="{new_address(atelier)}"' in page
    text(office, new_address(atelier))
    market.gathered(4, 5)
    address, href = f"/nl/office/broker/pools/{market.pool_code}", f'href="/nl/requests/new/pool/{market.pool_code}"'
    assert href not in text(office, address)
    market.set_pool(module_id=None)
    assert href in text(office, address)


def test_the_list_is_there_in_english(atelier: Atelier, office: FlaskClient, buyer: FlaskClient) -> None:
    readable(atelier)
    text(office, OFFICE.replace("/nl/", "/en/"))
    for address in (f"{desk(atelier)}/demand", new_address(atelier), f"/nl/my/demands/{demand_code(atelier)}"):
        answer = buyer.get(address.replace("/nl/", "/en/"))
        assert answer.status_code in {200, 303}
