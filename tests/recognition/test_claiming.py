"""What a learner does with their own file: kept once, sent when it is whole, signed against advice, withdrawn, and theirs alone."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from academy.accounts.api import Role, add_membership
from academy.accounts.errors import ApprovalNeeded
from academy.accounts.models import Person, TrailEntry
from academy.catalogue.models import LearningOutcome, Module
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.recognition.errors import FileClosed, FileNotFound, FileThere, NotRecognisable, StepRefused
from academy.recognition.errors.claiming import AnswersMissing, NothingLeft, NothingShown, NothingToProve
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import Advice, DecisionGround, FileState, Judgement, Route, WhyNot
from academy.recognition.models import FileEvidence, FileOutcome, FileParty, RecognitionFile, Terms
from academy.recognition.queries.files import file_of_learner
from academy.recognition.queries.portfolio import evidence_of, history_of, outcomes_of
from academy.recognition.service import claiming
from academy.recognition.service.booking import About, Answered, book_decision
from academy.recognition.service.claiming import Said
from tests.enrolment.races import at_the_same_time
from tests.recognition.world import NO, PARTLY, YES, World

F = FileState


def said(world: World, *judgements: Judgement, example: str = "Op mijn werk, elke week.") -> dict[UUID, Said]:
    return {outcome_id: Said(judgement, example) for outcome_id, judgement in zip(world.outcomes, judgements, strict=True)}


def opened(world: World, *judgements: Judgement, **more: Any) -> str:
    """Open a file for the learner; returns its code."""
    what = {"actor": world.learner, "module_slug": world.module.slug, "route": Route.EDUCATION, "answers": said(world, *(judgements or (YES, PARTLY, NO)))} | more
    return str(world.run(claiming.open_file, **what))


def found(world: World, code: str) -> FileFacts:
    with world.database.reading() as session:
        return file_of_learner(session, world.learner, code)


def do(world: World, act: Any, code: str, **what: Any) -> Any:
    return world.run(act, actor=world.learner, code=code, **what)


def use(world: World, code: str) -> None:
    """Put a piece of evidence in a file."""
    evidence_id = world.diploma()
    with world.database.writing() as session:
        session.add(FileEvidence(file_id=file_of_learner(session, world.learner, code).id, evidence_id=evidence_id, added_at=world.now))


def acts(world: World, file_id: UUID) -> list[str]:
    with world.database.reading() as session:
        return list(session.scalars(select(TrailEntry.act).where(TrailEntry.about_id == file_id).order_by(TrailEntry.number)))


# Opening


def test_a_self_scan_is_kept_with_the_words_the_credits_and_the_fee_of_that_day(world: World) -> None:
    with world.database.writing() as session:
        session.add(Terms(provider_id=world.provider_id, signatures=1, fee=Money(150_00), changed_at=world.now))
    code = opened(world)
    with world.database.writing() as session:
        session.execute(update(LearningOutcome).values(text=Localized("Iets anders.", "Something else.")))
    file = found(world, code)
    with world.database.reading() as session:
        outcomes, history = outcomes_of(session, file.id), history_of(session, file.id)
    assert (file.state, file.route, file.fee, file.module_version) == (F.DRAFT, Route.EDUCATION, Money(150_00), world.module.version)
    assert [(each.wording, each.worth, each.judgement, each.example) for each in outcomes] == [
        (outcome.wording, outcome.worth, judgement, "Op mijn werk, elke week.") for outcome, judgement in zip(world.module.outcomes, (YES, PARTLY, NO), strict=True)
    ]
    assert [(step.was, step.becomes, step.by_id) for step in history] == [(None, F.DRAFT, world.learner.person_id)]
    assert acts(world, file.id) == ["file-opened"]


def test_the_same_form_sent_twice_is_one_file(world: World) -> None:
    key = new_id()
    assert opened(world, request_key=key) == opened(world, request_key=key)


def test_one_file_is_under_way_per_module_and_route_and_another_can_be_opened_when_it_ended(world: World) -> None:
    code = opened(world)
    with pytest.raises(FileThere):
        opened(world)
    other_route = opened(world, route=Route.LABOUR_MARKET)
    do(world, claiming.withdraw_file, code)
    assert len({code, other_route, opened(world)}) == 3


def test_of_two_forms_at_once_one_opens_the_file(world: World) -> None:
    """Both see no file yet; the index lets one in."""
    what: dict[str, Any] = {"actor": world.learner, "module_slug": world.module.slug, "route": Route.EDUCATION, "answers": {}, "now": world.now}
    heard = at_the_same_time(
        world.database, lambda session: claiming.open_file(session, **what, request_key=new_id()), lambda session: claiming.open_file(session, **what, request_key=new_id()),
    )
    assert heard == "recognition-file-there"
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RecognitionFile)) == 1


def test_one_form_that_arrives_twice_at_once_is_one_file(world: World) -> None:
    what: dict[str, Any] = {"actor": world.learner, "module_slug": world.module.slug, "route": Route.EDUCATION, "answers": {}, "now": world.now, "request_key": new_id()}
    assert at_the_same_time(world.database, lambda session: claiming.open_file(session, **what), lambda session: claiming.open_file(session, **what)) == "done"
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RecognitionFile)) == 1


def test_a_module_without_outcomes_can_not_be_claimed(world: World) -> None:
    with world.database.writing() as session:
        session.execute(update(LearningOutcome).values(left_in_version=world.module.version))
    with pytest.raises(NotRecognisable):
        opened(world)


def test_who_acts_for_a_firm_has_it_noted_so_that_its_people_do_not_judge(world: World) -> None:
    firm = world.employer()
    worker = world.person("Wies Werker", at=firm)
    with world.database.writing() as session:
        add_membership(session, person_id=worker.person_id, organisation_id=firm, role=Role.BUYER)
    opened(world, actor=worker)
    with world.database.reading() as session:
        assert list(session.scalars(select(FileParty.organisation_id))) == [firm]


# Answering and asking for a guide


def test_answers_can_be_changed_until_it_is_sent_and_what_is_not_named_stays(world: World) -> None:
    code = opened(world)
    world.pass_time(days=3)
    do(world, claiming.answer_outcomes, code, answers={world.outcomes[2]: Said(YES, " Vorige week. ")}, employer="Bakkerij Bol")
    file = found(world, code)
    with world.database.reading() as session:
        assert [(each.judgement, each.example) for each in outcomes_of(session, file.id)][1:] == [(PARTLY, "Op mijn werk, elke week."), (YES, "Vorige week.")]
    assert (file.employer, file.idle_since) == ("Bakkerij Bol", world.now)
    sent = world.file(F.PORTFOLIO_SUBMITTED, route=Route.LABOUR_MARKET)
    with pytest.raises(FileClosed):
        do(world, claiming.answer_outcomes, sent.code, answers={world.outcomes[0]: Said(NO)})


@pytest.mark.parametrize(("judgements", "example", "refusal"), [
    ((NO, NO, NO), "", NothingToProve), ((YES, NO, NO), "", AnswersMissing), ((YES, PARTLY, NO), "Elke week.", NothingShown),
], ids=["all no", "without an example", "without evidence"])
def test_what_is_not_whole_is_kept_and_not_sent(world: World, judgements: tuple[Judgement, ...], example: str, refusal: type[Exception]) -> None:
    code = opened(world, answers=said(world, *judgements, example=example))
    with pytest.raises(refusal):
        do(world, claiming.ask_intake, code, stated=True)
    assert found(world, code).state is F.DRAFT


def test_an_outcome_without_an_answer_stands_in_the_way_of_a_guide(world: World) -> None:
    code = opened(world, answers={})
    with pytest.raises(AnswersMissing):
        do(world, claiming.ask_intake, code, stated=False)


def test_a_guide_can_be_asked_without_evidence_and_nothing_is_signed_then(world: World) -> None:
    code = opened(world)
    do(world, claiming.ask_intake, code, stated=False)
    file = found(world, code)
    assert (file.state, file.learner_signed_at, file.stated_at) == (F.INTAKE_PLANNED, None, None)


def test_who_has_everything_signs_and_states_it_at_once(world: World) -> None:
    code = opened(world)
    use(world, code)
    do(world, claiming.ask_intake, code, stated=True)
    file = found(world, code)
    assert (file.state, file.learner_signed_at, file.stated_at) == (F.INTAKE_PLANNED, world.now, world.now)
    assert acts(world, file.id) == ["file-opened", "file-intake-asked"]


# The agreement


def test_the_second_signature_opens_the_portfolio_also_when_it_is_the_learners(world: World) -> None:
    file = world.file(F.INTAKE_DONE, learner_signed_at=None, stated_at=None, guide_signed_at=world.now)
    do(world, claiming.sign_agreement, file.code)
    assert world.facts(file.id).state is F.PORTFOLIO_OPEN


def test_the_first_signature_waits_for_the_other(world: World) -> None:
    file = world.file(F.INTAKE_DONE, learner_signed_at=None, stated_at=None)
    do(world, claiming.sign_agreement, file.code)
    now = world.facts(file.id)
    assert (now.state, now.learner_signed_at) == (F.INTAKE_DONE, world.now)


def test_what_was_stated_before_is_sent_with_the_second_signature_and_every_step_is_written_down(world: World) -> None:
    file = world.file(F.INTAKE_DONE, guide_signed_at=world.now)
    do(world, claiming.sign_agreement, file.code)
    with world.database.reading() as session:
        assert [step.becomes for step in history_of(session, file.id)][-2:] == [F.PORTFOLIO_OPEN, F.PORTFOLIO_SUBMITTED]


def test_against_advice_one_goes_on_by_signing_or_asks_for_another_talk(world: World) -> None:
    against: dict[str, Any] = {"learner_signed_at": None, "stated_at": None, "guide_signed_at": world.now, "advice": Advice.AGAINST, "advice_reason": "te weinig bewijs"}
    file = world.file(F.INTAKE_DONE, **against)
    do(world, claiming.sign_agreement, file.code)
    assert world.facts(file.id).state is F.PORTFOLIO_OPEN
    other = world.file(F.INTAKE_DONE, route=Route.LABOUR_MARKET, **against)
    do(world, claiming.ask_intake_again, other.code)
    now = world.facts(other.id)
    assert (now.state, now.advice, now.guide_signed_at) == (F.INTAKE_PLANNED, None, None)


def test_another_talk_is_no_way_round_what_is_asked_of_a_first_one(world: World) -> None:
    draft, advised = world.file(F.DRAFT), world.file(F.INTAKE_DONE, route=Route.LABOUR_MARKET)
    for file in (draft, advised):
        with pytest.raises(StepRefused):
            do(world, claiming.ask_intake_again, file.code)
    with pytest.raises(StepRefused):
        do(world, claiming.ask_intake, advised.code, stated=True)


def test_who_signs_before_there_is_advice_signs_nothing(world: World) -> None:
    file = world.file(F.INTAKE_PLANNED)
    with pytest.raises(FileClosed):
        do(world, claiming.sign_agreement, file.code)


# Sending


@pytest.mark.parametrize("state", [F.PORTFOLIO_OPEN, F.PORTFOLIO_INCOMPLETE])
def test_a_portfolio_is_sent_with_a_statement_of_that_day(world: World, state: FileState) -> None:
    file = world.file(state)
    world.pass_time(days=8)
    do(world, claiming.send_portfolio, file.code, stated=True)
    now = world.facts(file.id)
    assert (now.state, now.stated_at, now.idle_since) == (F.PORTFOLIO_SUBMITTED, world.now, world.now)


def test_nothing_is_sent_without_a_statement_or_without_evidence(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN)
    with pytest.raises(StepRefused) as refused:
        do(world, claiming.send_portfolio, file.code, stated=False)
    assert refused.value.why is WhyNot.NOT_STATED
    empty = world.file(F.PORTFOLIO_OPEN, route=Route.LABOUR_MARKET, evidence=[])
    with pytest.raises(NothingShown):
        do(world, claiming.send_portfolio, empty.code, stated=True)
    assert world.facts(empty.id).stated_at == empty.stated_at


@pytest.mark.parametrize(("act", "what"), [
    (claiming.answer_outcomes, {"answers": {}}), (claiming.ask_intake, {"stated": True}), (claiming.ask_intake_again, {}), (claiming.sign_agreement, {}),
    (claiming.send_portfolio, {"stated": True}), (claiming.withdraw_file, {}), (claiming.contest_lapse, {}), (claiming.request_exemption, {}),
    (claiming.appeal, {"reason": "Omdat."}), (claiming.take_appeal_back, {}), (claiming.start_anew, {}),
])
def test_somebody_elses_file_is_not_there(world: World, act: Any, what: dict[str, Any]) -> None:
    file = world.file(F.PORTFOLIO_OPEN)
    with pytest.raises(FileNotFound):
        world.run(act, actor=world.stranger, code=file.code, **what)
    assert world.facts(file.id) == file


# A module that changes, and what counts already


def test_who_begins_anew_takes_answers_and_evidence_along_on_the_words_of_today(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN)
    with world.database.writing() as session:
        session.execute(update(Module).values(version=2))
        session.execute(update(LearningOutcome).where(LearningOutcome.id == world.outcomes[0]).values(text=Localized("Je richt twee netwerken in.", "Two.")))
        session.execute(update(LearningOutcome).where(LearningOutcome.id == world.outcomes[2]).values(left_in_version=2))
    code = do(world, claiming.start_anew, file.code)
    fresh = found(world, code)
    with world.database.reading() as session:
        outcomes, evidence = outcomes_of(session, fresh.id), evidence_of(session, fresh.id)
    assert [(str(each.wording.nl), each.judgement) for each in outcomes] == [("Je richt twee netwerken in.", YES), (world.module.outcomes[1].wording.nl, PARTLY)]
    assert [set(each.outcomes) for each in evidence] == [set(world.outcomes[:2])]
    assert (fresh.former_id, fresh.module_version, world.facts(file.id).state) == (file.id, 2, F.WITHDRAWN)


def granted(world: World, *outcome_ids: UUID) -> None:
    """Let outcomes count for the learner, on what the board published."""
    of = [each for each in world.module.outcomes if each.id in outcome_ids]
    about = About(world.learner.person_id, world.module.id, world.provider_id, DecisionGround.EQUIVALENCE, ground_id=new_id())
    with world.database.writing() as session:
        book_decision(session, about, [Answered(each.id, each.wording, each.worth, YES) for each in of], signers={world.board.person_id}, now=world.now)


def test_outcomes_that_count_already_are_not_asked_again(world: World) -> None:
    granted(world, world.outcomes[0])
    code = opened(world)
    with world.database.reading() as session:
        rows = session.scalars(select(FileOutcome.outcome_id).where(FileOutcome.file_id == found(world, code).id).order_by(FileOutcome.position)).all()
    assert rows == list(world.outcomes[1:])
    do(world, claiming.withdraw_file, code)
    granted(world, *world.outcomes[1:])
    with pytest.raises(NothingLeft):
        opened(world)


def test_a_child_without_approval_does_not_claim(world: World) -> None:
    with world.database.writing() as session:
        session.execute(update(Person).where(Person.id == world.learner.person_id).values(is_minor=True))
    with pytest.raises(ApprovalNeeded):
        opened(world)
