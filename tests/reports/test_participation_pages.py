"""The pages on which the programme office keeps who takes part, and on which it reads who paid; everybody else finds nothing there."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.catalogue import api as catalogue
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.reports.models import Participation, ReadinessTick
from tests import builders
from tests.reports.browsing import signed_in, text
from tests.reports.funded import SECTOR, Cash
from tests.reports.world import Rows

NOW = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
YESTERDAY = NOW - timedelta(days=1)
THERE, MONEY = "/nl/office/taking-part", "/nl/office/reports/money"
Counted = Callable[[int], AbstractContextManager[list[str]]]


def office(session: Session) -> Actor:
    there = accounts.register_organisation(session, slug="bureau", name="Bureau", kind=OrganisationKind.OFFICE)
    actor = builders.actor(session, NOW, name="Otto")
    accounts.add_membership(session, person_id=actor.person_id, organisation_id=there, role=Role.OFFICE)
    return actor


def provider(session: Session, slug: str, name: str, country: str = "NL") -> None:
    catalogue.register_provider(session, catalogue.ProviderDraft(
        slug=slug, name=name, kind=catalogue.ProviderKind.HBO, city="Stad", country=country, contact_email=f"info@{slug}.example",
    ))


@pytest.fixture
def desk(app: Flask, database: Database) -> FlaskClient:
    """Sign the programme office in, with two providers that take no part yet."""
    app.config["WTF_CSRF_ENABLED"] = False
    with database.writing() as session:
        provider(session, "windesheim", "Windesheim in Almere")
        provider(session, "helsinki", "Universiteit van Helsinki", "FI")
        return signed_in(app, session, office(session).person_id)


def send(client: FlaskClient, slug: str, **values: Any) -> Any:
    return client.post(f"{THERE}/{slug}/change", data={"stage": "declared", "since": "2026-01-05", "is_large": "y"} | values)


def test_the_office_finds_a_provider_lets_it_take_part_and_sees_the_rule(desk: FlaskClient, database: Database) -> None:
    assert "Er doet nog niemand mee" in text(desk, THERE)
    found = text(desk, f"{THERE}?q=helsinki")
    assert f'href="{THERE}/helsinki"' in found
    assert "Windesheim" not in found
    assert "Deze opleider doet nog niet mee." in text(desk, f"{THERE}/helsinki")
    assert send(desk, "helsinki", note="Wil op afstand meedoen").headers["Location"].endswith(f"{THERE}/helsinki")
    with database.reading() as session:
        assert session.scalars(select(Participation.is_large)).all() == [True]
    page = text(desk, f"{THERE}/helsinki")
    assert "Wil meedoen, sinds 5 jan 2026" in page
    assert "Wil op afstand meedoen" in page
    assert "mailto:info@helsinki.example" in page
    overview = text(desk, THERE)
    assert "Er telt nu 1 grote opleider mee: 0 uit Nederland en 1 uit het buitenland." in overview
    assert "2 grote opleiders uit Nederland" in overview
    assert overview.count("academy-seats__item--filled") == 1
    assert "Niemand gevonden" in text(desk, f"{THERE}?q=helsinki"), "who takes part is not offered again"


def test_the_form_names_the_whole_rule(desk: FlaskClient) -> None:
    assert "drie grote opleiders, waarvan twee uit Nederland en één uit het buitenland." in text(desk, "/nl/office/taking-part/windesheim")


def test_a_wrong_form_comes_back_with_what_was_written(desk: FlaskClient) -> None:
    send(desk, "windesheim")
    wrong = send(desk, "windesheim", stage="exploring", since="2099-01-01")
    assert wrong.status_code == 422
    page = wrong.get_data(as_text=True)
    assert "Schrijf in een paar woorden waarom." in page
    assert "Deze dag moet nog komen." in page
    assert 'value="2099-01-01"' in page
    assert send(desk, "windesheim", stage="nergens").status_code == 422
    assert send(desk, "niet-daar").status_code == 404


def test_who_saves_an_old_page_is_told_to_look_again(desk: FlaskClient) -> None:
    send(desk, "windesheim")
    again = send(desk, "windesheim", stage="running", seen="")
    assert again.status_code == 409
    assert "Iemand anders paste de deelname van deze opleider net aan." in again.get_data(as_text=True)


def test_what_is_missing_is_ticked_or_says_what_to_do(desk: FlaskClient, database: Database) -> None:
    send(desk, "windesheim")
    assert "Vink aan als de afspraak is getekend." in text(desk, f"{THERE}/windesheim")
    assert "0 van de 10" in text(desk, THERE)
    assert desk.post(f"{THERE}/windesheim/tick", data={"item": "agreement", "is_there": "y"}).status_code == 303
    assert "1 van de 10" in text(desk, THERE)
    with database.reading() as session:
        assert len(session.scalars(select(ReadinessTick)).all()) == 1
    desk.post(f"{THERE}/windesheim/tick", data={"item": "agreement"})
    assert "0 van de 10" in text(desk, THERE)
    assert desk.post(f"{THERE}/windesheim/tick", data={"item": "prices", "is_there": "y"}).status_code == 404


def test_the_file_has_a_line_for_each_provider(desk: FlaskClient) -> None:
    send(desk, "windesheim")
    lines = text(desk, f"{THERE}.csv").strip().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("Windesheim in Almere;NL;Wil meedoen;2026-01-05;ja;nee;nee")


def test_who_paid_is_drawn_told_in_words_and_in_files(desk: FlaskClient, database: Database) -> None:
    assert "is niets betaald, of het is niet te tonen" in text(desk, MONEY)
    with database.writing() as session:
        cash = Cash(Rows(session, NOW))
        cash.seats(12, SECTOR, at=YESTERDAY, amount=10_001)
        cash.seats(3, SECTOR, at=datetime.now(UTC), amount=70_000)  # noqa: TID251 - today by the clock of the request: a run may go over midnight
    page, year = text(desk, MONEY), amsterdam_day(YESTERDAY).year
    assert "betaalde deze groep het meest: Sectorfondsen. Dat was € 1.200, 100% van wat we laten zien." in page
    assert page.count("academy-plot__title") == 1
    assert f"{year}" in page
    for name in ("paid", "paid-years", "shares", "funds", "empty"):
        assert desk.get(f"{MONEY}/{name}.csv").status_code == 200, name
    assert "1200,00" in text(desk, f"{MONEY}/shares.csv"), "in hundreds of euros, and today does not count: read twice it would tell the price of one seat"
    assert desk.get(f"{MONEY}/people.csv").status_code == 404
    assert f'<option value="{year - 1}" selected>' in text(desk, f"{MONEY}?period={year - 1}")
    assert f'<option value="{year}" selected>' in text(desk, f"{MONEY}?period=1999"), "what can not be chosen is this year"


def test_the_money_page_tells_where_a_seat_costs_more_because_a_scheme_pays_along(desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Duurder waar een regeling meebetaalt" not in text(desk, MONEY)
    found = funding.Dearer("lassen", Localized("Lassen", "Welding"), "Windesheim", with_money=Money(180_00), without=Money(100_00))
    monkeypatch.setattr(funding, "dearer_with_money", lambda *_args, **_named: [found])
    page = text(desk, MONEY)
    assert "Duurder waar een regeling meebetaalt" in page
    assert "Windesheim vraagt € 180 waar een regeling meebetaalt, en € 100 waar dat niet zo is." in page
    assert 'href="/nl/modules/lassen"' in page


def test_the_pages_read_in_english(desk: FlaskClient) -> None:
    send(desk, "windesheim")
    for path in ("/en/office/taking-part", "/en/office/taking-part/windesheim", "/en/office/reports/money"):
        assert desk.get(path).status_code == 200


def test_nobody_else_finds_these_pages(app: Flask, desk: FlaskClient, database: Database) -> None:
    send(desk, "windesheim")
    with database.writing() as session:
        stranger = signed_in(app, session, builders.actor(session, NOW).person_id)
    for path in (THERE, f"{THERE}.csv", f"{THERE}/windesheim", MONEY, f"{MONEY}/paid.csv"):
        assert stranger.get(path).status_code == 404, path
    assert send(stranger, "windesheim").status_code == 404
    assert stranger.post(f"{THERE}/windesheim/tick", data={"item": "contact", "is_there": "y"}).status_code == 404


def test_the_pages_ask_the_database_no_more_with_more_providers(desk: FlaskClient, database: Database, queries: Counted) -> None:
    with database.writing() as session:
        for number in range(6):
            provider(session, f"opleider-{number}", f"Opleider {number}")
    for number in range(6):
        send(desk, f"opleider-{number}")
    for url, most in ((THERE, 14), (f"{THERE}/opleider-1", 16), (MONEY, 14)):
        with queries(most):
            assert desk.get(url).status_code == 200
