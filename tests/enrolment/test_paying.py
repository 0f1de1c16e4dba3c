"""From a price to a sure seat and back: who pays decides, the bank is asked before a seat goes on, and money never stays behind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import OfferingState
from academy.enrolment import queries, service
from academy.enrolment.errors import RequestNotFound
from academy.enrolment.events import EnrolmentConfirmed, HoldExpired, PaymentPromised, RefundDue
from academy.enrolment.kinds import EnrolmentState, WaitsFor, Why
from academy.enrolment.models import Enrolment
from academy.enrolment.queries import inbox
from academy.enrolment.service import admitting, leaving, paying, together
from academy.funding import api as funding
from academy.funding import service as funding_service
from academy.funding.errors import OwnShareChanged, VatUndecided
from academy.funding.kinds import Fallback, ShareState
from academy.funding.models import FundingShare, ProviderTax
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.payments import api as payments
from academy.payments.api import PaymentState
from academy.payments.kinds import CheckoutState
from academy.payments.models import Checkout, Payment, Refund
from tests.enrolment.desk import Desk, listen, open_desk
from tests.funding import money as funders

PRICE = Money(245_00)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SURE, HELD, EXPIRED = EnrolmentState.CONFIRMED, EnrolmentState.HELD, EnrolmentState.EXPIRED


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(EnrolmentConfirmed, HoldExpired, PaymentPromised, RefundDue)
    funding_service.forget_rules()


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    """Return a class of one seat that costs money."""
    return open_desk(database, now, seats=1, price=PRICE.cents)


def _fund(desk: Desk, **terms: Any) -> funders.Source:
    with desk.database.writing() as session:
        found = funders.source(session, desk.now, **terms)
    funding_service.forget_rules()
    return found


def _visit(desk: Desk, code: str) -> None:
    """Let the learner be at the bank."""
    with desk.database.writing() as session:
        session.add(Checkout(
            id=new_id(), payment_id=desk.payment(code).id, vendor_session=f"visit-{code}", url="https://bank.example/", state=CheckoutState.OPEN,
            started_at=desk.now, expires_at=desk.now + HOUR,
        ))


def _time_is_up(desk: Desk, *, after: timedelta = HOUR) -> datetime:
    late = desk.now + after
    desk.run(service.expire_due, now=late)
    desk.news_arrives(now=late)
    return late


def _refunds(desk: Desk) -> list[int]:
    """Return what goes back by the bank, in cents."""
    with desk.database.reading() as session:
        return [amount.cents for amount in session.scalars(select(Refund.amount).order_by(Refund.id))]


def _shares(desk: Desk) -> list[tuple[int, ShareState]]:
    with desk.database.reading() as session:
        rows = session.execute(select(FundingShare.amount, FundingShare.state).order_by(FundingShare.seat_id, FundingShare.position))
        return [(amount.cents, state) for amount, state in rows]


def _standing(desk: Desk, code: str) -> tuple[EnrolmentState, WaitsFor | None]:
    row = desk.row(code)
    return row.state, row.waits_for


# To a sure seat


def test_who_confirms_pays_at_once_and_has_the_seat_when_the_bank_says_so(desk: Desk) -> None:
    code = desk.ask(desk.learner())
    assert (_standing(desk, code), desk.row(code).until) == ((HELD, WaitsFor.PAYMENT), desk.now + HOUR)
    payment = desk.payment(code)
    assert (payment.amount, payment.supplier_id, payment.pay_until) == (PRICE, desk.provider_id, desk.now + HOUR)
    assert "Netwerkbeheer" in payment.description
    desk.pay(code)
    assert desk.row(code).state is SURE
    assert _shares(desk) == [(PRICE.cents, ShareState.PAID)]
    assert (desk.news(EnrolmentConfirmed), desk.news(RefundDue), desk.taken()) == (1, 0, 1)


def test_confirming_twice_opens_one_payment(desk: Desk) -> None:
    learner = desk.learner()
    code = desk.ask(learner)
    with desk.database.writing() as session:
        assert service.confirm(session, actor=learner, code=code, now=desk.now + MINUTE) is HELD
    with desk.database.reading() as session:
        assert len(session.scalars(select(Payment.id)).all()) == 1


def test_a_seat_whose_vat_nobody_decided_is_not_kept(desk: Desk) -> None:
    with desk.database.writing() as session:
        session.execute(update(ProviderTax).values(from_on=desk.now.date() + timedelta(days=400)))
    funding_service.forget_rules()
    with pytest.raises(VatUndecided):
        desk.ask(desk.learner())
    assert desk.taken() == 0


def test_who_would_pay_more_than_was_shown_is_not_enrolled(desk: Desk) -> None:
    learner = desk.learner()
    with desk.database.writing() as session:
        mine = service.hold_seat(session, actor=learner, offering_code=desk.code, request_key=None, now=desk.now)
    with pytest.raises(OwnShareChanged), desk.database.writing() as session:
        service.confirm(session, actor=learner, code=mine, most_own=PRICE - Money(1), now=desk.now)
    assert _standing(desk, mine) == (HELD, WaitsFor.LEARNER)
    assert _shares(desk) == []


def test_a_provider_says_nothing_of_money_that_the_bank_tells_of(desk: Desk) -> None:
    code = desk.ask(desk.learner())
    with desk.database.reading() as session:
        assert inbox.inbox(session, desk.planner, "windesheim", now=desk.now).rows == ()
    with pytest.raises(RequestNotFound):
        desk.do(admitting.confirm_payment, code=code)


# Others who pay


def test_what_a_fund_pays_whole_makes_the_seat_sure_at_once(desk: Desk) -> None:
    _fund(desk, percentage=100_00)
    code = desk.ask(desk.learner())
    assert desk.row(code).state is SURE
    assert _shares(desk) == [(PRICE.cents, ShareState.APPROVED)]


def test_who_pays_along_decides_first_and_then_the_learner_has_three_days(desk: Desk) -> None:
    fund = _fund(desk, needs_approval=True)
    code = desk.ask(desk.learner())
    assert (_standing(desk, code), desk.row(code).until) == ((HELD, WaitsFor.EMPLOYER), desk.now + timedelta(days=7))
    assert desk.news(PaymentPromised) == 0
    later = desk.now + timedelta(days=2)
    with desk.database.writing() as session:
        share_id = session.scalars(select(FundingShare.id).where(FundingShare.source_id == fund.id)).one()
        funding_service.approve_share(session, actor=fund.keeper, share_id=share_id, now=later)
    desk.news_arrives(now=later)
    assert (_standing(desk, code), desk.row(code).until) == ((HELD, WaitsFor.PAYMENT), later + timedelta(days=3))
    assert (desk.payment(code).amount, desk.news(PaymentPromised)) == (Money(122_50), 1)
    desk.pay(code, now=later)
    assert desk.row(code).state is SURE


@pytest.mark.parametrize(("fallback", "standing", "own"), [
    (Fallback.LEARNER, (HELD, WaitsFor.PAYMENT), PRICE), (Fallback.NOBODY, (EXPIRED, None), None),
])
def test_who_does_not_answer_in_time_says_no_and_the_one_pays_who_agreed_to(
    desk: Desk, fallback: Fallback, standing: tuple[EnrolmentState, WaitsFor | None], own: Money | None,
) -> None:
    _fund(desk, needs_approval=True, fallback=fallback)
    code = desk.ask(desk.learner())
    late = _time_is_up(desk, after=timedelta(days=7))
    assert _standing(desk, code) == (HELD, WaitsFor.EMPLOYER), "the seat waits until it is known who pays"
    desk.run(funding_service.lapse_due, now=late)
    desk.news_arrives(now=late)
    assert _standing(desk, code) == standing
    assert desk.taken() == (0 if own is None else 1)
    if own is not None:
        assert desk.payment(code).amount == own


# When the time to pay is up


def test_a_seat_nobody_pays_goes_to_the_next_and_its_payment_ends(desk: Desk) -> None:
    code = desk.ask(desk.learner())
    _time_is_up(desk)
    assert (desk.row(code).state, desk.taken()) == (EXPIRED, 0)
    assert desk.payment(code).state is PaymentState.ENDED
    assert (_shares(desk), _refunds(desk)) == ([(PRICE.cents, ShareState.RELEASED)], [])
    assert desk.news(HoldExpired) == 1
    assert desk.row(desk.ask(desk.learner("Noor"), now=desk.now + HOUR)).waits_for is WaitsFor.PAYMENT


def test_who_is_at_the_bank_keeps_the_seat_until_the_bank_answers(desk: Desk) -> None:
    code = desk.ask(desk.learner())
    _visit(desk, code)
    late = _time_is_up(desk)
    for minutes in range(1, 4):  # the bank does not answer
        assert (_standing(desk, code), desk.row(code).until) == ((HELD, WaitsFor.PAYMENT), late + minutes * MINUTE)
        assert desk.payment(code).state is PaymentState.CLOSING
        desk.run(service.expire_due, now=late + minutes * MINUTE)
    assert (desk.taken(), desk.news(HoldExpired)) == (1, 0)


def test_what_is_paid_in_the_last_second_is_a_seat(desk: Desk) -> None:
    code = desk.ask(desk.learner())
    _visit(desk, code)
    late = _time_is_up(desk)
    desk.pay(code, now=late)
    assert desk.row(code).state is SURE
    assert (desk.taken(), desk.news(RefundDue), _refunds(desk)) == (1, 0, [])


def test_what_is_settled_and_not_yet_heard_of_keeps_the_seat(desk: Desk) -> None:
    code = desk.ask(desk.learner())
    with desk.database.writing() as session:
        session.execute(update(Payment).values(state=PaymentState.SETTLED, settled_at=desk.now))
    _time_is_up(desk)
    assert _standing(desk, code) == (HELD, WaitsFor.PAYMENT)


def test_without_asking_the_bank_a_seat_is_lost_that_is_being_paid(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the two before this."""
    monkeypatch.setattr(paying, "may_come", lambda *_args, **_more: False)
    code = desk.ask(desk.learner())
    _visit(desk, code)
    _time_is_up(desk)
    assert (desk.row(code).state, desk.taken()) == (EXPIRED, 0)


def test_when_the_bank_says_that_nothing_was_paid_the_seat_goes_on_at_once(desk: Desk) -> None:
    code = desk.ask(desk.learner())
    _visit(desk, code)
    late, closing = _time_is_up(desk), desk.payment(code).id
    with desk.database.writing() as session:
        session.execute(update(Checkout).values(state=CheckoutState.EXPIRED))
        assert payments.close_payment(session, payment_id=closing, now=late)
    desk.news_arrives(now=late)
    assert (desk.row(code).state, desk.taken()) == (EXPIRED, 0)


def test_money_after_the_end_takes_a_free_seat_again(desk: Desk) -> None:
    code = desk.ask(desk.learner())
    late = _time_is_up(desk)
    desk.pay(code, now=late)
    with desk.database.reading() as session:
        (again,) = session.scalars(select(Enrolment).where(Enrolment.state == SURE)).all()
    assert again.seat_id == desk.row(code).id
    assert (_shares(desk), _refunds(desk)) == ([(PRICE.cents, ShareState.PAID)], [])
    assert desk.taken() == 1


def test_money_after_the_end_goes_back_whole_when_the_seat_is_gone(desk: Desk) -> None:
    code = desk.ask(desk.learner())
    late = _time_is_up(desk)
    desk.ask(desk.learner("Noor"), now=late)
    desk.pay(code, now=late)
    assert desk.row(code).state is EXPIRED
    assert (_refunds(desk), desk.news(RefundDue), desk.taken()) == ([PRICE.cents], 1, 1)


# Leaving


def _cancel(desk: Desk, learner: Any, code: str) -> None:
    with desk.database.writing() as session:
        service.cancel(session, actor=learner, code=code, now=desk.now + MINUTE)


def _call_off(desk: Desk, _learner: Any, _code: str) -> None:
    offering_id = desk.offering().id
    desk.set_offering(state=OfferingState.CANCELLED)
    desk.run(leaving.withdraw_seats, offering_id=offering_id)


@pytest.mark.parametrize("leave", [_cancel, _call_off])
def test_who_paid_and_leaves_or_is_left_gets_all_of_it_back(desk: Desk, leave: Callable[..., None]) -> None:
    learner = desk.learner()
    code = desk.ask(learner)
    desk.pay(code)
    leave(desk, learner, code)
    desk.news_arrives()
    assert (_refunds(desk), _shares(desk)) == ([PRICE.cents], [(PRICE.cents, ShareState.RECLAIMED)])


@pytest.mark.parametrize("leave", [_cancel, _call_off])
def test_who_leaves_or_is_left_before_paying_can_not_pay_any_more(desk: Desk, leave: Callable[..., None]) -> None:
    learner = desk.learner()
    code = desk.ask(learner)
    leave(desk, learner, code)
    desk.news_arrives()
    assert (desk.payment(code).state, _refunds(desk)) == (PaymentState.ENDED, [])
    assert _shares(desk) == [(PRICE.cents, ShareState.RELEASED)]


def test_money_that_comes_for_a_seat_that_was_given_back_goes_back(desk: Desk) -> None:
    learner = desk.learner()
    code = desk.ask(learner)
    _visit(desk, code)
    _cancel(desk, learner, code)
    desk.pay(code)
    assert desk.row(code).state is EnrolmentState.CANCELLED
    assert _refunds(desk) == [PRICE.cents]


def test_giving_back_twice_gives_back_once(desk: Desk) -> None:
    learner = desk.learner()
    code = desk.ask(learner)
    desk.pay(code)
    _cancel(desk, learner, code)
    desk.news_arrives()
    for _time in range(2):
        desk.run(leaving.give_back, enrolment_id=desk.row(code).id, owed=FREE)
    assert _refunds(desk) == [PRICE.cents]


def test_a_budget_is_whole_again_after_who_it_paid_for_left(desk: Desk) -> None:
    fund = _fund(desk)
    learner = desk.learner()
    code = desk.ask(learner)
    desk.pay(code)
    _cancel(desk, learner, code)
    desk.news_arrives()
    assert _refunds(desk) == [122_50], "each gets their own back"
    with desk.database.reading() as session:
        quote = funding.quote_of_person(
            session, person_id=learner.person_id, found=_found(session, desk), is_business=False, now=desk.now,
        )
    assert [(part.source_id, part.amount) for part in quote.parts] == [(fund.id, Money(122_50))]


def _found(session: Session, desk: Desk) -> Any:
    return catalogue.offering_for_enrolment(session, desk.code)


def test_who_passes_a_seat_on_gets_nothing_back_until_the_other_leaves(desk: Desk) -> None:
    sam = desk.learner()
    code = desk.ask(sam)
    desk.pay(code)
    with desk.database.writing() as session:
        new = together.send_substitute(
            session, actor=sam, code=code, name="Noor", email="noor@voorbeeld.nl", language="nl", now=desk.now + MINUTE,
        )
    desk.news_arrives()
    assert (_refunds(desk), desk.row(new).state, desk.row(new).seat_id) == ([], SURE, desk.row(code).id)
    with desk.database.writing() as session:
        facts = queries.enrolment(session, desk.row(new).id)
        assert facts is not None
        assert leaving.end(session, facts, EnrolmentState.CANCELLED, why=Why.GIVEN_BACK, by=None, now=desk.now)
        leaving.announce_refund(session, facts.id, facts.of.offering.price, owed=FREE)
    desk.news_arrives()
    assert _refunds(desk) == [PRICE.cents]
    assert desk.payment(new).payer.person_id == sam.person_id
