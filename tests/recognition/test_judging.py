"""Assessors judge a portfolio, look a second time, and conclude; who got another side in the file meanwhile can only stand back."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from academy.accounts.api import Actor, Role, add_membership
from academy.accounts.models import Membership
from academy.recognition.errors import FileNotFound, StepRefused
from academy.recognition.errors.evidence import ShareTakenBack
from academy.recognition.errors.judging import AnswersFaulty, NothingAsked, NothingBooked
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import (
    ALWAYS_MET,
    AnswerFault,
    Criterion,
    EvidenceKind,
    FileState,
    Judgement,
    Who,
    WhyNot,
)
from academy.recognition.models import EvidenceFor, FileParty, FileStep, InstrumentUse, ReportEvidence
from academy.recognition.policy import Rights
from academy.recognition.queries.files import may_see_evidence
from academy.recognition.queries.judging import judging_at, said_in
from academy.recognition.queries.portfolio import history_of, outcomes_of
from academy.recognition.rules.deciding import Answer
from academy.recognition.service import evidence, judging, slots
from tests.recognition.slots import HOUR, WORKPLACE, a_draft, book, booked, offered, on_offer, sees, slot_now
from tests.recognition.world import NO, PARTLY, YES, World

F = FileState


def answers_of(world: World, file: FileFacts, *judgements: Judgement) -> tuple[Answer, ...]:
    """Answer every outcome as it should be in a report, with the evidence that is there for it."""
    with world.database.reading() as session:
        shown = frozenset(session.scalars(select(EvidenceFor.evidence_id).where(EvidenceFor.file_id == file.id)))
    return tuple(
        Answer(
            outcome_id, judgement, "de helft" if judgement is PARTLY else "", "gezien", frozenset() if judgement is NO else shown,
            frozenset() if judgement is NO else ALWAYS_MET,
        )
        for outcome_id, judgement in zip(world.outcomes, judgements or (YES, PARTLY, NO), strict=True)
    )


def do(world: World, act: Any, file: FileFacts, *, by: Actor | None = None, **what: Any) -> Any:
    return world.run(act, actor=by or world.assessor, provider_slug=world.slug, code=file.code, **what)


def judge(world: World, file: FileFacts, *, by: Actor | None = None, notes: str = "") -> None:
    do(world, judging.judge_portfolio, file, by=by, answers=answers_of(world, file), notes=notes)


def refused(world: World, act: Any, file: FileFacts, why: WhyNot, **what: Any) -> None:
    before = world.facts(file.id)
    with pytest.raises(StepRefused) as found:
        do(world, act, file, **what)
    assert found.value.why is why
    assert world.facts(file.id) == before


def becomes_employer(world: World, file: FileFacts, *actors: Actor) -> None:
    firm = world.employer()
    with world.database.writing() as session:
        session.add(FileParty(file_id=file.id, organisation_id=firm))
        for actor in actors or (world.assessor,):
            add_membership(session, person_id=actor.person_id, organisation_id=firm, role=Role.OWNER)


def share(world: World, file: FileFacts, assessor: Actor) -> None:
    world.run(evidence.share_file, actor=world.learner, code=file.code, assessor_id=assessor.person_id)


def take_back(world: World, file: FileFacts, assessor: Actor) -> None:
    world.run(evidence.unshare_file, actor=world.learner, code=file.code, assessor_id=assessor.person_id)


def test_a_portfolio_is_taken_up_judged_and_concluded_by_two_assessors(world: World) -> None:
    file = world.file(F.PORTFOLIO_SUBMITTED)
    do(world, judging.take_assessment, file)
    do(world, judging.take_assessment, file)  # who has it has it
    assert sees(world, file, world.assessor)
    assert world.facts(file.id).state is F.ASSESSMENT_PLANNED
    judge(world, file, notes="Netjes gedaan.")
    assert world.facts(file.id).state is F.ASSESSED
    slot = offered(world, world.other_assessor, in_days=1)
    book(world, file, slot)
    world.pass_time(days=1)
    do(world, judging.finish_instrument, file, by=world.other_assessor, answers=answers_of(world, file)[:1], notes="")
    assert world.facts(file.id).state is F.SECOND_DONE
    number = do(world, judging.issue_report, file, by=world.other_assessor, answers=answers_of(world, file))
    assert world.facts(file.id).state is F.REPORT_ISSUED
    assert number
    assert not sees(world, file, world.assessor)
    assert not sees(world, file, world.other_assessor)
    with world.database.reading() as session:
        said = list(said_in(session, file.id).values())
        assert [len(each) for each in said] == [3, 1]
        assert session.scalars(select(InstrumentUse.notes).order_by(InstrumentUse.id)).first() == "Netjes gedaan."


def test_with_an_interview_booked_beforehand_the_portfolio_goes_straight_on_to_it(world: World) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    book(world, file, offered(world, world.other_assessor))
    judge(world, file)
    assert world.facts(file.id).state is F.SECOND_PLANNED
    with world.database.reading() as session:
        assert [each.becomes for each in history_of(session, file.id)][-2:] == [F.ASSESSED, F.SECOND_PLANNED]


def test_the_guide_the_learner_and_who_acts_for_their_employer_take_nothing_up(world: World) -> None:
    file = world.file(F.PORTFOLIO_SUBMITTED)
    becomes_employer(world, file, world.other_assessor)
    refused(world, judging.take_assessment, file, WhyNot.UNFIT, by=world.guide)
    refused(world, judging.take_assessment, file, WhyNot.UNFIT, by=world.other_assessor)
    with world.database.writing() as session:
        add_membership(session, person_id=world.learner.person_id, organisation_id=world.provider_id, role=Role.ASSESSOR)
    for nobody in (world.learner, world.board, world.owner):
        with pytest.raises(FileNotFound):
            do(world, judging.take_assessment, file, by=nobody)


def test_only_who_took_it_up_judges_it(world: World) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    refused(world, judging.take_assessment, file, WhyNot.NO_WAY, by=world.other_assessor)
    for act, what in ((judging.judge_portfolio, {"answers": answers_of(world, file), "notes": ""}), (judging.ask_for_more, {"missing": {world.outcomes[0]: "Meer"}})):
        refused(world, act, file, WhyNot.NOT_THEIRS, by=world.other_assessor, **what)
    refused(world, judging.stand_back, file, WhyNot.NOT_THEIRS, by=world.other_assessor)


def test_who_stands_back_sees_nothing_any_more_and_another_takes_it_up(world: World) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    do(world, judging.stand_back, file)
    assert world.facts(file.id).state is F.PORTFOLIO_SUBMITTED
    assert not sees(world, file, world.assessor)
    do(world, judging.take_assessment, file, by=world.other_assessor)
    assert world.facts(file.id).state is F.ASSESSMENT_PLANNED
    assert sees(world, file, world.other_assessor)


def test_an_assessor_who_became_the_learners_employer_can_only_stand_back_at_every_step(world: World) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    becomes_employer(world, file)
    whole = answers_of(world, file)
    refused(world, judging.judge_portfolio, file, WhyNot.UNFIT, answers=whole, notes="")
    refused(world, judging.ask_for_more, file, WhyNot.UNFIT, missing={world.outcomes[0]: "Meer"})
    do(world, judging.stand_back, file)
    do(world, judging.take_assessment, file, by=world.other_assessor)
    judge(world, file, by=world.other_assessor)
    refused(world, judging.plan_instrument, file, WhyNot.NOT_THEIRS, draft=a_draft(world))
    share(world, file, world.assessor)
    refused(world, judging.plan_instrument, file, WhyNot.UNFIT, draft=a_draft(world))


def test_also_from_a_second_look_and_a_colleague_goes_on(world: World) -> None:
    file = world.file(F.ASSESSED)
    slot = offered(world, in_days=1)
    book(world, file, slot)
    becomes_employer(world, file)
    world.pass_time(days=2)
    refused(world, judging.finish_instrument, file, WhyNot.UNFIT, answers=answers_of(world, file), notes="")
    do(world, judging.stand_back, file)
    assert world.facts(file.id).state is F.ASSESSED
    assert slot_now(world, slot).taken == 0
    assert not sees(world, file, world.assessor)
    share(world, file, world.other_assessor)
    do(world, judging.plan_instrument, file, by=world.other_assessor, draft=a_draft(world, kind=WORKPLACE))
    world.pass_time(days=6)
    do(world, judging.finish_instrument, file, by=world.other_assessor, answers=answers_of(world, file), notes="")
    refused(world, judging.issue_report, file, WhyNot.UNFIT, answers=answers_of(world, file))
    do(world, judging.issue_report, file, by=world.other_assessor, answers=answers_of(world, file))


def test_an_employer_of_the_learner_sees_the_evidence_no_more_also_before_they_stand_back(world: World) -> None:
    file, assesses = world.file(F.ASSESSMENT_PLANNED), Rights(assess=True, decide=False, manage=False)
    for may in (True, False):
        with world.database.reading() as session:
            assert may_see_evidence(session, world.assessor.person_id, file, assesses) is may
        if may:
            becomes_employer(world, file)


@pytest.mark.parametrize("is_gone", [True, False])
@pytest.mark.parametrize(("state", "becomes"), [(F.ASSESSMENT_PLANNED, F.ASSESSMENT_PLANNED), (F.SECOND_PLANNED, F.ASSESSED)])
def test_of_who_is_gone_or_may_not_judge_any_more_a_colleague_takes_over(world: World, state: FileState, becomes: FileState, is_gone: bool) -> None:
    file = world.file(state)
    refused(world, judging.take_assessment, file, WhyNot.NO_WAY, by=world.other_assessor)
    if is_gone:
        with world.database.writing() as session:
            session.execute(delete(Membership).where(Membership.person_id == world.assessor.person_id))
    else:
        becomes_employer(world, file)
    refused(world, judging.take_assessment, file, WhyNot.UNFIT, by=world.guide)
    do(world, judging.take_assessment, file, by=world.other_assessor)
    assert world.facts(file.id).state is becomes
    assert booked(world, file) is None
    assert sees(world, file, world.other_assessor)
    assert not sees(world, file, world.assessor)


def test_asked_for_more_the_learner_reads_for_which_outcome_and_the_assessor_sees_nothing_until_it_is_sent_again(world: World) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    first, second, _third = world.outcomes
    for nothing in ({}, {first: "  "}, {UUID(int=9): "Meer"}):
        with pytest.raises(NothingAsked):
            do(world, judging.ask_for_more, file, missing=nothing)
    do(world, judging.ask_for_more, file, missing={first: "Laat het ontwerp zien.", second: ""})
    assert world.facts(file.id).state is F.PORTFOLIO_INCOMPLETE
    assert not sees(world, file, world.assessor)
    with world.database.reading() as session:
        assert [each.missing for each in outcomes_of(session, file.id)] == ["Laat het ontwerp zien.", "", ""]
        assert [each.becomes for each in history_of(session, file.id)][-2:] == [F.PORTFOLIO_SUBMITTED, F.PORTFOLIO_INCOMPLETE]


@pytest.mark.parametrize(("change", "fault"), [
    ({"judgement": PARTLY}, AnswerFault.NO_PART), ({"judgement": NO, "reason": " "}, AnswerFault.NO_REASON),
    ({"met": frozenset({Criterion.VARIED, Criterion.AUTHENTIC, Criterion.RELEVANT})}, AnswerFault.CRITERIA), ({"outcome_id": UUID(int=3)}, AnswerFault.NOT_ASKED),
])
def test_a_portfolio_is_judged_whole_or_not_at_all(world: World, change: dict[str, Any], fault: AnswerFault) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    first, *others = answers_of(world, file)
    with pytest.raises(AnswersFaulty) as found:
        do(world, judging.judge_portfolio, file, answers=(replace(first, **change), *others), notes="")
    assert fault in {each for _outcome, each in found.value.faults}
    with pytest.raises(AnswersFaulty):
        do(world, judging.judge_portfolio, file, answers=others, notes="")
    assert world.facts(file.id).state is F.ASSESSMENT_PLANNED


def test_a_look_that_an_assessor_plans_is_offered_to_nobody_else(world: World) -> None:
    file, other = world.file(F.ASSESSED), world.file(F.ASSESSED, of=world.stranger)
    do(world, judging.plan_instrument, file, draft=a_draft(world, kind=WORKPLACE, where="Bij het bedrijf"))
    assert world.facts(file.id).state is F.SECOND_PLANNED
    assert on_offer(world, other) == []
    found = booked(world, file)
    assert found is not None
    assert found.slot is not None
    assert found.slot.where == "Bij het bedrijf"
    world.run(slots.call_off, actor=world.learner, code=file.code)
    assert on_offer(world, other) == []
    assert world.facts(file.id).state is F.ASSESSED


def test_a_look_is_judged_when_it_has_begun_and_by_who_looked(world: World) -> None:
    file = world.file(F.ASSESSED)
    with pytest.raises(NothingBooked):
        do(world, judging.finish_instrument, file, answers=answers_of(world, file), notes="")
    book(world, file, offered(world, in_days=1))
    refused(world, judging.finish_instrument, file, WhyNot.TOO_EARLY, answers=answers_of(world, file), notes="")
    world.pass_time(days=1)
    refused(world, judging.finish_instrument, file, WhyNot.NOT_THEIRS, by=world.other_assessor, answers=answers_of(world, file), notes="")
    with pytest.raises(AnswersFaulty):
        do(world, judging.finish_instrument, file, answers=(), notes="")
    do(world, judging.finish_instrument, file, answers=answers_of(world, file)[2:], notes="")


def test_one_more_look_is_planned_when_the_second_left_doubts(world: World) -> None:
    file = world.file(F.SECOND_DONE)
    share(world, file, world.other_assessor)
    do(world, judging.plan_instrument, file, by=world.other_assessor, draft=a_draft(world, kind=WORKPLACE, starts=(world.now + HOUR,)))
    assert world.facts(file.id).state is F.SECOND_PLANNED
    world.pass_time(hours=1)
    do(world, judging.finish_instrument, file, by=world.other_assessor, answers=answers_of(world, file), notes="")
    assert world.facts(file.id).state is F.SECOND_DONE


def test_without_a_part_an_assessor_reads_what_is_claimed_and_not_by_whom(world: World) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    with world.database.reading() as session:
        mine = judging_at(session, world.assessor, world.slug, file.code)
        other = judging_at(session, world.other_assessor, world.slug, file.code)
    assert len(mine.evidence) == 1
    assert world.learner.person_id in mine.names
    assert (other.evidence, other.names, other.said) == ((), {}, {})
    becomes_employer(world, file)
    with world.database.reading() as session:
        now_unfit = judging_at(session, world.assessor, world.slug, file.code)
    assert (now_unfit.evidence, now_unfit.names, now_unfit.has_part) == ((), {}, True)


def not_shared(world: World, act: Any, file: FileFacts, **what: Any) -> None:
    state = world.facts(file.id).state
    with pytest.raises(ShareTakenBack):
        do(world, act, file, **what)
    assert not sees(world, file, world.assessor)
    assert world.facts(file.id).state is state


@pytest.mark.parametrize("is_back_first", [True, False])
def test_what_the_learner_took_back_no_assessor_takes_again_until_the_learner_shares_it(world: World, is_back_first: bool) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    if is_back_first:
        do(world, judging.stand_back, file)
    take_back(world, file, world.assessor)
    if not is_back_first:
        do(world, judging.stand_back, file)
    not_shared(world, judging.take_assessment, file)
    share(world, file, world.assessor)
    do(world, judging.take_assessment, file)
    assert sees(world, file, world.assessor)


def test_planning_a_look_does_not_give_again_what_the_learner_took_back_and_their_booking_does(world: World) -> None:
    file = world.file(F.ASSESSED)
    take_back(world, file, world.assessor)
    not_shared(world, judging.plan_instrument, file, draft=a_draft(world))
    book(world, file, offered(world))
    assert sees(world, file, world.assessor)


def test_who_takes_over_from_a_colleague_does_not_undo_that_the_learner_took_it_back_from_them(world: World) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    share(world, file, world.other_assessor)
    take_back(world, file, world.other_assessor)
    becomes_employer(world, file)
    with pytest.raises(ShareTakenBack):
        do(world, judging.take_assessment, file, by=world.other_assessor)
    assert not sees(world, file, world.other_assessor)


def test_who_stood_back_can_take_it_up_again(world: World) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    do(world, judging.stand_back, file)
    do(world, judging.take_assessment, file)
    assert sees(world, file, world.assessor)


@pytest.mark.parametrize("state", [F.ASSESSED, F.SECOND_DONE])
def test_a_colleague_without_a_part_plans_no_look_and_so_sees_nobody(world: World, state: FileState) -> None:
    file = world.file(state)
    refused(world, judging.plan_instrument, file, WhyNot.NOT_THEIRS, by=world.other_assessor, draft=a_draft(world))
    assert not sees(world, file, world.other_assessor)
    with world.database.reading() as session:
        assert not judging_at(session, world.other_assessor, world.slug, file.code).may_plan
        assert judging_at(session, world.assessor, world.slug, file.code).may_plan
    share(world, file, world.other_assessor)
    with world.database.reading() as session:
        assert judging_at(session, world.other_assessor, world.slug, file.code).may_plan


def test_an_hour_that_was_agreed_and_is_called_off_is_the_assessors_again(world: World) -> None:
    file, draft = world.file(F.ASSESSED), a_draft(world)
    do(world, judging.plan_instrument, file, draft=draft)
    world.run(slots.call_off, actor=world.learner, code=file.code)
    do(world, judging.plan_instrument, file, draft=draft)  # the same hour
    book(world, file, offered(world, world.other_assessor))
    assert world.run(slots.offer_slots, actor=world.assessor, provider_slug=world.slug, draft=draft) == 1


def test_a_report_names_the_employer_of_a_statement_and_not_who_wrote_it(world: World) -> None:
    said = world.evidence(EvidenceKind.STATEMENT, title="Ina Baas, Bakkerij Jansen", source="Bakkerij Jansen")
    file = world.file(F.SECOND_DONE, evidence=[said, world.evidence()])
    do(world, judging.issue_report, file, answers=answers_of(world, file))
    with world.database.reading() as session:
        assert set(session.scalars(select(ReportEvidence.title))) == {"Bakkerij Jansen", "Mijn werk"}


def test_of_the_board_nobody_sees_the_evidence_who_guided_or_judged_in_the_file(world: World) -> None:
    file, rights = world.file(F.EXEMPTION_REQUESTED), Rights(assess=True, decide=True, manage=False)
    with world.database.writing() as session:
        session.add(FileStep(id=UUID(int=7), file_id=file.id, from_state=F.INTAKE_PLANNED, to_state=F.INTAKE_DONE, at=world.now, by_id=world.stranger.person_id, who=Who.GUIDE))
    with world.database.reading() as session:
        seers = [each for each in (world.guide, world.stranger, world.assessor, world.board) if may_see_evidence(session, each.person_id, file, rights)]
    assert seers == [world.board]


def test_a_guide_who_became_the_learners_employer_sees_the_evidence_no_more(world: World) -> None:
    file, assesses = world.file(F.PORTFOLIO_OPEN), Rights(assess=True, decide=False, manage=False)
    for may in (True, False):
        with world.database.reading() as session:
            assert may_see_evidence(session, world.guide.person_id, file, assesses) is may
        if may:
            becomes_employer(world, file, world.guide)
