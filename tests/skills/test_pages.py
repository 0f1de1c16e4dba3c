"""The page about the classification, and the suggestions while tagging."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from academy.accounts import service as accounts
from academy.kernel.db import Database
from academy.skills import api
from tests.skills.conftest import WELD, Esco, Load

ENGLISH = "This service uses the ESCO classification of the European Commission."
Queries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def loaded(database: Database, esco: Esco, load: Load) -> Esco:
    with database.writing() as session:
        load(session, esco)
    return esco


@pytest.fixture
def member(client: FlaskClient, database: Database) -> FlaskClient:
    """Return a client of someone who is signed in."""
    now = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    with database.writing() as session:
        person = accounts.register_person(session, email="sam@voorbeeld.nl", name="Sam", password=None, language="nl", now=now)
        sign_in = accounts.start_sign_in(session, person_id=person, device="", now=now)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = sign_in.id.hex
    return client


def test_the_page_names_the_version_and_the_source_in_both_languages(client: FlaskClient, loaded: Esco, queries: Queries) -> None:
    with queries(2):
        dutch = client.get("/nl/skills").get_data(as_text=True)
    assert "ESCO 1.1.1" in dutch
    assert ENGLISH in dutch
    assert "Deze dienst gebruikt de ESCO-classificatie van de Europese Commissie." in dutch
    assert "Vaardigheden en kennis: 3" in dutch
    assert ENGLISH == api.ATTRIBUTION
    assert "ESCO 1.1.1" in client.get("/en/skills").get_data(as_text=True)


def test_the_page_lists_what_a_version_changed(client: FlaskClient, database: Database, loaded: Esco, load: Load) -> None:
    loaded.row("skills_en.csv", 0)["preferredLabel"] = "weld <in> water"
    loaded.files["skills_en.csv"].pop()
    with database.writing() as session:
        load(session, loaded, "1.2")
    page = client.get("/nl/skills").get_data(as_text=True)
    assert "weld underwater → weld &lt;in&gt; water" in page
    assert "Vervallen (1)" in page
    assert "lead others" in page


def test_without_a_classification_the_page_says_so(client: FlaskClient) -> None:
    answer = client.get("/nl/skills")
    assert answer.status_code == 200
    assert "Er is nog geen lijst met vaardigheden" in answer.get_data(as_text=True)


def test_suggestions_are_options_to_tick_under_the_occupation_that_asks_for_them(member: FlaskClient, loaded: Esco) -> None:
    page = member.get("/nl/skills/suggest?q=lasser").get_data(as_text=True)
    assert "Nodig als lasser" in page
    assert f'name="skill" value="{WELD}"' in page
    assert "<html" not in page
    assert "Niets gevonden voor “zzz”" in member.get("/nl/skills/suggest?q=zzz").get_data(as_text=True)


def test_a_machine_gets_suggestions_as_json(member: FlaskClient, loaded: Esco, queries: Queries) -> None:
    with queries(8):  # who is signed in, the version, six for the suggestions
        answer = member.get("/en/skills/suggest?q=weld under", headers={"Accept": "application/json"})
    assert answer.json == {"scheme": "esco", "version": "1.1.1", "suggestions": [
        {"uri": WELD, "label": "weld underwater", "matched": "weld underwater", "kind": "skill", "via": ""},
    ]}


def test_suggestions_are_for_people_who_are_signed_in(client: FlaskClient, loaded: Esco) -> None:
    assert client.get("/nl/skills/suggest?q=weld").status_code == 303
    assert client.get("/nl/skills/suggest?q=weld", headers={"Accept": "application/json"}).status_code == 401


def test_without_a_classification_the_field_says_how_to_load_one(member: FlaskClient) -> None:
    page = member.get("/nl/skills/suggest?q=lasser").get_data(as_text=True)
    assert "academy skills load DIR" in page
    assert member.get("/nl/skills/suggest?q=x", headers={"Accept": "application/json"}).json == {
        "scheme": None, "version": None, "suggestions": [],
    }


@pytest.mark.parametrize("q", ["", "%00", "%F0%28%8C%28", "a" * 5000, "%25", "<script>"])
def test_whatever_is_asked_gets_an_answer(member: FlaskClient, loaded: Esco, q: str) -> None:
    answer = member.get(f"/nl/skills/suggest?q={q}")
    assert answer.status_code == 200
    assert "<script>" not in answer.get_data(as_text=True)
