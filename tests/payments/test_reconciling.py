"""What the bank has and what is booked here are compared both ways, and money of a payment of ours is booked."""

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result

from academy.kernel.money import Money
from academy.payments import cli
from academy.payments.gateway import CheckoutTold, KnownPayment
from academy.payments.kinds import PaymentState
from academy.payments.models import Payment
from academy.payments.service import reconciling
from academy.payments.service.reconciling import reconcile
from tests.payments.ground import DAY, PRICE, Budget, Till

LATER = timedelta(hours=1)


def _differences(till: Till) -> list[tuple[str, str]]:
    return [(each.about, each.what) for each in reconcile(since=till.now - DAY, now=till.now + LATER)]


def _run(*words: str) -> Result:
    return CliRunner().invoke(cli.commands(nullcontext), words)


def test_where_all_is_the_same_there_is_no_difference(till: Till) -> None:
    asked = till.buy()
    till.give_back(asked, Money(100))
    assert _differences(till) == [], "a refund on its way is none"
    till.work()
    till.ask()
    assert _differences(till) == []


def test_a_payment_of_which_every_notice_was_lost_is_booked(till: Till) -> None:
    asked = till.ask()
    till.bank.pay(till.visit(asked), now=till.now)
    assert _differences(till) == [(asked.code, "was paid at the bank, and is booked now")]
    assert till.row(asked).state is PaymentState.SETTLED
    assert till.holds() == {"clearing": 24_500, "provider": -24_500}
    assert till.news() == ["payment-settled"]
    assert _differences(till) == []


def test_money_of_nobody_here_is_told(till: Till) -> None:
    till.bank.paid["payment_9"] = KnownPayment("payment_9", None, PRICE, Money(0), till.now)
    assert _differences(till) == [("payment_9", "the bank has this payment, and nothing here is paid by it")]


def test_a_payment_that_the_bank_does_not_know_is_told(till: Till) -> None:
    asked = till.buy()
    till.bank.paid.clear()
    assert _differences(till) == [(asked.code, "is paid here, and the bank does not know it")]


def test_one_that_was_only_just_paid_is_given_time(till: Till) -> None:
    till.buy()
    till.bank.paid.clear()
    assert reconcile(since=till.now - DAY, now=till.now) == []


@pytest.mark.parametrize(("change", "words"), [
    ({"refunded": Money(500)}, "500 cents went back at the bank, 0 here"),
    ({"amount": Money(24_000)}, "the bank has 24000 cents, here are 24500"),
    ({"vendor_payment": "payment_2"}, "was paid at the bank once more, as payment_2"),
])
def test_another_amount_another_refund_and_a_second_payment_are_told(till: Till, change: dict[str, Any], words: str) -> None:
    asked = till.buy()
    ((name, known),) = till.bank.paid.items()
    till.bank.paid["other" if "vendor_payment" in change else name] = replace(known, **change)
    assert _differences(till) == [(asked.code, words)]


def test_a_wrong_amount_is_told_until_a_person_has_seen_to_it(till: Till) -> None:
    asked = till.ask()
    visit = till.visit(asked)
    till.bank.visits[visit] = replace(till.bank.pay(visit, now=till.now), amount=Money(1))
    assert _differences(till) == [(asked.code, "was paid at the bank: another amount than was asked")]
    assert till.row(asked).state is PaymentState.OPEN


def test_what_waits_for_a_person_is_told(till: Till) -> None:
    till.connect()
    asked = till.buy()
    till.bank.refuses = {"refund", "transfer"}
    till.give_back(asked, Money(100))
    till.work()
    till.tell(CheckoutTold("visit_9", None, "paid", cents=1), notice_id="evt_9")
    assert _differences(till) == [
        ("evt_9", "this notice waits: no such payment here"), (asked.code, "the refund failed: will not do it"),
        (asked.code, "the transfer failed: will not do it"),
    ]


def test_the_command_ends_with_one_when_anything_was_different_and_with_nothing_when_not(till: Till) -> None:
    now = datetime.now(UTC) - LATER  # noqa: TID251 - the command looks at the clock itself
    till.now = now
    asked = till.ask()
    till.bank.pay(till.visit(asked), now=now)
    found = _run("reconcile")
    assert (found.exit_code, found.stdout) == (1, f"{asked.code}  was paid at the bank, and is booked now\n")
    found = _run("reconcile", "--json")
    assert (found.exit_code, json.loads(found.stdout)) == (0, [])
    till.bank.away.add("payments_since")
    found = _run("reconcile")
    assert (found.exit_code, found.stdout) == (1, "")
    assert "gave no answer" in found.stderr


def test_the_balance_is_shown_in_euros_for_people_and_in_cents_for_machines(till: Till) -> None:
    till.buy()
    assert json.loads(_run("balance", "--json").stdout) == {"clearing": 24_500, "payer": 0, "provider": -24_500, "fees": 0, "vat": 0}
    assert _run("balance").stdout.splitlines()[0].split() == ["clearing", "245.00"]


def test_retry_sends_again_what_failed(till: Till) -> None:
    till.give_back(till.buy(), Money(100))
    till.bank.refuses.add("refund")
    till.work()
    assert _run("retry").stdout == "1 orders go out again.\n"


def test_much_is_compared_a_page_at_a_time(till: Till, monkeypatch: pytest.MonkeyPatch, queries: Budget) -> None:
    monkeypatch.setattr(reconciling, "_AT_ONCE", 2)
    for _each in range(5):
        till.buy(Money(100))
    with queries(3 * 3 + 2 + 10 + 4):  # pages; what the bank does not know; what fails or waits here, and that again in words
        assert _differences(till) == []
    with till.database.reading() as session:
        assert session.query(Payment).count() == 5
