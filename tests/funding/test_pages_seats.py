"""Whose seats are on which invoice, and on the next: for who keeps the money, and nobody else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts.api import OrganisationKind, Role
from academy.funding.kinds import ShareState
from academy.kernel.db import Database
from tests.funding.money_desk import NOW, Desk, seat, signed_in, started

Budget = Callable[[int], AbstractContextManager[list[str]]]
PAGE = "/nl/funding/garage/seats"


@pytest.fixture
def desk(app: Flask, database: Database) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    return started(database, OrganisationKind.EMPLOYER, slug="garage")


def seats(desk: Desk, source: str, *, number: int = 1, is_sure: bool = True, days_ago: int = 0) -> None:
    with desk.database.writing() as session:
        for _seat in range(number):
            seat(session, state=ShareState.APPROVED, amount=25_000, source=source, confirmed_at=NOW - timedelta(days=days_ago) if is_sure else None)


def text(client: FlaskClient) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def test_before_any_seat_is_sure_the_page_says_what_will_be_there(app: Flask, desk: Desk) -> None:
    source = desk.source()
    desk.rule(source)
    seats(desk, source, is_sure=False)
    page = text(signed_in(app, desk.keeper))
    assert "Er staat nog niets op" in page
    assert "Sam de Vries" not in page
    assert "Vul de factuurgegevens in" in page


def test_seats_that_are_sure_come_on_the_next_invoice_of_who_pays_them_only(app: Flask, desk: Desk) -> None:
    source = desk.source()
    desk.rule(source)
    seats(desk, source, number=2)
    page = text(signed_in(app, desk.keeper))
    assert (page.count("Sam de Vries"), "Samen € 500." in page) == (2, True)
    other = started(desk.database, OrganisationKind.EMPLOYER, slug="bakker")
    assert signed_in(app, other.keeper).get(PAGE).status_code == 404
    assert "Sam de Vries" not in signed_in(app, other.keeper).get("/nl/funding/bakker/seats").get_data(as_text=True)


def test_seats_of_a_month_that_is_over_warn_that_the_address_is_missing(app: Flask, desk: Desk) -> None:
    source = desk.source()
    desk.rule(source)
    seats(desk, source, days_ago=32)
    assert "We kunnen nog geen factuur voor jullie maken" in text(signed_in(app, desk.keeper))


def test_names_are_for_who_keeps_the_money(app: Flask, desk: Desk) -> None:
    assert signed_in(app, desk.member(Role.READER)).get(PAGE).status_code == 404
    assert signed_in(app, desk.member(Role.APPROVER)).get(PAGE).status_code == 404


def test_the_page_takes_the_same_statements_however_many_seats_there_are(app: Flask, desk: Desk, queries: Budget) -> None:
    source = desk.source()
    desk.rule(source)
    seats(desk, source, number=5)
    client = signed_in(app, desk.keeper)
    with queries(7):
        client.get(PAGE)
