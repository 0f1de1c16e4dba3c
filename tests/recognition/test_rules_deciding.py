"""What must be true before a step: each guard of the procedure alone, on a file in which all else is as it should be."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from academy.recognition.kinds import (
    ALWAYS_MET,
    AnswerFault,
    Criterion,
    FileState,
    InstrumentKind,
    Judgement,
    Route,
    Who,
    WhyNot,
)
from academy.recognition.rules.deciding import (
    Answer,
    answer_faults,
    decision_of,
    granted,
    report_faults,
    why_not,
)
from academy.recognition.rules.instruments import People, Unfit, counting, has_enough, unfit
from academy.recognition.rules.states import FILE_WAYS, Way
from tests.recognition.files import (
    ASSESSOR,
    BOARD,
    DECISION,
    EMPLOYER,
    GUIDE,
    LATER,
    LEARNER,
    NO,
    NOW,
    OF_ANOTHER,
    OTHER_ASSESSOR,
    OTHER_DECISION,
    OTHER_OF_BOARD,
    OTHER_PROVIDER,
    OUTCOMES,
    PARTLY,
    PROVIDER,
    STRANGER,
    WORK,
    YES,
    a_file,
    a_step,
    answers,
    instrument,
)

F = FileState
PORTFOLIO, INTERVIEW = instrument(InstrumentKind.PORTFOLIO), instrument(InstrumentKind.INTERVIEW)
WITH_A_FILE = [each for each in FILE_WAYS if each.was is not None]


def _at(step: Way) -> Any:
    """Return a moment at which this way is open: the end of a clock, or before it."""
    return LATER if step.becomes in {F.LAPSED, F.ARCHIVED} else NOW


@pytest.mark.parametrize("way", WITH_A_FILE, ids=lambda way: f"{way.was}-{way.becomes}")
def test_every_way_of_the_table_can_be_gone_by_each_whose_it_is(way: Way) -> None:
    assert way.was
    file = a_file(way.was, route=way.route or Route.EDUCATION, lapsed_from=way.becomes)
    for who in way.who:
        assert why_not(file, a_step(way.becomes, who), _at(way)) is None


@pytest.mark.parametrize("way", WITH_A_FILE, ids=lambda way: f"{way.was}-{way.becomes}")
def test_no_way_is_gone_by_somebody_else(way: Way) -> None:
    assert way.was
    file = a_file(way.was, route=way.route or Route.EDUCATION, lapsed_from=way.becomes)
    for who in set(Who) - set(way.who):
        assert why_not(file, a_step(way.becomes, who), _at(way)) is WhyNot.NOT_THEIRS
    for who in set(way.who) & {Who.LEARNER, Who.GUIDE}:
        assert why_not(file, a_step(way.becomes, who, person_id=STRANGER), _at(way)) is WhyNot.NOT_THEIRS


def test_what_the_table_does_not_have_is_no_way_for_anybody() -> None:
    there = {(each.was, each.becomes) for each in FILE_WAYS}
    for was in F:
        for becomes in F:
            if (was, becomes) not in there:
                assert {why_not(a_file(was), a_step(becomes, who), NOW) for who in Who} == {WhyNot.NO_WAY}


def test_the_routes_are_kept_apart() -> None:
    certificate = a_file(F.REPORT_ISSUED, route=Route.LABOUR_MARKET)
    assert why_not(certificate, a_step(F.EXEMPTION_REQUESTED, Who.LEARNER), NOW) is WhyNot.OTHER_ROUTE
    assert why_not(a_file(F.REPORT_ISSUED), a_step(F.ARCHIVED, Who.WORKER), LATER) is WhyNot.OTHER_ROUTE


@pytest.mark.parametrize(("was", "becomes", "who", "changes", "why"), [
    (F.INTAKE_DONE, F.PORTFOLIO_OPEN, Who.GUIDE, {"agreement": frozenset({Who.GUIDE})}, WhyNot.UNSIGNED),
    (F.INTAKE_DONE, F.PORTFOLIO_OPEN, Who.LEARNER, {"agreement": frozenset()}, WhyNot.UNSIGNED),
    (F.PORTFOLIO_OPEN, F.PORTFOLIO_SUBMITTED, Who.LEARNER, {"is_stated": False}, WhyNot.NOT_STATED),
    (F.ASSESSMENT_PLANNED, F.ASSESSED, Who.ASSESSOR, {"instruments": (INTERVIEW,)}, WhyNot.FEW_INSTRUMENTS),
    (F.SECOND_PLANNED, F.SECOND_DONE, Who.ASSESSOR, {"instruments": (PORTFOLIO,)}, WhyNot.FEW_INSTRUMENTS),
    (F.SECOND_DONE, F.REPORT_ISSUED, Who.ASSESSOR, {"instruments": (PORTFOLIO, PORTFOLIO)}, WhyNot.FEW_INSTRUMENTS),
    (F.SECOND_DONE, F.REPORT_ISSUED, Who.ASSESSOR, {"evidence": frozenset({OF_ANOTHER})}, WhyNot.ANSWERS),
    (F.EXEMPTION_REQUESTED, F.GRANTED, Who.EXAM_BOARD, {"instruments": (INTERVIEW, INTERVIEW)}, WhyNot.FEW_INSTRUMENTS),
    (F.EXEMPTION_REQUESTED, F.GRANTED, Who.EXAM_BOARD, {"instruments": (PORTFOLIO, instrument(InstrumentKind.TEST, done=False))}, WhyNot.FEW_INSTRUMENTS),
    (F.EXEMPTION_REQUESTED, F.GRANTED, Who.EXAM_BOARD, {"instruments": (PORTFOLIO, instrument(InstrumentKind.TEST, GUIDE))}, WhyNot.FEW_INSTRUMENTS),
    (F.EXEMPTION_REQUESTED, F.GRANTED, Who.EXAM_BOARD, {"provider_id": OTHER_PROVIDER}, WhyNot.OTHER_BOARD),
    (F.EXEMPTION_REQUESTED, F.GRANTED, Who.EXAM_BOARD, {"signatures": 2}, WhyNot.FEW_SIGNATURES),
    (F.EXEMPTION_REQUESTED, F.GRANTED, Who.EXAM_BOARD, {"people": People(LEARNER, BOARD)}, WhyNot.INVOLVED),
    (F.EXEMPTION_REQUESTED, F.GRANTED, Who.EXAM_BOARD, {"people": People(BOARD, GUIDE)}, WhyNot.INVOLVED),
    (F.EXEMPTION_REQUESTED, F.GRANTED, Who.EXAM_BOARD, {"instruments": (PORTFOLIO, instrument(InstrumentKind.TEST, BOARD))}, WhyNot.INVOLVED),
    (F.APPEALED, F.CONFIRMED, Who.EXAM_BOARD, {"decided_by": frozenset({BOARD})}, WhyNot.INVOLVED),
    (F.APPEALED, F.REVISED, Who.EXAM_BOARD, {"decision_id": OTHER_DECISION}, WhyNot.NAMES_ANOTHER),
    (F.LAPSED, F.PORTFOLIO_OPEN, Who.LEARNER, {"lapsed_from": F.DRAFT}, WhyNot.NOT_WHERE_IT_WAS),
    (F.LAPSED, F.DRAFT, Who.LEARNER, {"lapsed_from": F.DRAFT, "since": NOW - timedelta(days=43)}, WhyNot.TOO_LATE),
    (F.REFUSED, F.APPEALED, Who.LEARNER, {"since": NOW - timedelta(days=43)}, WhyNot.TOO_LATE),
    (F.PORTFOLIO_OPEN, F.LAPSED, Who.WORKER, {}, WhyNot.TOO_EARLY),
    (F.GRANTED, F.ARCHIVED, Who.WORKER, {}, WhyNot.TOO_EARLY),
])
def test_a_file_in_which_one_thing_is_not_so_stays_where_it_is(was: FileState, becomes: FileState, who: Who, changes: dict[str, Any], why: WhyNot) -> None:
    assert why_not(a_file(was, **changes), a_step(becomes, who), NOW) is why


@pytest.mark.parametrize(("changes", "why"), [
    ({"provider_id": OTHER_PROVIDER}, WhyNot.OTHER_BOARD),
    ({"provider_id": None}, WhyNot.OTHER_BOARD),
    ({"signers": frozenset()}, WhyNot.FEW_SIGNATURES),
    ({"signers": frozenset({OTHER_OF_BOARD})}, WhyNot.FEW_SIGNATURES),
    ({"signers": frozenset({BOARD, ASSESSOR})}, WhyNot.INVOLVED),
    ({"replaces": DECISION}, WhyNot.NAMES_ANOTHER),
    ({"answers": ()}, WhyNot.ANSWERS),
    ({"answers": answers(YES, YES, YES)[:2]}, WhyNot.ANSWERS),
    ({"answers": answers(YES, YES, PARTLY)}, WhyNot.OTHER_DECISION),
])
def test_a_decision_that_is_not_as_it_should_be_is_none(changes: dict[str, Any], why: WhyNot) -> None:
    assert why_not(a_file(F.EXEMPTION_REQUESTED), a_step(F.GRANTED, Who.EXAM_BOARD, **changes), NOW) is why


def test_four_eyes_are_two_members_of_whom_neither_is_involved() -> None:
    file = a_file(F.EXEMPTION_REQUESTED, signatures=2)
    assert why_not(file, a_step(F.GRANTED, Who.EXAM_BOARD, signers=frozenset({BOARD, OTHER_OF_BOARD})), NOW) is None
    assert why_not(file, a_step(F.GRANTED, Who.EXAM_BOARD, signers=frozenset({BOARD, GUIDE})), NOW) is WhyNot.INVOLVED


def test_a_decision_is_revised_only_by_one_that_names_it() -> None:
    for was in (F.GRANTED, F.APPEALED, F.CONFIRMED):
        for named in (None, OTHER_DECISION):
            assert why_not(a_file(was), a_step(F.REVISED, Who.EXAM_BOARD, replaces=named), NOW) is WhyNot.NAMES_ANOTHER
    assert why_not(a_file(F.GRANTED, decision_id=None), a_step(F.REVISED, Who.EXAM_BOARD, replaces=None), NOW) is WhyNot.NAMES_ANOTHER


def test_the_clock_is_nobody_and_nobody_is_the_clock() -> None:
    assert why_not(a_file(F.GRANTED), a_step(F.ARCHIVED, Who.WORKER, person_id=LEARNER), LATER) is WhyNot.NOT_THEIRS
    assert why_not(a_file(F.EXEMPTION_REQUESTED), a_step(F.GRANTED, Who.EXAM_BOARD, person_id=None), NOW) is WhyNot.NOT_THEIRS


@pytest.mark.parametrize(("person", "acts_for", "why"), [
    (LEARNER, set(), Unfit.IS_LEARNER), (GUIDE, set(), Unfit.IS_GUIDE), (ASSESSOR, {EMPLOYER, PROVIDER}, Unfit.ACTS_FOR_EMPLOYER), (ASSESSOR, {PROVIDER}, None),
])
def test_nobody_judges_who_has_another_side_in_the_file(person: UUID, acts_for: set[UUID], why: Unfit | None) -> None:
    file = a_file(F.PORTFOLIO_SUBMITTED)
    assert unfit(person, file.people, acts_for=acts_for) is why
    step = a_step(F.ASSESSMENT_PLANNED, Who.ASSESSOR, person_id=person, acts_for=frozenset(acts_for))
    assert why_not(file, step, NOW) is (WhyNot.UNFIT if why else None)


def test_an_assessor_who_became_the_learners_employer_can_only_stand_back() -> None:
    now_employer = {"acts_for": frozenset({EMPLOYER})}
    planned = a_file(F.ASSESSMENT_PLANNED)
    assert why_not(planned, a_step(F.ASSESSED, Who.ASSESSOR, **now_employer), NOW) is WhyNot.UNFIT
    assert why_not(planned, a_step(F.PORTFOLIO_SUBMITTED, Who.ASSESSOR, **now_employer), NOW) is None
    second = a_file(F.SECOND_PLANNED)
    assert why_not(second, a_step(F.SECOND_DONE, Who.ASSESSOR, **now_employer), NOW) is WhyNot.UNFIT
    assert why_not(second, a_step(F.ASSESSED, Who.ASSESSOR, **now_employer), NOW) is None
    assert why_not(a_file(F.SECOND_DONE), a_step(F.REPORT_ISSUED, Who.ASSESSOR, **now_employer), NOW) is WhyNot.UNFIT


def test_what_a_guide_judged_does_not_count_also_when_they_became_the_guide_afterwards() -> None:
    test = instrument(InstrumentKind.TEST, OTHER_ASSESSOR)
    assert has_enough([PORTFOLIO, test], People(LEARNER, GUIDE))
    assert not has_enough([PORTFOLIO, test], People(LEARNER, OTHER_ASSESSOR))
    assert not has_enough([test, INTERVIEW], People(LEARNER, GUIDE))  # always the portfolio too
    assert counting([PORTFOLIO, test, replace(INTERVIEW, done_at=None)], People(LEARNER, ASSESSOR)) == (test,)


@pytest.mark.parametrize(("given", "faults"), [
    (answers(YES, PARTLY, NO), []),
    (answers(YES, PARTLY, NO)[1:], [(OUTCOMES[0], AnswerFault.MISSING)]),
    ((*answers(YES, YES, YES), Answer(OUTCOMES[0], NO, reason="after all not")), [(OUTCOMES[0], AnswerFault.TWICE)]),
    ((*answers(YES, YES, YES), Answer(STRANGER, YES)), [(STRANGER, AnswerFault.NOT_ASKED)]),
    ((*answers(YES, YES, YES)[:2], Answer(OUTCOMES[2], PARTLY, part=" ", reason="some")), [(OUTCOMES[2], AnswerFault.NO_PART)]),
    ((*answers(YES, YES, YES)[:2], Answer(OUTCOMES[2], YES, part="a half")), [(OUTCOMES[2], AnswerFault.NO_PART)]),
    ((*answers(YES, YES, YES)[:2], Answer(OUTCOMES[2], NO, reason=" ")), [(OUTCOMES[2], AnswerFault.NO_REASON)]),
    ((*answers(YES, YES, YES)[:2], Answer(OUTCOMES[2], YES)), []),
])
def test_every_outcome_is_answered_once_and_no_and_partly_say_why(given: tuple[Answer, ...], faults: list[tuple[UUID, AnswerFault]]) -> None:
    assert answer_faults(OUTCOMES, given) == faults


SEEN = {"reason": "seen", "evidence": frozenset({WORK}), "met": ALWAYS_MET}


@pytest.mark.parametrize(("judgement", "said", "faults"), [
    (YES, SEEN, []),
    (YES, {**SEEN, "reason": ""}, [AnswerFault.NO_REASON]),
    (YES, {**SEEN, "evidence": frozenset()}, [AnswerFault.NO_EVIDENCE]),
    (PARTLY, {"part": "a half", "reason": "seen"}, [AnswerFault.NO_EVIDENCE]),
    (PARTLY, {"part": "a half", "reason": "the newest is of 2009", "evidence": frozenset({WORK})}, []),
    (NO, {"reason": "nothing was shown"}, []),
    (YES, {**SEEN, "evidence": frozenset({WORK, OF_ANOTHER})}, [AnswerFault.NOT_OF_THIS_FILE]),
    *((YES, {**SEEN, "met": frozenset(Criterion) - {missed}}, [AnswerFault.CRITERIA] if missed in ALWAYS_MET else []) for missed in Criterion),
])
def test_a_report_has_a_reason_for_each_answer_and_evidence_of_this_file(judgement: Judgement, said: dict[str, Any], faults: list[AnswerFault]) -> None:
    found = report_faults(OUTCOMES, (*answers(YES, YES, YES)[:2], Answer(OUTCOMES[2], judgement, **said)), {WORK})
    assert found == [(OUTCOMES[2], fault) for fault in faults]


@pytest.mark.parametrize(("judgements", "decision", "whole"), [
    ((YES, YES, YES), F.GRANTED, 3), ((NO, NO, NO), F.REFUSED, 0), ((YES, NO, NO), F.PARTIALLY_GRANTED, 1), ((PARTLY, PARTLY, PARTLY), F.PARTIALLY_GRANTED, 0),
    ((YES, PARTLY, YES), F.PARTIALLY_GRANTED, 2), ((NO, PARTLY, NO), F.PARTIALLY_GRANTED, 0),
])
def test_the_decision_follows_from_the_answers(judgements: tuple[Judgement, ...], decision: FileState, whole: int) -> None:
    given = answers(*judgements)
    assert decision_of(given) is decision
    assert granted(given) == {each.outcome_id for each in given if each.judgement is YES}
    assert len(granted(given)) == whole
    with pytest.raises(ValueError, match="at least one outcome"):
        decision_of([])


def test_who_guided_once_never_judges_or_decides_though_another_guides_now() -> None:
    people = People(LEARNER, STRANGER, guided=frozenset({GUIDE, BOARD}))
    assert unfit(GUIDE, people, acts_for=()) is Unfit.IS_GUIDE
    assert counting([instrument(InstrumentKind.PORTFOLIO, GUIDE)], people) == ()
    file = a_file(F.EXEMPTION_REQUESTED, people=people)
    assert why_not(file, a_step(F.GRANTED, Who.EXAM_BOARD), NOW) is WhyNot.INVOLVED
