"""The pages of search over HTTP: their whole state in the address, nothing asked of the database, nothing injected.

What is found is a matter of the engine (test_finding.py); here it goes through a list.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from academy.catalogue.api import OutcomeFacts, SkillTag
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.search import occupations, service
from academy.search.documents import programme_document
from academy.search.gateway import SearchDocument
from tests.search import supply
from tests.search.listing import ListingEngine
from tests.search.supply import TODAY

Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def listed(client: FlaskClient) -> ListingEngine:
    """Give the engine of the application: a list with two hundred modules and a programme."""
    engine = ListingEngine([*supply.many(), programme_document(supply.programme())])
    service.set_engine(engine)
    return engine


def only(engine: ListingEngine, *documents: SearchDocument) -> None:
    engine.rebuild(documents)


def total_of(html: str) -> int:
    found = re.search(r"(\d+) resulta", html)
    assert found
    return int(found.group(1))


def hits_of(html: str) -> int:
    return html.count("academy-hit__main")


def plain(html: str) -> str:
    return html.replace("&amp;", "&").replace("\N{NO-BREAK SPACE}", " ")


def row_of(html: str, facet: str, value: str) -> str:
    """Return the row with a value to choose."""
    found = re.search(rf'<label [^>]*for="{facet}-{value}">.*?</label>', html, re.DOTALL)
    assert found, f"{facet} {value}"
    return found.group()


def tagged(uri: str, dutch: str, english: str) -> tuple[OutcomeFacts, ...]:
    tag = SkillTag(uri, Localized(dutch, english))
    return (OutcomeFacts(new_id(), Localized("Je kunt het."), (tag,)),)


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("address", [
    "/nl/", "/en/", "/nl/search", "/en/search?q=zorg", "/nl/search?q=logistiek&sector=ict&sort=price&page=2",
    "/nl/search?q=zzzzz", "/nl/search?provider=nergens", "/nl/search?postcode=1315&km=10&price_to=500&sort=distance&in_skill=*",
    "/nl/search?q=zorg+zzzzz&level=7", "/nl/search/suggestions?q=z", "/nl/topics", "/en/topics/ict", "/nl/topics/gratis", "/nl/search/how-we-rank",
])
def test_a_page_asks_nothing_of_the_database(client: FlaskClient, queries: Budget, address: str) -> None:
    with queries(0):
        assert client.get(address).status_code == 200


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("address", [
    "?page=abc", "?page=99999999999", "?page=-1", "?sort=x", "?weekday=someday", "?level=%00", "?q=%00%ff%fe", "?q=%F0%9F%99%82",
    "?q=%22zorg", "?q=!!!", "?sector=%3Cscript%3E", "?q=" + "x" * 200, "?price=free&price=free&price=more", "?unknown=1",
    "?price_from=x&price_to=-1&ec_from=%00&start_from=0000-00-00", "?postcode=%3Cscript%3E&km=x", "?start=2026-99&start=any", "?seats=5&certain=yes",
    "?in_skill=%22%3E", "?skill=onzin", "?sort=distance", "?start_from=0001-01-01", "?start_from=9999-12-31",
])
def test_a_strange_address_gets_a_page(client: FlaskClient, address: str) -> None:
    answer = client.get("/nl/search" + address)
    assert answer.status_code == 200
    assert "<script>" not in answer.text


@pytest.mark.usefixtures("listed")
def test_too_long_a_query_is_refused_with_a_sentence(client: FlaskClient) -> None:
    answer = client.get("/nl/search?q=" + "x" * 10_000)
    assert answer.status_code == 422
    assert "zoekvraag is te lang" in answer.text


# The address


@pytest.mark.usefixtures("listed")
def test_choices_and_pages_keep_the_whole_question_in_their_links(client: FlaskClient) -> None:
    html = plain(client.get("/nl/search?q=zorg&kind=mooc&kind=ad_module&sort=start").text)
    assert 'href="/nl/search?q=zorg&kind=ad_module&sort=start"' in html  # without one choice
    assert 'href="/nl/search?q=zorg&sort=start"' in html  # without any
    html = plain(client.get("/nl/search?sort=price&page=3").text)
    assert 'href="/nl/search?sort=price&page=2"' in html
    assert 'href="/nl/search?sort=price&page=4"' in html


@pytest.mark.usefixtures("listed")
def test_each_range_and_the_postcode_has_a_chip_that_takes_it_away(client: FlaskClient) -> None:
    html = plain(client.get("/nl/search?level=5&price_from=100&price_to=500&ec_to=15&start_from=2026-09-10&postcode=1315&km=50").text)
    rest = "/nl/search?level=5&"
    for label, without in (
        ("€ 100 tot en met € 500", "ec_to=15&start_from=2026-09-10&postcode=1315&km=50"),
        ("Tot en met 15 EC", "price_from=100&price_to=500&start_from=2026-09-10&postcode=1315&km=50"),
        ("Start vanaf 10 sep 2026", "price_from=100&price_to=500&ec_to=15&postcode=1315&km=50"),
        ("Binnen 50 km van 1315", "price_from=100&price_to=500&ec_to=15&start_from=2026-09-10"),
    ):
        assert f'href="{rest}{without}"><span>{label}</span>' in html, label


@pytest.mark.usefixtures("listed")
def test_posting_the_form_loses_nothing(client: FlaskClient) -> None:
    """Whatever the address holds stands in a field of the form, also what is folded away and what nothing has."""
    address = [
        ("q", "zorg"), ("kind", "mooc"), ("provider", "nergens"), ("weekday", "sun"), ("skill", "s-1"), ("price_to", "500"), ("ec_from", "2.5"),
        ("start_from", "2026-09-10"), ("postcode", "1315"), ("km", "10"), ("sort", "distance"), ("in_skill", "net"),
    ]
    html = client.get("/nl/search", query_string=address).text
    form = html[html.index('<form class="academy-discover"') :]
    for name, value in address:
        shown = value.replace(".", ",") if name == "ec_from" else value
        ticked = rf'<input[^>]* name="{name}" value="{re.escape(shown)}"(?![^>]*checkbox)(?: checked|[^>]*)>'
        option = rf'<option value="{value}" selected>'
        field = re.search(ticked, form)
        assert (field and ("checkbox" not in field.group() or "checked" in field.group())) or re.search(option, form), name


@pytest.mark.usefixtures("listed")
def test_fields_that_nobody_filled_in_leave_the_address(client: FlaskClient) -> None:
    answer = client.get("/nl/search?q=zorg&price_from=&price_to=&start_from=&postcode=&km=25&sort=best&in_skill=&level=5")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/nl/search?q=zorg&level=5")
    assert client.get(answer.headers["Location"]).status_code == 200
    by_htmx = client.get("/nl/search?q=zorg&price_from=", headers={"HX-Request": "true"})
    assert (by_htmx.status_code, by_htmx.headers["HX-Push-Url"]) == (200, "/nl/search?q=zorg")
    wrong = client.get("/nl/search?q=&postcode=12")
    assert wrong.headers["Location"] == "/nl/search?postcode=12"


# What one sees


@pytest.mark.usefixtures("listed")
def test_the_number_of_results_is_said_and_thirty_are_shown(client: FlaskClient) -> None:
    html = client.get("/nl/search").text
    assert total_of(html) == 201
    assert hits_of(html) == 30
    assert re.search(r'role="status">\s*<h2[^>]*>201 resultaten', html)


def test_seven_facets_stand_open_and_the_others_are_folded(client: FlaskClient, listed: ListingEngine) -> None:
    outcomes = tagged("http://x/s-1", "netwerken", "networks")
    only(listed, *supply.many(), supply.document("Iets", outcomes=outcomes, offerings=(supply.offering(guaranteed=True),)))
    html = client.get("/nl/search").text
    facets = re.findall(r'id="facet-(\w+)"( open)?', html)
    assert [name for name, is_open in facets if is_open] == ["start", "part_of_day", "place", "ec", "level", "price", "provider"]
    assert {name for name, is_open in facets if not is_open} == {"sector", "kind", "skill", "mode", "weekday", "certain", "seats", "language"}
    assert 'id="facet-weekday" open' in client.get("/nl/search?weekday=mon").text


@pytest.mark.usefixtures("listed")
def test_months_stand_in_the_order_of_the_calendar_with_exact_counts(client: FlaskClient) -> None:
    html = client.get("/nl/search").text
    months = re.findall(r'name="start" value="(\d{4}-\d\d)"', html)
    assert months == sorted(months)
    assert "september 2026" in row_of(html, "start", "2026-09")
    counts = {document.id for document in supply.many() if "2026-09" in document.facets["start"]}
    assert f">{len(counts)}<" in row_of(html, "start", "2026-09")


@pytest.mark.usefixtures("listed")
def test_a_chosen_value_that_nothing_has_stays_visible(client: FlaskClient) -> None:
    html = client.get("/nl/search?provider=aanbieder-a&q=zzzzz").text
    assert "Aanbieder A" in html
    assert hits_of(html) == 0


@pytest.mark.usefixtures("listed")
def test_a_chosen_value_is_never_folded_away(client: FlaskClient) -> None:
    html = client.get("/nl/search").text
    folded = re.search(r'id="more-start">.*?name="start" value="(\d{4}-\d\d)"', html, re.DOTALL)
    assert folded
    html = client.get(f"/nl/search?start={folded.group(1)}").text
    assert html.index(f'value="{folded.group(1)}" checked') < html.index('id="more-start"')


def test_distance_is_said_about_and_orders_the_cards(client: FlaskClient, listed: ListingEngine) -> None:
    here = replace(supply.CAMPUS, latitude=52.37, longitude=5.22)
    there = replace(supply.CAMPUS, city="Lelystad", latitude=52.51, longitude=5.47)
    only(
        listed, supply.document("Verderop", offerings=(supply.offering(place=there),)), supply.document("Online", offerings=()),
        supply.document("Dichtbij", offerings=(supply.offering(place=here),)),
    )
    html = client.get("/nl/search?postcode=1315&sort=distance").text
    assert html.index("Dichtbij") < html.index("Verderop") < html.index(">Online<")
    assert re.findall(r"op ongeveer (\d+) km", html) == ["1", "23"]
    assert '<option value="distance" selected>' in html
    assert total_of(client.get("/nl/search?postcode=1315&km=10").text) == 1
    without = client.get("/nl/search").text
    assert "op ongeveer" not in without
    assert 'value="distance"' not in without


@pytest.mark.usefixtures("listed")
def test_a_rough_postcode_is_called_rough(client: FlaskClient) -> None:
    assert "alleen ongeveer" in client.get("/nl/search?postcode=9711").text
    assert "alleen ongeveer" not in client.get("/nl/search?postcode=1315").text


@pytest.mark.usefixtures("listed")
def test_what_can_not_be_read_stands_at_its_field_and_above_the_results(client: FlaskClient) -> None:
    html = client.get("/nl/search?postcode=12&price_from=veel").text
    assert total_of(html) == 201
    assert html.count("Deze postcode kennen we niet") == 2
    assert re.search(r'id="postcode"[^>]*value="12"[^>]*aria-invalid="true" aria-describedby="postcode-error"', html)
    assert re.search(r'id="price_from"[^>]*value="veel"[^>]*aria-invalid="true"', html)


def test_skills_are_looked_for_by_the_beginning_of_their_words_in_the_language_of_the_reader(
    client: FlaskClient, listed: ListingEngine,
) -> None:
    only(
        listed, supply.document("A", outcomes=tagged("http://x/s-1", "netwerken beheren", "manage networks")),
        supply.document("B", outcomes=tagged("http://x/s-2", "koken", "cooking")),
    )
    listed.asked.clear()
    assert 'value="s-1"' not in client.get("/nl/search").text  # counted only where one looks
    assert [query for query in listed.asked if "skill" in query.facets] == []
    html = client.get("/nl/search?in_skill=beh").text
    assert "netwerken beheren" in row_of(html, "skill", "s-1")
    assert 'value="s-2"' not in html
    assert 'id="facet-skill" open' in html
    assert "cooking" in row_of(client.get("/en/search?in_skill=coo").text, "skill", "s-2")
    assert total_of(client.get("/nl/search?skill=s-2").text) == 1
    assert "koken" in client.get("/nl/search?skill=s-2&in_skill=netw").text  # what is chosen stays
    assert "Geen vaardigheid begint met" in client.get("/nl/search?in_skill=zzz").text


def test_hostile_text_of_a_provider_becomes_no_element(client: FlaskClient, listed: ListingEngine) -> None:
    hostile = "Zorg <script>alert(1)</script> \x02<img src=x onerror=alert(2)>\x03 & <mark>"
    only(listed, supply.document(
        hostile, summary=Localized(hostile), institution=hostile, sectors=(hostile,), languages=(hostile,),
        outcomes=tagged("http://x/<script>", hostile, hostile), provider=supply.provider(hostile),
    ))
    for address in ("/nl/search?q=zorg&in_skill=*", "/nl/search/suggestions?q=zorg", "/nl/search?q=script+zorg&level=7"):
        html = client.get(address).text
        assert "Zorg" in html
        assert "<script>alert" not in html
        assert "<img src=x" not in html
    assert "&lt;<mark>script</mark>&gt;" in client.get("/nl/search?q=script").text
    assert hits_of(client.get("/nl/search?q=script").text) == 1


@pytest.mark.usefixtures("listed")
def test_a_query_is_shown_as_text(client: FlaskClient) -> None:
    assert "<b>x" not in client.get("/nl/search?q=%3Cb%3Ex%22onfocus%3D1").text


def test_a_card_says_what_one_decides_on(client: FlaskClient, listed: ListingEngine) -> None:
    offering = supply.offering(starts_on=TODAY + timedelta(days=20), price=Money(1250_00), guaranteed=True)
    only(listed, supply.document("Netwerken", offerings=(offering,), seats_left={offering.id: 2}))
    html = plain(client.get("/nl/search?q=netwerken").text)
    for words in (
        "<mark>Netwerken</mark>", "AD-module", "21 sep 2026", "€ 1.250", "Campus Almere", "avond", "Nog 2 plekken", "10 EC", "Gaat zeker door",
    ):
        assert words in html, words
    assert "/nl/modules/programmeren-in-python" in html


def test_a_card_of_what_opens_later_says_when(client: FlaskClient, listed: ListingEngine) -> None:
    later = replace(supply.until(TODAY + timedelta(days=60))[0], opens_on=TODAY + timedelta(days=30))
    only(listed, supply.document("Netwerken", offerings=(supply.offering(starts_on=TODAY + timedelta(days=90), periods=(later,)),)))
    assert "Inschrijven vanaf 1 okt 2026" in plain(client.get("/nl/search").text)


def test_home_shows_sectors_with_numbers_and_programmes_that_we_know_inside(client: FlaskClient, listed: ListingEngine) -> None:
    bare = programme_document(supply.programme("Associate degree Kaal", id=new_id(), module_count=0))
    only(listed, supply.document("Netwerken"), programme_document(supply.programme()), bare)
    html = client.get("/nl/").text
    assert 'href="/nl/topics/ict"' in html
    assert "Associate degree ICT" in html
    assert "Associate degree Kaal" not in html


def test_an_engine_that_is_away_keeps_what_was_chosen(client: FlaskClient, listed: ListingEngine) -> None:
    listed.is_away = True
    html = client.get("/nl/search?q=zorg&level=5&price_to=500").text
    assert "zoekmachine is even weg" in html
    assert 'name="level" value="5" checked' in html
    assert 'name="price_to" value="500"' in html
    assert client.get("/nl/search/suggestions?q=zorg").status_code == 200
    assert "zoekmachine is even weg" in client.get("/nl/topics/ict").text
    assert "ICT" in client.get("/nl/topics").text


@pytest.mark.parametrize("address", [
    "/nl/search?q=zorg&" + "&".join(f"provider=p{number}&skill=s{number}" for number in range(20)), "/nl/search?level=5&sector=ict",
    "/nl/search/suggestions?q=zorg", "/nl/topics/ict", "/nl/topics", "/nl/", "/nl/modules/zorg/similar",
])
def test_an_engine_that_is_away_is_asked_once_per_page(client: FlaskClient, listed: ListingEngine, address: str) -> None:
    # A server that stays silent costs two seconds each time.
    occupations.set_engine(listed)
    listed.is_away = True
    assert client.get(address).status_code == 200
    assert len(listed.asked) == 1
