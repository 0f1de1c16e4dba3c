"""The programme office reads who paid what, and nobody can read from it what one person paid."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.catalogue import api as catalogue
from academy.funding.kinds import PayerCategory, ShareState
from academy.funding.queries.pages_dearer import dearer_with_money
from academy.funding.queries.pages_paid import LEAST_SEATS, Paid, Quarter, paid_by_category, quarter_of
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.kernel.money import FREE, Money
from tests import builders
from tests.funding import money
from tests.funding.money_desk import NOW, member, seat, signed_in

TODAY = date(2026, 11, 22)
SECTOR, EMPLOYERS = PayerCategory.SECTOR, PayerCategory.EMPLOYERS


def office(session: Session) -> Actor:
    there = accounts.register_organisation(session, slug="bureau", name="Bureau", kind=OrganisationKind.OFFICE)
    return member(session, there, Role.OFFICE)


def paid(session: Session, *, quarters: int = 4) -> dict[tuple[Quarter, PayerCategory], Paid]:
    found = paid_by_category(session, office(session), today=TODAY, quarters=quarters)
    return {(one.quarter, one.category): one for one in found}


def seats(session: Session, number: int, *, at: datetime = datetime(2026, 11, 1, tzinfo=UTC), category: PayerCategory = SECTOR, amount: int = 10_000,
          refunded: int = 0, state: ShareState = ShareState.PAID) -> None:
    for _seat in range(number):
        seat(session, state=state, amount=amount, refunded=refunded, confirmed_at=at, category=category)


def test_quarters_go_back_over_the_turn_of_the_year() -> None:
    assert quarter_of(date(2026, 3, 31)) == Quarter(2026, 1)
    assert quarter_of(date(2026, 4, 1)) == Quarter(2026, 2)
    assert Quarter(2026, 1).back(1) == Quarter(2025, 4)
    assert Quarter(2026, 4).back(7) == Quarter(2025, 1)
    assert Quarter(2026, 2).first_day == date(2026, 4, 1)


def test_what_is_paid_or_invoiced_counts_less_what_went_back_in_the_quarter_of_the_seat(session: Session) -> None:
    seats(session, LEAST_SEATS, refunded=2_500)
    seats(session, 1, state=ShareState.INVOICED)
    seats(session, 3, state=ShareState.APPROVED)  # promised is not paid
    seats(session, 2, state=ShareState.RECLAIMED, refunded=10_000)
    seats(session, 5, category=PayerCategory.NOBODY)  # a discount is nobody's money
    found = paid(session)
    assert found[Quarter(2026, 4), SECTOR] == Paid(Quarter(2026, 4), SECTOR, LEAST_SEATS + 1, Money(85_000))
    assert found[Quarter(2026, 3), SECTOR].amount == FREE
    assert len(found) == 4 * 4


def test_a_quarter_begins_at_midnight_in_amsterdam(session: Session) -> None:
    seats(session, LEAST_SEATS, at=datetime(2026, 9, 30, 21, 59, tzinfo=UTC))
    seats(session, LEAST_SEATS, at=datetime(2026, 9, 30, 22, 0, tzinfo=UTC), amount=20_000)
    found = paid(session)
    assert found[Quarter(2026, 3), SECTOR].amount == Money(100_000)
    assert found[Quarter(2026, 4), SECTOR].amount == Money(200_000)


def test_what_is_older_than_the_first_quarter_asked_is_left_out(session: Session) -> None:
    seats(session, LEAST_SEATS, at=datetime(2025, 12, 31, 22, 59, tzinfo=UTC))
    assert all(one.amount == FREE for one in paid(session).values())


@pytest.mark.parametrize(("number", "is_hidden"), [(1, True), (LEAST_SEATS - 1, True), (LEAST_SEATS, False)])
def test_an_amount_of_few_seats_stays_hidden(session: Session, number: int, is_hidden: bool) -> None:
    seats(session, number)
    assert (paid(session)[Quarter(2026, 4), SECTOR].amount is None) is is_hidden


def test_nobody_but_the_programme_office_reads_it(session: Session) -> None:
    there = accounts.register_organisation(session, slug="fonds", name="Fonds", kind=OrganisationKind.FUND)
    for actor in (builders.actor(session, NOW), member(session, there, Role.FUND_MANAGER)):
        with pytest.raises(NotFound):
            paid_by_category(session, actor, today=TODAY, quarters=4)


def test_the_page_has_a_figure_its_words_a_table_and_a_file_that_say_the_same(app: Flask, database: Database) -> None:
    with database.writing() as session:
        client = signed_in(app, office(session))
    assert "Er is nog niets betaald" in client.get("/nl/office/paid").get_data(as_text=True)
    with database.writing() as session:
        seats(session, LEAST_SEATS, at=NOW)
        seats(session, 3, at=NOW, category=EMPLOYERS, amount=12_345)
    answer = client.get("/nl/office/paid")
    page = answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
    assert answer.status_code == 200
    assert "kwam het meeste van sectorfondsen: € 1.000." in page
    assert 'role="img"' in page
    assert 'class="academy-chart__sector" x=' in page
    assert "minder dan 10 plekken" in page
    assert "370" not in page  # three of € 123,45: not in the sum either
    assert "123,45" not in page
    file = client.get("/nl/office/paid.csv").get_data(as_text=True)
    assert "Sectorfondsen;10;1000,00" in file
    assert "Werkgevers;< 10;\r\n" in file
    assert len(file.strip().splitlines()) == 1 + 8 * 4


def test_a_learner_finds_no_such_page(app: Flask, database: Database) -> None:
    with database.writing() as session:
        client = signed_in(app, builders.actor(session, NOW))
    assert client.get("/nl/office/paid").status_code == 404
    assert client.get("/nl/office/paid.csv").status_code == 404


def test_a_module_that_costs_more_where_a_fund_pays_along_is_told_to_the_office(session: Session, now: datetime) -> None:
    one, reader = money.seat(session, now), office(session)
    provider_id = one.found.provider_id

    def sold(price: int) -> None:
        code = builders.offering(session, now, price=price, provider_id=provider_id)
        found = catalogue.offering_for_enrolment(session, code)
        money.reserve(session, now, money.Seat(found, builders.person(session, now)))

    sold(100_00)
    money.source(session, now)
    sold(100_00)
    assert dearer_with_money(session, reader, now=now) == []
    sold(180_00)
    (found,) = dearer_with_money(session, reader, now=now)
    assert (found.slug, found.with_money, found.without) == ("netwerkbeheer", Money(180_00), Money(100_00))
    assert dearer_with_money(session, reader, now=now + timedelta(days=366)) == []
    with pytest.raises(NotFound):
        dearer_with_money(session, builders.actor(session, now), now=now)
