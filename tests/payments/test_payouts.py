"""What a provider receives: four numbers, each payment, and the statement of the ledger."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from academy.kernel.db import Database
from academy.payments.kinds import SendState
from academy.payments.models import PayoutAccount, Transfer
from academy.payments.service import bank
from tests.payments.billing import PROVIDER, Bills, open_bills
from tests.payments.test_invoice_pages import signed_in, text

PAGE = f"/nl/providers/{PROVIDER}/payouts"


@pytest.fixture
def bills(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> Bills:
    app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(bank, "_fee_rates", [500])
    return open_bills(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock


def test_a_provider_that_received_nothing_yet_reads_what_to_do(app: Flask, bills: Bills) -> None:
    page = text(signed_in(app, bills.seller), PAGE)
    assert "We kunnen je nog niet betalen" in page
    assert "Er is dit jaar nog niets betaald" in page
    assert f"/nl/providers/{PROVIDER}/payouts/connect" in page


def test_the_page_shows_each_payment_with_the_fee_and_what_is_left(app: Flask, bills: Bills) -> None:
    bills.pay_online(bills.issue())
    bills.issue(key="open")
    with bills.database.writing() as session:
        session.add(PayoutAccount(organisation_id=bills.supplier_id, vendor_account="acct", is_ready=True, made_at=bills.now))
    page = text(signed_in(app, bills.seller), PAGE)
    for words in ("€ 400,00", "€ 20,00", "€ 380,00", "Wacht", "€ 780,00"):  # 780 to come: 380 waits, 400 is an open invoice
        assert words in page, words
    assert "We kunnen je nog niet betalen" not in page
    with bills.database.writing() as session:
        session.query(Transfer).update({"state": SendState.DONE})
    assert "Overgemaakt" in text(signed_in(app, bills.seller), PAGE)


def test_the_statement_ends_with_what_the_page_says(app: Flask, bills: Bills) -> None:
    bills.pay_online(bills.issue())
    answer = signed_in(app, bills.seller).get(f"{PAGE}.csv")
    rows = [row.split(";") for row in answer.data.decode("utf-8-sig").splitlines()]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert [row[1] for row in rows] == ["Wat", "Begin", "Verkocht", "Bijdrage aan het platform", "Bijdrage aan het platform", "Einde"]
    assert rows[-1][-1] == "380,00"


@pytest.mark.parametrize("year", ["x", "1", "99999", "-1", "2026"])
def test_a_year_that_is_none_of_ours_is_the_present_one(app: Flask, bills: Bills, year: str) -> None:
    client = signed_in(app, bills.seller)
    assert client.get(f"{PAGE}?year={year}").status_code == 200
    assert client.get(f"{PAGE}.csv?year={year}").status_code == 200
