"""What happens when one course of a route becomes another: whether that fits as it is, and what stands in its way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from academy.pathways.kinds import Option, Proof
from academy.pathways.problem import After, Course, Every, Need, Problem, Reached, Route
from academy.pathways.rules.placing import Places, parts_of, placed
from academy.pathways.rules.plain import value_of


class Obstacle(StrEnum):
    """Why a course does not fit beside the others."""

    CLASH = "clash"  # with another course, at the same time
    BUSY = "busy"  # with what one is enrolled in already
    HOURS = "hours"
    NEEDS = "needs"  # something else must come first
    LATER = "later"  # another course asks this one first
    PARTS = "parts"
    DISTANCE = "distance"
    MONEY = "money"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Conflict:
    """An obstacle, with the module on the other side of it where there is one."""

    obstacle: Obstacle
    module: str = ""


def conflicts(problem: Problem, course: Course, others: Sequence[Course]) -> tuple[Conflict, ...]:
    """Return what stands in the way of this course beside these."""
    return (*_of_life(problem, course, others), *_of_time(problem, course, others), *_of_order(problem, course, others))


def _of_life(problem: Problem, course: Course, others: Sequence[Course]) -> Iterator[Conflict]:
    limits = problem.limits
    if limits.open_times is not None and any((each.weekday, each.part) not in limits.open_times for each in course.meetings):
        yield Conflict(Obstacle.PARTS)
    if limits.distance is not None and course.distance > limits.distance:
        yield Conflict(Obstacle.DISTANCE)
    if limits.own is not None and course.price + sum(each.price for each in others) > limits.own + limits.employer:
        yield Conflict(Obstacle.MONEY)
    if course.seats == 0:
        yield Conflict(Obstacle.FULL)


def _of_time(problem: Problem, course: Course, others: Sequence[Course]) -> Iterator[Conflict]:
    for other in others:
        if other.meetings & course.meetings:
            yield Conflict(Obstacle.CLASH, other.module)
    if course.meetings & problem.busy:
        yield Conflict(Obstacle.BUSY)
    if any(_hours(problem, (course, *others), period) > problem.limits.hours for period in range(course.first, course.last + 1)):
        yield Conflict(Obstacle.HOURS)


def _hours(problem: Problem, courses: Sequence[Course], period: int) -> int:
    busy = problem.busy_hours[period] if period < len(problem.busy_hours) else 0
    return busy + sum(each.hours[period - each.first] for each in courses if 0 <= period - each.first < len(each.hours))


def _of_order(problem: Problem, course: Course, others: Sequence[Course]) -> Iterator[Conflict]:
    needs, everything = dict(problem.needs), (course, *others)
    if course.module in needs and (missing := _unmet(problem, needs[course.module], course.first, everything)) is not None:
        yield Conflict(Obstacle.NEEDS, missing)
    for other in others:
        if other.module in needs and _unmet(problem, needs[other.module], other.first, everything) == course.module:
            yield Conflict(Obstacle.LATER, other.module)


def _unmet(problem: Problem, need: Need, start: int, courses: Sequence[Course]) -> str | None:
    """Return the module that is missing first when `start` begins, empty where it is credits; None when the need is met."""
    if isinstance(need, After):
        had = any(each.module == need.module and each.is_whole and each.last < start for each in problem.had)
        return None if had or any(each.module == need.module and each.last < start for each in courses) else need.module
    if isinstance(need, Reached):
        have = sum(each.ec for each in problem.had if each.last < start) + sum(each.ec for each in courses if each.last < start)
        return None if have >= need.ec else ""
    found = [_unmet(problem, each, start, courses) for each in need.items]
    if isinstance(need, Every):
        return next((each for each in found if each is not None), None)
    return None if None in found else next(iter(found), "")


def route_of(problem: Problem, courses: Sequence[Course], option: Option) -> Route:
    """Return these courses as a route to be checked: nothing is proven of it."""
    places = Places(problem.tree)
    whole = [each.module for each in problem.had if each.is_whole] + [each.module for each in courses]
    ordered = sorted(courses, key=lambda each: (each.first, each.last, each.key))
    counted = placed(places, places.place(list(dict.fromkeys(whole))), parts_of(problem.had))
    return Route(option, tuple(each.key for each in ordered), counted, value_of(option, ordered), 0, Proof.PLAIN)
