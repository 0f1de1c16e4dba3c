"""A provider opens the class that was made for one employer: the news goes through the outbox, and the seats are ordered, once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering
from academy.employers import rounds
from academy.employers.events import TailoredOpened
from academy.employers.kinds import DemandState
from academy.employers.queries import demand_by_id
from academy.employers.service import choosing
from academy.funding import api as funding
from academy.funding.api import BlockState
from academy.kernel.db import Database
from academy.kernel.outbox import MessageState, OutboxMessage
from academy.kernel.worker import Worker
from academy.notices import service as notices
from academy.notices.file_gateway import FileCarrier
from tests.employers.market import DAY, SLUG, listen, open_market
from tests.employers.tailoring import Atelier, open_atelier
from tests.enrolment.races import at_the_same_time

NOW = datetime.now(UTC)  # noqa: TID251 - the worker reads the real clock


@pytest.fixture
def atelier(app: Flask, database: Database) -> Atelier:
    """Give a firm that chose a proposal of the provider; the rooms hear each other, as in the application."""
    assert app.testing
    listen(TailoredOpened)
    found = open_atelier(open_market(database, NOW))
    found.ask()
    found.propose()
    found.time_to_choose()
    found.choose(budget=str(found.market.budget_id(found.firm)))
    return found


@pytest.fixture
def mailbox(app: Flask, tmp_path: Path) -> FileCarrier:
    assert app.testing
    carrier = FileCarrier(tmp_path / "post", sender="AD Academy <noreply@academie.example>")
    notices.set_carrier(carrier)
    return carrier


def news_arrives(app: Flask, atelier: Atelier) -> None:
    with app.app_context():
        Worker(atelier.market.database, []).drain()
    with atelier.market.database.reading() as session:
        waiting = select(OutboxMessage.subscriber).where(OutboxMessage.state != MessageState.DONE)
        assert session.scalars(waiting).all() == [], "every subscriber did its work"


def open_class(atelier: Atelier) -> None:
    offering_id = atelier.request().offering_id
    assert offering_id is not None
    with atelier.market.database.reading() as session:
        code = catalogue.offerings_by_id(session, [offering_id])[offering_id].offering.code
    atelier.run(catalogue.open_for_enrolment, actor=atelier.market.planner, provider_slug=SLUG, code=code)


def states(atelier: Atelier) -> tuple[BlockState, DemandState]:
    block_id = atelier.request().block_id
    assert block_id is not None
    with atelier.market.database.reading() as session:
        return funding.block(session, block_id).state, demand_by_id(session, atelier.demand_id).state


def test_the_news_that_a_class_is_open_orders_its_seats_meets_the_demand_and_tells_who_asked(app: Flask, atelier: Atelier, mailbox: FileCarrier) -> None:
    news_arrives(app, atelier)
    assert states(atelier) == (BlockState.PROMISED, DemandState.ANSWERED), "a concept orders nothing"
    open_class(atelier)
    news_arrives(app, atelier)
    assert states(atelier) == (BlockState.ORDERED, DemandState.MET)
    told = [letter for letter in mailbox.letters() if letter.subject == f"Je module op maat staat open: aanvraag {atelier.code}"]
    assert [letter.to for letter in told] == [atelier.firm.actor.email]


def test_it_is_told_once_however_often_the_class_changes_afterwards(app: Flask, atelier: Atelier) -> None:
    open_class(atelier)
    news_arrives(app, atelier)
    with atelier.market.database.writing() as session:
        offering_id = atelier.request().offering_id
        assert offering_id is not None
        catalogue.promise_offering(session, offering_id=offering_id)
    news_arrives(app, atelier)
    assert len(atelier.market.news(TailoredOpened)) == 1


def test_two_workers_that_hear_it_at_once_tell_it_once(atelier: Atelier) -> None:
    open_class(atelier)
    offering_id = atelier.request().offering_id
    with atelier.market.database.reading() as session:
        module_id = session.scalars(select(Offering.module_id).where(Offering.id == offering_id)).one()

    def order(session: Session) -> None:
        choosing.order_opened(session, module_id=module_id, now=atelier.market.now)

    assert at_the_same_time(atelier.market.database, order, order) == "done"
    assert (states(atelier), len(atelier.market.news(TailoredOpened))) == ((BlockState.ORDERED, DemandState.MET), 1)


def test_a_class_that_is_opened_after_the_day_by_which_it_was_wanted_is_ordered_all_the_same(app: Flask, atelier: Atelier) -> None:
    rounds.lapse_demands(atelier.market.now + 366 * DAY)
    assert states(atelier) == (BlockState.PROMISED, DemandState.LAPSED)
    open_class(atelier)
    news_arrives(app, atelier)
    assert states(atelier) == (BlockState.ORDERED, DemandState.MET)
