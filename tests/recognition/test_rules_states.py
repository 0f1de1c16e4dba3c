"""The ways of a file: nothing is stuck, nothing is skipped, and only a board decides."""

from itertools import pairwise, product

import pytest

from academy.recognition.kinds import (
    BEFORE_DECISION,
    DECIDED,
    OPEN_TO_EVIDENCE,
    STANDING,
    WAITS_FOR_LEARNER,
    FileState,
    Route,
    Who,
)
from academy.recognition.rules.clocks import CLOCKS
from academy.recognition.rules.states import FILE_WAYS, files_before, may_follow, way

F = FileState
STRAIGHT = (
    None, F.DRAFT, F.INTAKE_PLANNED, F.INTAKE_DONE, F.PORTFOLIO_OPEN, F.PORTFOLIO_SUBMITTED, F.ASSESSMENT_PLANNED, F.ASSESSED, F.SECOND_PLANNED, F.SECOND_DONE,
    F.REPORT_ISSUED, F.EXEMPTION_REQUESTED,
)


def after(was: FileState | None, route: Route) -> set[FileState]:
    return {becomes for becomes in F for who in Who if may_follow(was, becomes, who=who, route=route)}


def reached(route: Route) -> set[FileState]:
    """Return the states that a file of this route can ever be in."""
    found: set[FileState] = set()
    next_ones = after(None, route)
    while next_ones:
        found |= next_ones
        next_ones = {becomes for was in next_ones for becomes in after(was, route)} - found
    return found


def test_a_file_goes_step_by_step_from_a_draft_to_a_decision_and_skips_none() -> None:
    for was, becomes in pairwise(STRAIGHT):
        assert becomes is not None
        assert way(was, becomes)
    for place, was in enumerate(STRAIGHT):
        assert {each for each in STRAIGHT[place + 2 :] if each and way(was, each)} == set()
    assert {becomes for becomes in F if way(F.EXEMPTION_REQUESTED, becomes)} == {*DECIDED, F.WITHDRAWN}


def test_only_an_exam_board_grants_refuses_and_revises() -> None:
    deciding = [each for each in FILE_WAYS if each.becomes in {*DECIDED, F.REVISED}]
    assert {each.who for each in deciding} == {(Who.EXAM_BOARD,)}
    assert {each.becomes for each in FILE_WAYS if Who.EXAM_BOARD in each.who} == {*DECIDED, F.REVISED, F.CONFIRMED}
    for state in DECIDED:
        assert files_before(state) == (F.EXEMPTION_REQUESTED,)


def test_the_labour_market_route_ends_in_a_certificate_and_never_in_a_decision() -> None:
    on_it = reached(Route.LABOUR_MARKET)
    assert on_it == set(F) - {F.EXEMPTION_REQUESTED, F.APPEALED, *STANDING}
    assert after(F.REPORT_ISSUED, Route.LABOUR_MARKET) == {F.ARCHIVED}
    assert reached(Route.EDUCATION) == set(F)


def test_a_decision_is_only_replaced_by_a_new_one_and_never_withdrawn_or_lost() -> None:
    for state in STANDING:
        assert after(state, Route.EDUCATION) <= {F.APPEALED, F.REVISED, F.ARCHIVED}
    assert after(F.APPEALED, Route.EDUCATION) == {F.CONFIRMED, F.REVISED}


def test_the_learner_can_take_a_file_back_until_it_is_decided() -> None:
    assert set(files_before(F.WITHDRAWN)) == set(BEFORE_DECISION)
    assert {each.who for each in FILE_WAYS if each.becomes is F.WITHDRAWN} == {(Who.LEARNER,)}


def test_only_silence_of_the_learner_lets_a_file_lapse_and_it_goes_on_where_it_was() -> None:
    assert set(files_before(F.LAPSED)) == set(WAITS_FOR_LEARNER)
    assert after(F.LAPSED, Route.EDUCATION) == {*WAITS_FOR_LEARNER, F.ARCHIVED}
    for state in WAITS_FOR_LEARNER:
        assert may_follow(state, F.LAPSED, who=Who.WORKER, route=Route.EDUCATION)
        assert state not in CLOCKS  # whose turn it is has no clock against them


def test_where_the_next_step_is_the_learners_there_is_one() -> None:
    for state in WAITS_FOR_LEARNER:
        onward = {each.becomes for each in FILE_WAYS if each.was is state and Who.LEARNER in each.who} - {F.WITHDRAWN}
        assert onward


def test_every_other_open_file_waits_for_somebody_by_a_clock_or_for_an_appointment() -> None:
    waiting = set(F) - set(STANDING) - set(WAITS_FOR_LEARNER) - {F.WITHDRAWN, F.LAPSED, F.ARCHIVED}
    assert waiting - set(CLOCKS) == {F.SECOND_PLANNED}
    for state, clock in CLOCKS.items():
        assert any(clock.who in each.who for each in FILE_WAYS if each.was is state)


def test_evidence_is_fixed_from_the_moment_it_is_sent_but_for_what_was_missing() -> None:
    assert set(OPEN_TO_EVIDENCE) == {*STRAIGHT[1:5], F.PORTFOLIO_INCOMPLETE}


def test_every_state_is_reached_and_left_but_the_archive_and_the_table_is_all_that_may() -> None:
    pairs = {(each.was, each.becomes) for each in FILE_WAYS}
    assert len(pairs) == len(FILE_WAYS)
    assert {becomes for _was, becomes in pairs} == set(F)
    assert {state for state in F if not any(was is state for was, _becomes in pairs)} == {F.ARCHIVED}
    assert pairs == {(was, becomes) for was, becomes in product((None, *F), F) if way(was, becomes)}
    assert not any(was is becomes for was, becomes in pairs)
    assert all(each.who and each.when for each in FILE_WAYS)


@pytest.mark.parametrize("route", Route)
def test_from_everywhere_a_file_comes_to_its_end(route: Route) -> None:
    for state in reached(route) - {F.ARCHIVED}:
        seen, onward = {state}, {state}
        while onward:
            onward = {becomes for was in onward for becomes in after(was, route)} - seen
            seen |= onward
        assert F.ARCHIVED in seen


def test_who_may_not_go_a_way_does_not() -> None:
    assert not may_follow(F.EXEMPTION_REQUESTED, F.GRANTED, who=Who.ASSESSOR, route=Route.EDUCATION)
    assert not may_follow(F.EXEMPTION_REQUESTED, F.GRANTED, who=Who.EXAM_BOARD, route=Route.LABOUR_MARKET)
    assert not may_follow(F.REPORT_ISSUED, F.GRANTED, who=Who.EXAM_BOARD, route=Route.EDUCATION)
    assert may_follow(F.EXEMPTION_REQUESTED, F.GRANTED, who=Who.EXAM_BOARD, route=Route.EDUCATION)
