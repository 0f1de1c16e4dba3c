"""Asking on the site: what is checked, what is shown at once, what waits for the letter, and who sees what."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from academy.accounts import api as accounts
from academy.accounts.models import Organisation
from academy.employers import links
from academy.employers.kinds import DemandState, Party
from academy.employers.models import Demand, DemandSkill
from academy.employers.queries.matching import pools_joined
from academy.kernel.clock import utc_now
from academy.kernel.db import Database, database
from academy.kernel.money import Money
from academy.search import service as search
from academy.skills import drafting
from academy.skills import service as skill_service
from tests import builders
from tests.employers import asking
from tests.skills.conftest import LEAD, WELD, Esco
from tests.world import sign_in

FILLED = {
    "party": "employer", "words": "Brood bakken", "people": "3", "postcode": "1315 AB", "email": "baas@bakkerij.nl", "kvk_number": "1234 5678",
}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    search.rebuild(now=utc_now())
    return app.test_client()


def ask(client: FlaskClient, **changes: Any) -> Any:
    """Send the form with a key of its own."""
    return client.post("/nl/demand", data=MultiDict({**FILLED, "request_key": str(uuid4()), **changes}))


def asked() -> Demand:
    """Return the one question there is."""
    with database().reading() as session:
        return session.scalars(select(Demand)).one()


def errors(page: str) -> list[str]:
    return re.findall(r'academy-field__error"><span class="academy-hidden">Fout: </span>(.*?)</span>', page)


def join(client: FlaskClient, address: str, **named: str) -> str:
    """Press a button on the page with the answer; returns that page."""
    answer = client.post(address, data=named, follow_redirects=True)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


# The form


def test_a_new_user_has_to_fill_five_fields(client: FlaskClient) -> None:
    page = client.get("/nl/demand").get_data(as_text=True)
    for name in FILLED:
        assert f'name="{name}"' in page
    assert errors(ask(client, words="", people="", postcode="", email="", kvk_number="").get_data(as_text=True)) == [
        "Schrijf wat je mensen moeten kunnen.", "Vul in voor hoeveel mensen je dit zoekt.", "Vul een postcode in, of kies online.",
        "Vul je e-mailadres in.", "Vul het KvK-nummer in.",
    ]


def test_what_was_filled_in_is_kept_with_all_that_was_read_of_it(client: FlaskClient) -> None:
    answer = ask(client, slots="tue-evening", online="y", within="6", most_price="245,50")
    demand = asked()
    assert answer.status_code == 303
    assert answer.location.endswith(links.demand_token_for(demand.id))
    assert (demand.people, demand.postcode, demand.kvk_number, demand.slots, demand.online) == (3, "1315", "12345678", ["tue-evening"], True)
    assert (demand.most_price, demand.state, demand.language) == (Money(245_50), DemandState.UNPROVEN, "nl")
    assert demand.wanted_by is not None


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"words": "  "}, "Schrijf wat je mensen moeten kunnen."),
    ({"words": "van de het"}, "Schrijf in een paar woorden wat ze moeten kunnen, bijvoorbeeld “lassen”."),
    ({"words": "Bel 06 12345678 over lassen"}, "Anderen lezen deze tekst."),
    ({"words": "Mail piet@lasbedrijf.nl"}, "Anderen lezen deze tekst."),
    ({"words": "lassen, zie https://lasbedrijf.nl"}, "Anderen lezen deze tekst."),
    ({"words": "lassen " * 90}, "Gebruik hooguit 500 tekens."),
    ({"people": "0"}, "Kies een getal van 1 tot en met 500."),
    ({"people": "501"}, "Kies een getal van 1 tot en met 500."),
    ({"people": "een paar"}, "Schrijf een getal"),
    ({"people": "2,5"}, "Schrijf een heel getal"),
    ({"postcode": "0000"}, "Deze postcode kennen we niet."),
    ({"postcode": ""}, "Vul een postcode in, of kies online."),
    ({"email": "baas"}, "Dit is geen e-mailadres."),
    ({"kvk_number": "1234567"}, "Een KvK-nummer heeft acht cijfers"),
    ({"kvk_number": "123456789012"}, "Een KvK-nummer heeft acht cijfers"),
    ({"most_price": "veel"}, "Schrijf een getal"),
    ({"most_price": "0"}, "Vul een bedrag in, of laat dit leeg."),
    ({"party": "bank"}, ""),
])
def test_what_can_not_be_is_said_at_its_field_and_nothing_is_kept(client: FlaskClient, changes: dict[str, str], sentence: str) -> None:
    answer = ask(client, **changes)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert any(sentence in each for each in errors(page)), errors(page)
    assert "Dit klopt nog niet" in page
    with database().reading() as session:
        assert session.scalars(select(Demand)).all() == []


def test_online_needs_no_postcode(client: FlaskClient) -> None:
    assert ask(client, postcode="", online="y").status_code == 303


def test_who_asks_for_themselves_fills_in_no_firm_and_no_number_of_people(client: FlaskClient) -> None:
    assert ask(client, party="citizen", people="veel", kvk_number="onzin").status_code == 303
    demand = asked()
    assert (demand.party, demand.people, demand.kvk_number) == (Party.CITIZEN, 1, "")


def test_every_moment_of_the_week_is_the_same_as_none(client: FlaskClient) -> None:
    every = re.findall(r'name="slots"[^>]*value="([^"]+)"', client.get("/nl/demand").get_data(as_text=True))
    assert len(every) == 21
    client.post("/nl/demand", data=MultiDict([*FILLED.items(), *(("slots", slot) for slot in every)]))
    assert asked().slots == []


def test_the_same_form_sent_twice_leads_to_the_same_answer(client: FlaskClient) -> None:
    key = str(uuid4())
    assert ask(client, request_key=key).location == ask(client, request_key=key).location


def test_words_from_a_search_stand_in_the_form(client: FlaskClient) -> None:
    assert ">onderwaterlassen</textarea>" in client.get("/nl/demand?q=onderwaterlassen").get_data(as_text=True).replace("\r\n", "")


def test_asking_again_and_again_from_one_network_is_stopped(client: FlaskClient) -> None:
    statuses = [ask(client).status_code for _time in range(12)]
    assert statuses[0] == 303
    assert statuses[-1] == 429


# While one types


@pytest.fixture
def classification(database: Database, tmp_path: Any) -> None:
    with database.writing() as session:
        skill_service.load_version(session, drafting.prepare(Esco().write(tmp_path / "esco"), version="1.1.1"), now=utc_now())


@pytest.mark.usefixtures("classification")
def test_while_typing_the_skills_modules_and_pools_come_with_the_reason_why(client: FlaskClient) -> None:
    now = utc_now()
    with database().writing() as session:
        builders.module(session, now)
        asking.gathered(session, now, email="een@voorbeeld.nl", words="Netwerkbeheer leren")
    search.rebuild(now=now)
    part = client.post("/nl/demand/matches", data={"words": "netwerkbeheer en weld underwater"}, headers=HTMX).get_data(as_text=True)
    assert "<html" not in part
    assert f'value="{WELD}" checked' in part
    assert "Netwerkbeheer leren" in part
    assert "1 bedrijf zoekt dit ook." in part
    assert "nu 3 van 12" in part
    assert "Past omdat: gaat over: netwerkbeheer" in part.replace("<span>", "")
    assert "/nl/modules/netwerkbeheer" in part


@pytest.mark.usefixtures("classification")
def test_a_skill_that_was_taken_away_stays_away_while_one_types_on(client: FlaskClient) -> None:
    answer = client.post("/nl/demand/matches", data={"words": "weld underwater", "shown": WELD}, headers=HTMX)
    assert f'value="{WELD}">' in answer.get_data(as_text=True).replace('" checked', '" CHECKED')


@pytest.mark.usefixtures("classification")
def test_without_scripts_a_button_shows_the_whole_page_and_what_was_typed_stays(client: FlaskClient) -> None:
    page = client.post("/nl/demand/matches", data={**FILLED, "words": "weld underwater"}).get_data(as_text=True)
    assert "<html" in page
    assert 'value="baas@bakkerij.nl"' in page
    assert f'value="{WELD}" checked' in page


@pytest.mark.usefixtures("classification")
def test_skills_that_were_kept_go_along_and_without_the_suggestions_all_that_is_meant_does(client: FlaskClient) -> None:
    ask(client, words="weld underwater", email="een@voorbeeld.nl")
    client.post("/nl/demand", data=MultiDict([*FILLED.items(), ("words", "weld"), ("shown", WELD), ("shown", LEAD), ("skills", LEAD)]))
    with database().reading() as session:
        rows = session.execute(select(Demand.email, DemandSkill.skill_uri).join(DemandSkill, DemandSkill.demand_id == Demand.id)).all()
    assert sorted(map(tuple, rows)) == [("baas@bakkerij.nl", LEAD), ("een@voorbeeld.nl", WELD)]


def test_nothing_typed_finds_nothing_and_strange_things_break_nothing(client: FlaskClient) -> None:
    for words in ("", " ", "🙂", "' OR 1=1 --", "a" * 10_000, "%_%", '"', "<script>alert(1)</script>"):
        answer = client.post("/nl/demand/matches", data={"words": words, "people": "x", "slots": "never", "skills": "x" * 900, "within": "?"}, headers=HTMX)
        assert answer.status_code == 200
        assert "<script>" not in answer.get_data(as_text=True)


# The answer


def test_the_answer_says_that_nothing_counts_before_the_letter_is_followed(client: FlaskClient) -> None:
    page = client.get(ask(client).location).get_data(as_text=True)
    assert "Nog één stap: bevestig je e-mailadres" in page
    assert "baas@bakkerij.nl" in page
    assert "Begin een groep voor je vraag" in page


def test_joining_takes_what_was_asked_and_shows_how_far_the_pool_is(client: FlaskClient) -> None:
    now = utc_now()
    with database().writing() as session:
        code = asking.gathered(session, now, email="een@voorbeeld.nl", kvk_number="87654321", people=5)
    address = ask(client).location
    assert "1 bedrijf zoekt dit ook." in client.get(address).get_data(as_text=True)
    page = join(client, address, pool=code)
    assert "Jullie doen mee" in page
    assert "nu 5 van 12" in page  # those of the reader do not count yet
    assert "3 plekken" in page
    assert "Die tellen mee zodra je e-mailadres bevestigd is." in page
    assert page.count("nu 5 van 12") == join(client, address, pool=code).count("nu 5 van 12") == 1  # pressed again, it is the same promise


def test_a_group_begins_for_the_question_itself_once(client: FlaskClient) -> None:
    address = ask(client).location
    page = join(client, address)
    assert "nu 0 van 12" in page
    assert "Begin een groep voor je vraag" not in page
    join(client, address)
    with database().reading() as session:
        assert len(pools_joined(session, [asked().id])[asked().id]) == 1


def test_a_group_begins_for_a_module_that_has_no_class(client: FlaskClient) -> None:
    now = utc_now()
    with database().writing() as session:
        builders.module(session, now)
    search.rebuild(now=now)
    address = ask(client, words="netwerkbeheer").location
    assert 'name="module" value="netwerkbeheer"' in client.get(address).get_data(as_text=True)
    assert "Netwerkbeheer" in join(client, address, module="netwerkbeheer")
    assert client.post(address, data={"module": "bestaat-niet"}).status_code == 404


def test_a_module_with_a_class_leads_to_its_page(client: FlaskClient) -> None:
    now = utc_now()
    with database().writing() as session:
        builders.offering(session, now)
    search.rebuild(now=now)
    page = client.get(ask(client, words="netwerkbeheer", online="y").location).get_data(as_text=True)
    assert "Bekijk en schrijf in" in page
    assert 'name="module"' not in page


def test_a_link_that_is_no_link_of_ours_finds_nothing_and_one_to_a_closed_question_says_so(client: FlaskClient) -> None:
    assert client.get("/nl/demand/answer/x").status_code == 404
    address = ask(client).location
    with database().writing() as session:
        session.get_one(Demand, asked().id).state = DemandState.WITHDRAWN
        session.get_one(Demand, asked().id).ended_at = utc_now()
    assert client.get(address).status_code == 410
    assert client.post(address).status_code == 410


# Proving, and one's own questions


def test_after_the_letter_one_field_asks_the_name_of_a_new_firm_and_the_question_counts(client: FlaskClient) -> None:
    join(client, ask(client).location)
    _sign_in(client, "baas@bakkerij.nl")
    address = f"/nl/my/demands/{asked().code}/prove"
    assert 'name="firm_name"' in client.get(address).get_data(as_text=True)
    for name, status in (("", 422), ("123", 422), ("www.bakkerij.nl", 422), ("Bakkerij Jansen", 303)):
        assert client.post(address, data={"firm_name": name}).status_code == status
    assert asked().state is DemandState.OPEN
    page = client.get(f"/nl/my/demands/{asked().code}").get_data(as_text=True)
    assert "nu 3 van 12" in page
    assert client.get(address).location.endswith(f"/my/demands/{asked().code}")  # proven already


def test_a_firm_that_is_known_needs_a_button_only(client: FlaskClient) -> None:
    ask(client)
    with database().writing() as session:
        asking.at_firm(session, utc_now(), email="baas@bakkerij.nl", kvk="12345678", slug="jansen")
    _sign_in(client, "baas@bakkerij.nl", make=False)
    address = f"/nl/my/demands/{asked().code}/prove"
    page = client.get(address).get_data(as_text=True)
    assert "Je vraagt dit voor Jansen." in page
    assert 'name="firm_name"' not in page
    assert client.post(address).status_code == 303
    assert asked().state is DemandState.OPEN


def test_a_number_of_others_says_to_ask_a_colleague_and_names_nobody(client: FlaskClient) -> None:
    ask(client)
    with database().writing() as session:
        asking.at_firm(session, utc_now(), email="echt@bakkerij.nl", kvk="12345678", slug="jansen")
    _sign_in(client, "baas@bakkerij.nl")
    page = client.get(f"/nl/my/demands/{asked().code}/prove").get_data(as_text=True)
    assert "Met dit KvK-nummer doet al iemand anders mee" in page
    assert "Jansen" not in page
    assert client.post(f"/nl/my/demands/{asked().code}/prove").status_code == 409


def test_who_is_signed_in_has_address_and_firm_filled_in_and_the_question_counts_at_once(client: FlaskClient) -> None:
    with database().writing() as session:
        asking.at_firm(session, utc_now(), email="baas@bakkerij.nl", kvk="12345678", slug="jansen")
    _sign_in(client, "baas@bakkerij.nl", make=False)
    page = client.get("/nl/demand").get_data(as_text=True)
    assert 'name="email"' not in page
    assert 'name="kvk_number"' not in page
    assert "Je vraagt dit voor Jansen." in page
    assert ask(client, email="ander@voorbeeld.nl", kvk_number="99999999").status_code == 303
    with database().reading() as session:
        firm = session.scalars(select(Organisation.id).where(Organisation.slug == "jansen")).one()
    assert (asked().state, asked().email, asked().organisation_id) == (DemandState.OPEN, "baas@bakkerij.nl", firm)


def test_a_dean_who_is_signed_in_asks_for_their_school(client: FlaskClient) -> None:
    with database().writing() as session:
        asking.at_firm(session, utc_now(), email="dean@school.nl", kind=accounts.OrganisationKind.SCHOOL, role=accounts.Role.DEAN, slug="lyceum")
    _sign_in(client, "dean@school.nl", make=False)
    assert re.search(r"<input[^>]*checked[^>]*value=\"school\"", client.get("/nl/demand").get_data(as_text=True))
    ask(client, party="school")
    assert (asked().state, asked().party) == (DemandState.OPEN, Party.SCHOOL)


def test_my_questions_teach_when_there_are_none_and_can_be_taken_back(client: FlaskClient) -> None:
    _sign_in(client, "baas@bakkerij.nl")
    assert "Je hebt nog geen vraag gesteld" in client.get("/nl/my/demands").get_data(as_text=True)
    ask(client, party="citizen")
    page = client.get("/nl/my/demands").get_data(as_text=True)
    assert "Brood bakken" in page
    assert "Staat open" in page
    assert client.post(f"/nl/my/demands/{asked().code}/withdraw").status_code == 303
    assert "Ingetrokken" in client.get("/nl/my/demands").get_data(as_text=True)


def test_nobody_reaches_the_question_of_somebody_else(client: FlaskClient) -> None:
    ask(client)
    _sign_in(client, "ander@voorbeeld.nl")
    for address in ("", "/prove"):
        assert client.get(f"/nl/my/demands/{asked().code}{address}").status_code == 404
    for address in ("/prove", "/withdraw"):
        assert client.post(f"/nl/my/demands/{asked().code}{address}").status_code == 404
    assert "Brood bakken" not in client.get("/nl/my/demands").get_data(as_text=True)


def _sign_in(client: FlaskClient, email: str, *, make: bool = True) -> None:
    if make:
        with database().writing() as session:
            builders.person(session, utc_now(), email=email)
    sign_in(client, email)


# Budgets


def test_the_pages_stay_within_ten_statements(client: FlaskClient, queries: Callable[[int], AbstractContextManager[list[str]]]) -> None:
    now = utc_now()
    with database().writing() as session:
        builders.offering(session, now)
        for number in range(5):
            asking.gathered(session, now, email=f"f{number}@voorbeeld.nl", words="Netwerkbeheer leren", kvk_number=f"1234567{number}")
    search.rebuild(now=now)
    with queries(0):
        assert client.get("/nl/demand").status_code == 200
    with queries(10):
        assert client.post("/nl/demand/matches", data={"words": "netwerkbeheer leren"}, headers=HTMX).status_code == 200
    address = ask(client, words="netwerkbeheer").location
    with queries(10):
        assert client.get(address).status_code == 200
    join(client, address)
    with queries(12):
        assert client.get(address).status_code == 200
    _sign_in(client, "baas@bakkerij.nl")
    with queries(3):
        assert client.get("/nl/demand").status_code == 200
    with queries(5):
        assert client.get("/nl/my/demands").status_code == 200


def test_a_moment_is_in_the_words_of_the_reader(client: FlaskClient) -> None:
    ask(client, slots="tue-evening")
    _sign_in(client, "baas@bakkerij.nl")
    assert "dinsdagavond" in client.get(f"/nl/my/demands/{asked().code}").get_data(as_text=True)
