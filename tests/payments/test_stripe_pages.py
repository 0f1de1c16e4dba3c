"""Paying with Stripe's twin behind the pages: whatever the bank does, the learner sees the truth, and nothing is booked twice."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.payments import rounds, service, stripe_gateway
from academy.payments.kinds import PaymentState
from academy.payments.models import PayoutAccount, ReceivedNotice, Refund, Transfer
from academy.payments.stripe_gateway import StripeGateway
from tests.payments.shop import PRICE, Shop, open_shop
from tests.stripe_twin.courier import Courier, signature
from tests.stripe_twin.twin import KEY, Twin, serving

SECRET, NEXT_SECRET = "whsec_now", "whsec_next"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Twin, str]]:
    twin = Twin()
    with serving(twin) as url:
        yield twin, url


@pytest.fixture
def twin(served: tuple[Twin, str]) -> Twin:
    found = served[0]
    found.__init__()  # type: ignore[misc] # empty again, under the same address
    return found


@pytest.fixture
def shop(app: Flask, database: Database, served: tuple[Twin, str], twin: Twin) -> Iterator[Shop]:
    found = open_shop(app, database)
    chosen = service.gateway()
    service.set_gateway(StripeGateway(KEY, notice_secrets=(SECRET,), api_base=served[1]), fee_rate=600)
    yield found
    service.set_gateway(chosen)


@pytest.fixture
def courier(shop: Shop, twin: Twin) -> Courier:
    return Courier(twin, lambda body, header: shop.knock(body, header).status_code, (SECRET,))


def _session(url: str) -> str:
    return url.rsplit("/", 1)[1]


def test_who_pays_has_paid_once_the_bank_told_us_and_not_before(shop: Shop, twin: Twin, courier: Courier) -> None:
    asked = shop.ask()
    session = _session(shop.press_pay(asked))
    twin.pay(session)
    assert "We wachten op je bank" in shop.back(asked)
    assert set(courier.bring()) == {200}
    assert "Betaald" in shop.back(asked)
    assert (shop.facts(asked).state, shop.facts(asked).fee) == (PaymentState.SETTLED, Money(1_470))
    assert shop.booked() == ["fee", "paid", "sale"]


def test_who_is_refused_reads_so_and_pays_at_the_same_visit(shop: Shop, twin: Twin, courier: Courier) -> None:
    asked = shop.ask()
    at_bank = shop.press_pay(asked)
    twin.refuse(_session(at_bank))
    courier.bring()
    assert "Je bank heeft de betaling geweigerd" in shop.browser.get(f"/nl/payments/{asked.code}").get_data(as_text=True)
    assert shop.booked() == []
    assert shop.press_pay(asked) == at_bank
    twin.pay(_session(at_bank))
    courier.bring()
    assert shop.facts(asked).state is PaymentState.SETTLED


@pytest.mark.parametrize("shuffled_by", range(6))
def test_notices_in_any_order_and_three_times_each_come_to_one_booking(shop: Shop, twin: Twin, courier: Courier, shuffled_by: int) -> None:
    twin.refunds_wait = True
    asked = shop.ask()
    twin.pay(_session(shop.press_pay(asked)))
    courier.bring()
    with shop.database.writing() as session:
        service.ask_refund(session, payment_id=asked.id, amount=Money(10_000), request_key="back", now=shop.now)
    rounds.send_orders(shop.now)
    twin.finish_refund(twin.all("refund")[0]["id"])
    courier.at = 0  # all that ever happened, once more
    assert set(courier.bring(copies=3, shuffled_by=shuffled_by)) == {200}
    assert [each.state.value for each in shop.all(Refund)] == ["done"]
    assert sorted(shop.booked()) == ["fee", "fee-reversed", "paid", "refunded", "sale", "sale-reversed"]
    assert len(shop.all(ReceivedNotice)) == len(twin.events)


def test_a_notice_that_can_not_be_stored_is_brought_again(shop: Shop, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = shop.ask()
    twin.pay(_session(shop.press_pay(asked)))
    service_is_back = iter([False, True])
    knock = shop.knock

    def sometimes(body: bytes, header: str) -> int:
        return knock(body, header).status_code if next(service_is_back, True) else 503

    statuses = Courier(twin, sometimes, (NEXT_SECRET, SECRET)).bring()
    assert statuses[:2] == [503, 200]
    assert shop.facts(asked).state is PaymentState.SETTLED


def test_a_notice_that_was_changed_on_the_way_is_refused(shop: Shop, twin: Twin) -> None:
    asked = shop.ask()
    twin.pay(_session(shop.press_pay(asked)))
    body = json.dumps(next(each for each in twin.events if each["type"] == "checkout.session.completed")).encode()
    answer = shop.knock(body.replace(b'"amount_total": 24500', b'"amount_total": 1'), signature(body, [SECRET]))
    assert (answer.status_code, shop.all(ReceivedNotice), shop.booked()) == (400, [], [])


def test_a_notice_about_a_visit_of_somebody_else_is_accepted_and_kept(shop: Shop, twin: Twin, courier: Courier) -> None:
    made = twin.create_session({"mode": "payment", "line_items": [{"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 100}}]}, "")
    twin.pay(made["id"])
    assert set(courier.bring()) == {200}
    assert [each.state.value for each in shop.all(ReceivedNotice) if each.kind == "checkout.session.completed"] == ["waiting"]
    assert shop.booked() == []


@pytest.mark.parametrize("fault", ["500", "half", "half-json", "hung-up", "slow"])
def test_a_bank_in_trouble_sends_nobody_away_and_starts_one_visit(shop: Shop, twin: Twin, monkeypatch: pytest.MonkeyPatch, fault: str, served: tuple[Twin, str]) -> None:
    asked = shop.ask()
    twin.faults.append(fault)
    with monkeypatch.context() as hasty:
        hasty.setattr(stripe_gateway, "_READ", 0.3)
        service.set_gateway(StripeGateway(KEY, notice_secrets=(SECRET,), api_base=served[1]))
    answer = shop.browser.post(f"/nl/payments/{asked.code}")
    assert answer.status_code == 503
    assert "De betaaldienst antwoordt nu niet. Er is niets afgeschreven." in answer.get_data(as_text=True)
    assert "Location" not in answer.headers
    service.set_gateway(StripeGateway(KEY, notice_secrets=(SECRET,), api_base=served[1]))
    shop.press_pay(asked)
    assert len(twin.all("checkout.session")) == 1


def test_the_pay_button_may_lead_to_the_bank_and_nowhere_else(shop: Shop, served: tuple[Twin, str]) -> None:
    answer = shop.browser.get(f"/nl/payments/{shop.ask().code}")
    assert f"form-action 'self' {served[1]};" in answer.headers["Content-Security-Policy"]
    assert "form-action 'self';" in shop.browser.get("/nl/my").headers["Content-Security-Policy"]
    real = StripeGateway(KEY, notice_secrets=(SECRET,))
    assert real.page_origins == ("https://checkout.stripe.com", "https://connect.stripe.com")


def test_a_provider_receives_what_was_paid_less_the_fee_and_gives_back_what_goes_back(shop: Shop, twin: Twin, courier: Courier) -> None:
    asked, later = shop.ask(), shop.now + timedelta(hours=1)
    twin.pay(_session(shop.press_pay(asked)))
    courier.bring()
    with shop.database.writing() as session:
        account = service.gateway().open_account(key=shop.provider_id, name="Windesheim", email="geld@windesheim.voorbeeld.nl", country="NL")
        session.add(PayoutAccount(organisation_id=shop.provider_id, vendor_account=account, is_ready=False, made_at=shop.now))
    rounds.send_orders(later)
    assert twin.all("transfer") == [], "who is not known yet receives nothing"
    twin.approve(account)
    courier.bring()
    rounds.send_orders(later)
    assert [(each["amount"], each["destination"]) for each in twin.all("transfer")] == [(PRICE.cents - 1_470, account)]
    with shop.database.writing() as session:
        service.ask_refund(session, payment_id=asked.id, amount=PRICE, request_key="all", now=shop.now)
    for _turn in range(2):
        rounds.send_orders(later)
    assert [each["amount"] for each in twin.all("refund")] == [PRICE.cents]
    assert [each["amount_reversed"] for each in twin.all("transfer")] == [PRICE.cents - 1_470]
    assert [(each.amount, each.reversed) for each in shop.all(Transfer)] == [(Money(PRICE.cents - 1_470), Money(PRICE.cents - 1_470))]
