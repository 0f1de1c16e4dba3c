"""The Stripe gateway against a twin of Stripe: the real SDK over HTTP, every request held against the SDK's own types."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.payments import stripe_gateway
from academy.payments.gateway import (
    AccountTold,
    BankRefused,
    BankUnavailable,
    CheckoutOrder,
    CheckoutTold,
    NoticeForged,
    RefundTold,
)
from academy.payments.stripe_gateway import StripeGateway
from tests.stripe_twin.contract import Wrong, params_of
from tests.stripe_twin.courier import signature
from tests.stripe_twin.twin import KEY, Twin, serving

SECRET, NEXT_SECRET, OF_CONNECT = "whsec_now", "whsec_next", "whsec_connect"
PRICE: Final = Money(24_500)


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
def bank(served: tuple[Twin, str], twin: Twin) -> StripeGateway:
    return _bank(served[1])


def _bank(url: str, *, key: str = KEY, methods: tuple[str, ...] = ("ideal", "card")) -> StripeGateway:
    return StripeGateway(key, notice_secrets=(SECRET, OF_CONNECT), methods=methods, api_base=url)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the twin has a clock of its own


def order(**changes: Any) -> CheckoutOrder:
    values: dict[str, Any] = {
        "key": new_id(), "reference": "K7QX2MRD", "payment_id": new_id(), "amount": PRICE, "description": "Netwerkbeheer", "language": "nl",
        "email": "sam@voorbeeld.nl", "success_url": "https://academie.example/nl/payments/K7QX2MRD/back",
        "cancel_url": "https://academie.example/nl/payments/K7QX2MRD", "expires_at": _now() + timedelta(hours=2),
    }
    return CheckoutOrder(**(values | changes))


def _paid(bank: StripeGateway, twin: Twin, wanted: CheckoutOrder) -> str:
    """Pay; returns the bank's name of the payment."""
    session = bank.start_checkout(wanted).vendor_session
    twin.pay(session)
    return bank.checkout(session).vendor_payment


def _account(bank: StripeGateway, twin: Twin) -> str:
    account = bank.open_account(key=new_id(), name="Windesheim in Almere", email="geld@windesheim.voorbeeld.nl", country="NL")
    twin.approve(account)
    return account


# The contract: negative controls of the twin itself


@pytest.mark.parametrize(("encoded", "code", "param"), [
    ("mode=payment&payment_method_types[0]=ideal", "parameter_unknown", "payment_method_types"),
    ("mode=payment&line_item[0][quantity]=1", "parameter_unknown", "line_item"),
    ("mode=betaling", "parameter_invalid", "mode"),
    ("allowed_payment_method_types[0]=idael", "parameter_invalid", "allowed_payment_method_types[0]"),
    ("allowed_payment_method_types[0]=wero", "parameter_invalid", "allowed_payment_method_types[0]"),
    ("line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=245.5", "parameter_invalid_integer", "line_items[0][price_data][unit_amount]"),
    ("payment_intent_data[transfer_dat][x]=1", "parameter_unknown", "payment_intent_data[transfer_dat]"),
])
def test_the_twin_takes_no_parameter_that_the_sdk_does_not_have(encoded: str, code: str, param: str) -> None:
    with pytest.raises(Wrong) as wrong:
        params_of("POST", "checkout/sessions", encoded)
    assert (wrong.value.code, wrong.value.param) == (code, param)


def test_a_parameter_that_was_removed_would_be_refused_at_the_first_test(bank: StripeGateway, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = bank._params(order())
    monkeypatch.setattr(bank, "_params", lambda _order: {**asked, "payment_method_types": ["ideal"]})
    with pytest.raises(BankRefused, match="parameter_unknown payment_method_types"):
        bank.start_checkout(order())


# Visits


@pytest.mark.parametrize("methods", [("ideal", "card"), ()])
@pytest.mark.parametrize("changes", [{}, {"email": ""}, {"language": "en"}, {"description": "x" * 300}])
def test_a_visit_is_for_the_amount_and_in_the_words_of_the_order(
    served: tuple[Twin, str], twin: Twin, methods: tuple[str, ...], changes: dict[str, Any],
) -> None:
    wanted = order(**changes)
    started = _bank(served[1], methods=methods).start_checkout(wanted)
    session = twin.objects[started.vendor_session]
    assert started.url == session["url"]
    assert started.expires_at == wanted.expires_at.replace(microsecond=0)
    assert (session["amount_total"], session["currency"], session["locale"]) == (PRICE.cents, "eur", wanted.language)
    assert (session["client_reference_id"], session["metadata"]) == ("K7QX2MRD", {"payment": str(wanted.payment_id)})
    assert session["customer_email"] == (wanted.email or None)


def test_a_visit_asked_for_twice_under_one_key_is_one_visit(bank: StripeGateway, twin: Twin) -> None:
    wanted = order()
    assert bank.start_checkout(wanted) == bank.start_checkout(wanted)
    assert len(twin.all("checkout.session")) == 1


def test_another_order_under_a_used_key_is_refused(bank: StripeGateway, twin: Twin) -> None:
    wanted = order()
    bank.start_checkout(wanted)
    with pytest.raises(BankRefused):
        bank.start_checkout(replace(wanted, amount=Money(1)))


def test_a_visit_too_short_for_the_bank_is_refused(bank: StripeGateway) -> None:
    with pytest.raises(BankRefused, match="expires_at"):
        bank.start_checkout(order(expires_at=_now() + timedelta(minutes=5)))


def test_a_visit_stands_open_paid_or_over(bank: StripeGateway, twin: Twin) -> None:
    first, second = (bank.start_checkout(order()).vendor_session for _visit in range(2))
    assert (bank.checkout(first).is_open, bank.checkout(first).is_paid) == (True, False)
    twin.pay(first)
    outcome = bank.checkout(first)
    assert (outcome.is_open, outcome.amount, outcome.method) == (False, PRICE, "ideal")
    assert (outcome.vendor_payment[:3], outcome.vendor_charge[:3]) == ("pi_", "ch_")
    ended = bank.expire_checkout(second)
    assert (ended.is_open, ended.is_paid) == (False, False)
    assert bank.expire_checkout(second) == ended, "once more is the same"


def test_a_visit_that_was_paid_in_the_last_moment_is_paid_when_it_is_ended(bank: StripeGateway, twin: Twin) -> None:
    session = bank.start_checkout(order()).vendor_session
    twin.pay(session)
    assert bank.expire_checkout(session).is_paid


def test_money_that_is_slow_keeps_a_visit_open_until_it_comes_or_stays_away(bank: StripeGateway, twin: Twin) -> None:
    comes, stays_away = (bank.start_checkout(order()).vendor_session for _visit in range(2))
    for session in (comes, stays_away):
        twin.pay(session, is_slow=True)
        assert bank.expire_checkout(session).is_open, "nobody may call this unpaid yet"
    twin.money_comes(comes)
    twin.money_stays_away(stays_away)
    assert bank.checkout(comes).is_paid
    assert (bank.checkout(stays_away).is_open, bank.checkout(stays_away).is_paid) == (False, False)


def test_what_the_bank_does_not_know_is_refused(bank: StripeGateway) -> None:
    for ask in (bank.checkout, bank.expire_checkout):
        with pytest.raises(BankRefused, match="resource_missing"):
            ask("cs_nowhere")


# Money that goes back and on


def _again_after_a_day(twin: Twin) -> None:
    """Forget the idempotency keys, as Stripe does after a day."""
    twin._done.clear()


def test_a_refund_is_sent_once_also_when_the_bank_has_forgotten_the_key(bank: StripeGateway, twin: Twin) -> None:
    payment, key = _paid(bank, twin, order()), new_id()
    first = bank.refund(key=key, vendor_payment=payment, amount=Money(10_000))
    assert bank.refund(key=key, vendor_payment=payment, amount=Money(10_000)) == first
    _again_after_a_day(twin)
    assert bank.refund(key=key, vendor_payment=payment, amount=Money(10_000)) == first
    assert [each["amount"] for each in twin.all("refund")] == [10_000]
    assert first[1], "done at once"


def test_more_than_was_paid_does_not_go_back(bank: StripeGateway, twin: Twin) -> None:
    payment = _paid(bank, twin, order())
    with pytest.raises(BankRefused, match="amount"):
        bank.refund(key=new_id(), vendor_payment=payment, amount=PRICE + Money(1))
    bank.refund(key=new_id(), vendor_payment=payment, amount=PRICE)
    with pytest.raises(BankRefused, match="charge_already_refunded"):
        bank.refund(key=new_id(), vendor_payment=payment, amount=Money(1))


def test_a_refund_that_waits_for_the_bank_is_not_done_and_one_that_failed_is_refused(bank: StripeGateway, twin: Twin) -> None:
    twin.refunds_wait = True
    payment, key = _paid(bank, twin, order()), new_id()
    vendor_refund, is_done = bank.refund(key=key, vendor_payment=payment, amount=PRICE)
    assert not is_done
    twin.finish_refund(vendor_refund, fails=True)
    _again_after_a_day(twin)
    with pytest.raises(BankRefused, match="refund failed"):
        bank.refund(key=key, vendor_payment=payment, amount=PRICE)


def test_a_provider_receives_its_part_once_and_gives_back_once(bank: StripeGateway, twin: Twin) -> None:
    wanted = order()
    _paid(bank, twin, wanted)
    account, key, reversal = _account(bank, twin), new_id(), new_id()
    for _again in range(2):
        transfer = bank.transfer(key=key, vendor_account=account, vendor_charge="", amount=Money(23_000), group=wanted.reference)
        bank.reverse_transfer(key=reversal, vendor_transfer=transfer, amount=Money(3_000))
        _again_after_a_day(twin)
    (sent,) = twin.all("transfer")
    assert (sent["amount"], sent["amount_reversed"], sent["destination"]) == (23_000, 3_000, account)
    assert sent["source_transaction"] == twin.all("charge")[0]["id"], "of the money of this payment, whatever else is in the balance"


def test_a_provider_that_the_bank_does_not_know_yet_receives_nothing(bank: StripeGateway, twin: Twin) -> None:
    wanted = order()
    _paid(bank, twin, wanted)
    account = bank.open_account(key=new_id(), name="Windesheim", email="geld@windesheim.voorbeeld.nl", country="NL")
    with pytest.raises(BankRefused, match="insufficient_capabilities_for_transfer"):
        bank.transfer(key=new_id(), vendor_account=account, vendor_charge="", amount=Money(1), group=wanted.reference)


def test_a_transfer_of_a_payment_without_a_charge_waits(bank: StripeGateway, twin: Twin) -> None:
    with pytest.raises(BankUnavailable):
        bank.transfer(key=new_id(), vendor_account=_account(bank, twin), vendor_charge="", amount=Money(1), group="NOWHERE1")


def test_an_account_is_opened_once_per_key_and_has_a_page(bank: StripeGateway) -> None:
    key = new_id()
    accounts = {bank.open_account(key=key, name="Windesheim", email="geld@windesheim.voorbeeld.nl", country="NL") for _again in range(2)}
    (account,) = accounts
    assert bank.account_url(account, return_url="https://academie.example/nl").endswith(f"/setup/{account}")


def test_all_payments_since_a_moment_come_page_after_page(bank: StripeGateway, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe_gateway, "_PAGE", 2)
    orders = [order() for _number in range(5)]
    payments = [_paid(bank, twin, each) for each in orders]
    bank.start_checkout(order())
    bank.refund(key=new_id(), vendor_payment=payments[0], amount=Money(500))
    found = {each.vendor_payment: each for each in bank.payments_since(_now() - timedelta(minutes=1))}
    assert {each: found[each].payment_id for each in found} == dict(zip(payments, (each.payment_id for each in orders), strict=True))
    assert [found[each].refunded for each in payments] == [Money(500), FREE, FREE, FREE, FREE]
    assert list(bank.payments_since(_now() + timedelta(minutes=1))) == []


# Stripe in trouble


@pytest.mark.parametrize("fault", ["500", "busy", "slow", "dripping", "half", "half-json", "no-fields", "hung-up"])
def test_whatever_goes_wrong_at_the_bank_the_same_key_finds_what_it_did(
    served: tuple[Twin, str], twin: Twin, fault: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = order()
    twin.faults.append(fault)
    with monkeypatch.context() as hasty:
        hasty.setattr(stripe_gateway, "_READ", 0.4)
        hasty.setattr(stripe_gateway, "_WHOLE", 0.6)
        with pytest.raises(BankUnavailable):
            _bank(served[1]).start_checkout(wanted)
    started = _bank(served[1]).start_checkout(wanted)
    assert [each["id"] for each in twin.all("checkout.session")] == [started.vendor_session]


@pytest.mark.parametrize("fault", ["500", "half", "hung-up"])
def test_a_refund_whose_answer_was_lost_is_not_sent_again(bank: StripeGateway, twin: Twin, fault: str) -> None:
    payment, key = _paid(bank, twin, order()), new_id()
    twin.faults += ["", fault]  # looking for an earlier one goes well
    with pytest.raises(BankUnavailable):
        bank.refund(key=key, vendor_payment=payment, amount=PRICE)
    bank.refund(key=key, vendor_payment=payment, amount=PRICE)
    assert [each["amount"] for each in twin.all("refund")] == [PRICE.cents]


def test_a_bank_that_is_down_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and listens to nobody
        bank = _bank(f"http://127.0.0.1:{taken.getsockname()[1]}")
        for ask in (lambda: bank.start_checkout(order()), lambda: bank.checkout("cs_1"), lambda: list(bank.payments_since(_now()))):
            with pytest.raises(BankUnavailable):
                ask()


def test_a_key_that_the_bank_does_not_take_delays_and_fails_no_order(served: tuple[Twin, str], twin: Twin) -> None:
    with pytest.raises(BankUnavailable):
        _bank(served[1], key="sk_test_old").start_checkout(order())


def test_no_call_is_made_again_behind_our_back(bank: StripeGateway, twin: Twin) -> None:
    twin.faults += ["500"] * 5
    with pytest.raises(BankUnavailable):
        bank.checkout("cs_1")
    assert len(twin.asked) == 1


def test_what_the_bank_says_is_not_repeated_for_it_may_name_somebody(bank: StripeGateway) -> None:
    with pytest.raises(BankRefused) as refused:
        bank.checkout("cs_of_sam@voorbeeld.nl")
    assert str(refused.value) == "resource_missing session"


# Notices


def _told(bank: StripeGateway, twin: Twin) -> list[tuple[str, Any]]:
    """Read what the twin has to tell; returns kind and meaning."""
    found = []
    for event in twin.events:
        body = json.dumps(event).encode()
        notice = bank.read_notice(body, signature(body, [SECRET]))
        assert (notice.id, notice.kind) == (event["id"], event["type"])
        found.append((notice.kind, notice.about))
    twin.events.clear()
    return found


def test_each_notice_means_one_thing(bank: StripeGateway, twin: Twin) -> None:
    wanted = order()
    session = bank.start_checkout(wanted).vendor_session
    twin.refuse(session)
    assert [about for _kind, about in _told(bank, twin) if about] == [CheckoutTold("", wanted.payment_id, "refused")]
    twin.pay(session)
    payment = bank.checkout(session).vendor_payment
    assert [about for _kind, about in _told(bank, twin) if about] == [
        CheckoutTold(session, wanted.payment_id, "paid", vendor_payment=payment, cents=PRICE.cents),
    ]
    key = new_id()
    refund, _is_done = bank.refund(key=key, vendor_payment=payment, amount=Money(500))
    assert [about for _kind, about in _told(bank, twin) if about] == [RefundTold(refund, key, payment, 500, "done")]
    over = bank.start_checkout(replace(wanted, key=new_id())).vendor_session
    bank.expire_checkout(over)
    assert _told(bank, twin) == [("checkout.session.expired", CheckoutTold(over, wanted.payment_id, "expired"))]
    account = _account(bank, twin)
    assert _told(bank, twin) == [("account.updated", AccountTold(account, is_ready=True))]


def test_slow_money_is_told_when_it_is_there_and_when_it_stays_away(bank: StripeGateway, twin: Twin) -> None:
    wanted = order()
    comes, stays_away = bank.start_checkout(wanted).vendor_session, bank.start_checkout(replace(wanted, key=new_id())).vendor_session
    twin.pay(comes, is_slow=True)
    twin.pay(stays_away, is_slow=True)
    assert [about for _kind, about in _told(bank, twin)] == [None] * 4
    twin.money_comes(comes)
    twin.money_stays_away(stays_away)
    told = [(kind, about.what) for kind, about in _told(bank, twin) if about]
    assert told == [("checkout.session.async_payment_succeeded", "paid"), ("checkout.session.async_payment_failed", "expired")]


def test_a_provider_that_throws_us_out_can_not_be_paid(bank: StripeGateway) -> None:
    event = {"id": "evt_1", "object": "event", "type": "account.application.deauthorized", "account": "acct_1", "data": {"object": {"id": "ca_1", "object": "application"}}}
    body = json.dumps(event).encode()
    assert bank.read_notice(body, signature(body, [OF_CONNECT])).about == AccountTold("acct_1", is_ready=False)


BODY = json.dumps({"id": "evt_1", "object": "event", "type": "balance.available", "data": {"object": {"object": "balance"}}}).encode()


@pytest.mark.parametrize("secrets", [[SECRET], [OF_CONNECT], [NEXT_SECRET, SECRET], [SECRET, NEXT_SECRET]])
def test_a_notice_signed_with_one_of_our_secrets_is_genuine(secrets: list[str]) -> None:
    assert _bank("").read_notice(BODY, signature(BODY, secrets)).about is None


@pytest.mark.parametrize("sign", [
    lambda: "",
    lambda: "t=,v1=",
    lambda: "nonsense",
    lambda: signature(BODY, [NEXT_SECRET]),
    lambda: signature(BODY, [SECRET], at=int(time.time()) - 400),
    lambda: signature(BODY + b" ", [SECRET]),
    lambda: signature(BODY, [SECRET]).replace("v1=", "v0="),
], ids=["nothing", "empty", "nonsense", "another-secret", "too-old", "another-body", "another-scheme"])
def test_a_notice_that_is_not_signed_by_the_bank_is_forged(sign: Callable[[], str]) -> None:
    with pytest.raises(NoticeForged):
        _bank("").read_notice(BODY, sign())


@pytest.mark.parametrize("body", [b"\xff\xfe", b"{", b"[]", b"{}", b'{"type": "refund.updated", "id": "evt_1", "object": "event", "data": {"object": {"payment_intent": "pi_1"}}}'])
def test_what_is_signed_and_no_event_is_not_taken(body: bytes) -> None:
    with pytest.raises(NoticeForged):
        _bank("").read_notice(body, signature(body, [SECRET]))
