"""What giving a seat back costs is what the class said when one enrolled, and the learner reads it before pressing the button."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from academy.accounts.queries import Actor
from academy.catalogue.models import Offering
from academy.enrolment import queries, service
from academy.enrolment.events import RefundDue
from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.models import Enrolment
from academy.enrolment.service.changes import change
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.outbox import OutboxMessage, subscribe
from tests import builders
from tests.enrolment.vat import decide_vat

DAY = timedelta(days=1)
RULE = {"cancel_free_days": 14, "cancel_late_percent": 50}


@pytest.fixture(autouse=True)
def _listening() -> None:
    subscribe("cancel-rule.refund-due", RefundDue, inside=_hear)


def _hear(*_: object) -> None:
    """Hear it."""


def _owed(database: Database) -> list[int]:
    with database.reading() as session:
        heard = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.subscriber == "cancel-rule.refund-due"))
        return [payload["owed_cents"] for payload in heard]


def _enrolled(database: Database, now: datetime, *, is_paid: bool = True, rule: dict[str, Any] = RULE) -> tuple[Actor, str]:
    """Give somebody a seat of 400 euros in a class that starts in four weeks."""
    with database.writing() as session:
        sam = builders.actor(session, now)
        code = builders.offering(session, now, price=40_000)
        decide_vat(session, now)
        session.execute(update(Offering).values(**rule))
        mine = service.hold_seat(session, actor=sam, offering_code=code, request_key=None, now=now)
        service.confirm(session, actor=sam, code=mine, now=now)
        if is_paid:
            facts = queries.my_enrolment(session, sam, mine)
            change(session, facts.id, EnrolmentState.HELD, EnrolmentState.CONFIRMED, why=Why.PAID, by=None, now=now)
    return sam, mine


def _cancel(database: Database, sam: Actor, mine: str, now: datetime) -> None:
    with database.writing() as session:
        service.cancel(session, actor=sam, code=mine, now=now)


@pytest.mark.parametrize(("days", "owed"), [(0, 0), (14, 0), (15, 20_000), (27, 20_000)])
def test_leaving_is_free_until_the_day_that_was_agreed_and_then_costs_what_was_agreed(
    database: Database, now: datetime, days: int, owed: int,
) -> None:
    sam, mine = _enrolled(database, now)
    _cancel(database, sam, mine, now + days * DAY)
    assert _owed(database) == [owed]


def test_a_rule_that_the_provider_changes_later_changes_no_contract(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now)
    with database.writing() as session:
        session.execute(update(Offering).values(cancel_free_days=60, cancel_late_percent=100))
    _cancel(database, sam, mine, now + DAY)
    assert _owed(database) == [0]


def test_what_is_not_sure_yet_is_left_for_nothing(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now, is_paid=False)
    with database.reading() as session:
        terms = queries.my_enrolment(session, sam, mine).cancel_terms(amsterdam_day(now) + 27 * DAY)
    assert (terms.cost, terms.late_cost) == (Money(0), Money(20_000))


def test_who_is_moved_to_another_class_leaves_for_nothing(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now)
    with database.writing() as session:
        row = session.scalars(select(Enrolment)).one()
        assert service.changes.transfer(
            session, row, offering_id=row.offering_id, pool_id=row.pool_id, until=None, by=sam.person_id, now=now,
        )
    _cancel(database, sam, mine, now + 27 * DAY)
    assert _owed(database) == [0]


@pytest.mark.parametrize(("rule", "says"), [
    ({}, "Annuleren is gratis tot en met"), (RULE, "Daarna kost het €\u00a0200"), ({"cancel_free_days": 60, "cancel_late_percent": 50}, "en kost €\u00a0200"),
])
def test_the_rule_is_read_before_the_last_press_of_the_button(app: Flask, database: Database, rule: dict[str, int], says: str) -> None:
    now = utc_now()
    with database.writing() as session:
        sam = builders.actor(session, now)
        code = builders.offering(session, now, price=40_000)
        decide_vat(session, now)
        if rule:
            session.execute(update(Offering).values(**rule))
        mine = service.hold_seat(session, actor=sam, offering_code=code, request_key=None, now=now)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = sam.sign_in_id.hex
    page = client.get(f"/nl/my/enrolments/{mine}/check").get_data(as_text=True)
    assert says in page
