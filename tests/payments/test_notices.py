"""What the bank tells is kept, and has its effect once: told late, twice, in another order, or about something that is not known yet."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from academy.kernel.money import Money
from academy.payments import rounds, service
from academy.payments.gateway import AccountTold, CheckoutTold, Notice, RefundTold
from academy.payments.kinds import CheckoutState, NoticeState, PaymentState
from academy.payments.models import Checkout, PayoutAccount, ReceivedNotice
from academy.payments.service import settling
from tests.payments.ground import PRICE, Budget, Till, paid


def _waiting(till: Till) -> list[str]:
    return [each.problem for each in till.all(ReceivedNotice) if each.state is NoticeState.WAITING]


def test_the_same_notice_told_again_changes_nothing(till: Till) -> None:
    outcome = till.bank.pay(till.visit(till.ask()), now=till.now)
    notice = till.tell(outcome)
    till.tell(outcome, notice_id=notice.id)
    till.tell(outcome)
    assert [each.state for each in till.all(ReceivedNotice)] == [NoticeState.DONE] * 2
    assert till.holds() == {"clearing": 24_500, "provider": -24_500}
    assert till.news() == ["payment-settled"]


def test_a_notice_that_changes_nothing_here_is_kept_and_left(till: Till) -> None:
    service.store_notice(Notice("evt_1", "customer.created", None), now=till.now)
    assert [(each.state, each.content) for each in till.all(ReceivedNotice)] == [(NoticeState.IGNORED, {})]


@pytest.mark.parametrize("first", ["expired", "refused"])
def test_paid_told_after_something_else_is_paid(till: Till, first: str) -> None:
    asked = till.ask()
    visit = till.visit(asked)
    till.tell(CheckoutTold(visit, asked.id, first))
    till.tell(till.bank.pay(visit, now=till.now))
    assert till.row(asked).state is PaymentState.SETTLED
    assert [each.state for each in till.all(Checkout)] == [CheckoutState.COMPLETE]


@pytest.mark.parametrize("last", ["expired", "refused"])
def test_something_else_told_after_paid_changes_nothing(till: Till, last: str) -> None:
    asked = till.buy()
    was = till.picture()
    till.tell(CheckoutTold(till.all(Checkout)[0].vendor_session, asked.id, last))
    assert till.picture() == was


def test_a_visit_that_the_bank_ended_ends_a_closing_payment(till: Till) -> None:
    asked = till.ask()
    visit = till.visit(asked)
    till.tell(CheckoutTold(visit, asked.id, "expired"))
    assert till.row(asked).state is PaymentState.OPEN, "another visit may follow"
    again = till.visit(asked)
    assert not till.close(asked)
    till.tell(CheckoutTold(again, None, "expired"))
    assert till.row(asked).state is PaymentState.ENDED
    assert till.news() == ["payment-ended"]


def test_a_notice_about_something_unknown_waits_until_it_is_known(till: Till) -> None:
    asked = till.ask()
    visit = till.visit(asked)
    told = paid(till.bank.pay(visit, now=till.now))
    with till.database.writing() as session:
        session.get_one(Checkout, till.all(Checkout)[0].id).vendor_session = None  # its answer is still on its way to us
    till.tell(told)
    assert _waiting(till) == ["no such payment here"]
    with till.database.writing() as session:
        session.get_one(Checkout, till.all(Checkout)[0].id).vendor_session = visit
    till.work()
    assert till.row(asked).state is PaymentState.OPEN, "it has its time to wait"
    till.work(till.now + timedelta(seconds=3))
    assert till.row(asked).state is PaymentState.SETTLED
    assert _waiting(till) == []


def test_another_amount_than_was_asked_is_booked_nowhere_and_kept_for_a_person(till: Till) -> None:
    asked = till.ask()
    outcome = till.bank.pay(till.visit(asked), now=till.now)
    told = CheckoutTold(outcome.vendor_session, asked.id, "paid", vendor_payment="payment_1", vendor_charge="charge_1", cents=PRICE.cents - 1)
    till.tell(told)
    assert (till.row(asked).state, till.holds()) == (PaymentState.OPEN, {})
    assert _waiting(till) == ["another amount than was asked"]
    for hours in range(0, 100, 8):
        till.work(till.now + timedelta(hours=hours))
    assert _waiting(till) == ["another amount than was asked"], "it is never given up"


def test_a_payment_that_was_paid_twice_is_booked_once_and_kept_for_a_person(till: Till) -> None:
    asked = till.buy()
    told = CheckoutTold("visit_2", asked.id, "paid", vendor_payment="payment_2", vendor_charge="charge_2", cents=PRICE.cents)
    till.tell(told)
    assert _waiting(till) == ["paid at another visit too"]
    assert till.holds() == {"clearing": 24_500, "provider": -24_500}


def test_a_fault_of_ours_keeps_the_notice_and_none_of_its_effect(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = till.ask()
    outcome = till.bank.pay(till.visit(asked), now=till.now)

    def fails(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(settling, "announce", fails)
    till.tell(outcome)
    assert (till.row(asked).state, till.holds(), _waiting(till)) == (PaymentState.OPEN, {}, ["ZeroDivisionError"])
    till.work(till.now + timedelta(seconds=3))
    assert _waiting(till) == ["ZeroDivisionError"]
    monkeypatch.undo()
    till.work(till.now + timedelta(minutes=1))
    assert (till.row(asked).state, _waiting(till)) == (PaymentState.SETTLED, [])


def test_one_notice_that_fails_does_not_keep_the_others(till: Till) -> None:
    asked = till.ask()
    outcome = till.bank.pay(till.visit(asked), now=till.now)
    with till.database.writing() as session:
        values = {"kind": "fake", "state": NoticeState.WAITING, "received_at": till.now, "due_at": till.now, "tries": 1, "problem": ""}
        session.execute(insert(ReceivedNotice).values(id="evt_0", content={"type": "Nothing"}, **values))
    till.tell(outcome)
    rounds.look_at_notices(till.now)
    assert till.row(asked).state is PaymentState.SETTLED
    assert _waiting(till) == ["KeyError"]


def test_a_provider_can_receive_once_the_bank_says_so(till: Till) -> None:
    address = service.payout_url(till.provider_id, name="Windesheim", email="", country="NL", return_url="https://academy.test/back", now=till.now)
    account = till.all(PayoutAccount)[0]
    assert address == f"https://bank.test/{account.vendor_account}?back=https://academy.test/back"
    assert not account.is_ready
    till.tell(AccountTold(account.vendor_account, is_ready=True))
    assert (till.all(PayoutAccount)[0].is_ready, till.all(PayoutAccount)[0].ready_at) == (True, till.now)
    till.tell(AccountTold("account_of_somebody_else", is_ready=True))
    assert _waiting(till) == ["no such payout account here"]
    service.payout_url(till.provider_id, name="Windesheim", email="", country="NL", return_url="https://academy.test/back", now=till.now)
    assert till.bank.asked.count("open_account") == 1


def test_a_refund_that_somebody_made_at_the_bank_is_booked_here_too(till: Till) -> None:
    asked = till.buy()
    vendor_payment = till.row(asked).vendor_payment
    assert vendor_payment
    till.tell(RefundTold("refund_1", None, vendor_payment, 10_000, "done"))
    till.tell(RefundTold("refund_1", None, vendor_payment, 10_000, "done"))
    assert till.holds() == {"clearing": 14_500, "provider": -14_500}
    till.tell(RefundTold("refund_2", None, vendor_payment, 14_501, "done"))
    assert _waiting(till) == ["more went back at the bank than is left of the payment"]


def test_a_notice_asks_little_of_the_database(till: Till, queries: Budget) -> None:
    service.set_gateway(till.bank, fee_rate=484)
    asked = till.ask(Money(10_000))
    told = paid(till.bank.pay(till.visit(asked), now=till.now), payment_id=asked.id)
    with queries(8):
        notice = till.tell(told)
    with queries(1):
        till.tell(told, notice_id=notice.id)
