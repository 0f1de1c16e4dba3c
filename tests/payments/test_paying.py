"""From asking for money to having it: the visit to the bank, and how a payment ends."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from academy.kernel.money import Money
from academy.payments import queries, rules, service
from academy.payments.errors import BankAway, BankSaidNo, PaymentNotFound, PaymentOver, PaymentRunning
from academy.payments.gateway import CheckoutOrder, CheckoutTold, StartedCheckout
from academy.payments.kinds import CheckoutState, PaymentState
from academy.payments.models import Checkout, Transfer
from tests import builders
from tests.payments.ground import DAY, PRICE, Budget, Till


def test_what_is_paid_is_settled_once_with_its_bookings_its_transfer_and_the_news(till: Till) -> None:
    asked = till.buy()
    row = till.row(asked)
    assert (row.state, row.settled_at, row.method) == (PaymentState.SETTLED, till.now, "ideal")
    assert [(each.organisation_id, each.amount) for each in till.all(Transfer)] == [(till.provider_id, PRICE)]
    assert till.holds() == {"clearing": 24_500, "provider": -24_500}, "we have it, and owe it to the provider"
    assert till.news() == ["payment-settled"]


def test_the_platform_keeps_its_fee_and_the_vat_in_it_is_not_its_own(till: Till) -> None:
    service.set_gateway(till.bank, fee_rate=484)  # 4 % and the VAT on it
    till.buy(Money(10_000))
    assert till.holds() == {"clearing": 10_000, "provider": -9_516, "fees": -400, "vat": -84}
    assert [each.amount for each in till.all(Transfer)] == [Money(9_516)]


def test_pressing_twice_is_one_visit(till: Till) -> None:
    asked = till.ask()
    assert till.visit(asked) == till.visit(asked)
    assert len(till.all(Checkout)) == 1
    assert till.bank.asked == ["start_checkout"], "who comes back is not asked for again"


def test_only_who_pays_finds_the_payment(till: Till) -> None:
    asked = till.ask()
    with till.database.writing() as session:
        other = builders.actor(session, till.now)
    with pytest.raises(PaymentNotFound):
        service.start_checkout(asked.code, actor=other, now=till.now)
    with pytest.raises(PaymentNotFound):
        service.start_checkout("NERGENS", actor=till.payer, now=till.now)


def test_asking_again_for_the_same_is_the_same_payment_and_it_lasts_longer(till: Till) -> None:
    asked = till.ask()
    till.now += timedelta(hours=1)
    again = till.ask(subject_id=asked.subject_id)
    assert (again.id, again.pay_until) == (asked.id, till.now + DAY)
    till.tell(till.bank.pay(till.visit(asked), now=till.now))
    assert till.ask(subject_id=asked.subject_id).id == asked.id, "nobody pays the same twice"


def test_asking_another_amount_ends_the_first_unless_somebody_is_at_the_bank(till: Till) -> None:
    first = till.ask()
    second = till.ask(Money(100), subject_id=first.subject_id)
    assert till.row(first).state is PaymentState.ENDED
    till.visit(second)
    with pytest.raises(PaymentRunning):
        till.ask(Money(200), subject_id=first.subject_id)


@pytest.mark.parametrize(("trouble", "refusal"), [("away", BankAway), ("refuses", BankSaidNo)])
def test_a_bank_in_trouble_is_told_to_the_learner_and_pressing_again_goes_on(till: Till, trouble: str, refusal: type[Exception]) -> None:
    asked = till.ask()
    getattr(till.bank, trouble).add("start_checkout")
    with pytest.raises(refusal):
        till.visit(asked)
    getattr(till.bank, trouble).clear()
    till.tell(till.bank.pay(till.visit(asked), now=till.now))
    assert till.row(asked).state is PaymentState.SETTLED
    assert [each.state for each in till.all(Checkout)].count(CheckoutState.COMPLETE) == 1


def test_a_bank_that_did_it_and_did_not_say_so_is_asked_under_the_same_key(till: Till) -> None:
    asked = till.ask()
    till.bank.forgets_to_answer.add("start_checkout")
    with pytest.raises(BankAway):
        till.visit(asked)
    till.bank.forgets_to_answer.clear()
    till.visit(asked)
    assert len(till.bank.orders) == 1, "one visit at the bank"


def test_a_visit_whose_answer_was_lost_too_long_ago_is_made_anew(till: Till) -> None:
    asked = till.ask()
    till.bank.forgets_to_answer.add("start_checkout")
    with pytest.raises(BankAway):
        till.visit(asked)
    till.bank.forgets_to_answer.clear()
    till.now += DAY
    till.visit(asked)
    assert [each.state for each in till.all(Checkout)] == [CheckoutState.EXPIRED, CheckoutState.OPEN]


def test_who_was_refused_tries_again_at_the_same_visit_while_it_lasts_and_at_a_new_one_after_that(till: Till) -> None:
    asked = till.ask()
    visit = till.visit(asked)
    till.tell(CheckoutTold(visit, asked.id, "refused"))
    assert till.visit(asked) == visit
    till.bank.visits[visit] = replace(till.bank.visits[visit], is_open=False)
    again = till.visit(asked)
    assert again != visit
    till.tell(till.bank.pay(again, now=till.now))
    assert till.row(asked).state is PaymentState.SETTLED


def test_who_paid_and_presses_again_before_the_notice_came_is_not_sent_to_pay_twice(till: Till) -> None:
    asked = till.ask()
    visit = till.visit(asked)
    till.tell(CheckoutTold(visit, asked.id, "refused"))
    till.bank.pay(visit, now=till.now)
    with pytest.raises(PaymentOver):
        till.visit(asked)
    assert till.row(asked).state is PaymentState.SETTLED


# Closing


def test_a_payment_for_which_nobody_went_to_the_bank_is_surely_unpaid_at_once(till: Till) -> None:
    asked = till.ask()
    assert till.close(asked)
    assert till.close(asked), "and stays so"
    assert till.news() == ["payment-ended"]
    with pytest.raises(PaymentOver):
        till.visit(asked)


def test_a_visit_of_which_nobody_got_the_address_keeps_no_payment_open(till: Till) -> None:
    asked = till.ask()
    till.bank.forgets_to_answer.add("start_checkout")
    with pytest.raises(BankAway):
        till.visit(asked)
    assert till.close(asked)


def test_no_address_is_given_out_once_the_payment_closes(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = till.ask()
    start = till.bank.start_checkout

    def closes_meanwhile(order: CheckoutOrder) -> StartedCheckout:
        assert till.close(asked)
        return start(order)

    monkeypatch.setattr(till.bank, "start_checkout", closes_meanwhile)
    with pytest.raises(PaymentOver):
        till.visit(asked)
    assert till.row(asked).state is PaymentState.ENDED


def test_a_payment_at_the_bank_is_closed_by_asking_the_bank(till: Till) -> None:
    asked = till.ask()
    till.visit(asked)
    assert not till.close(asked)
    assert till.row(asked).state is PaymentState.CLOSING
    assert till.bank.asked == ["start_checkout"], "nothing outside is asked in a transaction"
    till.bank.away.add("expire_checkout")
    till.work()
    assert till.row(asked).state is PaymentState.CLOSING
    till.bank.away.clear()
    till.work()
    assert till.row(asked).state is PaymentState.ENDED
    assert till.news() == ["payment-ended"]


def test_who_paid_in_the_moment_of_closing_has_paid(till: Till) -> None:
    asked = till.ask()
    visit = till.visit(asked)
    till.close(asked)
    till.bank.pay(visit, now=till.now)
    till.work()
    assert till.row(asked).state is PaymentState.SETTLED
    assert till.news() == ["payment-settled"]
    assert not till.close(asked)


def test_money_for_a_payment_that_ended_settles_it_all_the_same(till: Till) -> None:
    asked = till.ask()
    visit = till.visit(asked)
    till.close(asked)
    till.work()
    till.tell(till.bank.pay(visit, now=till.now))
    row = till.row(asked)
    assert (row.state, row.ended_at) == (PaymentState.SETTLED, None)
    assert till.news() == ["payment-ended", "payment-settled"]
    assert till.holds() == {"clearing": 24_500, "provider": -24_500}


# Budgets


def test_starting_a_checkout_asks_little_of_the_database(till: Till, queries: Budget) -> None:
    asked = till.ask()
    with queries(12):
        till.visit(asked)
    with queries(6):
        till.visit(asked)


# Reading


def test_the_latest_payment_of_each_subject_is_told(till: Till) -> None:
    first = till.ask()
    second = till.ask(Money(100), subject_id=first.subject_id)
    with till.database.reading() as session:
        found = queries.payments_for(session, "enrolment", [first.subject_id])
        assert {key: each.id for key, each in found.items()} == {first.subject_id: second.id}
        assert queries.payments_for(session, "invoice", [first.subject_id]) == {}


@pytest.mark.parametrize(("minutes", "hours"), [(5, 1), (120, 2), (60 * 24 * 7, 23)])
def test_a_visit_lasts_as_long_as_the_bank_allows(now: datetime, minutes: int, hours: int) -> None:
    until = rules.visit_until(now + timedelta(minutes=minutes), now=now)
    assert until == now + timedelta(hours=hours)
