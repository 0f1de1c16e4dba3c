"""At which other time a module would help how many people: the same as solving the route of each of them again, time by time (capability B7)."""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from academy.catalogue.api import PartOfDay
from academy.kernel.small_groups import LEAST_PEOPLE
from academy.pathways.facts import PathwayFacts
from academy.pathways.gateway import RouteSolver
from academy.pathways.kinds import NodeKind
from academy.pathways.models import SlotAdvice
from academy.pathways.problem import Answer, Budget, Course, Limits, Meeting, Node, Problem
from academy.pathways.queries.gathering import gather
from academy.pathways.queries.pathways import time_word
from academy.pathways.rules.slots import SLOTS, slot_of, with_class_at
from academy.pathways.service import slot_advising
from academy.pathways.service.slot_advising import count_slots, helping_slots
from academy.pathways.solving import calculate, plain_answer
from tests.pathways import brute
from tests.pathways.demanding import ROUTE, blocked_by, note
from tests.pathways.world import CLASSES, World

MONDAY, TUESDAY, THURSDAY = (0, 2), (1, 2), (3, 2)  # evenings
_BUDGET = Budget(each=2.0, whole=4.0)
_calculated = cache(calculate)  # people with the same life ask the same


class Here(RouteSolver):
    """The solver without a process of its own; counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def solve(self, problem: Problem, budget: Budget) -> Answer:
        self.asked += 1
        return _calculated(problem, _BUDGET)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    found = Here()
    monkeypatch.setattr(slot_advising, "solver", lambda: found)
    return found


def course(key: str, module: str, *times: tuple[int, int], period: int = 0, **about: Any) -> Course:
    return Course(key, module, "p", 50, period, period, (8,), frozenset(Meeting(period, *each) for each in times), **about)


def stuck(world: World, number: int, *times: tuple[int, int], key: str = "UX-01") -> list[PathwayFacts]:
    found = [world.pathway(parts=[time_word(*each) for each in times], hours=16) for _each in range(number)]
    for each in found:
        note(world, each, blocked_by(key))
    return found


def kept(world: World) -> dict[int, int]:
    with world.database.reading() as session:
        return {row.slot: row.people for row in session.scalars(select(SlotAdvice).where(SlotAdvice.module_id == world.modules["UX-01"]))}


def solved_again(world: World, pathways: list[PathwayFacts], key: str) -> Counter[int]:
    """Return how many of these pathways have a route with a class at each of the 21 times, and none without."""
    people: Counter[int] = Counter()
    for pathway in pathways:
        with world.database.reading() as session:
            problem = gather(session, pathway, now=world.now).problem
        if not _calculated(problem, _BUDGET).routes:
            people.update(slot for slot in SLOTS if _calculated(with_class_at(problem, world.slugs[key], slot), _BUDGET).routes)
    return people


def test_a_class_at_another_time_is_in_the_same_periods_as_long_as_dear_and_as_far() -> None:
    there = course("c1", "m", (0, 2), (2, 2), price=300_00, distance=12, travel=480, seats=3)
    problem = Problem(Node("0", NodeKind.ALL), (there, course("d1", "n", (1, 2))), Limits(20))
    (first, second, added) = with_class_at(problem, "m", 5).courses
    assert (first, second) == problem.courses
    assert added == replace(there, key="m~0", meetings=frozenset({Meeting(0, 1, 2)}), seats=None, is_expected=True)
    assert slot_of(with_class_at(problem, "m", 5), added.key) == 5
    assert slot_of(problem, "c1") is None


def test_nothing_is_added_for_a_module_without_classes_or_that_one_begins_when_one_wants() -> None:
    problem = Problem(Node("0", NodeKind.ALL), (course("c1", "m"),), Limits(20))
    assert with_class_at(problem, "m", *SLOTS) == problem
    assert with_class_at(problem, "other", *SLOTS) == problem


def test_trying_all_times_at_once_finds_the_same_as_trying_each_by_brute_force() -> None:
    chance, helped = random.Random(7), 0  # noqa: S311 - a fixed row of examples
    for _example in range(30):
        evenings = [(weekday, 2) for weekday in range(4)]
        courses = tuple(course(f"{module}{number}", module, chance.choice(evenings), period=number % 2, price=chance.choice((0, 100)))
                        for module in "abc" for number in range(chance.choice((1, 2) if module != "a" else (1,))))
        tree = Node("0", NodeKind.ALL, items=tuple(Node(f"0.{number}", NodeKind.MODULE, 50, (module,)) for number, module in enumerate("abc")))
        open_times = frozenset(chance.sample(evenings, 3))
        problem = Problem(tree, courses, Limits(16, open_times=open_times, own=chance.choice((None, 200))))
        expected = set() if brute.is_possible(problem) else {slot for slot in SLOTS if brute.is_possible(with_class_at(problem, "a", slot))}
        assert helping_slots(Here(), problem, "a") == expected
        helped += bool(expected)
    assert helped > 3  # else this would prove little


def test_a_time_that_only_makes_a_route_shorter_helps_nobody_to_one() -> None:
    tree = Node("0", NodeKind.ALL, items=(Node("0.0", NodeKind.MODULE, 50, ("a",)),))
    courses = (course("a0", "a", (4, 0)), course("a1", "a", MONDAY, period=3))
    problem = Problem(tree, courses, Limits(16, open_times=frozenset({MONDAY, TUESDAY})))
    assert brute.is_possible(problem)
    assert helping_slots(Here(), problem, "a") == frozenset()
    assert helping_slots(Here(), replace(problem, courses=courses[:1]), "a") == {2, 5}


def test_the_count_is_the_same_as_solving_the_route_of_each_again(world: World, here: Here) -> None:
    found = [*stuck(world, 3, MONDAY, TUESDAY), *stuck(world, LEAST_PEOPLE, MONDAY, TUESDAY, THURSDAY)]
    count_slots(world.now)
    by_hand = solved_again(world, found, "UX-01")
    assert by_hand == {2: 13, 5: 13, 11: 10}
    assert kept(world) == by_hand
    assert here.asked < (3 + LEAST_PEOPLE) * 6  # not 21 for each


def test_who_has_a_route_now_is_not_counted(world: World, here: Here) -> None:
    found = stuck(world, LEAST_PEOPLE, MONDAY, TUESDAY)
    world.open_class(next(each for each in CLASSES if each.module == "UX-01")._replace(weekday="thu", part=PartOfDay.EVENING))
    stuck(world, LEAST_PEOPLE, MONDAY, TUESDAY, THURSDAY)  # blocked when it was noted, not any more
    count_slots(world.now)
    assert kept(world) == {2: len(found), 5: len(found)}


@pytest.mark.parametrize("number", [1, LEAST_PEOPLE - 1])
def test_of_few_people_nothing_is_kept_and_nothing_is_solved(world: World, here: Here, number: int) -> None:
    stuck(world, number, MONDAY, TUESDAY)
    count_slots(world.now)
    assert (kept(world), here.asked) == ({}, 0)


def test_somebody_with_ten_pathways_is_one_person(world: World, here: Here) -> None:
    for _each in range(LEAST_PEOPLE):
        note(world, world.pathway(of=world.learner, parts=["mon-evening"]), blocked_by("UX-01"))
    count_slots(world.now)
    assert (kept(world), here.asked) == ({}, 0)


def test_advice_goes_when_nobody_is_blocked_any_more(world: World, here: Here) -> None:
    found = stuck(world, LEAST_PEOPLE, MONDAY, TUESDAY)
    count_slots(world.now)
    assert kept(world)
    note(world, found[0], ROUTE)
    count_slots(world.now)
    assert not kept(world)


def test_a_night_without_time_keeps_what_was_counted_before(world: World, here: Here) -> None:
    stuck(world, LEAST_PEOPLE, MONDAY, TUESDAY)
    count_slots(world.now)
    before, here.asked = kept(world), 0
    count_slots(world.now, seconds=0)
    assert (kept(world), here.asked) == (before, 0)


def test_of_a_module_that_blocks_many_a_part_is_asked_every_night_another_one(world: World, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck(world, LEAST_PEOPLE + 4, MONDAY, TUESDAY)
    monkeypatch.setattr(slot_advising, "MOST_ASKED", LEAST_PEOPLE)
    asked: list[set[UUID]] = []
    problem_of = slot_advising._problem

    def noted(pathway_id: UUID, now: datetime) -> Problem | None:
        asked[-1].add(pathway_id)
        return problem_of(pathway_id, now)

    monkeypatch.setattr(slot_advising, "_problem", noted)
    for night in range(2):
        asked.append(set())
        count_slots(world.now + timedelta(days=night))
        assert kept(world) == {2: LEAST_PEOPLE, 5: LEAST_PEOPLE}
    assert [len(each) for each in asked] == [LEAST_PEOPLE] * 2
    assert asked[0] != asked[1]


def test_a_module_whose_share_of_the_night_is_over_keeps_what_it_has_and_gives_the_next_one_its_turn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("UX-01", "SEC-01"):
        stuck(world, LEAST_PEOPLE + 4, MONDAY, TUESDAY, key=key)
    clock = count(0)
    monkeypatch.setattr(slot_advising, "time", SimpleNamespace(monotonic=lambda: next(clock)))  # a second each time it looks: two for each pathway
    monkeypatch.setattr(slot_advising, "helping_slots", lambda *_: frozenset({2}))
    monkeypatch.setattr(slot_advising, "solver", lambda: None)
    count_slots(world.now, seconds=6 * 2 * (LEAST_PEOPLE + 2))
    with world.database.reading() as session:
        found = session.execute(select(SlotAdvice.module_id, SlotAdvice.people)).all()
    assert {people for _module, people in found} == {LEAST_PEOPLE + 1}, "of fourteen"
    assert {module for module, _people in found} == {world.modules["UX-01"], world.modules["SEC-01"]}


def test_a_solver_that_stopped_gives_no_advice_and_no_error(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(Here):
        def solve(self, problem: Problem, budget: Budget) -> Answer:
            return replace(plain_answer(problem), routes=())

    monkeypatch.setattr(slot_advising, "solver", Stopped)
    stuck(world, LEAST_PEOPLE, MONDAY, TUESDAY)
    count_slots(world.now)
    assert not kept(world)
