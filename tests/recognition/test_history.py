"""A file goes from one state to the next by the rules only, once, and each step is written down."""

import pytest
from sqlalchemy import select

from academy.kernel.errors import DatabaseBusy
from academy.kernel.outbox import OutboxMessage
from academy.recognition.errors import StepRefused
from academy.recognition.kinds import BEFORE_DECISION, FileState, Who, WhyNot
from academy.recognition.models import FileStep, RecognitionFile
from academy.recognition.queries.portfolio import history_of
from academy.recognition.rules.deciding import Step
from academy.recognition.service.history import move, step_of
from tests.recognition.world import World

F = FileState


@pytest.mark.parametrize("state", BEFORE_DECISION)
def test_a_file_can_be_put_at_any_point_of_its_way(world: World, state: FileState) -> None:
    assert world.file(state).state is state


def test_a_step_moves_the_file_and_is_written_down_and_announced(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN)
    world.pass_time(days=1)
    with world.database.writing() as session:
        move(session, file.id, step_of(F.PORTFOLIO_SUBMITTED, Who.LEARNER, world.learner), now=world.now)
    now = world.facts(file.id)
    assert (now.state, now.since, now.idle_since) == (F.PORTFOLIO_SUBMITTED, world.now, world.now)
    with world.database.reading() as session:
        last = history_of(session, file.id)[-1]
        assert (last.was, last.becomes, last.by_id, last.who) == (F.PORTFOLIO_OPEN, F.PORTFOLIO_SUBMITTED, world.learner.person_id, Who.LEARNER)


def test_a_step_that_the_rules_refuse_changes_nothing(world: World) -> None:
    file = world.file(F.PORTFOLIO_SUBMITTED)
    with pytest.raises(StepRefused) as refused, world.database.writing() as session:
        move(session, file.id, Step(F.GRANTED, Who.EXAM_BOARD, world.board.person_id), now=world.now)
    assert refused.value.why is WhyNot.NO_WAY
    assert world.facts(file.id) == file
    with world.database.reading() as session:
        assert len(history_of(session, file.id)) == 1
        assert not session.scalars(select(OutboxMessage.id)).all()


def test_of_two_steps_at_once_one_is_gone(world: World) -> None:
    """Both read the file as it was; the second finds it moved. On SQLite writers follow each other, and the rules say it."""
    file = world.file(F.PORTFOLIO_OPEN)
    with world.database.writing() as first:
        move(first, file.id, step_of(F.PORTFOLIO_SUBMITTED, Who.LEARNER, world.learner), now=world.now)
    with pytest.raises((StepRefused, DatabaseBusy)), world.database.writing() as second:
        move(second, file.id, step_of(F.PORTFOLIO_SUBMITTED, Who.LEARNER, world.learner), now=world.now)
    with world.database.reading() as session:
        assert len(session.scalars(select(FileStep.id).where(FileStep.file_id == file.id)).all()) == 2
        assert session.get_one(RecognitionFile, file.id).state is F.PORTFOLIO_SUBMITTED
