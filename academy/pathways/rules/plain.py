"""A route made the plain way: each time the course that brings most for what it takes. No proof, and not always a route where there is one, but quick."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from academy.pathways.kinds import NodeKind, Option, Proof
from academy.pathways.problem import After, Course, Either, Every, Meeting, Need, Node, Problem, Reached, Route
from academy.pathways.rules.placing import Places, Standings, parts_of, placed, taught_at
from academy.pathways.rules.possible import busy_hours, concerned, money, possible

_OUTCOME: Final = 50  # tenths of EC that one outcome is held to be worth

_Score = tuple[float, ...]


def plain_route(problem: Problem, option: Option) -> Route | None:
    """Return a route that keeps every limit, or None where the plain way finds none."""
    courses = concerned(problem, possible(problem))
    for score in (_SCORES[option], _SCORES[Option.CHEAPEST], _SCORES[Option.SHORTEST]):
        attempt = _Attempt(problem, courses)
        if attempt.succeeds(score):
            attempt.leave_out(option)
            return attempt.route(option)
    return None


def brought_forward(problem: Problem, courses: Sequence[Course], taken: Sequence[Course]) -> list[Course]:
    """Return a route of the same modules in which each comes as early as it can without costing or travelling more."""
    attempt = _Attempt(problem, courses, list(taken))
    others: defaultdict[str, list[Course]] = defaultdict(list)
    for course in courses:
        others[course.module].append(course)
    for course in taken:
        if course.key not in problem.locked:
            attempt.bring_forward(course, others[course.module])
    return sorted(attempt.taken, key=lambda course: (course.first, course.last, course.key))


def value_of(option: Option, courses: Iterable[Course]) -> int:
    """Return what these courses come to in what the option is best at: periods, cents or kilometres."""
    match option:
        case Option.SHORTEST:
            return max((course.last + 1 for course in courses), default=0)
        case Option.CHEAPEST:
            return sum(course.price for course in courses)
        case Option.NEAREST:
            return sum(course.travel for course in courses)


def _soonest(course: Course, gain: float) -> _Score:
    return (course.last, -gain, course.price)


def _cheapest(course: Course, gain: float) -> _Score:
    return (course.price / gain, course.last)


def _nearest(course: Course, gain: float) -> _Score:
    return (course.travel / gain, course.price / gain, course.last)


_SCORES: Final[dict[Option, Callable[[Course, float], _Score]]] = {
    Option.SHORTEST: _soonest, Option.CHEAPEST: _cheapest, Option.NEAREST: _nearest,
}


@dataclass
class _Attempt:
    problem: Problem
    courses: Sequence[Course]
    taken: list[Course] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._places = Places(self.problem.tree)
        self._needs = dict(self.problem.needs)
        self._part = parts_of(self.problem.had)
        self._most = money(self.problem.limits)
        self._taught = taught_at(self.problem.had, self.problem.home)
        self._at_home_ec = {course.module: course.ec for course in self.courses if course.provider in self.problem.home and course.module in self._places.fits}

    def succeeds(self, score: Callable[[Course, float], _Score]) -> bool:
        open_courses = list(self.courses)
        for course in [course for course in self.courses if course.key in self.problem.locked]:
            if any(course.module == each.module for each in self.taken) or not self._fits(course, self._load(), self._meetings()):
                return False
            self.taken.append(course)
        if not self.problem.locked <= {course.key for course in self.taken}:
            return False
        while not self._is_whole(self.taken):
            wanted = self._wanted()
            load, meetings = self._load(), self._meetings()
            have = {course.module for course in self.taken}
            open_courses = [course for course in open_courses if course.module not in have and self._fits(course, load, meetings)]
            ready = [course for course in open_courses if wanted.get(course.module, 0) > 0 and self._is_ready(course, self.taken)]
            if not ready:
                return False
            self.taken.append(min(ready, key=lambda course: (score(course, wanted[course.module]), course.key)))
        return all(self._is_ready(course, self.taken) for course in self.taken)

    def leave_out(self, option: Option) -> None:
        """Leave out what the route can do without, the dearest first."""
        for course in sorted(self.taken, key=lambda course: (value_of(option, [course]), course.price, course.key), reverse=True):
            rest = [each for each in self.taken if each is not course]
            if course.key not in self.problem.locked and self._is_whole(rest) and all(self._is_ready(each, rest) for each in rest):
                self.taken = rest

    def bring_forward(self, course: Course, others: Iterable[Course]) -> None:
        self.taken.remove(course)
        load, meetings = self._load(), self._meetings()
        better = [
            other for other in others
            if other.last < course.last and other.price <= course.price and other.travel <= course.travel and other.provider == course.provider
            and self._fits(other, load, meetings) and self._is_ready(other, self.taken)
        ]
        self.taken.append(min(better, key=lambda other: (other.last, other.price, other.travel, other.key), default=course))

    def route(self, option: Option) -> Route:
        courses = sorted(self.taken, key=lambda course: (course.first, course.last, course.key))
        places = placed(self._places, self._standings(courses).holder, self._part)
        return Route(option, tuple(course.key for course in courses), places, value_of(option, courses), 0, Proof.PLAIN)

    def _standings(self, courses: Iterable[Course]) -> Standings:
        had = [each.module for each in self.problem.had if each.is_whole]
        whole = [*had, *(course.module for course in courses)]
        return Standings(self._places, self._places.place(whole), frozenset(whole), self._part)

    def _at_home(self, courses: Iterable[Course], holder: Iterable[str]) -> int:
        taught = self._taught | {course.module: course.ec for course in courses if course.provider in self.problem.home}
        return sum(taught.get(module, 0) for module in holder)

    def _is_whole(self, courses: Sequence[Course]) -> bool:
        standings = self._standings(courses)
        return standings.complete[self.problem.tree.key] and self._at_home(courses, standings.holder.values()) >= self.problem.at_home

    def _load(self) -> dict[int, int]:
        load: defaultdict[int, int] = defaultdict(int)
        for course in self.taken:
            for period, hours in enumerate(course.hours, course.first):
                load[period] += hours
        return load

    def _meetings(self) -> set[Meeting]:
        return {meeting for course in self.taken for meeting in course.meetings}

    def _fits(self, course: Course, load: dict[int, int], meetings: set[Meeting]) -> bool:
        if not meetings.isdisjoint(course.meetings) or (self._most is not None and sum(each.price for each in self.taken) + course.price > self._most):
            return False
        most = self.problem.limits.hours
        return all(
            not hours or load.get(period, 0) + hours + busy_hours(self.problem, period) <= most
            for period, hours in enumerate(course.hours, course.first)
        )

    def _is_ready(self, course: Course, taken: Sequence[Course]) -> bool:
        need = self._needs.get(course.module)
        return need is None or self._is_met(need, course.first, taken)

    def _is_met(self, need: Need, first: int, taken: Sequence[Course]) -> bool:
        match need:
            case After(module):
                return any(had.module == module and had.is_whole and had.last < first for had in self.problem.had) or any(
                    course.module == module and course.last < first for course in taken
                )
            case Reached(ec):
                had = sum(had.ec for had in self.problem.had if had.last < first)
                return had + sum(course.ec for course in taken if course.last < first) >= ec
            case Every(items):
                return all(self._is_met(item, first, taken) for item in items)
            case Either(items):
                return any(self._is_met(item, first, taken) for item in items)

    def _wanted(self) -> dict[str, float]:
        """Return what each module would bring, in tenths of EC; a module that is needed first brings what the other one does."""
        standings = self._standings(self.taken)
        gains: defaultdict[str, float] = defaultdict(float)
        self._look(self.problem.tree, standings, gains)
        short = self.problem.at_home - self._at_home(self.taken, standings.holder.values())
        for module, ec in self._at_home_ec.items() if short > 0 else ():
            gains[module] += min(ec, short)
        for module in self._needs.keys() & gains.keys():
            self._spread(self._needs[module], gains[module], gains, {module})
        return gains

    def _look(self, node: Node, standings: Standings, gains: dict[str, float]) -> None:
        if standings.complete[node.key]:
            return
        if node.kind is NodeKind.OUTCOME or node.kind is NodeKind.MODULE:
            for module in node.modules:
                if module not in standings.whole:
                    gains[module] += max(node.amount - standings.credits[node.key], 1) if node.kind is NodeKind.MODULE else _OUTCOME
        for item in node.items:
            self._look(item, standings, gains)

    def _spread(self, need: Need, gain: float, gains: dict[str, float], seen: set[str]) -> None:
        match need:
            case After(module):
                if module not in seen:
                    gains[module] = max(gains.get(module, 0), gain)
                    if module in self._needs:
                        self._spread(self._needs[module], gain, gains, seen | {module})
            case Every(items) | Either(items):
                for item in items:
                    self._spread(item, gain, gains, seen)
            case Reached():
                for course in self.courses:
                    gains[course.module] = max(gains.get(course.module, 0), 1)
