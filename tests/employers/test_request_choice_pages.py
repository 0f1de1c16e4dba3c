"""The page on which who asked chooses a proposal, without a browser: what it costs, who pays, and what stands in the way."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.employers.errors import BillingNeeded, PoolClosed, SlotTaken
from academy.employers.kinds import RequestState
from academy.employers.service import choosing
from academy.funding import api as funding
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.payments import api as payments
from tests.employers import request_desk
from tests.employers.market import SLUG, Market, open_market
from tests.employers.request_desk import OTHER, at_office, new_address, readable, sent, text
from tests.employers.tailoring import Atelier, open_atelier

SignIn = Callable[[Actor], FlaskClient]
BILL = {"legal_name": "Firma 1 B.V.", "street": "Straat 1", "postcode": "1315 AB", "city": "Almere"}


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


def test_who_chooses_sees_what_it_costs_and_pays_from_a_budget(market: Market, atelier: Atelier, buyer: FlaskClient) -> None:
    address = f"{readable(atelier)}/choose/{atelier.proposals[SLUG]}"
    page = text(buyer, address)
    for part in ("6 plekken", "€ 245", "€ 1.470", "Kies met betaalverplichting", "Op factuur, achteraf", "1 andere aanbieder krijgt een nee"):
        assert part in page, part
    assert "Voor wie is de factuur?" not in page
    budget = market.budget_id(atelier.firm)
    page = sent(buyer, address, pay=budget.hex, reference="PO 9", reason="Het moment past beter")
    for part in ("Gekozen.", "De aanbieder zet de les klaar", "Bekijk jullie plekken", "Niet gekozen", "Voorstel gekozen", "Les gekozen"):
        assert part in page, part
    assert (atelier.request().state, atelier.proposal(OTHER).reason) == (RequestState.CHOSEN, "Het moment past beter")
    assert market.earmarked(atelier.firm) == Money(6 * 245_00)
    again = sent(buyer, address, pay=budget.hex)
    assert "Dit voorstel kun je niet (meer) kiezen." in again
    assert market.earmarked(atelier.firm) == Money(6 * 245_00)


def test_once_the_provider_opened_the_class_it_says_that_names_come_next(market: Market, atelier: Atelier, buyer: FlaskClient) -> None:
    address = readable(atelier)
    code = atelier.choose(budget=str(market.budget_id(atelier.firm)))
    market.run(catalogue.open_for_enrolment, actor=market.planner, provider_slug=SLUG, code=code)
    page = text(buyer, address)
    assert "De les staat klaar" in page
    block_id = atelier.request().block_id
    assert block_id is not None
    assert f"/seats/{block_id.hex}" in page


def test_of_a_class_that_is_called_off_it_says_so_and_one_can_ask_again(market: Market, atelier: Atelier, buyer: FlaskClient) -> None:
    address = readable(atelier)
    code = atelier.choose(budget=str(market.budget_id(atelier.firm)))
    market.run(catalogue.call_off_offering, actor=market.planner, provider_slug=SLUG, code=code, reason="Ziek")
    page = text(buyer, address)
    assert "De les is afgezegd" in page
    assert f'href="{new_address(atelier)}"' in page
    assert "Laat een module op maat maken" in text(buyer, new_address(atelier))


def test_a_firm_without_a_budget_says_once_where_the_invoice_goes(market: Market, at_work: SignIn) -> None:
    atelier = open_atelier(market, budget=None)
    address = f"{readable(atelier)}/choose/{atelier.proposals[SLUG]}"
    buyer = at_work(atelier.firm.actor)
    assert "Voor wie is de factuur?" in text(buyer, address)
    wrong = sent(buyer, address, status=422)
    assert "Vul straat en huisnummer in." in wrong
    assert atelier.request().state is RequestState.OPEN
    assert "Gekozen." in sent(buyer, address, data=BILL)
    assert atelier.firm.organisation_id is not None
    with market.database.reading() as session:
        found = payments.billing_details_of(session, atelier.firm.organisation_id)
    assert found is not None
    assert found.party.city == "Almere"


def test_who_has_a_budget_and_wants_an_invoice_is_asked_where_it_goes(atelier: Atelier, buyer: FlaskClient) -> None:
    address = f"{readable(atelier)}/choose/{atelier.proposals[SLUG]}"
    assert "Voor wie is de factuur?" in sent(buyer, address, status=422, pay="invoice")
    assert "Gekozen." in sent(buyer, address, data={"pay": "invoice", **BILL})


def test_a_budget_with_too_little_in_it_is_not_offered(market: Market, at_work: SignIn) -> None:
    atelier = open_atelier(market, budget=Money(100_00))
    address = f"{readable(atelier)}/choose/{atelier.proposals[SLUG]}"
    buyer = at_work(atelier.firm.actor)
    assert "vrij)" not in text(buyer, address)
    assert sent(buyer, address, status=422, pay=market.budget_id(atelier.firm).hex)
    assert atelier.request().state is RequestState.OPEN


@pytest.mark.parametrize(("refusal", "said"), [
    (funding.BudgetUsedUp(), "In dit budget zit niet meer genoeg"), (funding.VatUndecided("x", "Windesheim"), "De aanbieder moet eerst de btw doorgeven"),
    (catalogue.OfferingFaulty(), "De dagen van dit voorstel zijn te dichtbij"), (SlotTaken(), "te weinig mensen"),
    (PoolClosed("X"), "De groep kan dit nu niet gebruiken"), (BillingNeeded("firma-1"), "We weten nog niet waar de factuur heen moet"),
])
def test_what_stands_in_the_way_at_the_last_moment_is_told_on_the_same_page(
    market: Market, atelier: Atelier, buyer: FlaskClient, monkeypatch: pytest.MonkeyPatch, refusal: Exception, said: str,
) -> None:
    address = f"{readable(atelier)}/choose/{atelier.proposals[SLUG]}"

    def refuse(*_args: object, **_values: object) -> str:
        raise refusal

    monkeypatch.setattr(choosing, "choose_proposal", refuse)
    page = buyer.post(address, data={"pay": market.budget_id(atelier.firm).hex})
    assert 400 <= page.status_code < 500
    assert said in page.get_data(as_text=True)
    assert "Er is niets gekozen en niets besteld." in page.get_data(as_text=True)


def test_a_proposal_that_was_taken_back_is_not_chosen(atelier: Atelier, buyer: FlaskClient) -> None:
    address = readable(atelier)
    page = buyer.get(f"{address}/choose/BESTAATNIET", follow_redirects=True).get_data(as_text=True)
    assert "Dit voorstel kun je niet (meer) kiezen." in page
    assert "Kies een voorstel" in page


def test_who_needs_fewer_people_than_the_class_reads_that_they_buy_more(atelier: Atelier, buyer: FlaskClient) -> None:
    address = readable(atelier, {"min_seats": 8}, {})
    page = text(buyer, f"{address}/choose/{atelier.proposals[SLUG]}")
    assert "De aanbieder geeft de les vanaf 8 plekken, dus die koop je." in page
    assert "8 plekken" in page


def test_of_a_pool_the_page_says_that_each_firm_still_confirms(market: Market, at_work: SignIn) -> None:
    atelier = open_atelier(market)
    market.gathered(4, 5)
    atelier.ask_for_pool(market.firms[-1].actor)
    for slug in atelier.planners:
        atelier.propose(slug, min_seats=6)
    client = at_work(market.firms[-1].actor)
    address = f"/nl/requests/{atelier.code}"
    page = text(client, f"{address}/choose/{atelier.proposals[SLUG]}")
    assert "Elk bedrijf bevestigt nog zelf" in page
    assert "betaalverplichting" not in page
    page = sent(client, f"{address}/choose/{atelier.proposals[SLUG]}", reason="")
    assert "Ieder bevestigt zelf de eigen plekken." in page
    assert f'href="/nl/pools/{market.pool_code}"' in page


def test_the_office_reads_a_firms_request_and_does_not_choose_for_its_money(atelier: Atelier, office: FlaskClient) -> None:
    address = readable(atelier)
    page = text(office, address)
    assert "kan nu kiezen" in page
    assert "Kies dit voorstel" not in page
    assert office.get(f"{address}/choose/{atelier.proposals[SLUG]}").status_code == 404
    assert office.post(f"{address}/choose/{atelier.proposals[SLUG]}").status_code == 404
    assert atelier.request().state is RequestState.OPEN


def test_a_stranger_and_a_provider_see_nothing(market: Market, atelier: Atelier, at_work: SignIn) -> None:
    address = readable(atelier)
    for actor in (market.planner, market.firm().actor):
        client = at_work(actor)
        for path in ("", "/withdraw", f"/choose/{atelier.proposals[SLUG]}"):
            assert client.get(address + path).status_code == 404
        for path in ("/withdraw", f"/choose/{atelier.proposals[SLUG]}", f"/questions/{atelier.demand_id.hex}"):
            assert client.post(address + path, data={"text": "x"}).status_code == 404
    assert atelier.request().state is RequestState.OPEN


def test_a_visitor_signs_in_first(app: Flask, atelier: Atelier) -> None:
    address = readable(atelier)
    assert "/sign-in" in app.test_client().get(address).headers["Location"]


def test_pages_are_there_in_english_and_the_words_of_who_asked_keep_their_language(atelier: Atelier, buyer: FlaskClient) -> None:
    assert 'lang="nl"' in text(buyer, readable(atelier).replace("/nl/", "/en/"))
    for path in (f"/en/requests/{atelier.code}/choose/{atelier.proposals[SLUG]}", f"/en/requests/{atelier.code}/withdraw"):
        text(buyer, path)
