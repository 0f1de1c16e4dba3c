"""Who gathers is told on the pages of results and of a module, in numbers, to the one who looks for the same; those pages ask nothing for it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from academy.catalogue.models import Module
from academy.employers import service
from academy.employers.drafts import PledgeDraft
from academy.employers.kinds import Party
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.search import service as search
from tests.employers.market import EVENING, Market, open_market

NOW = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
PATH = "/pools/for-modules"
Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def market(app: Flask, database: Database) -> Market:
    return open_market(database, NOW)


def text(client: FlaskClient, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).get_data(as_text=True))


def groups(client: FlaskClient, market: Market, lang: str = "nl") -> str:
    """Return what other pages take over about the module."""
    page = text(client, f"/{lang}{PATH}?of={market.module_id}")
    return page[page.index('<div id="groups">'):]


def test_the_page_of_a_module_and_the_page_of_results_lead_to_who_gathers_for_it(client: FlaskClient, market: Market) -> None:
    search.rebuild(now=NOW)
    where = f'id="groups" hx-get="/nl{PATH}?of={market.module_id}"'
    assert where in text(client, f"/nl/modules/{market.module_slug}")
    assert where in text(client, "/nl/search")
    assert f'<a class="nl-link" href="/nl{PATH}?of={market.module_id}">Kijk of anderen dit ook zoeken</a></p></noscript>' in text(client, "/nl/search")


def test_it_says_how_many_firms_and_seats_and_where_in_both_languages_and_nobodys_name(client: FlaskClient, market: Market) -> None:
    code = market.begin()
    firms = [market.firm(f"Geheime firma {number}") for number in range(3)]
    for firm, seats in zip(firms, (5, 3, 2), strict=True):
        market.pledge(firm, seats)
    dutch, english = groups(client, market), groups(client, market, "en")
    assert "3 bedrijven zoeken dit ook. 10 van 12 plekken · Almere en omgeving" in dutch
    assert "3 companies look for this too. 10 of 12 seats · Almere and surroundings" in english
    assert f'href="/nl/pools/{code}"' in dutch
    assert [word for word in ("Geheime", "Kim", "@voorbeeld") if word in dutch + english] == []


def test_somebody_who_asks_for_themselves_is_no_firm(client: FlaskClient, market: Market) -> None:
    market.begin()
    market.pledge(market.citizen(), 1)
    market.pledge(None, 2)
    assert "2 anderen zoeken dit ook. 3 van 12 plekken" in groups(client, market)


def test_who_has_yet_to_prove_their_address_counts_for_nothing(client: FlaskClient, market: Market) -> None:
    market.begin()
    draft = PledgeDraft(Party.EMPLOYER, "iemand@voorbeeld.nl", "nl", 9, (EVENING,))
    market.run(service.make_pledge, pool_code=market.pool_code, draft=draft, actor=None, demand_id=None, next_path="/y/{code}")
    assert "zoek" not in groups(client, market)
    market.pledge(None, 2)
    assert "1 bedrijf zoekt dit ook. 2 van 12 plekken" in groups(client, market)


def test_a_group_that_no_longer_gathers_or_a_module_that_is_no_longer_given_is_not_told(client: FlaskClient, market: Market) -> None:
    market.begin()
    market.pledge(None, 4)
    assert "zoekt dit ook" in groups(client, market)
    with market.database.writing() as session:
        session.execute(update(Module).values(state="archived"))
    assert "zoekt dit ook" not in groups(client, market)
    with market.database.writing() as session:
        session.execute(update(Module).values(state="published"))
    market.pledge(None, 8)  # enough: a provider is asked
    assert "zoeken dit ook" not in groups(client, market)


def test_the_groups_that_need_least_come_first_and_six_are_enough(client: FlaskClient, market: Market) -> None:
    codes = {seats: market.begin(postcode=postcode) for seats, postcode in enumerate(("1315", "1211", "3811", "6211", "3511", "9711", "8011"), start=1)}
    for seats, code in codes.items():
        market.pledge(None, seats, code=code)
    assert re.findall(r"/nl/pools/(\w+)\"", groups(client, market)) == [codes[seats] for seats in (7, 6, 5, 4, 3, 2)]


def test_it_takes_one_statement_and_another_where_somebody_gathers(client: FlaskClient, market: Market, queries: Budget) -> None:
    search.rebuild(now=NOW)
    asked = "&".join(f"of={each}" for each in (market.module_id, *(new_id() for _ in range(29))))
    client.get(f"/nl{PATH}?{asked}")
    with queries(1):
        client.get(f"/nl{PATH}?{asked}")
    for postcode in ("1315", "1211", "3811"):
        market.begin(postcode=postcode)
        market.pledge(None, 2)
    with queries(2):
        assert "zoekt dit ook" in text(client, f"/nl{PATH}?{asked}")
    with queries(0):
        client.get("/nl/search")


@pytest.mark.parametrize("asked", ["", "?of=", "?of=onzin", "?of=%00", "?" + "&".join(["of=" + "a" * 36] * 200)])
def test_an_address_that_asks_for_nothing_gets_a_page_that_says_so(client: FlaskClient, market: Market, asked: str) -> None:
    answer = client.get(f"/nl{PATH}{asked}")
    assert answer.status_code == 200
    assert "Hiervoor vormt zich nu geen groep." in answer.get_data(as_text=True)
