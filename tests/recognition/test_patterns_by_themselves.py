"""A board lets a pattern go by itself: then a request that only repeats is granted at once, with its parents, and else people look."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, Role
from academy.accounts.models import Membership
from academy.catalogue.api import ProviderNotFound
from academy.kernel.money import FREE
from academy.recognition.errors.patterns import PatternClosed, PatternNotFound, PatternThere, PatternUnfit
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import DecisionGround, FileState
from academy.recognition.models import (
    Credit,
    Decision,
    DecisionAnswer,
    DecisionSignature,
    PatternApproval,
    RecognitionFile,
    ReportAnswer,
    Terms,
)
from academy.recognition.queries.approvals import approvals_of, patterns_to_approve
from academy.recognition.queries.auditing import audit
from academy.recognition.rules.patterns import Shown
from academy.recognition.service.booking import About, book_decision
from academy.recognition.service.claiming import request_exemption
from academy.recognition.service.patterns import (
    ApprovalDraft,
    approve_pattern,
    end_approval,
    grant_by_pattern,
    sign_approval,
)
from tests import builders
from tests.enrolment.races import at_the_same_time
from tests.recognition.deciding_before import COURSE, CREBO, WORK, answers, decide, pattern
from tests.recognition.world import NO, PARTLY, YES, World

F = FileState
UNTIL = date(2027, 8, 31)


def approve(world: World, *shown: Shown, actor: Actor | None = None, parents: int = 2, until: date = UNTIL, places: tuple[int, ...] = (0, 1, 2)) -> list[str]:
    """Let the same evidence go by itself for some outcomes; returns the codes of the approvals."""
    drafts = [ApprovalDraft(pattern(world, *shown, place=place).key, "mbo-diploma 25648", parents, until) for place in places]
    return [world.run(approve_pattern, actor=actor or world.board, provider_slug=world.slug, draft=draft) for draft in drafts]


def two_decided(world: World, *shown: Shown) -> list[Any]:
    made = [decide(world, (YES, YES, YES), *shown or (CREBO,))]
    world.pass_time(days=1)
    return [decide(world, (YES, YES, YES), *shown or (CREBO,)), *made]


def asked(world: World, *evidence: Any, judgements: Any = (YES, YES, YES), **values: Any) -> FileFacts:
    """Return a file whose report is there, on a diploma or on this evidence."""
    return world.file(F.REPORT_ISSUED, judgements=judgements, evidence=list(evidence) or [world.diploma()], **values)


def request(world: World, file: FileFacts) -> bool:
    with world.database.writing() as session:
        return request_exemption(session, actor=world.learner, code=file.code, now=world.now)


def two_sign(world: World) -> None:
    with world.database.writing() as session:
        session.add(Terms(provider_id=world.provider_id, most_ec=None, signatures=2, fee=FREE, changed_at=world.now))


def test_what_only_repeats_is_granted_at_once_with_its_parents_and_signed_by_who_approved(world: World) -> None:
    parents = two_decided(world)
    approve(world, CREBO)
    file = asked(world)
    assert request(world, file)
    assert world.facts(file.id).state is F.GRANTED
    with world.database.reading() as session:
        decision = session.get_one(Decision, world.facts(file.id).decision_id)
        assert (decision.ground, decision.parents) == (DecisionGround.PATTERN, [each.hex for each in parents])
        assert decision.ground_id in session.scalars(select(PatternApproval.id)).all()
        assert session.scalars(select(DecisionSignature.person_id).where(DecisionSignature.decision_id == decision.id)).all() == [world.board.person_id]
        assert {row.judgement for row in session.scalars(select(DecisionAnswer).where(DecisionAnswer.decision_id == decision.id))} == {YES}
        assert sum(session.scalars(select(Credit.ec).where(Credit.person_id == world.learner.person_id))) == world.module.ec
        assert not audit(session).any


def leave_one_out(world: World) -> FileFacts:
    approve(world, CREBO, places=(0, 1))
    return asked(world)


def too_few_parents(world: World) -> FileFacts:
    approve(world, CREBO, parents=3)
    return asked(world)


def own_work(world: World) -> FileFacts:
    approve(world, CREBO)
    return asked(world, world.diploma(), world.evidence())


def other_paper(world: World) -> FileFacts:
    approve(world, CREBO)
    return asked(world, world.diploma("25649"))


def past_its_day(world: World) -> FileFacts:
    approve(world, CREBO, until=date(2026, 9, 5))
    world.pass_time(days=10)
    return asked(world)


def assessors_doubt(world: World) -> FileFacts:
    approve(world, CREBO)
    return asked(world, judgements=(YES, YES, PARTLY))


def decided_otherwise_since(world: World) -> FileFacts:
    approve(world, CREBO)
    decide(world, (YES, YES, NO), CREBO)
    return asked(world)


def approver_guided(world: World) -> FileFacts:
    approve(world, CREBO)
    return asked(world, guide_id=world.board.person_id)


def approver_left(world: World) -> FileFacts:
    approve(world, CREBO)
    with world.database.writing() as session:
        session.execute(update(Membership).where(Membership.person_id == world.board.person_id).values(role=Role.EDITOR))
    return asked(world)


def ended(world: World) -> FileFacts:
    for code in approve(world, CREBO):
        world.run(end_approval, actor=world.other_of_board, provider_slug=world.slug, code=code)
    return asked(world)


def unsigned(world: World) -> FileFacts:
    two_sign(world)
    approve(world, CREBO)
    return asked(world)


@pytest.mark.parametrize("case", [
    leave_one_out, too_few_parents, own_work, other_paper, past_its_day, assessors_doubt, decided_otherwise_since, approver_guided, approver_left, ended, unsigned,
])
def test_in_any_other_case_people_look(world: World, case: Any) -> None:
    two_decided(world)
    file = case(world)
    assert not request(world, file)
    assert world.facts(file.id).state is F.EXEMPTION_REQUESTED
    assert world.facts(file.id).decision_id is None


def test_where_two_sign_both_members_stand_under_the_decision(world: World) -> None:
    two_decided(world)
    two_sign(world)
    for code in approve(world, CREBO):
        with pytest.raises(PatternClosed):
            world.run(sign_approval, actor=world.board, provider_slug=world.slug, code=code)
        world.run(sign_approval, actor=world.other_of_board, provider_slug=world.slug, code=code)
    file = asked(world)
    assert request(world, file)
    with world.database.reading() as session:
        signed = session.scalars(select(DecisionSignature.person_id).where(DecisionSignature.decision_id == world.facts(file.id).decision_id)).all()
    assert set(signed) == {world.board.person_id, world.other_of_board.person_id}


def test_only_the_board_approves_and_only_what_always_got_a_yes_on_papers(world: World) -> None:
    two_decided(world)
    decide(world, (YES, YES, NO), WORK)
    decide(world, (PARTLY, NO, YES), COURSE)
    with pytest.raises(ProviderNotFound):
        approve(world, CREBO, actor=world.assessor)
    for shown, place in ((WORK, 0), (COURSE, 0), (COURSE, 1)):
        with pytest.raises(PatternUnfit):
            approve(world, shown, places=(place,))
    with pytest.raises(PatternUnfit):
        approve(world, CREBO, until=date(2026, 8, 31))
    with pytest.raises(PatternUnfit):
        approve(world, CREBO, parents=0)
    approve(world, CREBO)
    with pytest.raises(PatternThere):
        approve(world, CREBO)


def test_a_board_sees_what_it_could_let_go_and_what_goes(world: World) -> None:
    world.file(F.REPORT_ISSUED)
    two_decided(world)
    decide(world, (YES, PARTLY, YES), COURSE)
    with world.database.reading() as session:
        possible = patterns_to_approve(session, world.provider_id, UNTIL)
    assert sorted((each.wording.nl, each.number) for each in possible) == sorted(
        [*((each.wording.nl, 2) for each in world.module.outcomes), *((world.module.outcomes[place].wording.nl, 1) for place in (0, 2))],
    )
    codes = approve(world, CREBO)
    world.run(end_approval, actor=world.board, provider_slug=world.slug, code=codes[0])
    with world.database.reading() as session:
        assert len(patterns_to_approve(session, world.provider_id, UNTIL)) == 3
        going = approvals_of(session, world.provider_id)
    assert [(each.number, each.ended_at is None, each.signers) for each in going] == [(2, True, ("Bea Bestuur",))] * 2 + [(2, False, ("Bea Bestuur",))]


def test_the_evidence_of_a_pattern_is_told_as_long_as_it_is_there(world: World) -> None:
    file = world.file(F.EXEMPTION_REQUESTED, evidence=[world.diploma()])
    shown = {each: frozenset({CREBO}) for each in world.outcomes}
    with world.database.writing() as session:
        about = About(world.learner.person_id, world.module.id, world.provider_id, DecisionGround.FILE, file_id=file.id, shown=shown)
        book_decision(session, about, answers(world, (YES, YES, YES)), signers={world.board.person_id}, now=world.now)
        assert {each.shown for each in patterns_to_approve(session, world.provider_id, UNTIL)} == {(CREBO,)}


def test_an_approval_of_another_board_is_not_there(world: World) -> None:
    two_decided(world)
    code = approve(world, CREBO)[0]
    with world.database.writing() as session:
        other = builders.provider(session, "saxion")
    theirs = world.person("Bé van Saxion", Role.EXAM_BOARD, at=other)
    with pytest.raises(PatternNotFound):
        world.run(end_approval, actor=theirs, provider_slug="saxion", code=code)
    with pytest.raises(ProviderNotFound):
        world.run(end_approval, actor=theirs, provider_slug=world.slug, code=code)


def test_an_approval_that_ends_while_a_request_comes_in_grants_nothing(world: World) -> None:
    two_decided(world)
    codes = approve(world, CREBO)
    file = world.file(F.EXEMPTION_REQUESTED, judgements=(YES, YES, YES), evidence=[world.diploma()])
    heard: list[bool] = []

    def end(session: Session) -> None:
        end_approval(session, actor=world.board, provider_slug=world.slug, code=codes[2], now=world.now)

    def ask(session: Session) -> None:
        heard.append(grant_by_pattern(session, file.id, world.now))

    assert at_the_same_time(world.database, end, ask) == "done"
    assert heard == [False]
    assert world.facts(file.id).state is F.EXEMPTION_REQUESTED


def test_an_approval_that_ends_just_after_a_request_does_not_take_it_back(world: World) -> None:
    two_decided(world)
    codes = approve(world, CREBO)
    file = asked(world)
    heard = at_the_same_time(
        world.database, lambda session: request_exemption(session, actor=world.learner, code=file.code, now=world.now),
        lambda session: end_approval(session, actor=world.board, provider_slug=world.slug, code=codes[2], now=world.now),
    )
    assert heard == "done"
    assert world.facts(file.id).state is F.GRANTED


def test_the_report_of_a_granted_file_stays_as_it_was(world: World) -> None:
    two_decided(world)
    approve(world, CREBO)
    file = asked(world)
    request(world, file)
    world.pass_time(days=1)
    with world.database.reading() as session:
        assert len(session.scalars(select(ReportAnswer).where(ReportAnswer.file_id == file.id)).all()) == 3
        assert session.get_one(RecognitionFile, file.id).since == world.now - timedelta(days=1)
