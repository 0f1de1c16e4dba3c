"""With a guard taken out of the source, the fault must become visible: who can not see it go wrong proves nothing."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import FunctionType, ModuleType
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from academy.kernel.errors import DatabaseBusy
from academy.kernel.money import Money
from academy.payments import rules, service
from academy.payments.errors import PaymentOver
from academy.payments.facts import PaymentFacts
from academy.payments.gateway import CheckoutOutcome, RefundTold
from academy.payments.kinds import NoticeState, PaymentState
from academy.payments.models import Payment, ReceivedNotice, Refund
from academy.payments.service import notices, opening, paying, refunds, returning, sending, settling, transfers, visits
from tests.enrolment.races import at_the_same_time
from tests.payments.ground import PRICE, Till, paid

PART = Money(10_000)
Without = Callable[..., None]


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Without:
    """Give the knife: it takes a guard out of a module, also for `users` that took the module's functions into their own names."""

    def cut(module: ModuleType, guard: str, *users: ModuleType, instead: str = "") -> None:
        source = inspect.getsource(module)
        assert source.count(guard) == 1, "the guard stands there, once"
        names: dict[str, Any] = dict(vars(module))
        exec(compile(source.replace(guard, instead), module.__name__, "exec"), names)  # noqa: S102 - our own source
        for name, value in vars(module).copy().items():
            if isinstance(value, FunctionType) and value.__module__ == module.__name__:
                for user in (module, *(each for each in users if name in vars(each))):
                    monkeypatch.setattr(user, name, names[name])

    return cut


def _problems(till: Till) -> list[str]:
    return [each.problem for each in till.all(ReceivedNotice) if each.state is NoticeState.WAITING]


def _sent_on(till: Till) -> PaymentFacts:
    """Buy something of which the provider has its money: until it has, a CHECK on the transfer keeps refunds within the payment too."""
    till.connect()
    asked = till.buy()
    till.work()
    return asked


def test_without_looking_at_the_state_money_is_booked_twice_and_only_the_database_stops_it(till: Till, without: Without) -> None:
    asked = till.ask()
    told = paid(till.bank.pay(till.visit(asked), now=till.now), payment_id=asked.id)
    without(settling, "_PAYMENT.c.state != PaymentState.SETTLED, ", notices, visits)
    till.tell(told)
    with suppress(DatabaseBusy):
        till.tell(told)
        assert _problems(till) == ["IntegrityError"]
    assert len(till.all(ReceivedNotice)) == 1 + till.database.is_sqlite


def test_without_looking_at_the_amount_another_one_settles(till: Till, without: Without) -> None:
    asked = till.ask()
    outcome = till.bank.pay(till.visit(asked), now=till.now)
    without(settling, '_PAYMENT.c.amount == bindparam("paid_amount")', notices, visits, instead='_PAYMENT.c.amount != bindparam("paid_amount")')
    told = paid(outcome, payment_id=asked.id)
    till.tell(type(told)(**{**vars(told), "cents": 1}))
    assert till.row(asked).state is PaymentState.SETTLED


def test_without_the_bank_s_id_as_key_a_notice_told_twice_is_an_error(till: Till, without: Without) -> None:
    outcome = till.bank.pay(till.visit(till.ask()), now=till.now)
    without(notices, 'insert_new(session, ReceivedNotice, "id")', instead='__import__("sqlalchemy").insert(ReceivedNotice)')
    notice = till.tell(outcome)
    with pytest.raises((DatabaseBusy, IntegrityError)):
        notices.store_notice(notice, now=till.now)


def test_without_the_sum_more_goes_back_than_came(till: Till, without: Without) -> None:
    asked = _sent_on(till)
    without(refunds, " or before + amount > paid.amount")
    for key in ("first", "second"):
        with till.database.writing() as session:
            refunds.ask_refund(session, payment_id=asked.id, amount=PRICE, request_key=key, now=till.now)
    with pytest.raises(AssertionError, match="more goes back than came"):
        till.work()


def test_without_the_lock_two_refunds_pass_each_other_where_there_are_two_writers(till: Till, without: Without) -> None:
    asked = _sent_on(till)
    without(opening, ".with_for_update()", refunds)

    def asks(key: str) -> Callable[..., None]:
        return lambda session: refunds.ask_refund(session, payment_id=asked.id, amount=PRICE, request_key=key, now=till.now)

    heard = at_the_same_time(till.database, asks("first"), asks("second"), guarded=False)
    assert heard == ("refund-too-high" if till.database.is_sqlite else "done")


def test_without_holding_the_payments_money_is_booked_and_goes_back_where_there_are_two_writers(till: Till, without: Without) -> None:
    asked = till.ask()
    came = CheckoutOutcome("visit_9", is_open=False, vendor_payment="payment_9", amount=PRICE)
    without(returning, "    _hold_payments(session)\n")
    heard = at_the_same_time(
        till.database, lambda session: settling.settle(session, asked.id, came, now=till.now),
        lambda session: returning.ask_return(session, vendor_payment="payment_9", amount=PRICE, now=till.now), guarded=False,
    )
    assert heard == ("nothing-to-refund" if till.database.is_sqlite else "done")


def test_without_being_taken_an_order_is_sent_by_every_worker(till: Till, without: Without) -> None:
    till.give_back(till.buy(), PART)
    order_id = till.all(Refund)[0].id
    without(sending, "kind.state == SendState.ASKED, kind.due_at <= now).with_for_update()", instead="True)")
    for _worker in range(2):
        refunds.send(order_id, now=till.now)
    assert till.bank.asked.count("refund") == 2


def test_without_looking_at_the_tries_a_transfer_changes_under_its_key(till: Till, without: Without) -> None:
    till.connect()
    asked = till.buy()
    till.bank.forgets_to_answer.add("transfer")
    till.work()
    without(transfers, ", Transfer.tries == 0", refunds)
    till.give_back(asked, PART)
    with pytest.raises(AssertionError, match="one key, one order"):
        till.work(till.now + timedelta(hours=1))


def test_without_looking_at_the_visits_a_payment_ends_while_somebody_is_at_the_bank(till: Till, without: Without) -> None:
    asked = till.ask()
    till.visit(asked)
    without(opening, "~exists().where(Checkout.payment_id == Payment.id, Checkout.state.in_(VISITED)),", service, visits)
    with till.database.writing() as session:
        assert opening.close_payment(session, payment_id=asked.id, now=till.now)


def test_without_looking_again_an_address_is_given_out_after_closing(
    till: Till, without: Without, monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = till.ask()
    start = till.bank.start_checkout

    def closes_meanwhile(order: Any) -> Any:
        till.close(asked)
        return start(order)

    monkeypatch.setattr(till.bank, "start_checkout", closes_meanwhile)
    without(paying, "if not is_open:", instead="if False:")
    assert paying.start_checkout(asked.code, actor=till.payer, now=till.now)
    with pytest.raises(PaymentOver):
        paying.start_checkout(asked.code, actor=till.payer, now=till.now)


def test_without_a_new_key_money_that_came_back_never_leaves_again(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = till.buy()
    till.give_back(asked, PART)
    till.work()
    (sent,) = till.all(Refund)
    till.tell(RefundTold(sent.vendor_refund, sent.id, till.row(asked).vendor_payment or "", PART.cents, "failed"))
    monkeypatch.setattr(rules, "refund_key", lambda refund_id, _former: refund_id)
    with till.database.writing() as session:
        sending.retry_failed(session, now=till.now)
    till.work()
    assert till.bank.moved("refund") == PART, "once, while the first came back"


def test_without_the_index_one_subject_would_have_two_payments_running(till: Till) -> None:
    asked = till.ask()
    with till.database.reading() as session:
        running = session.get_one(Payment, asked.id)
    with pytest.raises((DatabaseBusy, IntegrityError)), till.database.writing() as session:
        session.add(Payment(
            id=asked.payer.person_id, code="ANDERE", purpose=running.purpose, subject_id=running.subject_id, person_id=running.person_id,
            supplier_id=running.supplier_id, description="", language="nl", amount=PRICE, opened_at=till.now, pay_until=till.now,
        ))
