"""Who bound a firm, and who ended a pool, stands in the trail: once, with codes and numbers only."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from academy.accounts import api as accounts
from academy.accounts.api import OrganisationKind, Role
from academy.accounts.models import TrailEntry
from academy.accounts.trail_words import act_words
from academy.employers import service
from academy.kernel.db import Database
from tests import builders
from tests.employers.market import PRICE, Market, open_market


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


def entries(market: Market, act: str) -> list[TrailEntry]:
    with market.database.reading() as session:
        return list(session.scalars(select(TrailEntry).where(TrailEntry.act == act)))


def broker(market: Market) -> accounts.Actor:
    """Return somebody of the programme office."""
    with market.database.writing() as session:
        office = builders.actor(session, market.now)
        owner = accounts.register_organisation(session, slug="bureau", name="Bureau", kind=OrganisationKind.OFFICE)
        accounts.add_membership(session, person_id=office.person_id, organisation_id=owner, role=Role.OFFICE)
    return office


def test_a_pledge_that_is_confirmed_is_written_down_once_for_who_made_it(market: Market) -> None:
    pledge_id, *_others = market.accepted(4, 8)
    for _each in range(2):
        market.confirm(pledge_id)
    (entry,) = entries(market, "pledge-confirmed")
    pledge = market.facts(pledge_id)
    assert (entry.person_id, entry.organisation_id, entry.about_id) == (pledge.person_id, pledge.organisation_id, pledge.id)
    assert entry.details == {"pool": market.pool_code, "seats": 4, "cents": PRICE.cents}
    assert "bevestigd" in act_words(entry.act, entry.details, "Firma")


@pytest.mark.parametrize("act", ["pool-merged", "pool-released"])
def test_who_ended_a_pool_for_the_programme_office_is_written_down(market: Market, act: str) -> None:
    into = market.begin(market.firm(), postcode="1315")
    code = market.begin(market.firm(), postcode="3811")
    office = broker(market)
    todo: dict[str, Any] = {
        "pool-merged": lambda: market.run(service.merge_pools, actor=office, pool_code=code, into_code=into),
        "pool-released": lambda: market.run(service.release_pool, actor=office, pool_code=code, reason="Kim zei nee"),
    }
    todo[act]()
    (entry,) = entries(market, act)
    assert (entry.actor_id, entry.about_id, entry.details["pool"]) == (office.person_id, market.pool(code).id, code)
    assert "Kim" not in str(entry.details)
