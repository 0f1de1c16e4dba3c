"""The pages of invoices: who buys sees, pays and saves them; who sells writes down what came; strangers find nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.accounts.queries import Actor
from academy.kernel.db import Database
from academy.kernel.money import FREE
from academy.payments.kinds import InvoiceKind
from academy.payments.queries.billing import billing_details_of
from tests import builders
from tests.payments.billing import PROVIDER, Bills, open_bills
from tests.payments.papers import line

Budget = Callable[[int], AbstractContextManager[list[str]]]
FORM = {
    "name": "Bakkerij De Vries B.V.", "street": "Stationsplein 1", "postcode": "1315 kt", "city": "Almere", "country": "NL",
    "kvk_number": "12.34.56.78", "vat_id": "", "email": "inkoop@devries.voorbeeld.nl", "purchase_order": "PO 7",
}
SOLD = f"/nl/providers/{PROVIDER}/invoices"


def at_present(app: Flask, database: Database, *, with_details: bool = True) -> Bills:
    app.config["WTF_CSRF_ENABLED"] = False
    return open_bills(database, datetime.now(UTC), with_details=with_details)  # noqa: TID251 - requests read the real clock


@pytest.fixture
def bills(app: Flask, database: Database) -> Bills:
    return at_present(app, database)


def signed_in(app: Flask, actor: Actor) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = actor.sign_in_id.hex
    return client


def bought_at(bills: Bills) -> str:
    return f"/nl/my/organisations/{bills.slug}/invoices"


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def colleague(bills: Bills, role: Role, organisation_id: Any) -> Actor:
    with bills.database.writing() as session:
        person = builders.actor(session, bills.now)
        accounts.add_membership(session, person_id=person.person_id, organisation_id=organisation_id, role=role)
    return person


def test_who_buys_first_says_who_they_are_on_the_invoice(app: Flask, database: Database) -> None:
    bills = at_present(app, database, with_details=False)
    client = signed_in(app, bills.buyer)
    assert "Vul de factuurgegevens in" in text(client, bought_at(bills))
    billing = f"/nl/my/organisations/{bills.slug}/billing"
    assert 'value="12345678"' in text(client, billing)  # what the organisation told before is not asked again
    assert client.post(billing, data=FORM).status_code == 303
    with database.reading() as session:
        kept = billing_details_of(session, bills.buyer_id)
    assert kept is not None
    assert (kept.party.postcode, kept.party.kvk_number, kept.purchase_order) == ("1315 KT", "12345678", "PO 7")


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"name": ""}, "Vul de naam in."), ({"street": " "}, "Vul straat en huisnummer in."), ({"country": "XX"}, "Kies uit de lijst."),
    ({"kvk_number": ""}, "Een KvK-nummer heeft 8 cijfers."), ({"vat_id": "NL1"}, "Dit is geen btw-id van Nederland."),
    ({"country": "BE", "kvk_number": "", "vat_id": ""}, "Dit is geen btw-id van België."), ({"email": "x"}, "e-mailadres"),
    ({"purchase_order": "x" * 61}, "Dit is te lang."),
])
def test_what_can_not_be_on_an_invoice_is_told_at_its_field(app: Flask, bills: Bills, wrong: dict[str, str], sentence: str) -> None:
    answer = signed_in(app, bills.buyer).post(f"/nl/my/organisations/{bills.slug}/billing", data=FORM | wrong)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert sentence in page
    assert 'aria-invalid="true"' in page
    assert 'value="Stationsplein 1"' in page or "street" in wrong


@pytest.mark.parametrize("account", ["", "NL91ABNA0417164301", "x"])
def test_who_sells_needs_a_real_account_to_be_paid_on(app: Flask, bills: Bills, account: str) -> None:
    client = signed_in(app, bills.seller)
    answer = client.post(f"/nl/my/organisations/{PROVIDER}/billing", data=FORM | {"vat_id": "NL001234567B01", "iban": account})
    assert answer.status_code == 422
    assert "Dit is geen IBAN." in answer.get_data(as_text=True)
    good = FORM | {"vat_id": "NL004495445B01", "iban": "nl91 abna 0417 1643 00"}
    assert client.post(f"/nl/my/organisations/{PROVIDER}/billing", data=good).status_code == 303


def test_the_list_shows_what_is_open_and_filters_by_year(app: Flask, bills: Bills) -> None:
    client = signed_in(app, bills.buyer)
    assert "Er zijn nog geen facturen" in text(client, bought_at(bills))
    old = bills.issue(key="old", now=datetime(2024, 5, 1, tzinfo=UTC))
    new = bills.issue(line(10_000, vat=2_100), key="new")
    bills.credit(old, line(15_000))
    page = text(client, bought_at(bills))
    for words in (old.code, new.code, "Nog te betalen: € 371,00", "€ 250,00", "Te laat", "Creditfactuur", "\N{MINUS SIGN}€ 150,00"):
        assert words in page, words
    page = text(client, f"{bought_at(bills)}?year=2024")
    assert old.code in page
    assert new.code not in page
    for strange in ("1", "99999999999999999999", "x", "-1"):
        assert new.code in text(client, f"{bought_at(bills)}?year={strange}")


def test_files_of_an_invoice_are_saved_and_not_shown(app: Flask, bills: Bills) -> None:
    issued = bills.issue()
    client, seller = signed_in(app, bills.buyer), signed_in(app, bills.seller)
    for there, where in ((client, bought_at(bills)), (seller, SOLD)):
        for ending, begins in (("pdf", b"%PDF"), ("xml", b"<?xml")):
            answer = there.get(f"{where}/{issued.code}.{ending}")
            assert answer.data.startswith(begins)
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        table = there.get(f"{where}.csv").data.decode("utf-8-sig")
        assert issued.code in table
        assert "400,00" in table


def test_an_invoice_has_a_page_that_says_what_its_pdf_says_and_what_came_of_it(app: Flask, bills: Bills) -> None:
    issued = bills.issue(line(40_000, vat=8_400), line(1_000))
    client, page = signed_in(app, bills.buyer), f"{bought_at(bills)}/{issued.code}"
    said = text(client, page)
    for words in (f"Factuur {issued.code}", "PO-2026-17", "Btw 21% over € 400,00", "€ 84,00", "€ 494,00", "art. 11 lid 1 onder o", f"{issued.code}.pdf", f"{issued.code}.xml"):
        assert words in said, words
    assert "Nog open" not in said
    note = bills.credit(issued, line(1_000))
    bills.note(issued, 10_000)
    said = text(client, page)
    for words in ("Eraf met creditfactuur", "\N{MINUS SIGN}€ 10,00", "\N{MINUS SIGN}€ 100,00", "Nog open", "€ 384,00", note.code):
        assert words in said, words
    said = text(client, f"{bought_at(bills)}/{note.code}")
    assert f"Creditfactuur {note.code}" in said
    assert f'{page}"' in said
    assert "Betaal online" not in said
    assert client.get(f"{bought_at(bills)}/BESTAAT-NIET").status_code == 404


def test_an_invoice_is_paid_online_by_who_may_buy(app: Flask, bills: Bills) -> None:
    issued = bills.issue()
    buyer = signed_in(app, colleague(bills, Role.BUYER, bills.buyer_id))
    answer = buyer.post(f"{bought_at(bills)}/{issued.code}/pay")
    assert answer.status_code == 303
    assert "/payments/" in answer.headers["Location"]
    bills.settle(bills.ask(issued))
    assert "Betaald" in text(buyer, bought_at(bills))
    assert buyer.post(f"{bought_at(bills)}/{issued.code}/pay").status_code == 409


def test_who_sells_writes_down_what_came_and_no_more_than_is_open(app: Flask, bills: Bills) -> None:
    issued, client = bills.issue(), signed_in(app, bills.seller)
    page = f"{SOLD}/{issued.code}/received"
    assert 'value="400"' in text(client, page)
    today = bills.now.date().isoformat()
    for wrong, sentence in (
        ({"amount": "400,01", "received_on": today}, "Er staat nog"), ({"amount": "0", "received_on": today}, "Er staat nog"),
        ({"amount": "1", "received_on": "2020-01-01"}, "Kies een dag"), ({"amount": "1", "received_on": ""}, "Vul de dag in."),
    ):
        answer = client.post(page, data=wrong)
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
    day = issued.issued_on.isoformat()
    assert client.post(page, data={"amount": "150", "received_on": day}).status_code == 303
    assert "€ 250,00" in text(client, SOLD)
    assert client.post(page, data={"amount": "250", "received_on": day}).status_code == 303
    assert bills.read(issued).open == FREE
    assert client.get(page).status_code == 409


def test_strangers_and_roles_that_do_not_buy_or_sell_find_nothing(app: Flask, bills: Bills) -> None:
    issued = bills.issue()
    with bills.database.writing() as session:
        stranger = builders.actor(session, bills.now)
    outside = [stranger, bills.seller, colleague(bills, Role.READER, bills.buyer_id)]
    for actor in outside:
        client = signed_in(app, actor)
        for ending in ("", ".csv", f"/{issued.code}", f"/{issued.code}.pdf", f"/{issued.code}.xml"):
            assert client.get(f"{bought_at(bills)}{ending}").status_code == 404
        assert client.post(f"{bought_at(bills)}/{issued.code}/pay").status_code == 404
        assert client.get(f"/nl/my/organisations/{bills.slug}/billing").status_code == 404
    for actor in (stranger, bills.buyer, colleague(bills, Role.PLANNER, bills.supplier_id)):
        client = signed_in(app, actor)
        for ending in ("", ".csv", f"/{issued.code}.pdf", f"/{issued.code}.xml", f"/{issued.code}/received"):
            assert client.get(f"{SOLD}{ending}").status_code == 404
        assert client.get(f"/nl/providers/{PROVIDER}/payouts").status_code == 404
        assert client.get(f"/nl/providers/{PROVIDER}/payouts.csv").status_code == 404


def test_an_invoice_of_another_organisation_is_not_there(app: Flask, bills: Bills) -> None:
    issued = bills.issue()
    client = signed_in(app, bills.seller)  # owns an organisation, but did not buy this
    assert client.get(f"/nl/my/organisations/{PROVIDER}/invoices/{issued.code}.pdf").status_code == 404


def test_the_seller_sees_a_credit_note_as_one(app: Flask, bills: Bills) -> None:
    note = bills.credit(bills.issue())
    assert note.kind is InvoiceKind.CREDIT_NOTE
    assert "Creditfactuur" in text(signed_in(app, bills.seller), SOLD)


def test_a_list_takes_the_same_statements_however_long_it_is(app: Flask, bills: Bills, queries: Budget) -> None:
    for number in range(6):
        bills.issue(key=f"share-{number}")
    buyer, seller = signed_in(app, bills.buyer), signed_in(app, bills.seller)
    with queries(6):
        buyer.get(bought_at(bills))
    with queries(6):
        seller.get(SOLD)
