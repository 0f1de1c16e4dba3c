"""What a learner does when a file ends or is decided: take it back, have it go on, ask for an exemption, appeal."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.models import TrailEntry
from academy.kernel.ids import new_id, short_code
from academy.recognition.errors import FileThere, StepRefused
from academy.recognition.errors.claiming import ReasonMissing
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import (
    BEFORE_DECISION,
    WAITS_FOR_LEARNER,
    DecisionGround,
    FileState,
    InstrumentKind,
    Route,
    WhyNot,
)
from academy.recognition.models import AssessorSlot, DecisionDraft, FileShare, InstrumentUse, RecognitionFile
from academy.recognition.policy import Rights
from academy.recognition.queries.files import may_see_evidence
from academy.recognition.queries.mine import file_in_full
from academy.recognition.queries.portfolio import history_of
from academy.recognition.service import claiming
from academy.recognition.service.booking import About, book_decision
from tests.recognition import board_desk as desk
from tests.recognition.deciding_before import answers
from tests.recognition.world import NO, PARTLY, YES, World

F = FileState
ASSESSOR = Rights(assess=True, decide=False, manage=False)


def do(world: World, act: Any, code: str, **what: Any) -> Any:
    return world.run(act, actor=world.learner, code=code, **what)


def decided(world: World, state: FileState = F.PARTIALLY_GRANTED) -> FileFacts:
    """Put a file in a state in which the board has decided."""
    file = world.file(F.EXEMPTION_REQUESTED)
    about = About(world.learner.person_id, world.module.id, world.provider_id, DecisionGround.FILE, file_id=file.id)
    with world.database.writing() as session:
        decision_id = book_decision(session, about, answers(world, (YES, PARTLY, NO)), signers={world.board.person_id}, now=world.now)
        session.execute(update(RecognitionFile).where(RecognitionFile.id == file.id).values(state=state, decision_id=decision_id, since=world.now))
    return world.facts(file.id)


def booked(world: World, file: FileFacts) -> AssessorSlot:
    """Book time of the assessor in a file, by SQL."""
    starts = world.now + timedelta(days=3)
    slot = AssessorSlot(
        id=new_id(), code=short_code(), provider_id=world.provider_id, assessor_id=world.assessor.person_id, kind=InstrumentKind.INTERVIEW, starts_at=starts,
        ends_at=starts + timedelta(hours=1), capacity=1, taken=1,
    )
    with world.database.writing() as session:
        session.add(slot)
        session.flush()
        session.add(InstrumentUse(
            id=new_id(), file_id=file.id, kind=slot.kind, assessor_id=slot.assessor_id, slot_id=slot.id, begun_at=world.now, planned_at=starts,
        ))
        session.add(FileShare(file_id=file.id, assessor_id=slot.assessor_id, given_at=world.now))
    return slot


@pytest.mark.parametrize("state", BEFORE_DECISION)
def test_a_file_is_withdrawn_at_any_moment_and_nobody_sees_its_evidence_from_then_on(world: World, state: FileState) -> None:
    file = world.file(state)
    do(world, claiming.withdraw_file, file.code)
    now = world.facts(file.id)
    with world.database.reading() as session:
        assert not session.scalars(select(FileShare.file_id).where(FileShare.taken_back_at.is_(None))).all()
        assert not any(may_see_evidence(session, one.person_id, now, ASSESSOR) for one in (world.assessor, world.guide))
    assert now.state is F.WITHDRAWN


def test_withdrawing_frees_the_time_that_was_booked_in_the_same_commit(world: World) -> None:
    file = world.file(F.PORTFOLIO_SUBMITTED)
    slot = booked(world, file)
    do(world, claiming.withdraw_file, file.code)
    with world.database.reading() as session:
        assert session.get_one(AssessorSlot, slot.id).taken == 0
        assert session.scalars(select(InstrumentUse.called_off_at)).all() == [world.now]


def test_a_certificate_is_not_withdrawn_and_what_is_decided_neither(world: World) -> None:
    for file in (world.file(F.REPORT_ISSUED, route=Route.LABOUR_MARKET), decided(world)):
        with pytest.raises(StepRefused):
            do(world, claiming.withdraw_file, file.code)


@pytest.mark.parametrize("was", WAITS_FOR_LEARNER)
def test_a_lapse_is_contested_and_the_file_goes_on_where_it_was(world: World, was: FileState) -> None:
    file = world.file(was)
    with world.database.writing() as session:
        session.execute(update(RecognitionFile).values(state=F.LAPSED, lapsed_from=was))
    world.pass_time(days=40)
    do(world, claiming.contest_lapse, file.code)
    now = world.facts(file.id)
    assert (now.state, now.lapsed_from, now.idle_since) == (was, None, world.now)


def test_a_lapse_is_not_contested_too_late_or_beside_another_file(world: World) -> None:
    file = world.file(F.LAPSED)
    other = world.file(F.DRAFT)
    with pytest.raises(FileThere):
        do(world, claiming.contest_lapse, file.code)
    do(world, claiming.withdraw_file, other.code)
    world.pass_time(days=43)
    with pytest.raises(StepRefused) as refused:
        do(world, claiming.contest_lapse, file.code)
    assert refused.value.why is WhyNot.TOO_LATE


def test_an_exemption_is_asked_of_the_board_on_the_education_route_only(world: World) -> None:
    file = world.file(F.REPORT_ISSUED)
    assert do(world, claiming.request_exemption, file.code) is False
    assert world.facts(file.id).state is F.EXEMPTION_REQUESTED
    certificate = world.file(F.REPORT_ISSUED, route=Route.LABOUR_MARKET)
    with pytest.raises(StepRefused) as refused:
        do(world, claiming.request_exemption, certificate.code)
    assert refused.value.why is WhyNot.OTHER_ROUTE


def test_an_appeal_has_a_reason_comes_within_six_weeks_and_can_be_taken_back(world: World) -> None:
    file = decided(world)
    with pytest.raises(ReasonMissing):
        do(world, claiming.appeal, file.code, reason="  ")
    world.pass_time(days=42)
    do(world, claiming.appeal, file.code, reason="Ik deed dit vier jaar.")
    with world.database.reading() as session:
        assert history_of(session, file.id)[-1].why == "Ik deed dit vier jaar."
    do(world, claiming.take_appeal_back, file.code)
    assert world.facts(file.id).state is F.CONFIRMED


def test_a_draft_of_the_board_goes_with_the_request_or_the_appeal_that_is_taken_back(world: World) -> None:
    desk.two_sign(world)
    asked, appealed = world.file(F.EXEMPTION_REQUESTED, of=world.stranger), decided(world)
    do(world, claiming.appeal, appealed.code, reason="Omdat.")
    desk.decide(world, asked)
    desk.revise(world, appealed, desk.ALL_YES, by=world.other_of_board)
    world.run(claiming.withdraw_file, actor=world.stranger, code=asked.code)
    with world.database.reading() as session:
        assert session.scalars(select(DecisionDraft.file_id)).all() == [appealed.id]
    do(world, claiming.take_appeal_back, appealed.code)
    with world.database.reading() as session:
        assert not session.scalars(select(DecisionDraft.file_id)).all()


def test_a_request_is_in_the_trail_after_all_that_it_waits_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file, said = world.file(F.REPORT_ISSUED), []

    def grant(session: Session, _file_id: UUID, _now: datetime) -> bool:
        said.append(session.scalars(select(TrailEntry.act).where(TrailEntry.about_id == file.id)).all())
        return False

    monkeypatch.setattr(claiming, "grant_by_pattern", grant)
    do(world, claiming.request_exemption, file.code)
    assert said == [[]]
    with world.database.reading() as session:
        assert session.scalars(select(TrailEntry.act).where(TrailEntry.about_id == file.id)).all() == ["file-exemption-requested"]


def test_an_appeal_after_six_weeks_is_too_late(world: World) -> None:
    file = decided(world, F.REFUSED)
    world.pass_time(days=43)
    with pytest.raises(StepRefused) as refused:
        do(world, claiming.appeal, file.code, reason="Omdat.")
    assert refused.value.why is WhyNot.TOO_LATE


def test_a_repeat_asks_for_what_the_decision_left_and_names_the_file_before(world: World) -> None:
    file = decided(world)
    code = world.run(claiming.open_file, actor=world.learner, module_slug=world.module.slug, route=Route.EDUCATION, answers={})
    with world.database.reading() as session:
        repeat = file_in_full(session, world.learner, code)
    assert (repeat.facts.former_id, repeat.former_code) == (file.id, file.code)
    assert [each.id for each in repeat.outcomes] == list(world.outcomes[1:])
