"""What machines are told: every public page in both languages, and nothing that is closed."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from academy.catalogue.models import Module, PublicationState
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.text import Localized
from academy.site import pages
from tests import builders

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
HERE = "http://127.0.0.1:8000"


def locations(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.mimetype == "application/xml"
    return [found.text or "" for found in ET.fromstring(answer.data).iterfind(".//s:loc", NAMES)]  # noqa: S314 - our own file


def modules(database: Database, number: int) -> None:
    with database.writing() as session:
        provider_id = builders.provider(session)
        for code in range(number):
            builders.module(session, utc_now(), provider_id=provider_id, external_id=f"M{code}", title=Localized(f"Module {code}"))


def test_the_index_leads_to_every_public_page(client: FlaskClient, database: Database) -> None:
    modules(database, 3)
    with database.writing() as session:
        builders.programme(session, utc_now(), ("M0", 1), provider_id=builders.provider(session))
        session.execute(update(Module).where(Module.external_id == "M2").values(state=PublicationState.ARCHIVED))
    files = locations(client, "/sitemap.xml")
    assert files == [f"{HERE}/sitemaps/{name}-1.xml" for name in ("pages", "modules", "programmes", "providers")]
    found = [place.removeprefix(HERE) for file in files for place in locations(client, file.removeprefix(HERE))]
    assert len(found) == len(set(found))
    for place in found:
        assert client.get(place).status_code == 200, place
    assert {"/nl/", "/en/modules/module-1", "/nl/programmes/ad-ict", "/en/providers/windesheim"} <= set(found)
    assert not [place for place in found if "module-2" in place]


def test_each_page_names_the_other_language_and_its_last_change(client: FlaskClient, database: Database) -> None:
    modules(database, 1)
    page = client.get("/sitemaps/modules-1.xml").get_data(as_text=True)
    assert f'<xhtml:link rel="alternate" hreflang="en" href="{HERE}/en/modules/module-0"/>' in page
    assert f'hreflang="x-default" href="{HERE}/nl/modules/module-0"/>' in page
    assert re.search(r"<lastmod>\d{4}-\d\d-\d\d</lastmod>", page)


def test_a_file_holds_so_many_addresses_and_the_next_one_goes_on(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    modules(database, 5)
    monkeypatch.setattr(pages, "PER_FILE", 2)
    files = [place for place in locations(client, "/sitemap.xml") if "modules" in place]
    assert len(files) == 3
    found = []
    for file in files:
        with queries(1):
            found += locations(client, file.removeprefix(HERE))
    assert sorted(place for place in found if "/nl/" in place) == [f"{HERE}/nl/modules/module-{number}" for number in range(5)]


@pytest.mark.parametrize("address", ["/sitemaps/modules-9.xml", "/sitemaps/people-1.xml", "/sitemaps/modules-0.xml", "/sitemaps/pages-2.xml",
                                     "/sitemaps/modules-99999999999999999999.xml"])
def test_a_file_that_is_not_in_the_index_does_not_exist(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_robots_are_told_the_way_and_what_is_closed(client: FlaskClient) -> None:
    said = client.get("/robots.txt").get_data(as_text=True)
    assert f"Sitemap: {HERE}/sitemap.xml" in said
    assert "Disallow: /nl/my/" in said
    assert "Disallow: /en/offerings/*/enrol" in said


@pytest.mark.parametrize(("address", "kept_out"), [("/nl/search", False), ("/nl/search?sector=ict", True), ("/nl/search?q=x&page=2", True)])
def test_results_with_choices_are_not_for_indexes(client: FlaskClient, address: str, kept_out: bool) -> None:
    page = client.get(address).get_data(as_text=True)
    assert ('<meta name="robots" content="noindex">' in page) == kept_out
    assert ('rel="canonical"' in page) != kept_out


def test_a_page_that_is_not_there_has_no_address_of_its_own(client: FlaskClient) -> None:
    page = client.get("/nl/modules/bestaat-niet").get_data(as_text=True)
    assert 'rel="canonical"' not in page
