"""The exam board decides: what follows from the answers, who may, and that nobody decides on something else than they saw."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from academy.accounts.api import Role, add_membership
from academy.accounts.models import TrailEntry
from academy.catalogue.api import ProviderNotFound
from academy.catalogue.models import Module
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.recognition.errors import FileNotFound, StepRefused
from academy.recognition.errors.deciding import ChangedMeanwhile, SignedAlready, SignerLeft
from academy.recognition.kinds import DecisionState, FileState, Judgement, Who, WhyNot
from academy.recognition.models import DecisionDraft, FileEvidence, FileStep
from academy.recognition.rules.deciding import Answer
from academy.recognition.rules.sealing import digest_of_decision
from academy.recognition.service import deciding
from tests.recognition import board_desk as desk
from tests.recognition.board_desk import ALL_NO, ALL_YES, ASKED, MIXED
from tests.recognition.world import NO, YES, World

F = FileState


@pytest.mark.parametrize(
    ("judgements", "state", "ec"),
    [(ALL_YES, F.GRANTED, Decimal(5)), (MIXED, F.PARTIALLY_GRANTED, Decimal("1.7")), (ALL_NO, F.REFUSED, Decimal(0))], ids=["yes", "some", "no"],
)
def test_what_a_decision_is_and_what_it_earns_follow_from_its_answers(database: Database, world: World, judgements: tuple[Judgement, ...], state: FileState, ec: Decimal) -> None:
    file = world.file(ASKED)
    assert desk.decide(world, file, judgements) is not None
    found = desk.decision(world, file)
    assert (world.facts(file.id).state, found.decision.state.value, found.decision.counts) == (state, state.value, ec)
    assert (found.signers, found.answers[0].judgement) == (("Bea Bestuur",), judgements[0])
    assert desk.counting(database, world)[0] == ec


def test_a_decision_can_be_proven_from_what_it_says(world: World) -> None:
    file = world.file(ASKED)
    decision_id = desk.decide(world, file)
    assert decision_id is not None
    found = desk.decision(world, file).decision
    said = desk.answers(world)
    assert found.digest == digest_of_decision(
        decision_id, said, number=found.number, ground="file", person_id=world.learner.person_id, signers=[world.board.person_id], decided_at=world.now, replaces=None,
    )


def test_the_time_of_an_appeal_is_six_weeks_from_the_decision(world: World) -> None:
    file = world.file(ASKED)
    desk.decide(world, file)
    found = desk.decision(world, file).decision
    assert timedelta(days=42) < found.appeal_until - found.decided_at < timedelta(days=43)


@pytest.mark.parametrize("who", ["learner", "guide", "assessor"])
def test_who_asked_guided_or_judged_does_not_decide_nor_look(world: World, who: str) -> None:
    file, insider = world.file(ASKED), getattr(world, who)
    with world.database.writing() as session:
        add_membership(session, person_id=insider.person_id, organisation_id=world.provider_id, role=Role.EXAM_BOARD)
    digest = desk.seen(world, file).seen
    with pytest.raises(StepRefused) as refused:
        desk.decide(world, file, by=insider, digest=digest)
    assert refused.value.why is WhyNot.INVOLVED
    with pytest.raises(StepRefused):
        desk.seen(world, file, insider)
    assert world.facts(file.id).state is ASKED


def test_who_guided_before_does_not_look_nor_drop_a_draft(world: World) -> None:
    desk.two_sign(world)
    file, former = world.file(ASKED), world.person("Fien Voorheen", Role.EXAM_BOARD)
    desk.decide(world, file)
    draft = desk.seen(world, file).beside.draft
    assert draft is not None
    with world.database.writing() as session:
        session.add(FileStep(
            id=new_id(), file_id=file.id, from_state=F.INTAKE_PLANNED, to_state=F.INTAKE_DONE, at=world.now, by_id=former.person_id, who=Who.GUIDE,
        ))
    with pytest.raises(StepRefused) as refused:
        desk.seen(world, file, former)
    assert refused.value.why is WhyNot.INVOLVED
    with pytest.raises(StepRefused):
        world.run(deciding.drop_draft, actor=former, provider_slug=world.slug, code=file.code, digest=draft.digest)
    assert desk.seen(world, file).beside.draft is not None


def test_the_file_of_a_board_is_for_its_members_only(world: World) -> None:
    file, digest = world.file(ASKED), "0" * 64
    for outsider, refusal in ((world.owner, FileNotFound), (world.other_assessor, FileNotFound), (world.stranger, ProviderNotFound)):
        with pytest.raises(refusal):
            desk.decide(world, file, by=outsider, digest=digest)
    early = world.file(F.REPORT_ISSUED, of=world.stranger)
    with pytest.raises(FileNotFound):
        desk.seen(world, early)


def test_an_answer_that_misses_what_it_needs_is_no_decision(world: World) -> None:
    file = world.file(ASKED)
    for wrong in (desk.answers(world)[:2], tuple(Answer(each, NO) for each in world.outcomes), (*desk.answers(world), Answer(file.id, YES)), ()):
        with pytest.raises(StepRefused) as refused:
            world.run(deciding.decide, actor=world.board, provider_slug=world.slug, code=file.code, answers=wrong, seen_digest=desk.seen(world, file).seen)
        assert refused.value.why is WhyNot.ANSWERS
    assert world.facts(file.id).state is ASKED


def test_what_changed_while_somebody_looked_is_not_decided_on(world: World) -> None:
    file = world.file(ASKED)
    before, work = desk.seen(world, file).seen, world.evidence()
    with world.database.writing() as session:
        session.add(FileEvidence(file_id=file.id, evidence_id=work, added_at=world.now))
    with pytest.raises(ChangedMeanwhile):
        desk.decide(world, file, digest=before)
    desk.decide(world, file)
    with pytest.raises(ChangedMeanwhile):
        desk.decide(world, file, digest=before)


def test_with_four_eyes_a_decision_waits_for_another_who_signs_exactly_that(database: Database, world: World) -> None:
    desk.two_sign(world)
    file = world.file(ASKED)
    assert desk.decide(world, file) is None
    assert (world.facts(file.id).state, desk.counting(database, world)) == (ASKED, (None, []))
    with pytest.raises(SignedAlready):
        desk.sign(world, file, by=world.board)
    with pytest.raises(ChangedMeanwhile):
        desk.sign(world, file, by=world.other_of_board, digest="0" * 64)
    assert desk.sign(world, file, by=world.other_of_board) is not None
    found = desk.decision(world, file)
    assert (world.facts(file.id).state, found.signers) == (F.PARTIALLY_GRANTED, ("Bea Bestuur", "Bo Bestuur"))
    assert desk.seen(world, file).beside.draft is None


def test_a_draft_whose_row_was_changed_is_not_signed(world: World) -> None:
    desk.two_sign(world)
    file = world.file(ASKED)
    desk.decide(world, file, ALL_NO)
    with world.database.writing() as session:
        row = session.get_one(DecisionDraft, file.id)
        row.answers = [{**each, "judgement": "yes"} for each in row.answers]
    with pytest.raises(ChangedMeanwhile):
        desk.sign(world, file, by=world.other_of_board)


def test_a_second_draft_does_not_take_the_place_of_the_first(world: World) -> None:
    desk.two_sign(world)
    file = world.file(ASKED)
    before = desk.seen(world, file).seen
    desk.decide(world, file)
    with pytest.raises(ChangedMeanwhile):
        desk.decide(world, file, ALL_YES, by=world.other_of_board, digest=before)
    with pytest.raises(ChangedMeanwhile):
        desk.decide(world, file, ALL_YES, by=world.other_of_board)


@pytest.mark.parametrize("who", ["board", "other_of_board"])
def test_a_draft_can_be_dropped_and_made_anew(world: World, who: str) -> None:
    desk.two_sign(world)
    file = world.file(ASKED)
    desk.decide(world, file)
    draft = desk.seen(world, file).beside.draft
    assert draft is not None
    world.run(deciding.drop_draft, actor=getattr(world, who), provider_slug=world.slug, code=file.code, digest=draft.digest)
    assert desk.decide(world, file, ALL_YES, by=world.other_of_board) is None
    with pytest.raises(ChangedMeanwhile):
        world.run(deciding.drop_draft, actor=world.board, provider_slug=world.slug, code=file.code, digest=draft.digest)


def test_the_signature_of_who_left_the_board_does_not_count(world: World) -> None:
    desk.two_sign(world)
    file, gone = world.file(ASKED), world.person("Gijs Gegaan", Role.EXAM_BOARD)
    desk.decide(world, file, by=gone)
    with world.database.writing() as session:
        session.execute(text("DELETE FROM membership WHERE person_id IN (SELECT id FROM person WHERE name = 'Gijs Gegaan')"))
    with pytest.raises(SignerLeft):
        desk.sign(world, file, by=world.other_of_board)


def test_what_was_decided_can_not_be_changed_in_the_database_either(database: Database, world: World) -> None:
    desk.decide(world, world.file(ASKED))
    for table, column in (("recognition_decision", "number"), ("recognition_decision_answer", "reason"), ("recognition_decision_signature", "person_id")):
        for change in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):  # noqa: S608 - names from above
            with pytest.raises(DBAPIError, match="only added to"), database.writing() as session:
                session.execute(text(change))


def test_the_learner_reads_in_the_trail_who_looked_and_decided(world: World) -> None:
    file = world.file(ASKED)
    there = desk.seen(world, file)
    world.run(deciding.note_look, actor=world.board, desk=there.desk, file=there.file)
    desk.decide(world, file)
    with world.database.reading() as session:
        entries = session.query(TrailEntry).filter(TrailEntry.about_id == file.id).all()
    assert [(each.act, each.person_id) for each in entries] == [("evidence-seen", world.learner.person_id), ("decision-taken", world.learner.person_id)]


def test_a_board_reads_beforehand_what_is_more_than_the_module_has_now(world: World) -> None:
    file = world.file(ASKED)
    with world.database.writing() as session:
        session.execute(update(Module).values(ec=Decimal(4)))
    shown = desk.seen(world, file).credits(world.outcomes)
    desk.decide(world, file, ALL_YES)
    found = desk.decision(world, file).decision
    assert (found.counts, found.beyond) == (Decimal(4), Decimal(1)) == (shown.counts, shown.beyond)


def test_a_provider_s_maximum_cuts_off_what_counts(database: Database, world: World) -> None:
    desk.two_sign(world, signatures=1, most_ec=Decimal(2))
    file = world.file(ASKED)
    shown = desk.seen(world, file).credits(world.outcomes)
    desk.decide(world, file, ALL_YES)
    found = desk.decision(world, file)
    assert (found.decision.counts, found.decision.beyond) == (Decimal(2), Decimal(3)) == (shown.counts, shown.beyond)
    assert (desk.counting(database, world)[0], found.decision.state) == (Decimal(2), DecisionState.GRANTED)
