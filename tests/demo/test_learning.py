"""A newcomer meets people who learn: a class with people, a line, a request, a payment, a result; made as people make them, and once."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, register_person
from academy.catalogue import api as catalogue
from academy.demo import load_demo, load_learning, load_money, load_people
from academy.demo.learning import LOTTE
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.models import Enrolment, EnrolmentStep, Result
from academy.enrolment.queries import my_enrolments
from academy.enrolment.queries.inbox import inbox
from academy.enrolment.queries.seats import audit_classes
from academy.kernel.ids import new_id
from tests import builders
from tests.enrolment.proofs.ground import enrol, faults


def _actor(session: Session, email: str, now: datetime) -> Actor:
    person_id = register_person(session, email=email, name="", password=None, language="nl", now=now)
    return Actor(person_id, new_id(), "", email, "nl")


@pytest.fixture
def house(session: Session, now: datetime) -> Session:
    load_demo(session, now=now, progress=lambda _done, _total: None)
    load_people(session, now=now)
    load_money(session, now=now)
    return session


def _in_class(session: Session, module: str) -> Counter[tuple[EnrolmentState, WaitsFor | None]]:
    rows = session.execute(select(Enrolment.offering_id, Enrolment.state, Enrolment.waits_for)).all()
    of = catalogue.offerings_by_id(session, {row.offering_id for row in rows})
    return Counter((row.state, row.waits_for) for row in rows if of[row.offering_id].external_id == module)


def test_every_page_about_learning_has_something_to_show(house: Session, now: datetime) -> None:
    assert load_learning(house, now=now)
    assert _in_class(house, "OFF-02") == {(EnrolmentState.CONFIRMED, None): 9}
    assert _in_class(house, "ICT-06") == {
        (EnrolmentState.HELD, WaitsFor.EMPLOYER): 1, (EnrolmentState.HELD, WaitsFor.PAYMENT): 1, (EnrolmentState.WAITING, None): 3,
    }
    assert _in_class(house, "ICT-04") == {(EnrolmentState.REQUESTED, WaitsFor.PROVIDER): 1}
    assert _in_class(house, "ICT-01") == {(EnrolmentState.FINISHED, None): 4}
    assert house.execute(select(Result.is_passed, func.count()).where(Result.final_at.is_not(None)).group_by(Result.is_passed)).all() == [
        (False, 1), (True, 3),
    ]
    mine = Counter(facts.state for facts in my_enrolments(house, _actor(house, LOTTE[1], now)))
    assert mine == {EnrolmentState.FINISHED: 1, EnrolmentState.CONFIRMED: 1, EnrolmentState.HELD: 1}
    waiting = inbox(house, _actor(house, "provider@demo.example", now), "windesheim", now=now)
    assert {row.waits_for for row in waiting.rows} == {WaitsFor.PROVIDER}, "who pays online asks nothing of the provider"


def test_nine_of_twelve_seats_are_taken_and_the_books_are_right(house: Session, now: datetime) -> None:
    load_learning(house, now=now)
    facts = next(each for each in catalogue.module_facts(house, today=now.date()) if each.code == "OFF-02")
    assert facts.offerings[0].seats == 12
    assert faults(house) == []
    assert audit_classes(house) == []


def test_a_second_time_nothing_changes_also_when_years_went_by(house: Session, now: datetime) -> None:
    load_learning(house, now=now)
    before = house.scalars(select(EnrolmentStep.id).order_by(EnrolmentStep.id)).all()
    for later in (timedelta(minutes=1), timedelta(days=800)):
        assert not load_learning(house, now=now + later)
    assert house.scalars(select(EnrolmentStep.id).order_by(EnrolmentStep.id)).all() == before


def test_a_visitor_who_was_first_keeps_the_seat_and_the_rest_is_there(house: Session, now: datetime) -> None:
    facts = next(each for each in catalogue.module_facts(house, today=now.date()) if each.code == "OFF-02")
    for _number in range(4):  # eight seats are left, for nine
        enrol(builders.actor(house, now), facts.offerings[0].code, now)(house)
    assert load_learning(house, now=now)
    assert _in_class(house, "OFF-02") == {(EnrolmentState.CONFIRMED, None): 4}
    assert _in_class(house, "ICT-04").total() == 1
    assert faults(house) == []


def test_a_demo_that_is_old_has_no_class_to_enrol_in_and_loads_all_the_same(house: Session, now: datetime) -> None:
    assert load_learning(house, now=now + timedelta(days=800))
    assert {facts.state for facts in my_enrolments(house, _actor(house, LOTTE[1], now))} == {EnrolmentState.FINISHED}
