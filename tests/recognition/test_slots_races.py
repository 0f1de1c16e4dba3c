"""Two learners and one place, two windows and one learner, with transactions of their own; and what happens without the guards.

    mutation                                               red
    `take_place` without `taken < capacity`                the CHECK of the table refuses the second (below)
    `hold` left out of `book_slot`                         one learner has two appointments, on PostgreSQL
"""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.recognition.facts import FileFacts, SlotFacts
from academy.recognition.kinds import FileState
from academy.recognition.models import AssessorSlot, InstrumentUse
from academy.recognition.service import judging, slots
from tests.enrolment.races import Act, at_the_same_time
from tests.recognition.slots import TEST, booked, offered, slot_now
from tests.recognition.test_judging import answers_of
from tests.recognition.world import World

F = FileState


def booking(world: World, file: FileFacts, slot: SlotFacts) -> Act:
    actor = world.learner if file.person_id == world.learner.person_id else world.stranger

    def act(session: Session) -> object:
        return slots.book_slot(session, actor=actor, code=file.code, slot_code=slot.code, now=world.now)

    return act


def of_two(world: World) -> tuple[FileFacts, FileFacts]:
    return world.file(F.ASSESSED), world.file(F.ASSESSED, of=world.stranger)


def live_appointments(world: World) -> int:
    with world.database.reading() as session:
        return len(session.scalars(select(InstrumentUse.id).where(InstrumentUse.planned_at.is_not(None), InstrumentUse.called_off_at.is_(None))).all())


def test_of_two_who_book_the_last_place_one_gets_it(world: World) -> None:
    (mine, other), slot = of_two(world), offered(world)
    assert at_the_same_time(world.database, booking(world, mine, slot), booking(world, other, slot)) == "assessor-slot-taken"
    assert slot_now(world, slot).taken == 1
    assert booked(world, other) is None
    assert world.facts(other.id).state is F.ASSESSED


def test_of_two_who_book_a_test_with_two_places_both_get_one(world: World) -> None:
    (mine, other), slot = of_two(world), offered(world, kind=TEST, capacity=2)
    assert at_the_same_time(world.database, booking(world, mine, slot), booking(world, other, slot)) == "done"
    assert slot_now(world, slot).taken == live_appointments(world) == 2


def _taken_without_looking(session: Session, slot_id: Any, _now: object) -> None:
    session.execute(update(AssessorSlot).where(AssessorSlot.id == slot_id).values(taken=AssessorSlot.taken + 1).execution_options(synchronize_session=False))


def test_control_without_the_guard_both_would_have_it_and_only_the_check_refuses_the_second(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (mine, other), slot = of_two(world), offered(world)
    monkeypatch.setattr(slots, "take_place", _taken_without_looking)
    assert at_the_same_time(world.database, booking(world, mine, slot), booking(world, other, slot)) == "stopped by the database"
    assert slot_now(world, slot).taken == live_appointments(world) == 1


def test_one_learner_in_two_windows_has_one_appointment(world: World) -> None:
    file, first, second = world.file(F.PORTFOLIO_OPEN), offered(world), offered(world, world.other_assessor)
    assert at_the_same_time(world.database, booking(world, file, first), booking(world, file, second)) == "done"
    assert live_appointments(world) == 1
    assert (slot_now(world, first).taken, slot_now(world, second).taken) == (0, 1)


def test_a_moment_that_is_taken_back_while_somebody_books_it_is_theirs(world: World) -> None:
    file, slot = world.file(F.ASSESSED), offered(world)

    def withdraw(session: Session) -> None:
        slots.withdraw_slot(session, actor=world.assessor, provider_slug=world.slug, slot_code=slot.code, now=world.now)

    assert at_the_same_time(world.database, booking(world, file, slot), withdraw) == "assessor-slot-in-use"
    assert slot_now(world, slot).called_off_at is None
    assert booked(world, file) is not None


def test_of_two_assessors_one_takes_a_portfolio_up(world: World) -> None:
    file = world.file(F.PORTFOLIO_SUBMITTED)

    def take(actor: Any) -> Act:
        return lambda session: judging.take_assessment(session, actor=actor, provider_slug=world.slug, code=file.code, now=world.now)

    assert at_the_same_time(world.database, take(world.assessor), take(world.other_assessor)) == "recognition-step-refused"
    assert world.facts(file.id).state is F.ASSESSMENT_PLANNED


def test_a_report_is_issued_once_however_often_it_is_sent(world: World) -> None:
    file = world.file(F.SECOND_DONE)

    def issue(session: Session) -> None:
        judging.issue_report(session, actor=world.assessor, provider_slug=world.slug, code=file.code, answers=answers_of(world, file), now=world.now)

    assert at_the_same_time(world.database, issue, issue) == "recognition-step-refused"
    assert world.facts(file.id).state is F.REPORT_ISSUED
