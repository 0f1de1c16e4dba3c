"""The page about the classification."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from academy.kernel.db import Database
from academy.skills import api
from tests.skills.conftest import Esco, Load

ENGLISH = "This service uses the ESCO classification of the European Commission."
Queries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def loaded(database: Database, esco: Esco, load: Load) -> Esco:
    with database.writing() as session:
        load(session, esco)
    return esco


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
