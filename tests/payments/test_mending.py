"""What the programme office does about money that is not right happens once, whoever presses how often, and stands in the trail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from academy.accounts import service as accounts
from academy.accounts.api import Actor, OrganisationKind, Role, add_membership
from academy.accounts.models import TrailEntry
from academy.kernel.errors import DatabaseBusy, NotFound
from academy.kernel.money import FREE, Money
from academy.payments import rules
from academy.payments.errors import AmountStillWrong, NotForThisFinding, NothingToRefund
from academy.payments.gateway import CheckoutTold, KnownPayment, RefundTold
from academy.payments.kinds import FindingKind, FindingState, NoticeState, PaymentState, SendState
from academy.payments.models import Finding, MoneyReturn, ReceivedNotice, Refund
from academy.payments.service import mending, returning
from tests import builders
from tests.payments.ground import PRICE, Till
from tests.payments.test_findings import HOUR, look, only, stray, turn, wrong_amount


@dataclass
class Desk:
    """The programme office with its till."""

    till: Till
    actor: Actor

    def press(self, act: Callable[..., bool], **words: Any) -> bool:
        with self.till.database.writing() as session:
            return act(session, actor=self.actor, code=only(self.till).code, now=self.till.now + HOUR, **words)

    def trail(self) -> list[tuple[str, Any]]:
        with self.till.database.reading() as session:
            entries = session.scalars(select(TrailEntry).where(TrailEntry.about == "finding").order_by(TrailEntry.number)).all()
        return [(each.act, each.person_id) for each in entries]


@pytest.fixture
def desk(till: Till) -> Desk:
    return open_desk(till)


def open_desk(till: Till) -> Desk:
    with till.database.writing() as session:
        office = accounts.register_organisation(session, slug="bureau", name="Bureau", kind=OrganisationKind.OFFICE)
        actor = builders.actor(session, till.now, email="bureau@voorbeeld.nl")
        add_membership(session, person_id=actor.person_id, organisation_id=office, role=Role.OFFICE)
    return Desk(till, actor)


def test_money_that_we_do_not_know_goes_back_once_and_is_not_found_again(desk: Desk, till: Till) -> None:
    stray(till)
    look(till)
    assert desk.press(mending.give_back) is True
    assert desk.press(mending.give_back) is False, "pressed twice"
    till.bank.is_slow_with_refunds = True
    till.work(till.now + 2 * HOUR)
    assert till.bank.moved("refund") == PRICE
    (returned,) = till.all(MoneyReturn)
    assert (returned.state, returned.amount) == (SendState.SENT, PRICE)
    till.bank.paid["payment_9"] = replace(till.bank.paid["payment_9"], refunded=FREE)  # the bank takes its time
    look(till, after=3 * HOUR)
    assert only(till).state is FindingState.GIVEN_BACK
    till.tell(RefundTold(returned.vendor_refund, returned.id, "payment_9", PRICE.cents, "done"))
    assert till.all(MoneyReturn)[0].state is SendState.DONE
    assert [each.state for each in till.all(ReceivedNotice)] == [NoticeState.DONE]
    assert desk.trail() == [("money-given-back", None)]
    assert till.holds() == {}, "it was in no book, and is in none now"


def test_what_was_paid_twice_goes_back_and_the_first_payment_stays(desk: Desk, till: Till) -> None:
    asked = till.buy()
    (known,) = till.bank.paid.values()
    till.bank.paid["payment_2"] = replace(known, vendor_payment="payment_2")
    till.tell(CheckoutTold("visit_2", asked.id, "paid", vendor_payment="payment_2", cents=PRICE.cents), notice_id="evt_2")
    look(till)
    assert only(till).kind is FindingKind.PAID_TWICE
    desk.press(mending.give_back)
    till.work(till.now + 2 * HOUR)
    assert (till.bank.paid["payment_2"].refunded, till.bank.paid[known.vendor_payment].refunded) == (PRICE, FREE)
    assert (till.row(asked).state, till.all(Refund), till.holds()) == (PaymentState.SETTLED, [], {"clearing": 24_500, "provider": -24_500})
    assert {each.id: each.state for each in till.all(ReceivedNotice)}["evt_2"] is NoticeState.IGNORED
    assert desk.trail() == [("money-given-back", till.payer.person_id)]


def test_eight_who_press_at_the_same_moment_send_it_back_once(desk: Desk, till: Till) -> None:
    stray(till)
    look(till)
    code, barrier = only(till).code, Barrier(8)

    def press(_number: int) -> bool:
        barrier.wait()
        while True:
            try:
                with till.database.writing() as session:
                    return mending.give_back(session, actor=desk.actor, code=code, now=till.now)
            except DatabaseBusy:
                continue

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(press, range(8)))
    assert sorted(done) == [False] * 7 + [True]
    assert len(till.all(MoneyReturn)) == len(desk.trail()) == 1


def test_a_wrong_amount_is_booked_only_when_the_bank_has_what_was_asked(desk: Desk, till: Till) -> None:
    vendor_payment = wrong_amount(till)
    look(till)
    code = only(till).code
    with pytest.raises(AmountStillWrong):
        mending.settle_after_all(actor=desk.actor, code=code, now=till.now)
    assert only(till).state is FindingState.OPEN
    assert desk.trail() == []
    ((visit, outcome),) = till.bank.visits.items()
    till.bank.visits[visit] = replace(outcome, amount=PRICE)
    assert mending.settle_after_all(actor=desk.actor, code=code, now=till.now) is True
    assert mending.settle_after_all(actor=desk.actor, code=code, now=till.now) is False
    assert only(till).state is FindingState.SETTLED
    assert till.holds() == {"clearing": 24_500, "provider": -24_500}
    assert till.news().count("payment-settled") == 1
    assert desk.trail() == [("payment-settled-after-all", till.payer.person_id)]
    with till.database.writing() as session, pytest.raises(NothingToRefund):
        returning.ask_return(session, vendor_payment=vendor_payment, amount=PRICE, now=till.now)


def test_what_came_by_another_way_is_booked_as_what_it_is(desk: Desk, till: Till) -> None:
    asked = till.ask()
    till.bank.paid["payment_9"] = KnownPayment("payment_9", asked.id, PRICE, FREE, till.now)
    look(till)
    with pytest.raises(NotForThisFinding):
        desk.press(mending.give_back)
    assert mending.settle_after_all(actor=desk.actor, code=only(till).code, now=till.now) is True
    assert (till.row(asked).state, till.row(asked).vendor_payment) == (PaymentState.SETTLED, "payment_9")
    look(till, after=2 * HOUR)
    assert only(till).state is FindingState.SETTLED


@pytest.mark.parametrize("what", ["refund", "transfer"])
def test_an_order_that_failed_goes_out_again_and_is_open_again_when_it_fails_again(desk: Desk, till: Till, what: str) -> None:
    till.connect()
    asked = till.buy()
    till.bank.refuses = {what}
    if what == "refund":
        till.give_back(asked, Money(100))
    till.work()
    turn(till)
    assert desk.press(mending.try_again) is True
    assert only(till).state is FindingState.TRIED_AGAIN
    till.work(till.now + HOUR)
    turn(till, after=2 * HOUR)
    assert only(till).state is FindingState.OPEN
    till.bank.refuses.clear()
    desk.press(mending.try_again)
    till.work(till.now + 3 * HOUR)
    turn(till, after=4 * HOUR)
    assert only(till).state is FindingState.TRIED_AGAIN
    assert till.bank.moved(what) == (Money(100) if what == "refund" else PRICE)
    assert [act for act, _person in desk.trail()] == ["bank-asked-again"] * 2


def test_money_that_could_not_be_sent_back_is_found_again_as_that(desk: Desk, till: Till) -> None:
    stray(till)
    look(till)
    desk.press(mending.give_back)
    till.bank.refuses.add("refund")
    till.work(till.now + HOUR)
    turn(till, after=2 * HOUR)
    open_now = [each for each in till.all(Finding) if each.state is FindingState.OPEN]
    assert [(each.kind, each.about, each.asked, each.problem) for each in open_now] == [
        (FindingKind.RETURN_FAILED, "payment_9", PRICE, "will not do it"),
    ]
    till.bank.refuses.clear()
    with till.database.writing() as session:
        mending.try_again(session, actor=desk.actor, code=open_now[0].code, now=till.now + 2 * HOUR)
    till.work(till.now + 3 * HOUR)
    assert till.bank.moved("refund") == PRICE


def test_a_notice_that_waits_is_looked_at_again_or_let_go(desk: Desk, till: Till) -> None:
    till.tell(CheckoutTold("visit_9", None, "paid", cents=1), notice_id="evt_9")
    turn(till, after=HOUR)
    desk.press(mending.try_again)
    till.work(till.now + HOUR)
    assert till.all(ReceivedNotice)[0].tries == 2
    turn(till, after=2 * HOUR)
    assert only(till).state is FindingState.OPEN
    assert desk.press(mending.close, reason="Uitgezocht") is True
    turn(till, after=3 * HOUR)
    assert (only(till).state, only(till).reason, till.all(ReceivedNotice)[0].state) == (FindingState.CLOSED, "Uitgezocht", NoticeState.IGNORED)
    assert desk.trail()[-1] == ("money-looked-at", None)


def test_a_refund_that_somebody_made_at_the_bank_of_money_that_we_do_not_know_waits_for_nobody(till: Till) -> None:
    stray(till)
    look(till)
    till.tell(RefundTold("refund_1", None, "payment_9", PRICE.cents, "done"), notice_id="evt_1")
    till.tell(RefundTold("refund_2", None, "payment_8", PRICE.cents, "done"), notice_id="evt_2")
    states = {each.id: each.state for each in till.all(ReceivedNotice)}
    assert states == {"evt_1": NoticeState.DONE, "evt_2": NoticeState.WAITING}


def test_nobody_but_the_programme_office_comes_near(desk: Desk, till: Till) -> None:
    stray(till)
    look(till)
    desk.actor = till.payer
    for act, words in ((mending.give_back, {}), (mending.try_again, {}), (mending.close, {"reason": "x"})):
        with pytest.raises(NotFound):
            desk.press(act, **words)
    with pytest.raises(NotFound):
        mending.settle_after_all(actor=till.payer, code=only(till).code, now=till.now)


def test_every_kind_has_a_way_out_beside_closing_or_is_about_what_the_bank_alone_knows() -> None:
    alone = set(FindingKind) - rules.MAY_GO_BACK - rules.MAY_BE_SETTLED - rules.MAY_BE_TRIED_AGAIN
    assert alone == {FindingKind.NOT_AT_BANK, FindingKind.AMOUNTS_DIFFER, FindingKind.REFUNDS_DIFFER}
