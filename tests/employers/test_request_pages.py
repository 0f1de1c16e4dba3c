"""The pages of who has a module made to measure, without a browser: asking, answering, comparing, withdrawing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.employers import queries as employer_queries
from academy.employers.kinds import RequestState
from academy.employers.models import TailoredRequest
from academy.employers.queries import request_pages as reads
from academy.employers.service import requesting
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.skills import drafting
from academy.skills import service as skill_service
from tests import builders
from tests.employers import request_desk
from tests.employers.market import DAY, SLUG, Market, open_market
from tests.employers.request_desk import (
    OTHER,
    at_office,
    demand_code,
    filled,
    new_address,
    number_of_requests,
    readable,
    sent,
    set_request,
    text,
)
from tests.employers.tailoring import Atelier, open_atelier
from tests.skills.conftest import LEAD, WELD, Esco

SignIn = Callable[[Actor], FlaskClient]


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


# Asking


def test_the_form_is_filled_in_from_what_was_asked_and_the_days_are_working_days(atelier: Atelier, buyer: FlaskClient) -> None:
    page = text(buyer, new_address(atelier))
    for part in ('value="Netwerken beheren"', "Netwerken beheren</textarea>", "6 mensen", "Almere en omgeving", "Windesheim", "Techniek", "Alle aanbieders"):
        assert part in page, part
    assert "geeft al" not in page  # nobody gives anything like it


def test_who_gives_something_like_it_is_ticked_and_the_others_are_folded(
    market: Market, at_work: SignIn, tmp_path: Path, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    with market.database.writing() as session:
        skill_service.load_version(session, drafting.prepare(Esco().write(tmp_path / "esco"), version="1.1.1"), now=market.now)
        teach(session, market.now, market.provider_id, 2)
    atelier = open_atelier(market, skills=(WELD,))
    with market.database.writing() as session:
        teach(session, market.now, catalogue.provider_by_slug(session, OTHER).id, 1, skill=LEAD)
    client, address = at_work(atelier.firm.actor), new_address(atelier)
    page = text(client, address)
    assert "geeft al 2 modules die erop lijken" in page
    assert f'value="{SLUG}" checked' in page
    assert "Nog 1 aanbieder" in page
    assert f'value="{OTHER}" checked' not in page
    with queries(20) as few:
        text(client, address)
    with market.database.writing() as session:
        teach(session, market.now, market.provider_id, 40)
    with queries(20) as many:
        assert "geeft al 40 modules die erop lijken" in text(client, address)
    assert len(many) == len(few)


def teach(session: Session, now: datetime, provider_id: UUID, number: int, *, skill: str = WELD) -> None:
    """Let a provider have so many modules that train a skill."""
    outcome = catalogue.OutcomeDraft(Localized("Je kunt het."), (skill,))
    for each in range(number):
        builders.module(session, now, provider_id=provider_id, external_id=f"LAS-{each}", code=f"LAS-{each}", outcomes=(outcome,))


def test_what_is_asked_goes_to_who_was_ticked(atelier: Atelier, buyer: FlaskClient) -> None:
    page = sent(buyer, new_address(atelier), **filled(atelier, providers=[OTHER], in_company="y"))
    for part in ("Verstuurd. 1 aanbieder krijgt een e-mail.", "Je hoeft nu niets te doen", "Er is nog geen voorstel.", "Nog geen antwoord", "Techniek", "Bij het bedrijf zelf", "€ 2.000"):
        assert part in page, part
    with atelier.market.database.reading() as session:
        row = session.scalars(select(TailoredRequest)).one()
    assert (row.title, row.budget, row.in_company, row.people) == ("Lassen van dun plaatstaal", Money(2000_00), True, 6)


def test_two_presses_are_one_request_and_the_second_leads_to_it(atelier: Atelier, buyer: FlaskClient) -> None:
    for number in range(2):
        page = sent(buyer, new_address(atelier), **filled(atelier))
        assert ("Hiervoor is al een aanvraag op maat." in page) == bool(number)
    assert number_of_requests(atelier.market) == 1
    assert "Hiervoor is al een aanvraag op maat." in buyer.get(new_address(atelier), follow_redirects=True).get_data(as_text=True)


def test_of_two_forms_at_once_one_is_made_and_the_other_leads_to_it(atelier: Atelier, buyer: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    look = reads.source_of

    def just_before(*asked: Any) -> reads.Source:
        monkeypatch.setattr(reads, "source_of", look)
        found = look(*asked)
        atelier.ask()  # a colleague, between looking and writing
        return found

    monkeypatch.setattr(reads, "source_of", just_before)
    assert "Hiervoor is al een aanvraag op maat." in sent(buyer, new_address(atelier), **filled(atelier))
    assert number_of_requests(atelier.market) == 1


@pytest.mark.parametrize(("wrong", "said"), [
    ({"title": " "}, "Geef het een naam."), ({"able": ""}, "Schrijf wat ze moeten kunnen."), ({"able": "en de"}, "Schrijf in een paar woorden"),
    ({"able": "Bel 06-12345678"}, "Haal e-mailadressen"), ({"providers": []}, "Kies minstens één aanbieder."), ({"budget": "0"}, "Vul een bedrag in, of laat dit leeg."),
    ({"questions_on": "1-1-2020"}, "Deze dag is al voorbij."), ({"proposals_on": "1-1-2020"}, "Kies een dag op of na de laatste dag voor vragen."),
    ({"questions_on": ""}, "Kies een dag."), ({"wanted_by": "1-1-2020"}, "Kies een dag na de laatste dag voor voorstellen."),
])
def test_what_is_wrong_is_told_at_its_field_and_what_was_filled_in_stays(atelier: Atelier, buyer: FlaskClient, wrong: dict[str, object], said: str) -> None:
    page = sent(buyer, new_address(atelier), status=422, **filled(atelier, **wrong))
    assert said in page
    assert f'value="{OTHER}"{"" if "providers" in wrong else " checked"}' in page
    assert number_of_requests(atelier.market) == 0


def test_an_unknown_provider_is_nobody(atelier: Atelier, buyer: FlaskClient) -> None:
    sent(buyer, new_address(atelier), status=422, **filled(atelier, providers=["bestaat-niet"]))


def test_a_citizens_question_and_one_that_ended_have_no_form(market: Market, atelier: Atelier, at_work: SignIn, buyer: FlaskClient) -> None:
    citizen = market.citizen()
    with market.database.reading() as session:
        code = employer_queries.demand_by_id(session, market.demand(citizen, people=1)).code
    assert at_work(citizen.actor).get(f"/nl/requests/new/demand/{code}").status_code == 404
    buyer.post(f"/nl/my/demands/{demand_code(atelier)}/withdraw")
    assert buyer.get(new_address(atelier)).status_code == 410


def test_a_firm_that_takes_part_and_the_office_ask_for_a_pool(market: Market, at_work: SignIn, office: FlaskClient) -> None:
    atelier = open_atelier(market)
    market.gathered(4, 5)
    address = f"/nl/requests/new/pool/{market.pool_code}"
    for client in (at_work(market.firms[-1].actor), office):
        page = text(client, address)
        assert "9 mensen" in page
        assert "dinsdagavond" in page
        assert "bevestigt elk bedrijf nog zelf" in page
    assert at_work(atelier.firm.actor).get(address).status_code == 404
    assert "Verstuurd." in sent(office, address, **filled(atelier))
    assert "Hiervoor is al een aanvraag op maat." in sent(office, address, **filled(atelier))


def test_nobody_else_asks_for_a_firm(market: Market, atelier: Atelier, at_work: SignIn) -> None:
    for actor in (market.planner, market.firm().actor):
        client = at_work(actor)
        assert client.get(new_address(atelier)).status_code == 404
        assert client.post(new_address(atelier), data=filled(atelier)).status_code == 404
        assert client.get("/nl/requests/new/iets/ABC").status_code == 404


# One request


def test_before_they_can_be_read_it_says_how_many_proposals_there_are_and_when_they_open(atelier: Atelier, buyer: FlaskClient) -> None:
    atelier.ask()
    atelier.propose(SLUG, title="Geheim voorstel")
    page = text(buyer, f"/nl/requests/{atelier.code}")
    for part in ("Er is 1 voorstel.", "Je leest de voorstellen vanaf", "Deed een voorstel", "Nog geen antwoord"):
        assert part in page, part
    assert "Geheim voorstel" not in page
    assert "Kies dit voorstel" not in page


def test_proposals_stand_beside_each_other_the_cheapest_first(atelier: Atelier, buyer: FlaskClient) -> None:
    atelier.ask(budget=Money(1600_00))
    atelier.propose(SLUG, seat_price=Money(300_00), title="Duur lassen", nlqf="4", hours=40, partners=())
    atelier.propose(OTHER, seat_price=Money(250_00), title="Goedkoop lassen", min_seats=7)
    page = text(buyer, f"/nl/requests/{atelier.code}")
    assert page.index("Goedkoop lassen") < page.index("Duur lassen")
    for part in ("€ 1.750", "voor 7 plekken", "boven het budget", "€ 1.800", "€ 300 per plek", "last dun plaatstaal", "dinsdagavond", "niveau 4", "40 uur", "Kies dit voorstel", "2 voorstellen"):
        assert part in page, part
    assert page.count("boven het budget") == 2
    assert f'href="/nl/requests/{atelier.code}/choose/{atelier.proposals[OTHER]}"' in page


def test_a_question_is_answered_once_for_all_who_were_invited(market: Market, atelier: Atelier, buyer: FlaskClient) -> None:
    atelier.ask()
    question: UUID = market.run(requesting.ask_question, actor=market.planner, provider_slug=SLUG, request_code=atelier.code, text="Hoe dun is <dun>?")
    page = text(buyer, f"/nl/requests/{atelier.code}")
    assert "Beantwoord eerst 1 vraag" in page
    assert "Hoe dun is &lt;dun&gt;?" in page
    address = f"/nl/requests/{atelier.code}/questions/{question.hex}"
    wrong = sent(buyer, address, status=422, text=" ")
    assert "Schrijf een antwoord." in wrong
    assert f'href="#{question.hex}-text"' in wrong
    page = sent(buyer, address, text="Eén millimeter.")
    assert "Je antwoord is verstuurd aan alle aanbieders die je vroeg." in page
    assert "Eén millimeter." in page
    again = sent(buyer, address, text="Twee millimeter.")
    assert "Deze vraag is al beantwoord." in again
    assert "Twee" not in again
    assert "Eén millimeter." in str(atelier.seen_at(OTHER).questions)


def test_an_answer_to_a_request_that_ended_is_let_go_kindly(market: Market, atelier: Atelier, buyer: FlaskClient) -> None:
    atelier.ask()
    question: UUID = market.run(requesting.ask_question, actor=market.planner, provider_slug=SLUG, request_code=atelier.code, text="Hoe dun?")
    market.run(requesting.withdraw_request, actor=atelier.firm.actor, request_code=atelier.code, reason="")
    assert "Antwoorden kan niet meer." in sent(buyer, f"/nl/requests/{atelier.code}/questions/{question.hex}", text="Dun.")


def test_when_everybody_declined_it_says_what_to_do(market: Market, atelier: Atelier, buyer: FlaskClient) -> None:
    atelier.ask()
    for slug, planner in atelier.planners.items():
        market.run(requesting.decline_invite, actor=planner, provider_slug=slug, request_code=atelier.code)
    page = text(buyer, f"/nl/requests/{atelier.code}")
    assert "Niemand deed een voorstel" in page
    assert "Doet geen voorstel" in page


def test_a_request_is_withdrawn_with_a_reason_once(atelier: Atelier, buyer: FlaskClient) -> None:
    address = readable(atelier)
    assert "Trek je deze aanvraag in?" in text(buyer, f"{address}/withdraw")
    sent(buyer, f"{address}/withdraw", status=422, reason="x" * 501)
    for _press in range(2):
        page = sent(buyer, f"{address}/withdraw", reason="We wachten nog even")
        assert "Deze aanvraag is ingetrokken" in page
        assert "Doe een nieuwe aanvraag" in page
    assert (atelier.request().state, atelier.proposal().reason) == (RequestState.WITHDRAWN, "We wachten nog even")
    assert buyer.get(f"{address}/withdraw").status_code == 303


@pytest.mark.parametrize(("has_proposals", "said"), [(True, "Niemand koos op tijd."), (False, "Geen aanbieder deed op tijd een voorstel.")])
def test_a_request_that_lapsed_says_why_and_how_to_ask_again(market: Market, atelier: Atelier, buyer: FlaskClient, has_proposals: bool, said: str) -> None:
    atelier.ask()
    if has_proposals:
        atelier.propose()
    market.now += 60 * DAY
    market.run(requesting.lapse_request, request_id=atelier.request().id)
    page = text(buyer, f"/nl/requests/{atelier.code}")
    assert said in page
    assert f'href="{new_address(atelier)}"' in page


def test_between_the_end_of_choosing_and_the_round_that_ends_it_nobody_is_asked_to_choose(market: Market, atelier: Atelier, buyer: FlaskClient) -> None:
    address = readable(atelier)
    past = market.now - DAY
    set_request(market, questions_until=past - 2 * DAY, proposals_until=past - DAY, choose_until=past)
    page = text(buyer, address)
    assert "De tijd om te kiezen is voorbij" in page
    assert "Kies dit voorstel" not in page
    assert "Dit voorstel kun je niet (meer) kiezen." in buyer.get(f"{address}/choose/{atelier.proposals[SLUG]}", follow_redirects=True).get_data(as_text=True)
