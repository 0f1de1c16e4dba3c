"""Answers that are kept, and the last look at a route before anybody sees it."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from academy.kernel.db import Database, set_database
from academy.pathways.gateway import RouteSolver
from academy.pathways.kinds import Limit, Option, Proof
from academy.pathways.ortools_gateway import solve
from academy.pathways.problem import Answer, Blocker, Budget, Problem
from academy.pathways.running import answer_for
from academy.pathways.service.answering import keep, kept
from academy.pathways.solving import digest_of, set_solver, solver
from tests.pathways.instances import instance, roomy


class Counting(RouteSolver):
    """Gives one answer, and counts how often it is asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.asked = answer, 0

    def solve(self, problem: Problem, budget: Budget) -> Answer:
        self.asked += 1
        return self.answer


@pytest.fixture
def counting(database: Database, monkeypatch: pytest.MonkeyPatch) -> Counting:
    monkeypatch.setattr("academy.pathways.solving._current", [solver()])
    set_database(database)
    found = Counting(solve(roomy(1), Budget(each=20, whole=120)))
    set_solver(found)
    return found


def test_the_same_question_is_calculated_once(counting: Counting, now: datetime) -> None:
    first = answer_for(roomy(1), now=now)
    assert answer_for(roomy(1), now=now) == first == counting.answer
    assert counting.asked == 1


def test_an_answer_that_was_cut_short_is_given_and_calculated_again(counting: Counting, now: datetime) -> None:
    counting.answer = replace(counting.answer, is_whole=False)
    assert answer_for(roomy(1), now=now) == answer_for(roomy(1), now=now) == counting.answer
    assert counting.asked == 2


def test_a_route_with_a_fault_is_shown_to_nobody_and_not_kept(counting: Counting, now: datetime) -> None:
    wrong, *right = counting.answer.routes
    counting.answer = replace(counting.answer, routes=(replace(wrong, value=wrong.value - 1), *right))
    answer = answer_for(roomy(1), now=now)
    assert answer == Answer(tuple(right), is_whole=False)
    answer_for(roomy(1), now=now)
    assert counting.asked == 2


def test_an_answer_comes_back_as_it_was_kept(session: Session, now: datetime) -> None:
    blocked = Answer((), (Blocker("0.1", ("a", "b"), (Limit.HOURS, Limit.PARTS), ((Limit.HOURS, 20),)),))
    whole = solve(roomy(2), Budget(each=20, whole=120))
    for digest, answer in (("1" * 64, blocked), ("2" * 64, whole)):
        keep(session, digest, answer, now=now)
        keep(session, digest, Answer(), now=now)  # by another process, later
        assert kept(session, digest) == answer


def test_problems_that_mean_the_same_have_one_digest_and_others_another() -> None:
    problem = instance(4)
    same = replace(problem, courses=problem.courses[::-1], needs=problem.needs[::-1])
    assert digest_of(same) == digest_of(problem)
    others = (
        replace(problem, limits=replace(problem.limits, hours=problem.limits.hours + 1)), replace(problem, at_home=problem.at_home + 1),
        replace(problem, courses=problem.courses[1:]), replace(problem, without=frozenset({"else"})), instance(5),
    )
    assert len({digest_of(each) for each in (problem, *others)}) == 1 + len(others)


def test_a_kept_answer_says_how_good_its_routes_are(counting: Counting, now: datetime) -> None:
    answer_for(roomy(1), now=now)
    assert [(route.option, route.proof) for route in answer_for(roomy(1), now=now).routes] == [(option, Proof.PROVEN) for option in Option]
