"""An employer answers by the link in a letter: who may promise what for which firm, exact to the cent, once.

    mutation                                                   red
    `_firm` takes any mailbox for a firm that has owners       a stranger's yes is an invoice to a firm that knows of nothing
    `_note` without its WHERE on the state                     the second click answers as well
    `ask_wanted` counts no attempts                            a learner writes to all the world
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import OrganisationKind, Role
from academy.accounts.errors import TooManyAttempts
from academy.accounts.models import Organisation
from academy.funding import queries, service
from academy.funding.drafts import EmployerAnswer, FirmDraft
from academy.funding.errors import AskAnswered, AskChanged, AskGone, OwnShareChanged, TooMuchUnpaid
from academy.funding.events import EmployerAnswered, EmployerAsked, SeatDecided, SeatUnfunded
from academy.funding.kinds import AskState, Fallback, ShareState, SourceKind
from academy.funding.models import EmployerAsk, FundingShare
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.kernel.outbox import Event, OutboxMessage, subscribe
from academy.payments import api as payments
from tests import builders
from tests.funding import money
from tests.funding.money import Seat

DAY = timedelta(days=1)
BAKERY = FirmDraft("Bakkerij Jansen", "12345678", "Dorpsstraat 1", "1315 AA", "Almere")
YES = EmployerAnswer(AskState.APPROVED, money.PRICE, "Kim Jansen", firm=BAKERY)
PART = replace(YES, state=AskState.PART, amount=Money(33_33))
NO = EmployerAnswer(AskState.REFUSED, money.PRICE, reason="Dit jaar niet.")


@pytest.fixture(autouse=True)
def _heard() -> None:
    for event in (EmployerAsked, EmployerAnswered, SeatDecided, SeatUnfunded):
        subscribe(f"letter-test.{event.name}", event, inside=lambda *_: None)


def told(session: Session, event: type[Event]) -> list[Any]:
    """Return what was announced to the listener of these tests."""
    heard = select(OutboxMessage.payload).where(OutboxMessage.subscriber == f"letter-test.{event.name}").order_by(OutboxMessage.id)
    return list(session.scalars(heard))


def ask(session: Session, now: datetime, one: Seat, *, email: str = "baas@bakkerij.example") -> UUID:
    """Let the learner of a seat ask an employer; returns the id in the letter."""
    service.want_employer(session, seat_id=one.id, person_id=one.person_id, email=email, why="Voor mijn werk", language="nl", now=now)
    money.reserve(session, now, one)
    assert service.ask_wanted(session, seat_id=one.id, now=now) is not None
    return session.scalars(select(EmployerAsk.id).where(EmployerAsk.seat_id == one.id, EmployerAsk.state == AskState.ASKED)).one()


def answer(session: Session, now: datetime, ask_id: UUID | None, said: EmployerAnswer) -> AskState:
    return service.answer_ask(session, ask_id=ask_id, answer=said, now=now)


def firm(session: Session, now: datetime, email: str = "eigenaar@bakkerij.example") -> UUID:
    """Return the firm with the number of the bakery, of which somebody here is the owner."""
    firm_id = accounts.register_organisation(session, slug="bakkerij", name="De echte bakkerij", kind=OrganisationKind.EMPLOYER)
    session.get_one(Organisation, firm_id).kvk_number = BAKERY.kvk_number
    accounts.add_membership(session, person_id=builders.person(session, now, email=email), organisation_id=firm_id, role=Role.OWNER)
    session.flush()
    return firm_id


def test_a_yes_promises_the_whole_and_the_seat_goes_on(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    ask_id = ask(session, now, one)
    assert money.split(session, one).waits_until == now + 7 * DAY
    assert answer(session, now, ask_id, YES) is AskState.APPROVED
    assert money.states(session, one) == [("employer", 100_00, "approved"), ("learner", 100_00, "released")]
    assert money.split(session, one).own == FREE
    assert (len(told(session, SeatDecided)), len(told(session, EmployerAnswered))) == (1, 1)
    assert money.adds_up(session)


def test_the_firm_is_asked_once_and_its_invoice_says_who_agreed(session: Session, now: datetime) -> None:
    first = money.seat(session, now)
    answer(session, now, ask(session, now, first), YES)
    second = money.another(session, now, first)
    ask_id = ask(session, now, second)
    answer(session, now, ask_id, replace(YES, firm=None))
    payers = {share.organisation_id for one in (first, second) for share in money.split(session, one).shares if share.organisation_id}
    assert len(payers) == 1
    details = payments.billing_details_of(session, payers.pop())
    assert details is not None
    assert (details.party.name, details.party.kvk_number, details.party.email) == ("Bakkerij Jansen", "12345678", "baas@bakkerij.example")
    assert details.purchase_order == "Akkoord: Kim Jansen"


def test_a_firm_that_nobody_has_an_account_for_keeps_nobody_from_starting_it(session: Session, now: datetime) -> None:
    answer(session, now, ask(session, now, money.seat(session, now)), YES)
    assert accounts.organisation_with_kvk(session, BAKERY.kvk_number) is None


def test_a_mailbox_that_a_firm_does_not_know_promises_nothing_for_it(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    firm_id = firm(session, now)
    ask_id = ask(session, now, one, email="tweede-adres-van-lee@mail.example")
    assert answer(session, now, ask_id, YES) is AskState.PASSED_ON
    assert money.states(session, one) == [("learner", 100_00, "reserved")]
    again = session.scalars(select(EmployerAsk).where(EmployerAsk.follows_id == ask_id)).one()
    assert (again.email, again.organisation_id, again.until) == ("eigenaar@bakkerij.example", firm_id, now + 7 * DAY)
    assert [each["ask_id"] for each in told(session, EmployerAsked)] == [str(ask_id), str(again.id)]
    with pytest.raises(AskAnswered):
        answer(session, now, ask_id, YES)
    assert answer(session, now, again.id, YES) is AskState.APPROVED
    assert money.split(session, one).shares[0].organisation_id == firm_id


def test_who_acts_for_a_firm_decides_for_it_at_once(session: Session, now: datetime) -> None:
    firm_id = firm(session, now)
    one = money.seat(session, now)
    assert answer(session, now, ask(session, now, one, email="eigenaar@bakkerij.example"), YES) is AskState.APPROVED
    assert money.split(session, one).shares[0].organisation_id == firm_id


def test_two_mailboxes_that_name_one_unknown_firm_each_get_their_own_invoice(session: Session, now: datetime) -> None:
    first = money.seat(session, now)
    second = money.another(session, now, first)
    for one, email in ((first, "a@bakkerij.example"), (second, "b@mail.example")):
        answer(session, now, ask(session, now, one, email=email), YES)
    assert money.split(session, first).shares[0].organisation_id != money.split(session, second).shares[0].organisation_id


def test_a_firm_without_an_account_owes_for_five_seats_at_most(session: Session, now: datetime) -> None:
    first = money.seat(session, now)
    for number in range(5):
        answer(session, now, ask(session, now, first if not number else money.another(session, now, first)), YES)
    with pytest.raises(TooMuchUnpaid):
        answer(session, now, ask(session, now, money.another(session, now, first)), YES)


def test_a_part_waits_for_the_learner_who_agrees_before_anything_is_charged(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    late = now + 6 * DAY
    answer(session, late, ask(session, now, one), PART)
    assert money.states(session, one) == [("employer", 33_33, "approved"), ("learner", 66_67, "reserved")]
    assert money.split(session, one).waits_until == late + 3 * DAY
    assert told(session, SeatDecided) == []
    with pytest.raises(OwnShareChanged):
        service.pay_oneself(session, seat_id=one.id, most_own=Money(66_66), now=late)
    service.pay_oneself(session, seat_id=one.id, most_own=Money(66_67), now=late)
    assert (money.split(session, one).waits_until, len(told(session, SeatDecided))) == (None, 1)
    assert money.adds_up(session)


@pytest.mark.parametrize("said", [PART, NO], ids=["part", "no"])
def test_who_does_not_agree_has_no_seat_and_nobody_owes_anything(session: Session, now: datetime, said: EmployerAnswer) -> None:
    one = money.seat(session, now)
    answer(session, now, ask(session, now, one), said)
    assert service.lapse_due(session, now=now + 7 * DAY) == 1
    assert {state for _kind, _amount, state in money.states(session, one)} == {"released"}
    assert (len(told(session, SeatUnfunded)), told(session, SeatDecided)) == (1, [])
    assert service.lapse_due(session, now=now + 8 * DAY) == 0


def test_a_no_keeps_its_reason_and_lets_the_learner_pay(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    answer(session, now, ask(session, now, one), NO)
    found = queries.ask_of_seat(session, one.id)
    assert found is not None
    assert (found.reason, found.waits_for_learner, found.organisation_id) == ("Dit jaar niet.", True, None)
    service.pay_oneself(session, seat_id=one.id, most_own=money.PRICE, now=now)
    assert money.states(session, one) == [("learner", 100_00, "reserved")]


def test_nobody_answers_and_after_a_week_the_seat_is_given_back(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    ask_id = ask(session, now, one)
    with pytest.raises(AskAnswered):
        answer(session, now + 7 * DAY, ask_id, YES)
    assert service.lapse_due(session, now=now + 7 * DAY) == 1
    assert money.states(session, one) == [("learner", 100_00, "released")]


def test_who_does_not_want_to_wait_pays_and_the_letter_decides_nothing_any_more(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    ask_id = ask(session, now, one)
    service.pay_oneself(session, seat_id=one.id, most_own=money.PRICE, now=now)
    with pytest.raises(AskAnswered):
        answer(session, now, ask_id, YES)
    with pytest.raises(AskAnswered):
        service.pay_oneself(session, seat_id=one.id, most_own=money.PRICE, now=now)


def test_a_seat_that_was_given_back_is_nothing_to_pay_for(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    ask_id = ask(session, now, one)
    service.end_seat(session, one.id, owed=FREE, now=now)
    with pytest.raises(AskAnswered):
        answer(session, now, ask_id, YES)


def test_a_link_of_nobody_opens_nothing(session: Session, now: datetime) -> None:
    for ask_id in (None, new_id()):
        with pytest.raises(AskGone):
            answer(session, now, ask_id, YES)


def test_what_became_another_amount_is_shown_again(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    fund = money.source(session, now, needs_approval=True, fallback=Fallback.LEARNER)
    ask_id = ask(session, now, one)
    half = replace(YES, shown=Money(50_00))
    share = next(each for each in money.split(session, one).shares if each.organisation_id == fund.owner_id)
    service.refuse_share(session, actor=fund.keeper, share_id=share.id, reason="Op", now=now)
    assert told(session, SeatDecided) == [], "the employer has not answered yet"
    with pytest.raises(AskChanged):
        answer(session, now, ask_id, half)
    answer(session, now, ask_id, YES)
    assert money.split(session, one).own == FREE
    assert money.adds_up(session)


@pytest.mark.parametrize("amount", [FREE, money.PRICE, Money(100_01), None])
def test_a_part_is_more_than_nothing_and_less_than_all(session: Session, now: datetime, amount: Money | None) -> None:
    one = money.seat(session, now)
    ask_id = ask(session, now, one)
    with pytest.raises(AskChanged):
        answer(session, now, ask_id, replace(PART, amount=amount))


def test_a_seat_goes_on_only_when_the_fund_has_answered_too(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    fund = money.source(session, now, needs_approval=True)
    ask_id = ask(session, now, one)
    answer(session, now, ask_id, replace(YES, shown=Money(50_00)))
    assert told(session, SeatDecided) == []
    share = next(each for each in money.split(session, one).shares if each.organisation_id == fund.owner_id)
    service.approve_share(session, actor=fund.keeper, share_id=share.id, now=now)
    assert len(told(session, SeatDecided)) == 1


def test_what_a_firm_agreed_to_by_letter_is_not_made_more_by_a_rule(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    fund = money.source(session, now, needs_approval=True, fallback=Fallback.EMPLOYER)
    answer(session, now, ask(session, now, one), replace(YES, shown=Money(50_00)))
    share = next(each for each in money.split(session, one).shares if each.organisation_id == fund.owner_id)
    service.refuse_share(session, actor=fund.keeper, share_id=share.id, reason="Op", now=now)
    assert {state for _kind, _amount, state in money.states(session, one)} == {"released"}


def test_it_is_reminded_on_day_two_and_on_day_five_and_never_again(session: Session, now: datetime) -> None:
    ask(session, now, money.seat(session, now))
    sent = []
    for hours in range(0, 8 * 24, 6):
        while service.remind_due(session, now=now + timedelta(hours=hours)):
            pass
        sent.append((hours // 24, len(told(session, EmployerAsked)) - 1))
    assert [next(day for day, count in sent if count == number) for number in (1, 2)] == [2, 5]
    assert sent[-1][1] == 2
    assert [each["reminder"] for each in told(session, EmployerAsked)] == [0, 1, 2]


def test_a_worker_that_stood_still_sends_one_reminder_and_not_two(session: Session, now: datetime) -> None:
    ask(session, now, money.seat(session, now))
    while service.remind_due(session, now=now + 6 * DAY):
        pass
    assert [each["reminder"] for each in told(session, EmployerAsked)] == [0, 2]


def test_who_answered_is_not_reminded(session: Session, now: datetime) -> None:
    answer(session, now, ask(session, now, money.seat(session, now)), NO)
    assert service.remind_due(session, now=now + 3 * DAY) == 0


def test_a_learner_writes_to_five_employers_a_day(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    for _each in range(5):
        service.want_employer(session, seat_id=new_id(), person_id=one.person_id, email="x@voorbeeld.nl", why="x", language="nl", now=now)
    with pytest.raises(TooManyAttempts):
        service.want_employer(session, seat_id=new_id(), person_id=one.person_id, email="x@voorbeeld.nl", why="x", language="nl", now=now)


def test_a_seat_that_ends_after_it_was_agreed_to_releases_what_the_employer_promised(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    answer(session, now, ask(session, now, one), YES)
    service.confirm_seat(session, one.id, now)
    service.end_seat(session, one.id, owed=FREE, now=now)
    assert money.states(session, one) == [("employer", 100_00, "released"), ("learner", 100_00, "released")]


def test_the_employer_of_a_sure_seat_is_invoiced_for_its_part(session: Session, now: datetime) -> None:
    one = money.seat(session, now, is_in_crkbo=False)
    answer(session, now, ask(session, now, one), PART)
    shares = money.split(session, one).shares
    assert sum(share.amount.cents for share in shares) == money.PRICE.cents
    assert sum(share.vat.cents for share in shares) == money.split(session, one).vat.amount.cents


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, 5_000_00), st.integers(0, 10_000), st.floats(0, 1), st.booleans(), st.lists(st.sampled_from(["agree", "lapse", "end", "confirm"]), max_size=3))
def test_shares_are_the_price_whatever_part_is_paid_and_whatever_comes_of_it(
    session: Session, now: datetime, price: int, percentage: int, part: float, is_taxed: bool, acts: list[str],
) -> None:
    with session.begin_nested() as undone:
        one = money.seat(session, now, price=Money(price), is_in_crkbo=not is_taxed, email=f"{new_id().hex}@voorbeeld.nl")
        if percentage:
            money.source(session, now, slug=f"fonds-{new_id().hex}", percentage=percentage, budget=Money(9_000_00))
        service.want_employer(session, seat_id=one.id, person_id=one.person_id, email=f"{new_id().hex}@b.example", why="x", language="nl", now=now)
        own = money.reserve(session, now, one).own
        if own.cents >= 2:
            service.ask_wanted(session, seat_id=one.id, now=now)
            ask_id = session.scalars(select(EmployerAsk.id).where(EmployerAsk.seat_id == one.id)).one()
            amount = Money(1 + int(part * (own.cents - 2)))
            answer(session, now, ask_id, replace(PART, shown=own, amount=amount))
            _adds_up(session, one)
            for act in acts:
                _do(session, now, one, act, own - amount)
                _adds_up(session, one)
        assert money.adds_up(session)
        undone.rollback()


def _do(session: Session, now: datetime, one: Seat, act: str, own: Money) -> None:
    if act == "agree" and queries.own_share_of(queries.locked_shares(session, one.id)):
        service.pay_oneself(session, seat_id=one.id, most_own=own, now=now)
    elif act == "lapse":
        service.lapse_due(session, now=now + 8 * DAY)
    elif act == "end":
        service.end_seat(session, one.id, owed=FREE, now=now)
    elif act == "confirm":
        service.confirm_seat(session, one.id, now)


def _adds_up(session: Session, one: Seat) -> None:
    found = money.split(session, one)
    live = [share for share in found.shares if share.state is not ShareState.RELEASED]
    assert sum(share.amount.cents for share in live) == (0 if found.ended_at else found.price.cents)
    if not found.ended_at:
        assert sum(share.vat.cents for share in live) == found.vat.amount.cents
    assert all(FREE <= share.vat <= share.amount for share in live)


def test_every_kind_of_share_is_somebodys(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    answer(session, now, ask(session, now, one), PART)
    rows = session.scalars(select(FundingShare).where(FundingShare.seat_id == one.id).order_by(FundingShare.position)).all()
    assert [(row.kind, row.position) for row in rows] == [(SourceKind.EMPLOYER, 1), (SourceKind.LEARNER, 2)], "the learner is the first to get money back"
