"""Pages of agreements: the learner asks in two screens, each party signs with one click, a school elsewhere by its link, and the line shows who did."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from academy.accounts.api import Actor
from academy.catalogue.models import LearningOutcome
from academy.kernel.db import Database
from academy.kernel.text import Localized
from academy.recognition.kinds import AgreementState
from academy.recognition.links import agreement_token_for
from academy.recognition.service import agreeing
from academy.recognition.service.agreed_results import book_agreed_results
from tests.recognition.clients import page, send, signed_in
from tests.recognition.hosting import HOST, Hosting, make_hosting
from tests.recognition.world import SLUG, World, make_world

Budget = Callable[[int], AbstractContextManager[list[str]]]
SignIn = Callable[[Actor], FlaskClient]
NEW = "/nl/my/agreements/new"


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_world(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock


@pytest.fixture
def hosting(world: World) -> Hosting:
    return make_hosting(world)


@pytest.fixture
def at(app: Flask, world: World) -> SignIn:
    return lambda actor: signed_in(app, world, actor)


@pytest.fixture
def learner(hosting: Hosting, at: SignIn) -> FlaskClient:
    return at(hosting.world.learner)


def _only(client: FlaskClient) -> str:
    """Return the code of the only agreement of this learner."""
    text = page(client, "/nl/my/agreements")
    links = [each.split('"')[0] for each in text.split('href="/nl/my/agreements/')[1:]]
    (code,) = {each for each in links if each and each != "new"}
    return code


def test_a_learner_asks_in_two_screens_and_sees_the_line_of_three_signatures(hosting: Hosting, learner: FlaskClient) -> None:
    world = hosting.world
    assert "Welk vak volg je elders?" in page(learner, NEW)
    second = page(learner, f"{NEW}?home_words=netwerk&host_words=servers")
    assert "Stap 2 van 2" in second
    assert "Je richt een netwerk in." in second
    assert "Servers beheren" in second
    chosen = [each.hex for each in world.outcomes[:2]]
    told = send(learner, f"{NEW}?home_words=netwerk&host_words=servers", home=world.module.slug, host=hosting.slug, outcomes=chosen)
    assert "Je hebt getekend." in told
    assert told.count("tekent nog") == 2
    assert "Nog te tekenen: Windesheim in Almere en Hogeschool van Amsterdam." in told
    row = hosting.row(_only(learner))
    assert (row.state, row.person_id) == (AgreementState.ASKED, world.learner.person_id)


def test_from_the_page_of_a_module_the_first_screen_asks_one_thing(hosting: Hosting, learner: FlaskClient) -> None:
    first = page(learner, f"{NEW}?home={hosting.world.module.slug}")
    assert 'name="home_words"' not in first
    assert 'name="host_words"' in first


def test_words_that_find_nothing_are_said_and_can_be_typed_again(hosting: Hosting, learner: FlaskClient) -> None:
    assert "We vonden geen module met “breien”" in page(learner, f"{NEW}?home_words=breien&host_words=servers")
    assert hosting.credits() == {}


def test_a_school_elsewhere_is_filled_in_and_what_is_missing_is_said_at_its_field(hosting: Hosting, learner: FlaskClient) -> None:
    address = f"{NEW}?home={hosting.world.module.slug}&host_words=dit+vindt+niemand"
    assert "Het staat er niet bij" in page(learner, address)
    said: dict[str, Any] = {"home": hosting.world.module.slug, "host": "-", "outcomes": [hosting.world.outcomes[0].hex], "host_name": "Hogeschool Gent", "host_course": "Netwerken"}
    wrong = send(learner, address, status=422, **said)
    assert "Vul dit in voor een school buiten dit platform." in wrong
    assert "Hogeschool Gent" in wrong
    assert "Je hebt getekend." in send(learner, address, **said, host_email="inschrijven@gent.voorbeeld.nl")
    assert hosting.row(_only(learner)).host_email == "inschrijven@gent.voorbeeld.nl"


def test_sending_it_twice_leads_to_the_one_that_is_there(hosting: Hosting, learner: FlaskClient) -> None:
    said: dict[str, Any] = {"home": hosting.world.module.slug, "host": hosting.slug, "outcomes": [hosting.world.outcomes[0].hex]}
    address = f"{NEW}?home={hosting.world.module.slug}&host={hosting.slug}"
    send(learner, address, **said)
    assert "Voor deze module had je al een afspraak." in send(learner, address, **said)


def test_home_and_host_sign_with_one_click_each_and_the_board_sees_the_oldest_first(hosting: Hosting, at: SignIn, queries: Budget) -> None:
    world = hosting.world
    other = hosting.ask(actor=world.stranger)
    world.pass_time(minutes=1)
    code = hosting.ask()
    board, planner = at(world.board), at(hosting.host_planner)
    desk = f"/nl/provider/{SLUG}/exam-board/agreements"
    with queries(14):
        listed = page(board, desk)
    assert listed.index(f"({other})") < listed.index(f"({code})")
    with queries(16):
        seen = page(board, f"{desk}/{code}")
    assert "zodra Sam de Vries het vak haalt" in seen
    assert "Getekend." in send(board, f"{desk}/{code}/sign")
    assert "Getekend." in send(planner, f"/nl/provider/{HOST}/exam-board/agreements/{code}/sign")
    assert hosting.row(code).state is AgreementState.SIGNED
    again = send(board, f"{desk}/{code}/sign", status=409)
    assert "Dit kan nu niet meer." in again


def test_who_refuses_says_why_and_the_learner_reads_it(hosting: Hosting, at: SignIn, learner: FlaskClient) -> None:
    code = hosting.ask()
    board, address = at(hosting.world.board), f"/nl/provider/{SLUG}/exam-board/agreements/{code}"
    assert "Schrijf waarom. De cursist leest dit." in send(board, f"{address}/refuse", status=422, reason=" ")
    send(board, f"{address}/refuse", reason="Te weinig <b>overlap</b>.")
    told = page(learner, f"/nl/my/agreements/{code}")
    assert "Te weinig <b>overlap</b>." in told
    assert told.count("niet getekend") >= 2


def test_nobody_else_finds_it(hosting: Hosting, at: SignIn) -> None:
    code = hosting.ask()
    page(at(hosting.world.stranger), f"/nl/my/agreements/{code}", status=404)
    for who in (hosting.world.assessor, hosting.world.owner):
        page(at(who), f"/nl/provider/{SLUG}/exam-board/agreements/{code}", status=404)
    page(at(hosting.world.assessor), f"/nl/provider/{SLUG}/exam-board/agreements", status=404)
    page(at(hosting.host_board), f"/nl/provider/{SLUG}/exam-board/agreements", status=404)


def test_a_school_elsewhere_signs_without_signing_in_and_tells_the_result(app: Flask, hosting: Hosting, learner: FlaskClient) -> None:
    code = hosting.ask_elsewhere()
    address = f"/nl/recognition/agreements/{agreement_token_for(hosting.row(code).id)}"
    school = app.test_client()
    answer = school.get(address)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "inschrijven@gent" not in answer.get_data(as_text=True)
    assert "Getekend. Dank je wel." in send(school, f"{address}/sign")
    hosting.sign_home(code)
    assert "Kies wat de uitslag is." in send(school, f"{address}/result", status=422)
    assert "De uitslag is doorgegeven." in send(school, f"{address}/result", result="passed")
    assert len(hosting.credits()) == 2
    assert "Er tellen 3,4 EC mee bij Windesheim in Almere." in page(learner, f"/nl/my/agreements/{code}")
    page(school, "/nl/recognition/agreements/onzin", status=404)
    send(school, f"{address}/result", result="failed", status=409)


def test_a_school_elsewhere_can_refuse(app: Flask, hosting: Hosting) -> None:
    code = hosting.ask_elsewhere()
    address = f"/nl/recognition/agreements/{agreement_token_for(hosting.row(code).id)}"
    send(app.test_client(), f"{address}/refuse", status=422)
    assert "Doorgegeven." in send(app.test_client(), f"{address}/refuse", reason="Wij kennen deze cursist niet.")
    assert hosting.row(code).state is AgreementState.REFUSED


def test_every_end_is_told_in_words(hosting: Hosting, learner: FlaskClient) -> None:
    code = hosting.signed()
    assert "zonder nieuwe aanvraag" in page(learner, f"/nl/my/agreements/{code}")
    hosting.world.run(book_agreed_results, module_id=hosting.module_id, results={hosting.world.learner.person_id: False}, by=None)
    assert "De uitslag is: niet gehaald." in page(learner, f"/nl/my/agreements/{code}")
    stopped = hosting.ask()
    assert "De cursist stopte deze afspraak." in send(learner, f"/nl/my/agreements/{stopped}/end")
    late = hosting.ask()
    hosting.world.run(agreeing.end_overdue, now=hosting.row(late).until + timedelta(hours=1))
    assert "Niet iedereen tekende op tijd." in page(learner, f"/nl/my/agreements/{late}")


def test_where_words_changed_after_all_signed_each_party_reads_that_the_board_has_to_look(hosting: Hosting, at: SignIn, learner: FlaskClient) -> None:
    code = hosting.signed()
    with hosting.world.database.writing() as session:
        session.execute(update(LearningOutcome).where(LearningOutcome.id.in_(hosting.world.outcomes)).values(text=Localized("Iets heel anders.", "")))
    said = "De examencommissie van Windesheim in Almere moet hiernaar kijken."
    assert said in page(learner, f"/nl/my/agreements/{code}")
    assert said in page(at(hosting.world.board), f"/nl/provider/{SLUG}/exam-board/agreements/{code}")


def test_the_board_sees_to_which_address_the_link_goes_and_a_link_that_is_over_names_nobody(app: Flask, hosting: Hosting, at: SignIn) -> None:
    code = hosting.ask_elsewhere()
    seen = page(at(hosting.world.board), f"/nl/provider/{SLUG}/exam-board/agreements/{code}")
    assert "inschrijven@gent.voorbeeld. Controleer of dit adres van de school is." in seen
    link = f"/nl/recognition/agreements/{agreement_token_for(hosting.row(code).id)}"
    assert "Sam de Vries" in page(app.test_client(), link)
    hosting.world.run(agreeing.refuse, actor=hosting.world.board, provider_slug=SLUG, code=code, reason="Dit past niet.")
    told = page(app.test_client(), link)
    assert "Deze afspraak is voorbij" in told
    assert "Sam de Vries" not in told
    assert "Dit past niet." not in told


def test_a_learner_who_opens_the_link_does_not_sign_there(hosting: Hosting, learner: FlaskClient) -> None:
    code = hosting.ask_elsewhere()
    link = f"/nl/recognition/agreements/{agreement_token_for(hosting.row(code).id)}"
    send(learner, f"{link}/sign", status=409)
    assert hosting.row(code).host_signed_at is None
