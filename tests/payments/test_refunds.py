"""Money that goes back, and on to providers: never more than came, never twice, and what fails is seen by a person."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from academy.kernel.db import Database
from academy.kernel.money import FREE, Money
from academy.payments import queries, rounds, rules, service
from academy.payments.errors import NothingToRefund, RefundTooHigh
from academy.payments.gateway import RefundTold
from academy.payments.kinds import SendState
from academy.payments.models import Refund, Transfer, TransferReversal
from academy.payments.service import sending
from tests.enrolment.races import at_the_same_time
from tests.payments.ground import PRICE, Till, open_till

PART = Money(10_000)


def _state(till: Till, kind: type[Any] = Refund) -> list[SendState]:
    return [each.state for each in till.all(kind)]


def test_a_part_goes_back_and_the_rest_later(till: Till) -> None:
    asked = till.buy()
    till.give_back(asked, PART)
    till.work()
    assert till.holds() == {"clearing": 14_500, "provider": -14_500}
    till.give_back(asked, PRICE - PART)
    till.work()
    assert till.holds() == {}
    assert till.bank.moved("refund") == PRICE
    assert till.news() == ["payment-settled", "refund-done", "refund-done"]


def test_the_same_request_is_the_same_refund(till: Till) -> None:
    asked = till.buy()
    till.give_back(asked, PART, key="withdrawal of seat 1")
    till.give_back(asked, PART, key="withdrawal of seat 1")
    assert [each.amount for each in till.all(Refund)] == [PART]


@pytest.mark.parametrize("amount", [PRICE + Money(1), FREE, Money(-1)])
def test_nothing_more_goes_back_than_came_and_nothing_less_than_a_cent(till: Till, amount: Money) -> None:
    asked = till.buy()
    with pytest.raises(RefundTooHigh):
        till.give_back(asked, amount)


def test_refunds_together_are_never_above_the_payment(till: Till) -> None:
    asked = till.buy()
    till.give_back(asked, PART)
    till.give_back(asked, PART)
    with pytest.raises(RefundTooHigh):
        till.give_back(asked, PART)


def test_two_refunds_at_once_do_not_pass_each_other(till: Till) -> None:
    asked = till.buy()

    def asks(key: str) -> Any:
        return lambda session: service.ask_refund(session, payment_id=asked.id, amount=PRICE, request_key=key, now=till.now)

    assert at_the_same_time(till.database, asks("first"), asks("second")) == "refund-too-high"
    assert len(till.all(Refund)) == 1


def test_the_same_request_in_the_same_moment_is_one_refund(till: Till) -> None:
    asked = till.buy()

    def asks(session: Any) -> None:
        service.ask_refund(session, payment_id=asked.id, amount=PART, request_key="the same", now=till.now)

    assert at_the_same_time(till.database, asks, asks) == "done"
    assert len(till.all(Refund)) == 1


def test_nothing_goes_back_of_what_was_not_paid(till: Till) -> None:
    with pytest.raises(NothingToRefund):
        till.give_back(till.ask(), PART)


def test_a_bank_that_is_away_is_asked_again_under_the_same_key_until_it_answers(till: Till) -> None:
    till.give_back(till.buy(), PART)
    till.bank.forgets_to_answer.add("refund")
    moment = till.now
    for _try in range(10):
        till.work(moment)
        moment += timedelta(hours=1)
    assert till.bank.asked.count("refund") == 10
    assert till.bank.moved("refund") == PART, "it did it once"
    till.bank.forgets_to_answer.clear()
    till.work(moment)
    assert _state(till) == [SendState.DONE]
    assert till.holds() == {"clearing": 14_500, "provider": -14_500}


def test_between_tries_the_bank_is_left_alone_for_longer_and_longer(till: Till) -> None:
    till.give_back(till.buy(), PART)
    till.bank.away.add("refund")
    for minute in (*range(5), 6, 7, 14, 15, 30, 31, 59):
        till.work(till.now + timedelta(minutes=minute))
    assert till.bank.asked.count("refund") == 6, "after 0, 1, 3, 7, 15 and 31 minutes"


def test_all_tries_lie_within_the_day_for_which_a_key_is_remembered(now: datetime) -> None:
    moment = now
    for tries in range(rules.MOST_TRIES - 1):
        moment = rules.next_try(tries, now=moment)
    assert moment - now < timedelta(hours=24)


def test_a_refund_that_the_bank_never_took_is_left_to_a_person_who_can_send_it_again(till: Till) -> None:
    till.give_back(till.buy(), PART)
    till.bank.away.add("refund")
    for hour in range(rules.MOST_TRIES + 1):
        till.work(till.now + timedelta(hours=hour))
    assert _state(till) == [SendState.FAILED]
    assert till.bank.asked.count("refund") == rules.MOST_TRIES
    assert till.news() == ["payment-settled", "refund-failed"]
    assert till.holds() == {"clearing": 24_500, "payer": -10_000, "provider": -14_500}, "we still owe it to who paid"
    till.bank.away.clear()
    with till.database.writing() as session:
        assert sending.retry_failed(session, now=till.now) == 1
    till.work()
    assert till.holds() == {"clearing": 14_500, "provider": -14_500}


def test_a_refusal_of_the_bank_is_left_to_a_person_at_once_with_what_it_said(till: Till) -> None:
    asked = till.buy()
    till.give_back(asked, PART)
    till.bank.refuses.add("refund")
    till.work()
    with till.database.reading() as session:
        (told,) = queries.refunds_of(session, asked.id)
        assert queries.refund(session, told.id) == told
    assert (told.state, told.problem) == (SendState.FAILED, "will not do it")
    with pytest.raises(RefundTooHigh):
        till.give_back(asked, PRICE)  # what failed is still owed


def test_money_that_came_back_from_a_closed_account_is_owed_again_and_goes_out_as_a_new_order(till: Till) -> None:
    asked = till.buy()
    till.give_back(asked, PART)
    till.work()
    (sent,) = till.all(Refund)
    failed = RefundTold(sent.vendor_refund, sent.id, till.row(asked).vendor_payment or "", PART.cents, "failed")
    till.tell(failed)
    assert till.holds() == {"clearing": 24_500, "payer": -10_000, "provider": -14_500}
    with till.database.writing() as session:
        sending.retry_failed(session, now=till.now)
    till.tell(failed)
    assert _state(till) == [SendState.ASKED], "that was about the former try"
    till.work()
    assert _state(till) == [SendState.DONE]
    assert len([key for key, (vendor_id, _amount) in till.bank.done.items() if vendor_id.startswith("refund_")]) == 2
    till.tell(failed)
    assert _state(till) == [SendState.DONE]


def test_a_refund_that_takes_days_is_done_when_the_bank_says_so(till: Till) -> None:
    till.bank.is_slow_with_refunds = True
    asked = till.buy()
    till.give_back(asked, PART)
    till.work()
    (sent,) = till.all(Refund)
    assert (sent.state, till.news()) == (SendState.SENT, ["payment-settled"])
    told = RefundTold(sent.vendor_refund, sent.id, till.row(asked).vendor_payment or "", PART.cents, "done")
    till.tell(told)
    till.tell(told)
    assert _state(till) == [SendState.DONE]
    assert till.news() == ["payment-settled", "refund-done"]


def test_a_refund_that_the_bank_tells_of_before_it_answered_us_is_done_once(till: Till) -> None:
    asked = till.buy()
    till.give_back(asked, PART)
    (unsent,) = till.all(Refund)
    till.bank.forgets_to_answer.add("refund")
    till.work()
    till.tell(RefundTold(f"refund_{unsent.id.hex}", unsent.id, till.row(asked).vendor_payment or "", PART.cents, "done"))
    till.work(till.now + timedelta(hours=1))
    assert (_state(till), till.news()) == ([SendState.DONE], ["payment-settled", "refund-done"])


def test_a_slow_bank_ends_the_turn_so_that_the_other_work_of_the_clock_goes_on(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = till.buy()
    for _each in range(3):
        till.give_back(asked, Money(100))
    monkeypatch.setattr(rounds, "_LONGEST_TURN", 0.0)
    rounds.send_orders(till.now)
    assert till.bank.asked.count("refund") == 1
    rounds.send_orders(till.now)
    assert till.bank.asked.count("refund") == 2, "and the next turn goes on"


def test_a_bank_that_is_away_is_asked_once_a_turn_however_much_waits(till: Till) -> None:
    asked = till.buy()
    for _each in range(3):
        till.give_back(asked, Money(100))
    till.bank.away.add("refund")
    rounds.send_orders(till.now)
    assert till.bank.asked.count("refund") == 1


def test_without_a_payment_service_the_clock_leaves_money_alone(till: Till) -> None:
    asked = till.buy()
    till.give_back(asked, PART)
    service.set_gateway(None)
    till.work()
    assert [each.tries for each in till.all(Refund)] == [0]


# Providers


def test_a_transfer_waits_until_its_provider_can_receive(till: Till) -> None:
    till.buy()
    till.work()
    assert _state(till, Transfer) == [SendState.ASKED]
    till.connect()
    till.work()
    assert _state(till, Transfer) == [SendState.DONE]
    assert till.bank.moved("transfer") == PRICE
    assert till.holds() == {}


def test_what_goes_back_before_the_transfer_left_is_not_transferred(till: Till) -> None:
    asked = till.buy()
    till.give_back(asked, PART)
    till.connect()
    till.work()
    assert (till.bank.moved("transfer"), till.bank.moved("refund"), till.all(TransferReversal)) == (PRICE - PART, PART, [])
    assert till.holds() == {}


def test_of_a_payment_that_went_back_whole_nothing_is_transferred(till: Till) -> None:
    till.give_back(till.buy(), PRICE)
    till.connect()
    till.work()
    assert _state(till, Transfer) == [SendState.DONE]
    assert till.bank.moved("transfer") == FREE
    assert till.holds() == {}


def test_what_goes_back_after_the_transfer_left_is_asked_back_from_the_provider(till: Till) -> None:
    till.connect()
    asked = till.buy()
    till.work()
    till.give_back(asked, PART)
    till.work()
    assert till.bank.moved("reversal") == PART
    assert [each.reversed for each in till.all(Transfer)] == [PART]
    assert till.holds() == {}


def test_a_reversal_waits_for_a_transfer_of_which_nobody_knows_whether_it_left(till: Till) -> None:
    till.connect()
    asked = till.buy()
    till.bank.forgets_to_answer.add("transfer")
    till.work()
    till.give_back(asked, PART)
    till.work()
    assert till.bank.moved("reversal") == FREE
    till.bank.forgets_to_answer.clear()
    till.work(till.now + timedelta(hours=1))
    assert (till.bank.moved("transfer"), till.bank.moved("reversal")) == (PRICE, PART)
    assert till.holds() == {}


@pytest.mark.parametrize(("call", "kind"), [("transfer", Transfer), ("reverse_transfer", TransferReversal)])
@pytest.mark.parametrize("trouble", ["away", "refuses"])
def test_what_the_bank_will_not_move_is_left_to_a_person(
    till: Till, monkeypatch: pytest.MonkeyPatch, call: str, kind: type[Any], trouble: str,
) -> None:
    monkeypatch.setattr(rules, "MOST_TRIES", 3)
    till.connect()
    asked = till.buy()
    if kind is TransferReversal:
        till.work()
        till.give_back(asked, PART)
    getattr(till.bank, trouble).add(call)
    for hour in range(3):
        till.work(till.now + timedelta(hours=hour))
    assert _state(till, kind) == [SendState.FAILED]
    getattr(till.bank, trouble).clear()
    with till.database.writing() as session:
        assert sending.retry_failed(session, now=till.now) == 1
    till.work()
    assert _state(till, kind) == [SendState.DONE]


def test_the_platform_gives_back_its_part_of_the_fee(database: Database, now: datetime) -> None:
    till = open_till(database, now, fee_rate=500)
    till.connect()
    asked = till.buy(Money(10_000))
    till.work()
    till.give_back(asked, Money(5_000))
    till.work()
    assert (till.bank.moved("transfer"), till.bank.moved("reversal")) == (Money(9_500), Money(4_750))
    assert till.holds() == {"clearing": 250, "fees": -207, "vat": -43}


def test_of_a_payment_for_an_invoice_the_sale_is_not_booked_again(till: Till) -> None:
    asked = till.ask(purpose=rules.FOR_INVOICE)
    till.tell(till.bank.pay(till.visit(asked), now=till.now))
    assert till.holds() == {"clearing": 24_500, "payer": -24_500}, "the invoice itself books what is owed"
    till.give_back(asked, PRICE)
    till.work()
    assert till.holds() == {}
