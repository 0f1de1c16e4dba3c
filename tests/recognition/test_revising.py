"""What was decided is revised or confirmed by a new word that names the old; on appeal by others than who signed."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from academy.accounts.api import Role
from academy.kernel.db import Database
from academy.recognition.errors import StepRefused
from academy.recognition.errors.deciding import ChangedMeanwhile
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import DecisionState, FileState, Judgement, Who, WhyNot
from academy.recognition.models import Credit, PrecedentRow
from academy.recognition.service import deciding
from academy.recognition.service.history import move, step_of
from tests.recognition import board_desk as desk
from tests.recognition.board_desk import ALL_NO, ALL_YES, ASKED, MIXED
from tests.recognition.world import NO, YES, World

F = FileState


def appealed(world: World, judgements: tuple[Judgement, ...] = MIXED) -> FileFacts:
    """Return a file whose learner appeals against what was decided."""
    file = world.file(ASKED)
    desk.decide(world, file, judgements)
    world.pass_time(days=3)
    world.run(move, file_id=file.id, step=step_of(F.APPEALED, Who.LEARNER, world.learner), why="Jullie zagen mijn diploma niet.")
    return world.facts(file.id)


def test_an_appeal_is_answered_by_somebody_who_did_not_sign(world: World) -> None:
    file = appealed(world)
    there = desk.seen(world, file)
    assert (there.appeal, there.beside.signed_by) == ("Jullie zagen mijn diploma niet.", frozenset({world.board.person_id}))
    for act in (lambda: desk.revise(world, file, ALL_YES), lambda: desk.confirm(world, file, by=world.board)):
        with pytest.raises(StepRefused) as refused:
            act()
        assert refused.value.why is WhyNot.INVOLVED
    assert desk.confirm(world, file, by=world.other_of_board)
    found = desk.decision(world, file)
    assert (world.facts(file.id).state, found.decision.state, found.why) == (F.CONFIRMED, DecisionState.PARTIALLY_GRANTED, "Er is niets nieuws.")


def test_a_revision_names_the_old_decision_ends_what_it_does_not_grant_and_adds_what_is_new(database: Database, world: World) -> None:
    file = appealed(world, (YES, NO, NO))
    old = desk.decision(world, file).decision
    desk.revise(world, file, (NO, YES, YES), by=world.other_of_board)
    found = desk.decision(world, file)
    assert (found.decision.state, found.decision.replaces, found.why) == (DecisionState.REVISED, old.number, "We keken opnieuw.")
    assert desk.counting(database, world) == (Decimal("3.3"), sorted(world.outcomes[1:]))
    with database.reading() as session:
        ended = session.scalars(select(Credit).where(Credit.ended_at.is_not(None))).one()
        assert (ended.outcome_id, ended.ended_by_id) == (world.outcomes[0], found.decision.id)
        before = session.scalars(select(PrecedentRow.ended_at).where(PrecedentRow.decision_id == old.id)).all()
        assert before
        assert None not in before


def test_what_a_board_would_decide_shows_the_credits_that_it_brings(database: Database, world: World) -> None:
    desk.two_sign(world, signatures=1, most_ec=Decimal(4))
    file = appealed(world, (YES, NO, NO))
    shown = desk.seen(world, file, world.other_of_board).credits(world.outcomes)
    desk.revise(world, file, ALL_YES, by=world.other_of_board)
    assert (shown.counts, shown.beyond) == (Decimal(4), Decimal(1))
    assert desk.counting(database, world)[0] == Decimal(4)


def test_a_board_revises_without_an_appeal_too_and_the_learner_can_appeal_against_that(world: World) -> None:
    file = world.file(ASKED)
    desk.decide(world, file, ALL_YES)
    desk.revise(world, file, ALL_NO)
    assert world.facts(file.id).state is F.REVISED
    with pytest.raises(StepRefused) as refused:
        desk.revise(world, file, ALL_YES)
    assert refused.value.why is WhyNot.NO_WAY
    world.run(move, file_id=file.id, step=step_of(F.APPEALED, Who.LEARNER, world.learner), why="Nee.")
    desk.revise(world, file, ALL_YES, by=world.other_of_board)
    assert desk.decision(world, file).decision.counts == Decimal(5)


@pytest.mark.parametrize("act", ["revise", "confirm"])
def test_an_appeal_needs_as_many_signatures_as_a_decision_none_of_them_from_before(world: World, act: str) -> None:
    file = appealed(world)
    desk.two_sign(world)
    third = world.person("Cas Commissie", Role.EXAM_BOARD)
    first = desk.revise(world, file, ALL_YES, by=world.other_of_board) if act == "revise" else desk.confirm(world, file, by=world.other_of_board)
    assert not first
    draft = desk.seen(world, file, third).beside.draft
    assert draft is not None
    assert (draft.why, len(draft.answers)) == (("We keken opnieuw.", 3) if act == "revise" else ("Er is niets nieuws.", 0))
    with pytest.raises(StepRefused):
        desk.sign(world, file, by=world.board)
    desk.sign(world, file, by=third)
    assert world.facts(file.id).state is (F.REVISED if act == "revise" else F.CONFIRMED)


def test_an_appeal_that_was_taken_back_is_not_answered(world: World) -> None:
    file = appealed(world)
    before = desk.seen(world, file, world.other_of_board).seen
    world.run(move, file_id=file.id, step=step_of(F.CONFIRMED, Who.LEARNER, world.learner))
    with pytest.raises(ChangedMeanwhile):
        world.run(deciding.confirm_after_appeal, actor=world.other_of_board, provider_slug=world.slug, code=file.code, why="Het blijft zo.", seen_digest=before)


def test_a_first_decision_is_not_taken_twice_nor_revised_before_there_is_one(world: World) -> None:
    file = world.file(ASKED)
    with pytest.raises(StepRefused):
        desk.revise(world, file, ALL_YES)
    decision_id: UUID | None = desk.decide(world, file)
    assert decision_id is not None
    with pytest.raises(StepRefused):
        desk.decide(world, file)
