"""The programme office sees what is not right about money, and sets it right, on pages of its own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts import service as accounts
from academy.accounts.api import OrganisationKind, Role, add_membership
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.notices.enrolment_letters import money as letters
from academy.payments.events import AttentionNeeded
from academy.payments.kinds import FindingKind, FindingState
from academy.payments.models import BankComparison, Finding, MoneyReturn
from academy.payments.service.findings import Seen, end, keep
from tests import builders
from tests.payments.shop import EMAIL, PRICE, Shop, open_shop

Budget = Callable[[int], AbstractContextManager[list[str]]]
LIST = "/nl/office/payments"


@pytest.fixture
def shop(app: Flask, database: Database) -> Shop:
    return open_shop(app, database)


def office_of(shop: Shop, *, role: Role = Role.OFFICE, is_twofold: bool = True) -> FlaskClient:
    """Return the browser of somebody at the programme office."""
    with shop.database.writing() as session:
        there = accounts.register_organisation(session, slug=new_id().hex, name="Programmabureau", kind=OrganisationKind.OFFICE)
        person_id = builders.person(session, shop.now)
        add_membership(session, person_id=person_id, organisation_id=there, role=role)
        sign_in = accounts.start_sign_in(session, person_id=person_id, device="", now=shop.now, is_twofold=is_twofold)
    client = shop.app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["desk"] = sign_in.id.hex, {"office": "bureau"}
    return client


@pytest.fixture
def office(shop: Shop) -> FlaskClient:
    return office_of(shop)


def found(shop: Shop, kind: FindingKind = FindingKind.UNKNOWN_MONEY, *, number: int = 1, payment_id: UUID | None = None) -> str:
    """Keep that something is not right; returns the code of the last."""
    seen = [
        Seen(
            f"money:payment_{each}", kind, f"payment_{each}", shop.now, payment_id=payment_id, order_id=new_id(), vendor_payment=f"payment_{each}",
            asked=PRICE, came=Money(24_000), problem="will not do it",
        )
        for each in range(number)
    ]
    with shop.database.writing() as session:
        keep(session, seen, now=shop.now)
    return str(shop.all(Finding)[-1].code)


def text(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def test_where_all_is_well_the_page_says_so_and_when_was_last_looked(shop: Shop, office: FlaskClient) -> None:
    assert "We hebben nog niet met de betaaldienst vergeleken" in text(office, LIST)
    with shop.database.writing() as session:
        session.add(BankComparison(id=1, started_at=shop.now, done_at=shop.now))
    page = text(office, LIST)
    assert "Alles klopt" in page
    assert "Laatst vergeleken met de betaaldienst" in page
    assert "We konden de laatste dagen niet" not in page


def test_a_bank_that_was_not_compared_with_for_days_is_said(shop: Shop, office: FlaskClient) -> None:
    with shop.database.writing() as session:
        session.add(BankComparison(id=1, started_at=shop.now, done_at=shop.now - timedelta(days=3)))
    assert "We konden de laatste dagen niet" in text(office, LIST)


@pytest.mark.parametrize("kind", FindingKind)
def test_each_kind_is_said_in_words_and_each_has_a_way_out(shop: Shop, office: FlaskClient, kind: FindingKind) -> None:
    code = found(shop, kind, payment_id=shop.ask().id)
    assert f"{LIST}/{code}" in text(office, LIST)
    page = text(office, f"{LIST}/{code}")
    assert "€ 245,00" in page or kind in {FindingKind.UNKNOWN_MONEY, FindingKind.UNKNOWN_VISIT, FindingKind.NOTICE_WAITS}
    assert "Sluit af" in page
    assert "%(" not in page


def test_the_menu_says_how_much_is_open(shop: Shop, office: FlaskClient) -> None:
    assert "Geld om na te kijken</a>" in text(office, "/nl/office/checks")
    found(shop, number=3)
    assert "Geld om na te kijken (3)</a>" in text(office, "/nl/office/checks")
    assert "Geld om na te kijken" not in text(shop.browser, "/nl/my")


def test_the_office_has_one_word_in_the_menu_and_on_its_own_pages_every_desk(office: FlaskClient) -> None:
    desks = ("Modules nakijken", "Bellijst", "Geld om na te kijken", "Wat mensen zoeken", "Geld en lege plekken")
    elsewhere, here = text(office, "/nl/about"), text(office, "/nl/office/payments")
    assert [desk for desk in desks if f"{desk}</a>" in elsewhere] == []
    assert [desk for desk in desks if f"{desk}</a>" in here] == list(desks)
    assert ">Programmabureau</a>" in elsewhere
    assert 'aria-current="true">Programmabureau</a>' in here


@pytest.mark.parametrize("path", ["", "/{code}", "/{code}/give-back"])
def test_others_find_no_such_page(shop: Shop, path: str) -> None:
    address = LIST + path.format(code=found(shop))
    assert shop.browser.get(address).status_code == 404
    assert office_of(shop, role=Role.READER).get(address).status_code == 404
    assert shop.app.test_client().get(address).status_code == 303
    halfway = office_of(shop, is_twofold=False).get(address)
    assert (halfway.status_code, "second-step" in halfway.headers["Location"]) == (303, True)


@pytest.mark.parametrize("act", ["give-back", "settle", "again", "close"])
def test_others_can_do_nothing_and_what_is_not_there_is_not_found(shop: Shop, office: FlaskClient, act: str) -> None:
    code = found(shop)
    assert shop.browser.post(f"{LIST}/{code}/{act}", data={"reason": "x"}).status_code == 404
    assert office.post(f"{LIST}/NIETS/{act}", data={"reason": "x"}).status_code == 404
    assert shop.all(Finding)[0].state is FindingState.OPEN


def test_giving_back_asks_first_and_happens_once(shop: Shop, office: FlaskClient) -> None:
    code = found(shop)
    assert "€ 240,00 terugsturen?" in text(office, f"{LIST}/{code}/give-back")
    assert shop.all(MoneyReturn) == []
    first, second = (office.post(f"{LIST}/{code}/give-back") for _press in range(2))
    assert first.headers["Location"].endswith(LIST)
    assert second.headers["Location"].endswith(code)
    assert [each.amount for each in shop.all(MoneyReturn)] == [Money(24_000)]
    page = text(office, f"{LIST}/{code}")
    assert "Dit was al gedaan." in page
    assert "Een collega stuurde het geld terug" in page
    assert "Stuur het geld terug</span>" not in page
    assert office.get(f"{LIST}/{code}/give-back").status_code == 303


def test_what_can_not_be_done_about_it_is_refused(shop: Shop, office: FlaskClient) -> None:
    code = found(shop, FindingKind.NOT_AT_BANK)
    for act in ("give-back", "settle", "again"):
        answer = office.post(f"{LIST}/{code}/{act}")
        assert answer.status_code == 409, act
        assert "Dat kan niet bij deze melding" in answer.get_data(as_text=True)


def test_closing_asks_what_was_done_and_says_it_afterwards(shop: Shop, office: FlaskClient) -> None:
    code = found(shop, FindingKind.NOT_AT_BANK)
    answer = office.post(f"{LIST}/{code}/close", data={"reason": "  "})
    assert answer.status_code == 422
    assert "Schrijf op wat je hebt gedaan." in answer.get_data(as_text=True)
    answer = office.post(f"{LIST}/{code}/close", data={"reason": "x" * 501})
    assert (answer.status_code, "x" * 501 in answer.get_data(as_text=True)) == (422, True)
    assert office.post(f"{LIST}/{code}/close", data={"reason": "Stond op de andere rekening"}).status_code == 303
    assert "“Stond op de andere rekening”" in text(office, f"{LIST}/{code}")
    assert "Alles klopt" not in text(office, f"{LIST}/{code}")


def test_the_letter_says_how_much_and_of_nobody_and_is_none_when_all_is_seen_to(shop: Shop, office: FlaskClient) -> None:
    code, event = found(shop, payment_id=shop.ask().id), AttentionNeeded("2026-11-23")
    with shop.app.app_context(), shop.database.reading() as session:
        (letter,) = letters.attention_needed(session, event, shop.now)
    assert "Bij 1 betaling klopt iets niet." in letter.text
    assert f"{LIST}\n" in f"{letter.text}\n"
    assert letter.key.startswith("money-to-check-2026-11-23-"), "one a day, however often it is sent"
    for secret in (EMAIL, "payment_0", "Netwerkbeheer", code, "240"):
        assert secret not in letter.text
    office.post(f"{LIST}/{code}/close", data={"reason": "x"})
    with shop.app.app_context(), shop.database.reading() as session:
        assert letters.attention_needed(session, event, shop.now) == []


def test_who_closes_what_a_colleague_did_meanwhile_is_told(shop: Shop, office: FlaskClient) -> None:
    code = found(shop)
    with shop.database.writing() as session:
        end(session, shop.all(Finding)[0].id, FindingState.GONE, by=None, now=shop.now)
    answer = office.post(f"{LIST}/{code}/close", data={"reason": "x"}, follow_redirects=True)
    assert "Dit was al gedaan." in answer.get_data(as_text=True)


def test_fifty_stand_on_a_page_and_the_statements_stay_the_same(shop: Shop, office: FlaskClient, queries: Budget) -> None:
    asked = shop.ask()
    found(shop, payment_id=asked.id)
    with queries(6):
        text(office, LIST)
    found(shop, number=51, payment_id=asked.id)
    with queries(6):
        first = text(office, LIST)
    assert first.count("academy-tasks__title") == 50
    assert text(office, f"{LIST}?page=2").count("academy-tasks__title") == 1
    assert text(office, f"{LIST}?page=999").count("academy-tasks__title") == 1
    code = shop.all(Finding)[0].code
    with queries(4):
        text(office, f"{LIST}/{code}")

