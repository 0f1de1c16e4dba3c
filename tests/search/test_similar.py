"""What resembles a module: its words within its sector first, then its words, then its sector; never itself, never marked."""

import pytest
from flask.testing import FlaskClient

from academy.catalogue.api import ModuleKind
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.text import Localized
from academy.search import queries, service
from academy.search.documents import programme_document
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.gateway import SearchQuery
from tests import builders
from tests.search import supply


@pytest.fixture
def filled(engine: EmbeddedEngine) -> EmbeddedEngine:
    engine.rebuild([
        supply.document("Programmeren in Python", slug="programmeren-in-python"),
        supply.document("Python voor beginners", slug="python-voor-beginners", sectors=("taal",)),
        supply.document("Python voor gevorderden", slug="python-voor-gevorderden"),
        supply.document("Netwerkbeheer", slug="netwerkbeheer"),
        supply.document("Koken", slug="koken", sectors=("horeca",)),
        supply.document("Programmeren van machines", slug="machines", sectors=("techniek",), kind=ModuleKind.MOOC),
        programme_document(supply.programme("Associate degree Python")),
    ])
    return engine


def slugs(found: queries.Similar) -> list[str]:
    return [hit.card["slug"] for hit in found.hits]


def test_words_within_the_sector_come_first_then_words_then_the_sector(filled: EmbeddedEngine) -> None:
    found = queries.similar(filled, "programmeren-in-python", "nl")
    assert found.title == "Programmeren in Python"
    first, *others = slugs(found)
    assert first == "python-voor-gevorderden"
    assert others == [*sorted(others[:2]), "netwerkbeheer"]
    assert set(others) == {"machines", "python-voor-beginners", "netwerkbeheer"}


def test_neither_itself_nor_a_programme_is_among_them_and_nothing_is_marked(filled: EmbeddedEngine) -> None:
    found = queries.similar(filled, "programmeren-in-python", "nl")
    assert "programmeren-in-python" not in slugs(found)
    assert "ad-ict" not in slugs(found)
    assert not [hit for hit in found.hits if "\x02" in hit.title + hit.summary]


def test_a_module_that_left_is_found_by_the_words_of_its_address(filled: EmbeddedEngine) -> None:
    found = queries.similar(filled, "python-in-de-praktijk", "nl")
    assert found.title == ""
    assert {"programmeren-in-python", "python-voor-gevorderden", "python-voor-beginners"} == set(slugs(found))


def test_some_of_the_words_find_more_than_all_of_them(filled: EmbeddedEngine) -> None:
    every = filled.search(SearchQuery(text="python gevorderden"))
    some = filled.search(SearchQuery(text="python gevorderden", some=True, facets=("kind",)))
    assert (every.total, some.total) == (1, 4)
    assert sum(count.count for count in some.facets["kind"]) == 4


def test_without_an_engine_the_page_says_so(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        builders.module(session, utc_now())
    page = client.get("/nl/modules/netwerkbeheer/similar")
    assert page.status_code == 200
    assert "De zoekmachine is even weg" in page.get_data(as_text=True)


def test_the_page_comes_from_the_index_alone(client: FlaskClient, database: Database, queries: object) -> None:
    with database.writing() as session:
        provider_id = builders.provider(session)
        builders.module(session, utc_now(), provider_id=provider_id)
        builders.module(session, utc_now(), provider_id=provider_id, external_id="NET-02", code="NET-02", title=Localized("Netwerken"))
    service.rebuild()
    with queries(0):  # type: ignore[operator]
        page = client.get("/nl/modules/netwerkbeheer/similar").get_data(as_text=True)
    assert "Dit lijkt op “Netwerkbeheer”" in page
    assert 'href="/nl/modules/netwerken"' in page
    assert '<meta name="robots" content="noindex">' in page
