"""What a learner pays stands on the card of a result, where somebody pays along for this learner."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.funding import api as funding
from academy.funding.kinds import SourceKind
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.search import service
from academy.search.documents import module_document
from tests import builders
from tests.enrolment.vat import decide_vat
from tests.funding import money
from tests.search.listing import ListingEngine


@pytest.fixture
def learner(database: Database) -> Actor:
    """Give a learner, and an index with one class of € 245 of which a fund pays half for who lives in Almere."""
    now = utc_now()
    with database.writing() as session:
        builders.offering(session, now, price=24_500)
        decide_vat(session, now)
        money.source(session, now, postcodes=("1300-1379",))
        found = [module_document(facts, seats_left={}, now=now) for facts in catalogue.module_facts(session, today=amsterdam_day(now))]
        learner = builders.actor(session, now)
    service.set_engine(ListingEngine(found))
    return learner


def told(database: Database, learner: Actor, postcode: str) -> None:
    with database.writing() as session:
        funding.save_situation(session, actor=learner, situation=funding.Situation(postcode=postcode), now=utc_now())


def seen(client: FlaskClient, learner: Actor | None, address: str = "/nl/search?q=netwerkbeheer") -> str:
    if learner:
        with client.session_transaction() as cookie:
            cookie["_user_id"] = learner.sign_in_id.hex
    return client.get(address).text.replace("\N{NO-BREAK SPACE}", " ")


def test_who_is_paid_for_along_reads_what_is_left(database: Database, client: FlaskClient, learner: Actor) -> None:
    told(database, learner, "1315")
    assert '<dd>€ 245 <strong class="academy-hit__own">voor jou € 122,50</strong></dd>' in seen(client, learner)
    assert "for you €122.50" in seen(client, learner, "/en/search?q=netwerkbeheer")


def test_who_pays_all_told_nothing_or_is_a_stranger_reads_the_price(database: Database, client: FlaskClient, learner: Actor) -> None:
    assert "<dd>€ 245</dd>" in seen(client, None)
    assert "<dd>€ 245</dd>" in seen(client, learner)
    told(database, learner, "8011")
    assert "<dd>€ 245</dd>" in seen(client, learner)


def test_who_pays_nothing_reads_that(database: Database, client: FlaskClient, learner: Actor) -> None:
    with database.writing() as session:
        money.source(session, utc_now(), kind=SourceKind.EMPLOYER, slug="baas", emails=(learner.email,), percentage=10_000, position=20)
    told(database, learner, "1315")
    assert "voor jou niets" in seen(client, learner)


def test_a_page_of_results_costs_a_learner_two_more_statements_at_most(
    database: Database, client: FlaskClient, learner: Actor, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    told(database, learner, "1315")
    seen(client, learner)  # from here the rules are remembered
    with queries(4):
        assert "voor jou" in seen(client, learner)
