"""What somebody paid themselves: a list, and a receipt of each."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask

from academy.accounts.api import Role
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.payments import service
from academy.payments.facts import PaymentFacts
from academy.payments.gateway import CheckoutOutcome
from academy.payments.service.settling import settle
from tests.payments.shop import Shop, open_shop

Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def shop(app: Flask, database: Database) -> Shop:
    return open_shop(app, database)


def paid(shop: Shop) -> PaymentFacts:
    """Let the learner pay, without a bank."""
    asked = shop.ask()
    outcome = CheckoutOutcome("visit", is_open=False, vendor_payment=asked.code, vendor_charge="charge", amount=asked.amount, method="ideal")
    with shop.database.writing() as session:
        settle(session, asked.id, outcome, now=shop.now)
    return shop.facts(asked)


def test_who_paid_nothing_reads_what_will_be_here(shop: Shop) -> None:
    assert "Je hebt nog niets betaald" in shop.browser.get("/nl/my/payments").get_data(as_text=True)


def test_a_payment_shows_what_when_how_much_and_how_it_stands(shop: Shop) -> None:
    asked = shop.ask()
    page = shop.browser.get("/nl/my/payments").get_data(as_text=True)
    assert "Nog niet betaald" in page
    assert f"/nl/payments/{asked.code}" in page
    assert "receipt.pdf" not in page
    done = paid(shop)
    with shop.database.writing() as session:
        service.ask_refund(session, payment_id=done.id, amount=Money(4_500), request_key="part", now=shop.now + timedelta(minutes=1))
    page = shop.browser.get("/nl/my/payments").get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
    for words in ("Netwerkbeheer", "Windesheim in Almere", "€ 245,00", "iDEAL | Wero", "€ 45,00", "Deels terugbetaald"):
        assert words in page, words


def test_a_receipt_is_a_file_that_is_saved_and_not_shown(shop: Shop) -> None:
    answer = shop.browser.get(f"/en/my/payments/{paid(shop).code}/receipt.pdf")
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_there_is_no_receipt_of_what_is_not_paid_nor_for_somebody_else(shop: Shop) -> None:
    assert shop.browser.get(f"/nl/my/payments/{shop.ask().code}/receipt.pdf").status_code == 404
    done = paid(shop)
    assert shop.browser_of(role=Role.OWNER).get(f"/nl/my/payments/{done.code}/receipt.pdf").status_code == 404
    assert shop.app.test_client().get(f"/nl/my/payments/{done.code}/receipt.pdf").status_code == 303


def test_the_list_takes_the_same_statements_however_long_it_is(shop: Shop, queries: Budget) -> None:
    for _payment in range(5):
        shop.ask()
    with queries(5):
        shop.browser.get("/nl/my/payments")
