"""A file is never ended silently: told after thirty and sixty days, ended after ninety, and whoever else is late is told too."""

from datetime import timedelta

import pytest

from academy.recognition.errors import StepRefused
from academy.recognition.kinds import FileState, Route, WhyNot
from academy.recognition.queries import due
from academy.recognition.queries.portfolio import history_of
from academy.recognition.service.history import move, step_of_assessor, touch
from academy.recognition.service.waiting import lapse_file, tell_late, tell_stillness
from tests.recognition.proofs.crashing import answers
from tests.recognition.world import World

F = FileState


def days_on(world: World, days: int) -> None:
    world.pass_time(days=days)


def told(world: World) -> int:
    """Let the round of letters go by; returns how many go out."""
    with world.database.reading() as session:
        ids = due.files_to_tell(session, now=world.now)
    return sum(bool(world.run(tell_stillness, file_id=each)) for each in ids)


def test_a_learner_is_told_twice_and_only_then_the_file_ends(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN)
    counts, ids = [], []
    for day in range(1, 130):
        days_on(world, 1)
        counts.append((day, told(world)))
        with world.database.reading() as session:
            if ids := due.files_to_lapse(session, now=world.now):
                break
    assert [day for day, number in counts if number] == [31, 61]
    assert ids == [file.id]
    assert day == 91
    world.run(lapse_file, file_id=file.id)
    now = world.facts(file.id)
    assert (now.state, now.lapsed_from) == (F.LAPSED, F.PORTFOLIO_OPEN)


def test_without_its_letters_no_file_ends(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN)
    days_on(world, 400)
    with world.database.reading() as session:
        assert due.files_to_lapse(session, now=world.now) == []
    with pytest.raises(StepRefused) as refused:
        world.run(lapse_file, file_id=file.id)
    assert refused.value.why is WhyNot.TOO_EARLY


def test_who_was_told_and_does_something_starts_over(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN)
    days_on(world, 65)
    assert (told(world), told(world), told(world)) == (1, 1, 0)
    world.run(touch, file_id=file.id)
    days_on(world, 29)
    assert told(world) == 0
    assert world.facts(file.id).told == ()


def test_a_letter_goes_out_once_however_often_the_round_comes(world: World) -> None:
    file = world.file(F.ASSESSED)
    days_on(world, 32)
    assert world.run(tell_stillness, file_id=file.id)
    assert not world.run(tell_stillness, file_id=file.id)
    assert world.facts(file.id).told == (world.now,)


@pytest.mark.parametrize("state", [F.PORTFOLIO_SUBMITTED, F.EXEMPTION_REQUESTED, F.SECOND_PLANNED])
def test_who_waits_for_others_never_lapses(world: World, state: FileState) -> None:
    world.file(state)
    days_on(world, 200)
    assert told(world) == 0
    with world.database.reading() as session:
        assert due.files_to_lapse(session, now=world.now) == []


def test_of_who_has_a_certificate_nothing_is_asked(world: World) -> None:
    world.file(F.REPORT_ISSUED, route=Route.LABOUR_MARKET)
    days_on(world, 80)
    assert told(world) == 0


def test_that_a_board_is_late_is_told_once(world: World) -> None:
    file = world.file(F.EXEMPTION_REQUESTED)
    days_on(world, 10)
    with world.database.reading() as session:
        assert due.files_late(session, now=world.now) == []
    days_on(world, 10)
    with world.database.reading() as session:
        assert due.files_late(session, now=world.now) == [file.id]
    assert world.run(tell_late, file_id=file.id)
    assert not world.run(tell_late, file_id=file.id)
    with world.database.reading() as session:
        assert due.files_late(session, now=world.now) == []


def test_the_clock_stands_in_the_history(world: World) -> None:
    file = world.file(F.DRAFT)
    for length in (31, 30, 31):
        days_on(world, length)
        told(world)
    world.run(lapse_file, file_id=file.id)
    with world.database.reading() as session:
        last = history_of(session, file.id)[-1]
    assert (last.becomes, last.by_id, last.at) == (F.LAPSED, None, world.now)
    assert world.now - file.idle_since >= timedelta(days=90)


def test_the_clock_of_a_learner_does_not_run_while_others_work(world: World) -> None:
    file = world.file(F.SECOND_DONE)
    world.pass_time(days=80)
    with world.database.writing() as session:
        move(session, file.id, step_of_assessor(session, F.REPORT_ISSUED, world.assessor, answers=answers(session, file.id.hex)), now=world.now)
    assert told(world) == 0
    days_on(world, 29)
    assert told(world) == 0
    days_on(world, 2)
    assert told(world) == 1


def test_what_is_not_due_stands_before_nothing_that_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "_AT_ONCE", 1)
    decided = world.file(F.REPORT_ISSUED, route=Route.LABOUR_MARKET)
    world.pass_time(days=1)
    withdrawn = world.file(F.WITHDRAWN, of=world.stranger)
    with world.database.reading() as session:
        assert due.files_to_archive(session, now=world.now + timedelta(hours=1)) == [withdrawn.id]
        assert due.files_to_tell(session, now=world.now + timedelta(days=40)) == []
    days_on(world, 90)
    with world.database.reading() as session:
        assert due.files_to_archive(session, now=world.now) == [decided.id]
