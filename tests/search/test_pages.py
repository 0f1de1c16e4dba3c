"""The home page and the page of results, over HTTP and without the database."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.search import service
from academy.search.documents import programme_document
from tests.search import supply
from tests.search.supply import TODAY

Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def indexed(client: FlaskClient) -> FlaskClient:
    """Give a client of an application with two hundred modules and a programme in its index."""
    service.engine().rebuild([*supply.many(), programme_document(supply.programme())])
    return client


def total_of(html: str) -> int:
    found = re.search(r"(\d+) resulta", html)
    assert found
    return int(found.group(1))


def hits_of(html: str) -> int:
    return html.count("academy-hit__main")


@pytest.mark.parametrize("address", [
    "/nl/", "/en/", "/nl/search", "/en/search?q=zorg", "/nl/search?q=logisitek&sector=ict&sort=price&page=2",
    "/nl/search?q=zzzzz", "/nl/search?provider=nergens",
])
def test_a_page_asks_nothing_of_the_database(indexed: FlaskClient, queries: Budget, address: str) -> None:
    with queries(0):
        assert indexed.get(address).status_code == 200


@pytest.mark.parametrize("address", [
    "?page=abc", "?page=99999999999", "?page=-1", "?sort=x", "?weekday=someday", "?level=%00", "?q=%00%ff%fe", "?q=%F0%9F%99%82",
    "?q=%22zorg", "?q=!!!", "?sector=%3Cscript%3E", "?q=" + "x" * 200, "?price=free&price=free&price=more", "?unknown=1",
])
def test_a_strange_address_gets_a_page(indexed: FlaskClient, address: str) -> None:
    assert indexed.get("/nl/search" + address).status_code == 200


def test_too_long_a_query_is_refused_with_a_sentence(indexed: FlaskClient) -> None:
    answer = indexed.get("/nl/search?q=" + "x" * 10_000)
    assert answer.status_code == 422
    assert "zoekvraag is te lang" in answer.text


def test_choices_and_pages_keep_the_whole_question_in_their_links(indexed: FlaskClient) -> None:
    html = indexed.get("/nl/search?q=zorg&kind=mooc&kind=ad_module&sort=start").text.replace("&amp;", "&")
    assert 'href="/nl/search?q=zorg&kind=ad_module&sort=start"' in html  # without one choice
    assert 'href="/nl/search?q=zorg&sort=start"' in html  # without any
    html = indexed.get("/nl/search?sort=price&page=3").text.replace("&amp;", "&")
    assert 'href="/nl/search?sort=price&page=2"' in html
    assert 'href="/nl/search?sort=price&page=4"' in html


def test_the_number_of_results_is_said_and_thirty_are_shown(indexed: FlaskClient) -> None:
    html = indexed.get("/nl/search").text
    assert total_of(html) == 201
    assert hits_of(html) == 30


def test_a_chosen_value_that_nothing_has_stays_visible(indexed: FlaskClient) -> None:
    html = indexed.get("/nl/search?provider=aanbieder-a&q=zzzzz").text
    assert "Aanbieder A" in html
    assert hits_of(html) == 0


def test_hostile_text_of_a_provider_becomes_no_element(client: FlaskClient) -> None:
    hostile = "Zorg <script>alert(1)</script> \x02<img src=x onerror=alert(2)>\x03 & <mark>"
    made = supply.document(hostile, summary=Localized(hostile), institution=hostile, sectors=(hostile,), languages=(hostile,))
    service.engine().rebuild([made])
    html = client.get("/nl/search", query_string={"q": "script zorg"}).text
    assert hits_of(html) == 1
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;<mark>script</mark>&gt;" in html


def test_a_query_is_shown_as_text(indexed: FlaskClient) -> None:
    assert "<b>x" not in indexed.get("/nl/search?q=%3Cb%3Ex%22onfocus%3D1").text


def test_a_card_says_what_one_decides_on(client: FlaskClient) -> None:
    offering = supply.offering(starts_on=TODAY + timedelta(days=20), price=Money(1250_00))
    service.engine().rebuild([supply.document("Netwerken", offerings=(offering,), seats_left={offering.id: 2})])
    html = client.get("/nl/search?q=netwerken").text.replace("\N{NO-BREAK SPACE}", " ")
    for words in ("<mark>Netwerken</mark>", "AD-module", "21 sep 2026", "€ 1.250", "Campus Almere", "avond", "Nog 2 plekken", "10 EC"):
        assert words in html, words
    assert "/nl/modules/programmeren-in-python" in html


def test_home_shows_sectors_with_numbers_and_programmes_that_we_know_inside(client: FlaskClient) -> None:
    bare = programme_document(supply.programme("Associate degree Kaal", module_count=0))
    service.engine().rebuild([supply.document("Netwerken"), programme_document(supply.programme()), bare])
    html = client.get("/nl/").text
    assert 'href="/nl/search?sector=ict"' in html
    assert "Associate degree ICT" in html
    assert "Associate degree Kaal" not in html


def test_an_empty_answer_leads_on(indexed: FlaskClient) -> None:
    assert 'href="/nl/search?sector=' in indexed.get("/nl/search?q=zzzzz").text
