"""Comparing with Stripe's twin over HTTP: what goes wrong with money there is found by the clock, seen by the programme office, and set right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.kernel.db import Database
from academy.kernel.money import FREE, Money
from academy.payments import rounds, service, stripe_gateway
from academy.payments.facts import PaymentFacts
from academy.payments.kinds import FindingKind, FindingState, NoticeState, PaymentState
from academy.payments.models import BankComparison, Finding, MoneyReturn, ReceivedNotice, Refund
from academy.payments.service import reconciling
from academy.payments.stripe_gateway import StripeGateway
from tests.payments.shop import PRICE, Shop, open_shop
from tests.payments.test_attention_pages import LIST, office_of
from tests.stripe_twin.contract import Plain
from tests.stripe_twin.courier import Courier
from tests.stripe_twin.twin import KEY, Twin, serving

SECRET = "whsec_now"
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Twin, str]]:
    twin = Twin()
    with serving(twin) as url:
        yield twin, url


@dataclass
class Stripe:
    """A shop that is paid at the twin, the courier between them, and the programme office in its browser."""

    shop: Shop
    twin: Twin
    courier: Courier
    office: FlaskClient

    def buy(self, *, is_told: bool = True) -> PaymentFacts:
        asked = self.shop.ask()
        self.twin.pay(self.shop.press_pay(asked).rsplit("/", 1)[1])
        self.courier.bring() if is_told else None
        return asked

    def compare(self, days: int) -> list[tuple[FindingKind, FindingState]]:
        """Let the clock compare on the first, second … day from now; a payment is given a quarter of an hour."""
        rounds.find_what_is_wrong(self.at(days))
        return sorted((each.kind, each.state) for each in self.shop.all(Finding))

    def at(self, days: int) -> datetime:
        return self.shop.now + timedelta(days=days)

    def press(self, act: str, **values: str) -> str:
        """Press a button of the one finding that is open; returns where it leads."""
        (found,) = (each for each in self.shop.all(Finding) if each.state is FindingState.OPEN)
        answer = self.office.post(f"{LIST}/{found.code}/{act}", data=values)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return str(answer.headers["Location"])

    def work(self, days: int) -> None:
        rounds.send_orders(self.at(days))
        self.courier.bring()

    def one(self, kind: str) -> Plain:
        return self.twin.all(kind)[-1]


@pytest.fixture
def stripe(app: Flask, database: Database, served: tuple[Twin, str]) -> Iterator[Stripe]:
    twin, url = served
    twin.__init__()  # type: ignore[misc] # empty again, under the same address
    shop = open_shop(app, database)
    chosen = service.gateway()
    service.set_gateway(StripeGateway(KEY, notice_secrets=(SECRET,), api_base=url))
    yield Stripe(shop, twin, Courier(twin, lambda body, header: shop.knock(body, header).status_code, (SECRET,)), office_of(shop))
    service.set_gateway(chosen)


def without_a_visit(twin: Twin, *, metadata: dict[str, str], amount: int = PRICE.cents) -> Plain:
    """Let money come in that no visit belongs to."""
    made = twin.add(
        "pi", object="payment_intent", amount=amount, amount_received=0, currency="eur", latest_charge=None, status="requires_payment_method",
        metadata=metadata, transfer_group=None,
    )
    return twin.confirmed(made)


def test_money_that_we_do_not_know_goes_back_to_who_paid_it(stripe: Stripe) -> None:
    without_a_visit(stripe.twin, metadata={})
    assert stripe.compare(1) == [(FindingKind.UNKNOWN_MONEY, FindingState.OPEN)]
    assert stripe.press("give-back").endswith(LIST)
    stripe.work(1)
    stripe.work(1)
    assert [each["amount"] for each in stripe.twin.all("refund")] == [PRICE.cents]
    assert stripe.compare(2) == [(FindingKind.UNKNOWN_MONEY, FindingState.GIVEN_BACK)]
    assert {each.state for each in stripe.shop.all(ReceivedNotice)} <= {NoticeState.DONE, NoticeState.IGNORED}


def test_a_payment_that_we_hold_for_paid_and_the_bank_does_not(stripe: Stripe) -> None:
    asked = stripe.buy()
    intent = stripe.twin.objects.pop(stripe.one("payment_intent")["id"])
    assert stripe.compare(1) == [(FindingKind.NOT_AT_BANK, FindingState.OPEN)]
    page = stripe.office.get(f"{LIST}/{stripe.shop.all(Finding)[0].code}").get_data(as_text=True)
    assert asked.code in page
    stripe.twin.objects[intent["id"]] = intent
    assert stripe.compare(2) == [(FindingKind.NOT_AT_BANK, FindingState.GONE)]


def test_a_wrong_amount_goes_back_and_the_payment_can_be_paid_anew(stripe: Stripe) -> None:
    asked = stripe.shop.ask()
    stripe.twin.pay(stripe.shop.press_pay(asked).rsplit("/", 1)[1])
    stripe.one("payment_intent")["amount_received"] = stripe.one("charge")["amount"] = 24_000
    assert stripe.compare(1) == [(FindingKind.WRONG_AMOUNT, FindingState.OPEN)]
    found = stripe.shop.all(Finding)[0]
    assert (found.asked, found.came) == (PRICE, Money(24_000))
    refused = stripe.office.post(f"{LIST}/{found.code}/settle")
    assert (refused.status_code, "nog steeds een ander bedrag" in refused.get_data(as_text=True)) == (409, True)
    stripe.press("give-back")
    stripe.work(1)
    assert [each["amount"] for each in stripe.twin.all("refund")] == [24_000]
    assert stripe.compare(2) == [(FindingKind.WRONG_AMOUNT, FindingState.GIVEN_BACK)]
    assert stripe.shop.facts(asked).state is PaymentState.OPEN
    assert stripe.shop.booked() == []


def test_an_amount_that_is_right_after_all_is_booked(stripe: Stripe) -> None:
    asked = stripe.buy(is_told=False)
    stripe.one("payment_intent")["amount_received"] = 24_000
    stripe.compare(1)
    stripe.one("payment_intent")["amount_received"] = PRICE.cents
    stripe.press("settle")
    assert stripe.shop.facts(asked).state is PaymentState.SETTLED
    assert stripe.compare(2) == [(FindingKind.WRONG_AMOUNT, FindingState.SETTLED)]
    assert stripe.shop.booked() == ["paid", "sale"]


def test_a_bank_that_is_away_just_then_books_nothing(stripe: Stripe) -> None:
    stripe.buy(is_told=False)
    stripe.one("payment_intent")["amount_received"] = 24_000
    stripe.compare(1)
    stripe.twin.faults.append("500")
    answer = stripe.office.post(f"{LIST}/{stripe.shop.all(Finding)[0].code}/settle")
    assert (answer.status_code, stripe.shop.all(Finding)[0].state) == (503, FindingState.OPEN)


def test_what_was_paid_twice_goes_back_and_the_first_stays(stripe: Stripe) -> None:
    asked = stripe.buy()
    first = stripe.one("charge")
    without_a_visit(stripe.twin, metadata={"payment": str(asked.id)})
    assert stripe.compare(1) == [(FindingKind.PAID_TWICE, FindingState.OPEN)]
    stripe.press("give-back")
    stripe.work(1)
    assert (first["amount_refunded"], stripe.one("charge")["amount_refunded"]) == (0, PRICE.cents)
    assert (stripe.shop.facts(asked).state, stripe.shop.facts(asked).refunded) == (PaymentState.SETTLED, FREE)
    assert stripe.compare(2) == [(FindingKind.PAID_TWICE, FindingState.GIVEN_BACK)]


def test_a_refund_that_the_bank_could_not_deliver_goes_out_once_more(stripe: Stripe) -> None:
    asked = stripe.buy()
    stripe.twin.refunds_wait = True
    with stripe.shop.database.writing() as session:
        service.ask_refund(session, payment_id=asked.id, amount=Money(10_000), request_key="back", now=stripe.shop.now)
    stripe.work(1)
    stripe.twin.finish_refund(stripe.one("refund")["id"], fails=True)
    stripe.courier.bring()
    assert stripe.compare(1) == [(FindingKind.REFUND_FAILED, FindingState.OPEN)]
    stripe.twin.refunds_wait = False
    stripe.press("again")
    stripe.work(2)
    assert [each.state.value for each in stripe.shop.all(Refund)] == ["done"]
    assert stripe.compare(2) == [(FindingKind.REFUND_FAILED, FindingState.TRIED_AGAIN)]


def test_money_sent_back_that_comes_back_to_us_is_found_again(stripe: Stripe) -> None:
    without_a_visit(stripe.twin, metadata={})
    stripe.compare(1)
    stripe.press("give-back")
    stripe.work(1)
    stripe.twin.finish_refund(stripe.one("refund")["id"], fails=True)
    stripe.courier.bring()
    assert [each.state.value for each in stripe.shop.all(MoneyReturn)] == ["failed"]
    assert stripe.compare(2) == [(FindingKind.RETURN_FAILED, FindingState.OPEN), (FindingKind.UNKNOWN_MONEY, FindingState.GIVEN_BACK)]
    stripe.press("again")
    stripe.work(3)
    assert [each["status"] for each in stripe.twin.all("refund")] == ["failed", "succeeded"]
    assert [each.state.value for each in stripe.shop.all(MoneyReturn)] == ["done"]


def test_comparing_goes_on_at_the_page_where_the_bank_went_away(stripe: Stripe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "_AT_ONCE", 2)
    monkeypatch.setattr(stripe_gateway, "_PAGE", 2)
    made = [without_a_visit(stripe.twin, metadata={})["id"] for _number in range(5)]
    stripe.twin.faults += ["", "500"]
    stripe.compare(1)
    assert (len(stripe.shop.all(Finding)), stripe.shop.all(BankComparison)[0].after) == (2, made[3])
    rounds.find_what_is_wrong(stripe.at(1) + HOUR)
    assert len(stripe.shop.all(Finding)) == 5
    assert stripe.shop.all(BankComparison)[0].done_at is not None
