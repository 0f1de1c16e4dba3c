"""A learner asks an employer to pay a seat: it is kept until the employer answers and the learner agrees, and not longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from academy.accounts.api import Actor
from academy.enrolment import queries, service
from academy.enrolment.events import EnrolmentConfirmed, HoldExpired, PaymentPromised
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.queries import paying
from academy.enrolment.service.paying import EmployerWanted
from academy.funding import service as funding_service
from academy.funding.drafts import EmployerAnswer, FirmDraft
from academy.funding.errors import AskAnswered
from academy.funding.kinds import AskState
from academy.funding.models import EmployerAsk
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from tests.enrolment.desk import Desk, listen, open_desk

PRICE = Money(245_00)
DAY = timedelta(days=1)
HELD, SURE, EXPIRED = EnrolmentState.HELD, EnrolmentState.CONFIRMED, EnrolmentState.EXPIRED
FIRM = FirmDraft("Bakkerij Jansen", "12345678", "Dorpsstraat 1", "1315 AA", "Almere")
YES = EmployerAnswer(AskState.APPROVED, PRICE, "Kim", firm=FIRM)
PART = EmployerAnswer(AskState.PART, PRICE, "Kim", Money(45_00), firm=FIRM)
NO = EmployerAnswer(AskState.REFUSED, PRICE, reason="Dit jaar niet.")


@dataclass
class Asked:
    """A seat of which an employer is asked."""

    desk: Desk
    learner: Actor
    code: str

    @property
    def standing(self) -> tuple[EnrolmentState, WaitsFor | None]:
        row = self.desk.row(self.code)
        return row.state, row.waits_for

    @property
    def ask_id(self) -> UUID:
        with self.desk.database.reading() as session:
            return session.scalars(select(EmployerAsk.id)).one()

    def answer(self, said: EmployerAnswer, *, now: datetime | None = None) -> None:
        self.desk.run(funding_service.answer_ask, ask_id=self.ask_id, answer=said, now=now or self.desk.now)
        self.desk.news_arrives(now=now)

    def time_passes(self, after: timedelta) -> None:
        late = self.desk.now + after
        self.desk.run(service.expire_due, now=late)
        self.desk.run(funding_service.lapse_due, now=late)
        self.desk.news_arrives(now=late)

    def pay_oneself(self, own: Money) -> None:
        self.desk.run(service.pay_oneself, actor=self.learner, code=self.code, most_own=own)
        self.desk.news_arrives()


@pytest.fixture
def asked(database: Database, now: datetime) -> Asked:
    listen(EnrolmentConfirmed, HoldExpired, PaymentPromised)
    funding_service.forget_rules()
    desk = open_desk(database, now, seats=1, price=PRICE.cents)
    learner = desk.learner()
    with database.writing() as session:
        code = service.hold_seat(session, actor=learner, offering_code=desk.code, request_key=new_id(), now=now)
        service.confirm(session, actor=learner, code=code, employer=EmployerWanted("baas@bakkerij.example", "Voor mijn werk"), most_own=PRICE, now=now)
    return Asked(desk, learner, code)


def test_the_seat_is_kept_a_week_and_nothing_is_asked_of_the_learner(asked: Asked) -> None:
    assert asked.standing == (HELD, WaitsFor.EMPLOYER)
    assert asked.desk.row(asked.code).until == asked.desk.now + 7 * DAY


def test_a_yes_makes_the_seat_sure(asked: Asked) -> None:
    asked.answer(YES)
    assert asked.standing == (SURE, None)


def test_a_part_asks_the_learner_for_the_rest_once_they_agree(asked: Asked) -> None:
    asked.answer(PART, now=asked.desk.now + 6 * DAY)
    assert asked.standing == (HELD, WaitsFor.EMPLOYER)
    assert asked.desk.row(asked.code).until == asked.desk.now + 9 * DAY
    asked.pay_oneself(Money(200_00))
    assert asked.standing == (HELD, WaitsFor.PAYMENT)
    assert asked.desk.payment(asked.code).amount == Money(200_00)
    asked.desk.pay(asked.code)
    assert asked.desk.row(asked.code).state is SURE


@pytest.mark.parametrize("said", [PART, NO], ids=["part", "no"])
def test_whose_turn_it_is_is_told_with_the_seat(asked: Asked, said: EmployerAnswer) -> None:
    def my_turn() -> int:
        with asked.desk.database.reading() as session:
            return len(paying.seats_of_my_turn(session, queries.my_enrolments(session, asked.learner)))

    assert my_turn() == 0, "the employer's turn"
    asked.answer(said)
    assert my_turn() == 1
    asked.pay_oneself(Money(200_00) if said is PART else PRICE)
    assert my_turn() == 0


@pytest.mark.parametrize("said", [PART, NO, None], ids=["part", "no", "no answer"])
def test_who_does_not_agree_in_time_has_no_seat_and_nothing_to_pay(asked: Asked, said: EmployerAnswer | None) -> None:
    if said is not None:
        asked.answer(said)
    asked.time_passes(7 * DAY)
    assert asked.standing == (EXPIRED, None)
    assert asked.desk.taken() == 0
    with pytest.raises(KeyError):
        asked.desk.payment(asked.code)


def test_after_a_no_the_learner_can_pay_all_of_it(asked: Asked) -> None:
    asked.answer(NO)
    asked.pay_oneself(PRICE)
    assert asked.desk.payment(asked.code).amount == PRICE


def test_who_gives_the_seat_back_ends_the_question(asked: Asked) -> None:
    asked.desk.run(service.cancel, actor=asked.learner, code=asked.code)
    asked.desk.news_arrives()
    with asked.desk.database.reading() as session:
        assert session.scalars(select(EmployerAsk.state)).one() is AskState.ASKED
    with pytest.raises(AskAnswered):
        asked.answer(YES)
    assert asked.desk.taken() == 0


def test_confirming_twice_asks_once(asked: Asked) -> None:
    employer = EmployerWanted("ander@bakkerij.example", "Nog eens")
    asked.desk.run(service.confirm, actor=asked.learner, code=asked.code, employer=employer)
    assert asked.ask_id is not None, "there is one"
