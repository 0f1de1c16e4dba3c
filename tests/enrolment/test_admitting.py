"""A provider answers who wants in: one screen, a clock of working hours, and money that never leaves anybody without seat and without refund."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Role
from academy.accounts.models import TrailEntry
from academy.catalogue import api as catalogue
from academy.catalogue.models import OfferingState
from academy.enrolment import queries, service
from academy.enrolment.errors import EnrolmentNotFound, RequestAnswered, RequestNotFound
from academy.enrolment.events import AdmissionRefused, EnrolmentConfirmed, PaymentPromised, RefundDue, SeatOffered
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.models import Enrolment, SeatPool
from academy.enrolment.pages import inbox as pages
from academy.enrolment.queries import inbox
from academy.enrolment.service import admitting
from academy.enrolment.service.admitting import Settlement
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from tests.catalogue.workplace import open_at
from tests.enrolment.desk import A_WEEK, SLUG, Desk, listen, open_desk
from tests.enrolment.races import at_the_same_time

MBO4 = catalogue.LevelReached("4")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(AdmissionRefused, EnrolmentConfirmed, PaymentPromised, RefundDue, SeatOffered)


def _asked(database: Database, now: datetime, *, is_business: bool = False, **about: Any) -> tuple[Desk, str]:
    desk = open_desk(database, now, asks=MBO4, **about)
    return desk, desk.ask(desk.learner(), statement="Ik werk al tien jaar met netwerken.", is_business=is_business)


def _promised(database: Database, now: datetime, *, seats: int = 1) -> tuple[Desk, str]:
    """Return a class of which a seat was promised to be paid to the provider."""
    desk = open_desk(database, now, seats=seats, price=24500)
    return desk, desk.ask(desk.learner(), is_business=True)


def _expire(desk: Desk) -> datetime:
    """Let the time to pay run out; returns when."""
    late = desk.now + A_WEEK
    desk.run(service.expire_due, now=late)
    return late


def _wait(desk: Desk, name: str = "Noor") -> str:
    learner = desk.learner(name)
    with desk.database.writing() as session:
        return service.join_waiting_list(
            session, actor=learner, offering_code=desk.code, when_can_you=["tue-evening"], most_price=None, request_key=new_id(), now=desk.now,
        )


# Admission


def test_who_is_admitted_to_a_free_class_is_in_it_and_hears_that(database: Database, now: datetime) -> None:
    desk, code = _asked(database, now)
    assert desk.row(code).waits_for is WaitsFor.PROVIDER
    assert desk.do(admitting.admit, code=code) is EnrolmentState.CONFIRMED
    row = desk.row(code)
    assert (row.state, row.until, row.confirmed_at) == (EnrolmentState.CONFIRMED, None, now)
    assert desk.why(code) == ["asked", "admission-asked", "admitted"]
    assert desk.news(EnrolmentConfirmed) == 1


@pytest.mark.parametrize(("is_business", "time"), [(False, timedelta(days=3)), (True, A_WEEK)])
def test_who_is_admitted_to_a_priced_class_has_three_days_to_pay_and_an_organisation_a_week(
    database: Database, now: datetime, is_business: bool, time: timedelta,
) -> None:
    desk, code = _asked(database, now, price=24500, is_business=is_business)
    later = now + timedelta(days=2)
    assert desk.do(admitting.admit, code=code, now=later) is EnrolmentState.HELD
    assert (desk.row(code).waits_for, desk.row(code).until, desk.news(PaymentPromised)) == (WaitsFor.PAYMENT, later + time, 1)


def test_who_is_not_admitted_reads_why_and_the_seat_goes_to_the_first_in_line(database: Database, now: datetime) -> None:
    desk, code = _asked(database, now, seats=1)
    next_one = _wait(desk)
    desk.do(admitting.refuse, code=code, reason="Volg eerst de module Netwerken 1.")
    assert desk.row(code).state is EnrolmentState.REFUSED
    assert desk.row(next_one).state is EnrolmentState.OFFERED
    assert desk.taken() == 1
    assert (desk.news(AdmissionRefused), desk.news(SeatOffered)) == (1, 1)
    with database.reading() as session:
        assert inbox.reason_for(session, desk.row(code).id) == "Volg eerst de module Netwerken 1."


@pytest.mark.parametrize("again", [admitting.admit, admitting.refuse])
def test_what_was_answered_is_not_answered_again(database: Database, now: datetime, again: Callable[..., object]) -> None:
    desk, code = _asked(database, now, price=24500)
    desk.do(admitting.admit, code=code)
    more = {"reason": "Toch niet."} if again is admitting.refuse else {}
    with pytest.raises(RequestAnswered):
        desk.do(again, code=code, **more)
    assert desk.row(code).state is EnrolmentState.HELD
    assert desk.taken() == 1


@pytest.mark.parametrize(("role", "admits", "is_told_of_money"), [
    (Role.OWNER, True, True), (Role.PLANNER, True, True), (Role.EXAM_BOARD, True, False), (Role.EDITOR, False, True),
    (Role.TEACHER, False, False), (Role.READER, False, False), (Role.ASSESSOR, False, False),
])
def test_who_answers_is_the_owner_the_planner_and_for_admission_the_exam_board(
    database: Database, now: datetime, role: Role, admits: bool, is_told_of_money: bool,
) -> None:
    desk, code = _asked(database, now)
    person = desk.member(role)
    seen: list[str] = []
    with database.reading() as session:
        if admits or is_told_of_money:
            seen = [row.code for row in inbox.inbox(session, person, SLUG, now=now).rows]
        else:
            with pytest.raises(NotFound):
                inbox.inbox(session, person, SLUG, now=now)
    assert seen == ([code] if admits else [])
    for may, act in ((is_told_of_money, admitting.confirm_payment), (admits, admitting.admit)):
        if not may:
            with pytest.raises(NotFound):
                desk.do(act, actor=person, code=code)
        elif act is admitting.admit:
            desk.do(act, actor=person, code=code)


def test_nobody_answers_for_another_provider(database: Database, now: datetime) -> None:
    desk, code = _asked(database, now)
    with database.writing() as session:
        other = open_at(session, now, "elders")
        other_planner = other.member(Role.PLANNER)
    with pytest.raises(RequestNotFound):
        desk.do(admitting.admit, actor=other_planner, provider_slug="elders", code=code)
    with pytest.raises(NotFound):
        desk.do(admitting.admit, actor=other_planner, code=code)
    assert desk.row(code).state is EnrolmentState.REQUESTED


def test_each_answer_is_in_the_trail_of_the_learner(database: Database, now: datetime) -> None:
    desk, code = _asked(database, now, price=24500, is_business=True)
    desk.do(admitting.admit, code=code)
    desk.do(admitting.confirm_payment, code=code)
    with database.reading() as session:
        acts = session.execute(select(TrailEntry.act, TrailEntry.person_id).order_by(TrailEntry.number)).all()
    learner = desk.row(code).person_id
    assert [tuple(act) for act in acts] == [("admission-given", learner), ("payment-received", learner)]


# The inbox


def test_the_inbox_shows_what_is_asked_and_not_met_what_the_learner_says_and_how_long_it_waits(database: Database, now: datetime) -> None:
    desk, _code = _asked(database, now)
    with database.reading() as session:
        found = inbox.inbox(session, desk.planner, SLUG, now=now)
    (row,) = found.rows
    assert (row.unmet, row.statement, row.asked_at) == ((MBO4,), "Ik werk al tien jaar met netwerken.", now)
    for hours, words, is_late in ((0.5, "net gevraagd", False), (3, "wacht 3 werkuren", False), (24, "wacht 1 werkdag", False),
                                  (25, "wacht 1 werkdag", True), (48, "wacht 2 werkdagen", True)):
        clock = pages._clock(row, now + timedelta(hours=hours))
        assert (clock["clock"], clock["is_late"]) == (words, is_late)


def test_the_oldest_comes_first_and_seats_that_an_organisation_has_to_pay_are_there_too(database: Database, now: datetime) -> None:
    desk, code = _asked(database, now, price=24500, is_business=True)
    second = desk.ask(desk.learner("Noor"), now=now + HOUR)
    desk.do(admitting.admit, code=code, now=now + 2 * HOUR)  # now it waits for money, since two hours later
    with database.reading() as session:
        found = inbox.inbox(session, desk.planner, SLUG, now=now + 3 * HOUR)
        there = catalogue.workspace_for_answering(session, desk.planner, SLUG)
        assert inbox.waiting_at(session, there) == (1, 1)
    assert [(row.code, row.waits_for) for row in found.rows] == [(second, WaitsFor.PROVIDER), (code, WaitsFor.PAYMENT)]


def test_a_long_inbox_takes_no_more_statements_than_a_short_one(
    database: Database, now: datetime, queries: Callable[[int], object],
) -> None:
    desk = open_desk(database, now, seats=30, asks=MBO4)
    desk.enrolled(12)
    with database.reading() as session, queries(13):  # type: ignore[attr-defined]
        assert len(inbox.inbox(session, desk.planner, SLUG, now=now).rows) == 12


# How quickly


def test_visitors_read_how_quickly_a_provider_answers_and_silence_counts_as_slow(database: Database, now: datetime) -> None:
    desk = open_desk(database, now, seats=30, asks=MBO4)
    codes = desk.enrolled(12)
    for code in codes[:9]:
        desk.do(admitting.admit, code=code, now=now + 3 * HOUR)

    def told(at: datetime) -> str:
        with database.reading() as session:
            return pages.usual_answer(inbox.answers_of(session, desk.provider_id, now=at))

    assert told(now + 4 * HOUR) == ""
    desk.do(admitting.refuse, code=codes[9], reason="Nee.", now=now + 4 * HOUR)
    assert told(now + 4 * HOUR) == "Toelating vragen? Deze aanbieder antwoordt meestal binnen 1 werkdag."
    desk.run(service.expire_due, now=now + A_WEEK)  # two of twelve had no answer at all
    assert told(now + A_WEEK) == "Toelating vragen? Deze aanbieder antwoordt meestal binnen 5 werkdagen."
    assert told(now + timedelta(days=100)) == ""


# Money


def test_a_payment_that_is_confirmed_makes_the_seat_sure_once(database: Database, now: datetime) -> None:
    desk, code = _promised(database, now)
    assert desk.do(admitting.confirm_payment, code=code) is Settlement.SEATED
    assert desk.row(code).state is EnrolmentState.CONFIRMED
    assert desk.run(admitting.settle, enrolment_id=desk.row(code).id) is Settlement.SEATED  # a notice that comes twice
    with pytest.raises(RequestAnswered):
        desk.do(admitting.confirm_payment, code=code)
    assert (desk.taken(), desk.news(EnrolmentConfirmed), desk.news(RefundDue)) == (1, 1, 0)


def test_money_that_comes_too_late_takes_a_free_seat_again_once(database: Database, now: datetime) -> None:
    desk, code = _promised(database, now)
    late, old = _expire(desk), desk.row(code)
    for _time in range(2):
        assert desk.run(admitting.settle, enrolment_id=old.id, now=late) is Settlement.SEATED
    with database.reading() as session:
        (again,) = session.scalars(select(Enrolment).where(Enrolment.state == EnrolmentState.CONFIRMED)).all()
    assert (again.person_id, again.module_version, again.confirmed_at) == (old.person_id, old.module_version, late)
    assert desk.why(again.code) == ["paid"]
    assert (desk.taken(), desk.news(EnrolmentConfirmed), desk.news(RefundDue)) == (1, 1, 0)


def test_money_that_comes_when_the_seat_is_gone_goes_back_and_that_is_told_once(database: Database, now: datetime) -> None:
    desk, code = _promised(database, now)
    next_one = _wait(desk)
    late = _expire(desk)
    for _time in range(2):
        assert desk.do(admitting.confirm_payment, code=code, now=late) is Settlement.REFUND_DUE
    assert desk.row(next_one).state is EnrolmentState.OFFERED
    assert (desk.taken(), desk.news(RefundDue), desk.news(EnrolmentConfirmed)) == (1, 1, 0)


def test_late_money_takes_no_seat_that_somebody_waits_for(database: Database, now: datetime) -> None:
    desk, code = _promised(database, now)
    waiting = [_wait(desk, name) for name in ("Noor", "Piet")]
    late = _expire(desk)
    with database.writing() as session:  # a seat more, of which nobody has told the line yet
        session.execute(update(SeatPool).values(capacity=2))
    assert desk.run(admitting.settle, enrolment_id=desk.row(code).id, now=late) is Settlement.REFUND_DUE
    assert [desk.row(one).state for one in waiting] == [EnrolmentState.OFFERED, EnrolmentState.OFFERED]


def test_money_for_a_class_that_was_called_off_or_began_goes_back(database: Database, now: datetime) -> None:
    desk, code = _promised(database, now, seats=5)
    late = _expire(desk)
    desk.set_offering(state=OfferingState.CANCELLED)
    assert desk.run(admitting.settle, enrolment_id=desk.row(code).id, now=late) is Settlement.REFUND_DUE
    other, code = _promised_again(desk, late)
    other.set_offering(starts_on=late.date() - timedelta(days=1))
    assert other.run(admitting.settle, enrolment_id=other.row(code).id, now=late) is Settlement.REFUND_DUE
    assert desk.news(RefundDue) == 2


def _promised_again(desk: Desk, late: datetime) -> tuple[Desk, str]:
    second = Desk(desk.database, desk.now, desk.provider_id, desk.planner, desk.another_class(seats=5, price=24500))
    code = second.ask(second.learner("Noor"), is_business=True)
    second.run(service.expire_due, now=late)
    return second, code


@pytest.mark.parametrize("asks", [None, MBO4])
def test_money_that_nobody_asked_for_goes_back(database: Database, now: datetime, asks: catalogue.Prerequisite | None) -> None:
    desk = open_desk(database, now, price=24500, asks=asks)
    code = desk.ask(learner := desk.learner())
    if asks is None:
        with database.writing() as session:
            service.cancel(session, actor=learner, code=code, now=now)
    before = desk.row(code).state
    assert desk.run(admitting.settle, enrolment_id=desk.row(code).id) is Settlement.REFUND_DUE
    assert desk.row(code).state is before
    with pytest.raises(EnrolmentNotFound):
        desk.run(admitting.settle, enrolment_id=new_id())


def test_who_was_never_admitted_gets_no_seat_by_paying_late(database: Database, now: datetime) -> None:
    desk, code = _asked(database, now, price=24500)
    late = _expire(desk)
    assert desk.run(admitting.settle, enrolment_id=desk.row(code).id, now=late) is Settlement.REFUND_DUE


def test_a_seat_that_was_not_paid_in_time_stays_in_the_inbox_while_money_may_come(database: Database, now: datetime) -> None:
    desk, code = _promised(database, now)
    late = _expire(desk)

    def shown(at: datetime) -> list[tuple[str, WaitsFor | None]]:
        with database.reading() as session:
            return [(row.code, row.waits_for) for row in inbox.inbox(session, desk.planner, SLUG, now=at).rows]

    assert shown(late) == [(code, None)]
    assert shown(late + timedelta(days=31)) == []
    desk.do(admitting.confirm_payment, code=code, now=late)
    assert shown(late) == []


# Races, as two open transactions


def test_admitting_meets_the_clock_and_one_of_both_counts(database: Database, now: datetime) -> None:
    desk, code = _asked(database, now, seats=1)
    late = now + A_WEEK

    def admit(session: Session) -> None:
        admitting.admit(session, actor=desk.planner, provider_slug=SLUG, code=code, now=late)

    def expire(session: Session) -> None:
        service.expire_due(session, now=late)

    assert at_the_same_time(database, expire, admit) == "request-answered"
    assert (desk.row(code).state, desk.taken()) == (EnrolmentState.EXPIRED, 0)

    code = desk.ask(desk.learner("Noor"))
    assert at_the_same_time(database, admit, expire) == "done"
    assert (desk.row(code).state, desk.taken()) == (EnrolmentState.CONFIRMED, 1)


def test_two_colleagues_who_answer_at_once_answer_once(database: Database, now: datetime) -> None:
    desk, code = _asked(database, now)

    def admit(session: Session) -> None:
        admitting.admit(session, actor=desk.planner, provider_slug=SLUG, code=code, now=now)

    def refuse(session: Session) -> None:
        admitting.refuse(session, actor=desk.planner, provider_slug=SLUG, code=code, reason="Nee.", now=now)

    assert at_the_same_time(database, admit, refuse) == "request-answered"
    assert (desk.row(code).state, desk.taken()) == (EnrolmentState.CONFIRMED, 1)
    assert (desk.news(EnrolmentConfirmed), desk.news(AdmissionRefused)) == (1, 0)


def test_a_payment_that_is_confirmed_twice_at_once_counts_once(database: Database, now: datetime) -> None:
    desk, code = _promised(database, now)
    enrolment_id = desk.row(code).id

    def settle(session: Session) -> None:
        assert admitting.settle(session, enrolment_id, now=now) is Settlement.SEATED

    assert at_the_same_time(database, settle, settle) == "done"
    assert (desk.taken(), desk.news(EnrolmentConfirmed), desk.news(RefundDue)) == (1, 1, 0)


def test_late_money_that_comes_twice_at_once_takes_one_seat(database: Database, now: datetime) -> None:
    desk, code = _promised(database, now, seats=3)
    late, enrolment_id = _expire(desk), desk.row(code).id
    settle = partial(admitting.settle, enrolment_id=enrolment_id, now=late)
    assert at_the_same_time(database, settle, settle) == "done"
    assert (desk.taken(), desk.news(EnrolmentConfirmed)) == (1, 1)


def test_late_money_and_the_next_in_line_never_share_a_seat(database: Database, now: datetime) -> None:
    desk, code = _promised(database, now)
    next_one, late, heard = _wait(desk), now + A_WEEK, []

    def settle(session: Session) -> None:
        heard.append(admitting.settle(session, desk_row, now=late))

    def expire(session: Session) -> None:
        service.expire_due(session, now=late)

    desk_row = desk.row(code).id
    assert at_the_same_time(database, expire, settle) == "done"
    assert heard == [Settlement.REFUND_DUE]
    assert (desk.row(code).state, desk.row(next_one).state, desk.taken()) == (EnrolmentState.EXPIRED, EnrolmentState.OFFERED, 1)


def test_without_the_guard_of_a_change_one_request_is_answered_twice(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: a change that does not look at the state it comes from frees a seat twice, and the count is wrong."""
    desk, code = _asked(database, now, seats=3)
    desk.ask(desk.learner("Noor"))

    def blind(session: Session, enrolment_id: UUID, _from: EnrolmentState, to: EnrolmentState, **_more: object) -> bool:
        session.execute(update(Enrolment).where(Enrolment.id == enrolment_id).values(state=to, until=None, waits_for=None, ended_at=now))
        return True

    monkeypatch.setattr(admitting, "change", blind)
    for _time in range(2):
        desk.do(admitting.refuse, code=code, reason="Nee.")
    with database.reading() as session:
        (difference,) = queries.audit(session)
    assert (difference.taken, difference.live) == (0, 1)
