"""Ways on: suggestions while typing, topics, and a page without results that is no dead end."""

import re

import pytest
from flask.testing import FlaskClient

from academy.kernel.text import Localized
from academy.search import service
from academy.search.documents import programme_document
from academy.search.embedded_engine import EmbeddedEngine
from tests.search import supply
from tests.search.listing import ListingEngine
from tests.search.test_pages import hits_of, plain, tagged, total_of


@pytest.fixture
def listed(client: FlaskClient) -> ListingEngine:
    """Give the engine of the application: six modules and a programme, with sectors, providers and skills."""
    engine = ListingEngine([
        *(supply.document(f"Netwerken {part}", slug=f"netwerken-{part}") for part in ("een", "twee", "drie")),
        supply.document("Koken", slug="koken", sectors=("zorg",), nlqf="4", summary=Localized("Voor een netwerk van mensen")),
        supply.document("Zorgen", slug="zorgen", sectors=("zorg",), provider=supply.provider("Nettelhof", slug="nettelhof")),
        supply.document("Bouwen", slug="bouwen", sectors=("bouw",), outcomes=tagged("http://x/s-1", "netten knopen", "tying nets")),
        programme_document(supply.programme()),
    ])
    service.set_engine(engine)
    return engine


def rows_of(html: str) -> list[tuple[str, str]]:
    """Return (address, words) of each suggestion."""
    found = re.findall(r'<a [^>]*role="option"[^>]*href="([^"]+)">(.*?)</a>', html, re.DOTALL)
    return [(url.replace("&amp;", "&"), re.sub(r"<[^>]+>", "", words).strip()) for url, words in found]


# Suggestions


@pytest.mark.usefixtures("listed")
def test_titles_come_first_then_skills_and_providers_and_last_the_words_themselves(client: FlaskClient) -> None:
    answer = client.get("/nl/search/suggestions?q=net")
    assert rows_of(answer.text) == [
        ("/nl/modules/netwerken-een", "Netwerken een AD-module · Hogeschool Windesheim"),
        ("/nl/modules/netwerken-twee", "Netwerken twee AD-module · Hogeschool Windesheim"),
        ("/nl/modules/netwerken-drie", "Netwerken drie AD-module · Hogeschool Windesheim"),
        ("/nl/search?skill=s-1", "netten knopen Vaardigheid · 1"),
        ("/nl/search?provider=nettelhof", "Nettelhof Aanbieder · 1"),
        ("/nl/search?q=net", "Zoek naar “net”"),
    ]
    assert 'data-said="5 suggesties"' in answer.text
    assert "<html" not in answer.text


@pytest.mark.usefixtures("listed")
def test_suggestions_may_be_kept_for_a_minute(client: FlaskClient) -> None:
    answer = client.get("/nl/search/suggestions?q=net")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.usefixtures("listed")
def test_a_sector_is_suggested_by_its_name(client: FlaskClient) -> None:
    assert ("/nl/search?sector=zorg", "Zorg Richting · 2") in rows_of(client.get("/nl/search/suggestions?q=zor").text)
    assert ("/en/search?sector=zorg", "Health care Field · 2") in rows_of(client.get("/en/search/suggestions?q=health").text)


@pytest.mark.usefixtures("listed")
def test_what_is_in_no_title_is_looked_for_everywhere(client: FlaskClient) -> None:
    assert ("/nl/modules/koken", "Koken AD-module · Hogeschool Windesheim") in rows_of(client.get("/nl/search/suggestions?q=mensen").text)


@pytest.mark.usefixtures("listed")
def test_nothing_typed_suggests_nothing_and_nothing_found_still_searches(client: FlaskClient) -> None:
    assert rows_of(client.get("/nl/search/suggestions").text) == []
    assert rows_of(client.get("/nl/search/suggestions?q=zzz").text) == [("/nl/search?q=zzz", "Zoek naar “zzz”")]


@pytest.mark.parametrize("typed", ['"', "🙂", "?!", "-", "-net"])
def test_what_asks_for_nothing_suggests_nothing_but_itself(client: FlaskClient, engine: EmbeddedEngine, typed: str) -> None:
    engine.rebuild([supply.document("Koken")])
    service.set_engine(engine)
    rows = rows_of(client.get("/nl/search/suggestions", query_string={"q": typed}).text)
    assert len(rows) == 1
    assert rows[0][0].startswith("/nl/search?q=")


# A page of look-alikes


def test_a_page_says_that_a_word_is_nowhere_and_what_it_shows_instead(client: FlaskClient, engine: EmbeddedEngine) -> None:
    engine.rebuild([supply.document("Passen en meten")])
    service.set_engine(engine)
    html = client.get("/nl/search?q=pasten").text
    assert total_of(html) == 1
    assert "Nergens staat “pasten”. Je ziet wat erop lijkt." in html
    assert "Nergens staat" not in client.get("/nl/search?q=passen").text
    assert "<b>" not in client.get("/nl/search", query_string={"q": "<b>pasten"}).text


# A page without results


@pytest.mark.usefixtures("listed")
def test_each_choice_that_stands_in_the_way_is_named_with_what_one_finds_without_it(client: FlaskClient) -> None:
    html = plain(client.get("/nl/search?q=koken&sector=bouw&level=4").text)
    assert hits_of(html) == 1  # near, not found
    assert total_of(html) == 0
    assert re.search(r'href="/nl/search\?q=koken&level=4">Zonder “Bouw”</a> <span class="academy-note">1<', html)
    assert "Zonder “niveau 4" not in html  # would find nothing either


@pytest.mark.usefixtures("listed")
def test_a_choice_whose_leaving_brings_only_some_of_the_words_is_not_offered(client: FlaskClient) -> None:
    html = client.get("/nl/search?q=koken+bouwen&sector=ict").text
    assert total_of(html) == 0
    assert "Zonder “ICT”" not in html
    assert hits_of(html) == 2  # that is what comes near


@pytest.mark.usefixtures("listed")
def test_words_that_find_something_alone_are_offered(client: FlaskClient) -> None:
    html = plain(client.get("/nl/search?q=koken+bouwen+qqqqqq+rrrrrr+ssssss").text)
    assert total_of(html) == 0
    assert re.search(r'href="/nl/search\?q=koken">Alleen “koken”</a> <span class="academy-note">1<span class="academy-hidden"> resultaat<', html)
    assert "Alleen “qqqqqq”" not in html


@pytest.mark.usefixtures("listed")
def test_the_beginning_of_an_unknown_word_brings_what_comes_near(client: FlaskClient) -> None:
    html = client.get("/nl/search?q=netwerkspecialist").text
    assert total_of(html) == 0
    assert "Dit komt het dichtst in de buurt" in html
    assert hits_of(html) == 3


@pytest.mark.parametrize("text", ["qqqqqq -netwerkspecialist", "qqqqqq -koken", '-"koken bouwen" qqqqqq', "-netwerkspecialist qqqqqq", "kokenspecialist -koken"])
def test_what_must_not_be_there_is_no_way_on(client: FlaskClient, engine: EmbeddedEngine, text: str) -> None:
    engine.rebuild([supply.document("Koken"), supply.document("Bouwen")])
    service.set_engine(engine)
    html = client.get("/nl/search", query_string={"q": text}).text
    assert total_of(html) == 0
    assert hits_of(html) == 0
    assert "Alleen “" not in html


def test_words_of_a_phrase_are_offered_without_its_quotes_and_what_says_nothing_is_not(client: FlaskClient, engine: EmbeddedEngine) -> None:
    engine.rebuild([supply.document("Koken met gas"), supply.document("Bouwen")])
    service.set_engine(engine)
    html = plain(client.get("/nl/search", query_string={"q": '"koken qqqqqq" met Bouwen'}).text)
    assert re.findall("Alleen “([^”]*)”", html) == ["koken", "Bouwen"]


@pytest.mark.usefixtures("listed")
def test_there_is_always_a_way_on(client: FlaskClient) -> None:
    html = client.get("/nl/search?q=qqqqqq").text
    assert hits_of(html) == 0
    assert 'href="/nl/topics/ict"' in html
    assert 'href="/nl/topics"' in html


def test_a_page_without_results_asks_the_engine_a_few_times_at_most(client: FlaskClient, listed: ListingEngine) -> None:
    listed.asked.clear()
    choices = "&".join(f"provider=p{number}" for number in range(10))
    client.get(f"/nl/search?q=qqqqqqqqqqqqqqqqqqqq&{choices}&level=4&price_to=5")
    own, names, near, fewer, topics = 1, 10, 5, 4, 2
    assert len(listed.asked) <= own + names + near + fewer + topics


# Topics


@pytest.mark.usefixtures("listed")
def test_a_topic_shows_what_there_is_and_leads_to_all_of_it(client: FlaskClient) -> None:
    html = plain(client.get("/nl/topics/zorg").text)
    assert hits_of(html) == 2
    assert 'href="/nl/search?sector=zorg"' in html
    assert 'href="/nl/search?sector=zorg&provider=nettelhof"' in html
    assert 'href="/nl/topics/gezond-werken"' in html
    assert 'href="/nl/search?sector=bouw&skill=s-1"' in plain(client.get("/nl/topics/bouw").text)
    assert "Associate degree ICT" in client.get("/nl/topics/ict").text


@pytest.mark.usefixtures("listed")
def test_a_topic_and_the_results_it_stands_for_have_the_same_number(client: FlaskClient) -> None:
    topic = client.get("/nl/topics/bouw").text
    assert "1 module of opleiding." in topic
    assert total_of(client.get("/nl/search?sector=bouw").text) == 1


@pytest.mark.usefixtures("listed")
def test_a_topic_without_anything_says_so_and_leads_on(client: FlaskClient) -> None:
    html = client.get("/nl/topics/klimaat").text
    assert "Nu is hier niets te vinden" in html
    assert 'href="/nl/topics/energie"' in html


@pytest.mark.usefixtures("listed")
def test_an_unknown_topic_is_not_found(client: FlaskClient) -> None:
    assert client.get("/nl/topics/niets").status_code == 404


@pytest.mark.usefixtures("listed")
def test_topics_and_the_page_about_the_order_are_in_the_sitemap_and_in_every_footer(client: FlaskClient) -> None:
    found = client.get("/sitemaps/pages-1.xml").text
    for address in ("/nl/topics<", "/en/topics/ict<", "/nl/topics/gratis<", "/nl/search/how-we-rank<"):
        assert address in found
    assert 'href="/nl/search/how-we-rank"' in client.get("/nl/about").text
    assert 'href="/nl/search/how-we-rank"' in client.get("/nl/search").text
