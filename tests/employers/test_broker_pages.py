"""The desk of the programme office that calls, without a browser."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, OrganisationKind, Role, add_membership
from academy.accounts.queries.trail import trail_of
from academy.employers import links
from academy.employers import queries as reads
from academy.employers.kinds import DemandState, PoolState
from academy.kernel.db import Database
from tests import builders
from tests.employers.market import DAY, Market, open_market

DESK = "/nl/office/broker"


@pytest.fixture
def market(app: Flask, database: Database) -> Market:
    app.config["WTF_CSRF_ENABLED"] = False
    return open_market(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock


@pytest.fixture
def at_work(app: Flask, market: Market) -> Callable[[Actor], FlaskClient]:
    def sign_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with market.database.writing() as session:
            row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=datetime.now(UTC), is_twofold=True)  # noqa: TID251
        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.id.hex
        return client

    return sign_in


@pytest.fixture
def office(market: Market, at_work: Callable[[Actor], FlaskClient]) -> FlaskClient:
    with market.database.writing() as session:
        there = accounts_service.register_organisation(session, slug="bureau", name="Programmabureau", kind=OrganisationKind.OFFICE)
        actor = builders.actor(session, market.now, name="Bo Makelaar")
        add_membership(session, person_id=actor.person_id, organisation_id=there, role=Role.OFFICE)
    return at_work(actor)


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def weeks_ago(market: Market) -> None:
    """Let all that follows have happened three weeks ago: requests read the real clock."""
    market.now -= 21 * DAY


def test_an_empty_desk_says_so_and_that_there_is_too_little_to_say_how_long_demand_waits(office: FlaskClient) -> None:
    page = text(office, DESK)
    assert "Niemand om te bellen" in page
    assert page.count("nog te weinig om te zeggen (0)") == 2


def test_a_line_says_whom_to_call_why_and_what_to_say(market: Market, office: FlaskClient) -> None:
    market.gathered(6, 5)
    page = text(office, DESK)
    for part in ("Firma 2", "Firma 3", "Kim 2", market.firms[1].actor.email, "Nog 1 plek nodig voor Netwerkbeheer, dinsdagavond.", "Er is bijna een groep.", "trekker"):
        assert part in page
    assert "Firma 1" not in page


def test_a_call_is_noted_and_the_last_note_stands_in_the_list(market: Market, office: FlaskClient) -> None:
    first, _second = market.gathered(6, 5)
    address = f"{DESK}/calls/pledge/{market.facts(first).code}"
    assert f'href="{address}"' in text(office, DESK)
    assert office.post(address, data={"text": "Belt terug"}).status_code == 422
    page = office.post(address, data={"outcome": "will-answer", "text": "Belt <terug>"}, follow_redirects=True).get_data(as_text=True)
    assert "De notitie is bewaard." in page
    assert "Gaat antwoorden: Belt &lt;terug&gt;" in page
    assert "Bo Makelaar" in text(office, address)


def test_looking_at_the_list_is_on_record_for_who_stands_in_it(market: Market, office: FlaskClient) -> None:
    first, _second = market.gathered(6, 5)
    text(office, DESK)
    text(office, DESK)
    text(office, f"{DESK}.csv")
    person_id = market.facts(first).person_id
    assert person_id is not None
    with market.database.reading() as session:
        assert sorted(entry.act for entry in trail_of(session, person_id) if entry.act.startswith("call")) == ["call-list-exported", "call-list-seen"]


def test_a_demand_that_waits_too_long_is_answered_by_hand(market: Market, office: FlaskClient) -> None:
    weeks_ago(market)
    demand_id = market.demand(market.firm())
    with market.database.reading() as session:
        code = reads.demand_by_id(session, demand_id).code
    page = text(office, f"{DESK}?show=demand")
    assert "Vroeg voor 2 mensen: “Netwerken beheren”." in page
    assert "tijd is om:" in page
    assert "Geef antwoord" in text(office, f"{DESK}/calls/demand/{code}")
    address = f"{DESK}/demands/{code}/reply"
    assert office.post(address, data={"text": " "}).status_code == 422
    assert "Het antwoord is verstuurd." in office.post(address, data={"text": "Kijk bij Aeres."}, follow_redirects=True).get_data(as_text=True)
    with market.database.reading() as session:
        assert reads.demand_by_id(session, demand_id).state is DemandState.ANSWERED
    assert "Netwerken beheren" not in text(office, DESK)
    assert "Kijk bij Aeres." in text(office, f"/nl/demand/answer/{links.demand_token_for(demand_id)}")
    assert "Geef antwoord" not in text(office, f"{DESK}/calls/demand/{code}")


def test_a_provider_that_does_not_answer_is_in_the_list_and_can_be_noted_about(market: Market, office: FlaskClient) -> None:
    weeks_ago(market)
    market.gathered(6, 6)
    page = text(office, f"{DESK}?show=provider")
    assert "Pia Planner" in page
    assert "Gaf geen antwoord op tijd: Netwerkbeheer, dinsdagavond, 12 plekken." in page
    answer = office.post(f"{DESK}/calls/pool/{market.pool_code}", data={"outcome": "reached", "text": ""}, follow_redirects=True)
    assert "De notitie is bewaard." in answer.get_data(as_text=True)


def test_a_list_has_the_newest_date_first_unless_one_asks_otherwise(market: Market, office: FlaskClient) -> None:
    market.gathered(6, 5)
    weeks_ago(market)
    market.demand(market.firm())
    page, turned = text(office, DESK), text(office, f"{DESK}?order=soonest")
    assert page.index("Nog 1 plek nodig") < page.index("Vroeg voor 2 mensen")
    assert turned.index("Nog 1 plek nodig") > turned.index("Vroeg voor 2 mensen")


def test_the_file_has_every_line_and_no_formula(market: Market, office: FlaskClient) -> None:
    market.begin()
    market.pledge(market.firm("=1+1"), 6)
    market.pledge(None, 5)
    answer = office.get(f"{DESK}.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    assert [len(row) for row in rows] == [8] * 3
    assert {row[1] for row in rows[1:]} == {"'=1+1", "Firma 3"}
    assert "no-store" in answer.headers["Cache-Control"]


def test_two_neighbours_are_merged_and_who_took_part_goes_along(market: Market, office: FlaskClient) -> None:
    market.begin(postcode="1315")
    market.pledge(None, 5)
    near = market.pool_code
    market.begin(postcode="1211")
    market.pledge(None, 4)
    page = text(office, f"{DESK}/pools/{market.pool_code}")
    assert "samen 9 van 12 plekken" in page
    address = f"{DESK}/pools/{market.pool_code}/merge"
    assert office.post(address, data={}).status_code == 422
    assert "De groepen zijn samengevoegd" in office.post(address, data={"into": near}, follow_redirects=True).get_data(as_text=True)
    assert market.pool().state is PoolState.LAPSED
    assert "9 van 12 plekken" in text(office, f"{DESK}/pools/{near}")


def test_a_pool_is_released_with_a_reason_that_stays_in_its_history(market: Market, office: FlaskClient) -> None:
    market.gathered(4, 4)
    address = f"{DESK}/pools/{market.pool_code}"
    assert office.post(f"{address}/release", data={"reason": ""}).status_code == 422
    assert "De groep is gestopt" in office.post(f"{address}/release", data={"reason": "Niemand geeft dit"}, follow_redirects=True).get_data(as_text=True)
    page = text(office, address)
    assert "Niemand geeft dit" in page
    assert "Stop deze groep" not in page


def test_a_pool_that_is_short_and_waits_for_a_choice_is_listed(market: Market, office: FlaskClient) -> None:
    market.gathered(3, 3)
    market.set_pool(told_short_at=market.now)
    page = text(office, DESK)
    assert "Te weinig, en nog niemand koos" in page
    assert f'href="{DESK}/pools/{market.pool_code}"' in page


def test_nobody_else_comes_here(market: Market, at_work: Callable[[Actor], FlaskClient]) -> None:
    first, _second = market.gathered(6, 5)
    code = market.facts(first).code
    for actor in (market.planner, market.firms[1].actor):
        client = at_work(actor)
        for address in (DESK, f"{DESK}.csv", f"{DESK}/calls/pledge/{code}", f"{DESK}/pools/{market.pool_code}"):
            assert client.get(address).status_code == 404
        for address in (f"{DESK}/calls/pledge/{code}", f"{DESK}/pools/{market.pool_code}/release", f"{DESK}/pools/{market.pool_code}/merge"):
            assert client.post(address, data={"outcome": "no", "reason": "x", "into": code}).status_code == 404
    assert market.pool().state is PoolState.GATHERING


def test_whatever_stands_in_an_address_of_a_call_there_is_nobody(office: FlaskClient) -> None:
    for kind in ("pledge", "demand", "pool", "anders"):
        text(office, f"{DESK}/calls/{kind}/BESTAATNIET", status=404)


def test_the_desk_asks_as_much_of_the_database_for_many_as_for_few(
    market: Market, office: FlaskClient, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    market.gathered(6, 5)
    text(office, DESK)
    with queries(24) as few:
        text(office, DESK)
    for _number in range(3):
        market.begin(postcode=f"{20 + _number}11")
        market.pledge(None, 6)
        market.pledge(None, 5)
    text(office, DESK)
    with queries(24) as many:
        text(office, DESK)
    assert len(many) == len(few)
