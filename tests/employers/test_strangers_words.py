"""What somebody typed who has yet to prove their address is read by nobody else."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.employers import queries, service
from academy.employers.drafts import DemandDraft, PledgeDraft
from academy.employers.kinds import Party
from academy.kernel.db import Database
from tests.employers.market import EVENING, Market, open_market

NOW = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
LURE = "Win geld op evil.example"
STRANGER = "iemand@voorbeeld.nl"


@pytest.fixture
def market(app: Flask, database: Database) -> Market:
    app.config["WTF_CSRF_ENABLED"] = False
    return open_market(database, NOW)


def lure(market: Market) -> str:
    """Let somebody who is not signed in begin a pool with words of their own; returns its code."""
    draft = DemandDraft(Party.EMPLOYER, STRANGER, "nl", LURE, 2, kvk_number="12345678", postcode="1315")
    with market.database.writing() as session:
        asked = service.post_demand(session, draft=draft, actor=None, request_key=None, next_path="/x/{code}", now=NOW)
        demand = queries.demand_with_code(session, asked)
        code = service.begin_pool(session, demand=demand, module=None, now=NOW)
        pledge = PledgeDraft(Party.EMPLOYER, STRANGER, "nl", 2, (EVENING,))
        service.make_pledge(session, pool_code=code, draft=pledge, actor=None, demand_id=demand.id, next_path="/y/{code}", now=NOW)
    return code


def test_a_pool_of_a_stranger_is_in_no_list_and_its_page_does_not_say_what_they_typed(client: FlaskClient, market: Market) -> None:
    code = lure(market)
    assert f"/nl/pools/{code}" not in client.get("/nl/pools").get_data(as_text=True)
    page = client.get(f"/nl/pools/{code}")
    assert page.status_code == 200
    assert LURE not in page.get_data(as_text=True)


def test_once_somebody_counts_its_words_are_there(client: FlaskClient, market: Market) -> None:
    market.pool_code = lure(market)
    market.pledge()
    assert LURE in client.get(f"/nl/pools/{market.pool_code}").get_data(as_text=True)
    assert f"/nl/pools/{market.pool_code}" in client.get("/nl/pools").get_data(as_text=True)
