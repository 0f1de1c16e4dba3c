"""The demo bank: the whole way of paying can be tried, nobody takes it for a real bank, and it is nowhere where real money goes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from academy.accounts.api import Role, add_membership
from academy.app import create_app
from academy.config import load_settings
from academy.kernel import formats
from academy.kernel.db import Database
from academy.kernel.db import database as present_database
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.payments import service
from academy.payments.demo_gateway import DemoGateway
from academy.payments.errors import DemoVisitOver, PaymentsNotOpen
from academy.payments.facts import Payer
from academy.payments.gateway import BankRefused, CheckoutOrder, NoticeForged
from academy.payments.kinds import PaymentState
from academy.payments.models import DemoCheckout, PayoutAccount, ReceivedNotice
from tests import tables
from tests.payments.shop import HERE, PRICE, Shop, open_shop

AMOUNT = formats.money(PRICE)
LABEL = "Demo: er gaat geen echt geld om."
PRODUCTION = {"BASE_URL": "https://academie.example", "SECRET_KEY": "only-for-tests-" * 3, "SMTP_URL": "smtp://127.0.0.1:9"}


@pytest.fixture
def shop(app: Flask, database: Database) -> Shop:
    return open_shop(app, database)


@pytest.fixture
def bank(database: Database) -> DemoGateway:
    return DemoGateway("secret " * 5, page_of=lambda visit_id, _language: f"/demo-bank/{visit_id}", account_page_of=lambda account, _back: f"/{account}")


def _order(**changes: Any) -> CheckoutOrder:
    values: dict[str, Any] = {
        "key": new_id(), "reference": "K7QX2MRD", "payment_id": new_id(), "amount": PRICE, "description": "Netwerkbeheer", "language": "nl",
        "email": "", "success_url": "/back", "cancel_url": "/pay", "expires_at": datetime.now(UTC) + timedelta(hours=1),  # noqa: TID251 - the bank has a clock of its own
    }
    return CheckoutOrder(**(values | changes))


# On its pages


def test_who_pays_at_the_demo_bank_comes_back_to_a_page_that_says_so(shop: Shop) -> None:
    asked = shop.ask()
    assert LABEL in shop.browser.get(f"/nl/payments/{asked.code}").get_data(as_text=True)
    at_bank = shop.press_pay(asked)
    page = shop.browser.get(at_bank).get_data(as_text=True)
    assert LABEL in page
    assert f"Betaal {AMOUNT}" in page
    answer = shop.browser.post(f"{at_bank}/pay")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}/nl/payments/{asked.code}/back")
    assert f"Je betaling van {AMOUNT} is binnen." in shop.back(asked)
    assert (shop.facts(asked).state, shop.facts(asked).method) == (PaymentState.SETTLED, "demo")
    assert shop.booked() == ["paid", "sale"]


def test_who_comes_back_before_the_bank_told_us_reads_that_we_wait_and_the_page_looks_again(shop: Shop) -> None:
    asked = shop.ask()
    shop.press_pay(asked)
    page = shop.back(asked)
    assert "We wachten op je bank" in page
    assert "Betaald" not in page
    assert f'hx-get="/nl/payments/{asked.code}/back" hx-trigger="every 2s"' in page
    assert shop.booked() == []


def test_who_is_refused_reads_so_and_pays_at_the_same_visit_after_all(shop: Shop) -> None:
    asked = shop.ask()
    at_bank = shop.press_pay(asked)
    answer = shop.browser.post(f"{at_bank}/refuse")
    assert answer.headers["Location"].endswith(f"/nl/payments/{asked.code}")
    assert "Je bank heeft de betaling geweigerd" in shop.browser.get(f"/nl/payments/{asked.code}").get_data(as_text=True)
    assert (shop.facts(asked).state, shop.booked()) == (PaymentState.OPEN, [])
    assert shop.press_pay(asked) == at_bank
    shop.browser.post(f"{at_bank}/pay")
    assert shop.facts(asked).state is PaymentState.SETTLED


def test_who_walks_away_has_paid_nothing_and_finds_the_same_visit_again(shop: Shop) -> None:
    asked = shop.ask()
    at_bank = shop.press_pay(asked)
    assert f'href="{HERE}/nl/payments/{asked.code}"' in shop.browser.get(at_bank).get_data(as_text=True)
    assert "geweigerd" not in shop.browser.get(f"/nl/payments/{asked.code}").get_data(as_text=True)
    assert shop.press_pay(asked) == at_bank
    assert shop.booked() == []


def test_a_button_pressed_twice_pays_once(shop: Shop) -> None:
    asked = shop.ask()
    at_bank = shop.press_pay(asked)
    for _twice in range(2):
        assert shop.browser.post(f"{at_bank}/pay").status_code == 303
    assert shop.booked() == ["paid", "sale"]
    assert len(shop.all(ReceivedNotice)) == 1


def test_a_visit_that_is_over_takes_nothing(shop: Shop) -> None:
    asked = shop.ask()
    at_bank = shop.press_pay(asked)
    with shop.database.writing() as session:
        session.execute(update(DemoCheckout).values(expires_at=shop.now - timedelta(minutes=1)))
    assert "is voorbij. Er is niets betaald." in shop.browser.get(at_bank).get_data(as_text=True)
    answer = shop.browser.post(f"{at_bank}/pay")
    assert answer.status_code == 409
    assert f"/nl/payments/{asked.code}" in answer.get_data(as_text=True)
    assert shop.booked() == []


def test_a_payment_of_somebody_else_is_not_found(shop: Shop) -> None:
    asked, stranger = shop.ask(), shop.browser_of()
    for answer in (stranger.get(f"/nl/payments/{asked.code}"), stranger.post(f"/nl/payments/{asked.code}"), stranger.get(f"/nl/payments/{asked.code}/back")):
        assert answer.status_code == 404


def test_the_pay_page_of_a_payment_that_is_paid_tells_so(shop: Shop) -> None:
    asked = shop.ask()
    shop.browser.post(f"{shop.press_pay(asked)}/pay")
    assert shop.browser.get(f"/nl/payments/{asked.code}").headers["Location"] == f"/nl/payments/{asked.code}/back"
    assert shop.browser.post(f"/nl/payments/{asked.code}").status_code == 409


def test_who_pays_for_an_organisation_goes_on_to_its_invoices(shop: Shop) -> None:
    with shop.database.writing() as session:
        add_membership(session, person_id=shop.payer.person_id, organisation_id=shop.provider_id, role=Role.OWNER)
    asked = shop.ask(payer=Payer(organisation_id=shop.provider_id))
    for page in (shop.browser.get(f"/nl/payments/{asked.code}").get_data(as_text=True), shop.back(asked)):
        assert 'href="/nl/my/organisations/windesheim/invoices"' in page


# The door for notices


def _paid_notice(shop: Shop) -> tuple[bytes, str]:
    """Return the notice of a payment that was made, before it was brought."""
    at_bank = shop.press_pay(shop.ask())
    bank = service.gateway()
    assert isinstance(bank, DemoGateway)
    return bank.pay(UUID(at_bank.rsplit("/", 1)[1]))


def test_a_notice_is_accepted_however_often_it_comes_and_acted_on_once(shop: Shop) -> None:
    told = _paid_notice(shop)
    assert [shop.knock(*told).status_code for _again in range(3)] == [200, 200, 200]
    assert shop.booked() == ["paid", "sale"]


@pytest.mark.parametrize("forge", [
    lambda body, signature: (body, ""),
    lambda body, signature: (body, signature[:-1] + ("0" if signature[-1] != "0" else "1")),
    lambda body, signature: (body, "é"),
    lambda body, signature: (body.replace(b"24500", b"1"), signature),
], ids=["unsigned", "another-signature", "no-signature-at-all", "another-amount"])
def test_a_forged_notice_is_refused_and_not_stored(shop: Shop, forge: Any) -> None:
    answer = shop.knock(*forge(*_paid_notice(shop)))
    assert answer.status_code == 400
    assert (shop.booked(), shop.all(ReceivedNotice)) == ([], [])


def test_a_notice_that_is_too_large_is_refused(shop: Shop) -> None:
    assert shop.knock(b"x" * (1024 * 1024 + 1), "").status_code == 413


# Providers that are paid


def test_an_owner_tells_who_the_provider_is_and_comes_back_to_a_page_that_says_it_can_be_paid(shop: Shop) -> None:
    owner, path = shop.browser_of(role=Role.OWNER), "/nl/providers/windesheim/payouts/connect"
    assert "Je hebt nog geen rekening bij de betaaldienst." in owner.get(path).get_data(as_text=True)
    at_bank = owner.post(path).headers["Location"].removeprefix(HERE)
    assert "weet nog niet alles van je" in owner.get(path).get_data(as_text=True)
    assert LABEL.removesuffix(".") in owner.get(at_bank).get_data(as_text=True)
    assert owner.post(at_bank).headers["Location"] == path
    assert "Je kunt geld ontvangen." in owner.get(path).get_data(as_text=True)
    assert [each.is_ready for each in shop.all(PayoutAccount)] == [True]


@pytest.mark.parametrize("role", [None, Role.PLANNER])
def test_nobody_but_an_owner_arranges_where_money_goes(shop: Shop, role: Role | None) -> None:
    other, path = shop.browser_of(role=role), "/nl/providers/windesheim/payouts/connect"
    assert (other.get(path).status_code, other.post(path).status_code) == (404, 404)
    assert shop.all(PayoutAccount) == []


def test_the_demo_bank_sends_nobody_to_another_site(shop: Shop) -> None:
    answer = shop.browser.post("/nl/demo-bank/accounts/demo_account_1?back=//elsewhere.example/")
    assert answer.headers["Location"] == "/nl/"


# Where it is, and where not


def test_without_a_payment_service_nobody_is_sent_to_pay(shop: Shop) -> None:
    asked = shop.ask()
    service.set_gateway(None)
    for answer in (shop.browser.get(f"/nl/payments/{asked.code}"), shop.browser.post(f"/nl/payments/{asked.code}")):
        assert answer.status_code == 503
        assert "Betalen kan op deze website nog niet." in answer.get_data(as_text=True)


@pytest.mark.parametrize(("environment", "expected"), [
    (PRODUCTION, None),
    (PRODUCTION | {"STRIPE_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}, "stripe"),
    ({"STRIPE_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}, "stripe"),
    ({}, "demo"),
], ids=["production-without-key", "production", "local-with-key", "local"])
def test_the_demo_bank_is_only_where_no_real_money_goes(tmp_path: Path, environment: dict[str, str], expected: str | None) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY": "only-for-tests-" * 3, "LOG_LEVEL": "error", **environment})
    tables.make(settings.database_url)
    app = create_app(settings)
    present_database().close()
    has_pages = any(rule.endpoint.startswith("demo_bank.") for rule in app.url_map.iter_rules())
    assert has_pages == (expected == "demo")
    if expected is None:
        with pytest.raises(PaymentsNotOpen):
            service.gateway()
    else:
        assert service.gateway().name == expected


# What we ask of it


def test_a_visit_started_twice_under_one_key_is_one_visit(bank: DemoGateway, database: Database) -> None:
    order = _order()
    assert bank.start_checkout(order) == bank.start_checkout(order)
    with database.reading() as session:
        assert session.query(DemoCheckout).count() == 1


def test_a_visit_ends_paid_or_expired_never_both(bank: DemoGateway) -> None:
    paid, expired = _order(), _order()
    first, second = bank.start_checkout(paid).vendor_session, bank.start_checkout(expired).vendor_session
    bank.pay(paid.key)
    outcome = bank.expire_checkout(first)
    assert (outcome.is_paid, outcome.is_open, outcome.amount) == (True, False, PRICE)
    assert not bank.expire_checkout(second).is_open
    with pytest.raises(DemoVisitOver):
        bank.pay(expired.key)
    with pytest.raises(DemoVisitOver):
        bank.refuse(expired.key)
    assert not bank.checkout(second).is_paid


def test_a_refund_happens_once_per_key_and_never_above_what_was_paid(bank: DemoGateway) -> None:
    order, key = _order(), new_id()
    bank.start_checkout(order)
    bank.pay(order.key)
    payment = bank.checkout(f"demo_visit_{order.key.hex}").vendor_payment
    answers = {bank.refund(key=key, vendor_payment=payment, amount=Money(20_000)) for _again in range(3)}
    assert answers == {(f"demo_refund_{key.hex}", True)}
    with pytest.raises(BankRefused):
        bank.refund(key=new_id(), vendor_payment=payment, amount=Money(4_501))
    bank.refund(key=new_id(), vendor_payment=payment, amount=Money(4_500))
    (known,) = bank.payments_since(datetime.now(UTC) - timedelta(hours=1))  # noqa: TID251 - the bank has a clock of its own
    assert (known.vendor_payment, known.payment_id, known.amount, known.refunded) == (payment, order.payment_id, PRICE, PRICE)


def test_nothing_goes_back_of_a_visit_that_was_not_paid(bank: DemoGateway) -> None:
    order = _order()
    bank.start_checkout(order)
    with pytest.raises(BankRefused):
        bank.refund(key=new_id(), vendor_payment=f"demo_payment_{order.key.hex}", amount=Money(1))


def test_notices_of_another_installation_are_forged(bank: DemoGateway) -> None:
    other = DemoGateway("another " * 5, page_of=lambda *_: "", account_page_of=lambda *_: "")
    order = _order()
    bank.start_checkout(order)
    with pytest.raises(NoticeForged):
        other.read_notice(*bank.pay(order.key))


def test_what_the_demo_bank_does_not_know_is_not_found(bank: DemoGateway) -> None:
    for ask in (bank.visit, bank.pay, bank.refuse):
        with pytest.raises(NotFound):
            ask(new_id())
    with pytest.raises(NotFound):
        bank.approve_account("acct_1")
