"""Why there is no route: the fewest requirements that can not be met, and of each the limits that stand in the way.

The same rows as of a route, with a way out of each limit and of each requirement. First the fewest requirements are given up; then of each of those one limit
after the other is lifted, and of what opens it the least is asked: so many hours more, one more evening, so many kilometres.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from academy.pathways.kinds import Limit, NodeKind
from academy.pathways.ortools_gateway.engines import search
from academy.pathways.ortools_gateway.formulation import NOTHING, Easing, Rows, Sum, formulate, total
from academy.pathways.problem import MOST_PERIODS, Blocker, Course, Node, Problem
from academy.pathways.rules.possible import concerned, modules_of, obstacles, useful

_LIFTED: Final = (Limit.HOURS, Limit.PARTS, Limit.DISTANCE, Limit.MONEY, Limit.PERIODS, Limit.NEEDS, Limit.AT_PROVIDER, Limit.CHOICE)
_MANY: Final = 1_000  # weighs more than everything of less weight together
_HOME, _LOCKED = "at home", "locked"  # two requirements that have no place in the tree
_WHOLE: Final = (_HOME, _LOCKED)
_OF_MANY: Final = frozenset({NodeKind.CREDITS, NodeKind.NUMBER})
_LEAST: Final = 0.05  # seconds


@dataclass(frozen=True)
class Blocked:
    """What stands in the way; not whole when time ran out before all was known."""

    blockers: tuple[Blocker, ...]
    is_whole: bool


def blockers_of(problem: Problem, *, seed: int, until: float) -> Blocked:
    """Return the smallest set of blockers of a problem without a route, as far as it is known at `until` (on the clock of this machine)."""
    return _Blocking(problem, seed, until).blocked()


class _OutOfTime(Exception):
    """There is no time to calculate more."""


@dataclass
class _Ways:
    """The ways out. `lifts` per limit 1 where it is lifted, `measures` how far; `times` per time of the week; `given_up` per requirement."""

    problem: Problem
    courses: Sequence[Course]
    asked: Collection[str]  # what may be given up
    dropped: Collection[str] = ()  # of that, what is
    lifts: dict[Limit, int] = field(default_factory=dict)
    measures: dict[Limit, Sum] = field(default_factory=dict)
    times: dict[tuple[int, int], int] = field(default_factory=dict)
    given_up: dict[str, int] = field(default_factory=dict)

    def easing(self, rows: Rows) -> Easing:
        """Make the columns, and hold every course to the limits that it needs lifted."""
        self.lifts = {limit: rows.column() for limit in _LIFTED}
        self.given_up = {key: rows.column() for key in self.asked}
        rows.fixed.update(self.given_up[key] for key in self.dropped)
        missed = {key: Sum({column: 1}) for key, column in self.given_up.items()}
        hours = rows.column(sum(max(course.hours, default=0) for course in self.courses) + max(self.problem.busy_hours, default=0))
        cents = rows.column(sum(course.price for course in self.courses))
        self.measures = {Limit.HOURS: Sum({hours: 1}), Limit.MONEY: Sum({cents: 1})}
        self.measures[Limit.DISTANCE] = Sum({rows.column(max((course.distance for course in self.courses), default=0)): 1})
        self.measures[Limit.PERIODS] = Sum({rows.column(MOST_PERIODS): 1})
        open_times = self.problem.limits.open_times
        if open_times is not None:
            asked = {(meeting.weekday, meeting.part) for course in self.courses for meeting in course.meetings}
            self.times = {each: rows.column() for each in sorted(asked - open_times)}
        self.measures[Limit.PARTS] = Sum(dict.fromkeys(self.times.values(), 1))
        for limit, measure in self.measures.items():
            for column in measure.terms:
                rows.at_least(Sum({self.lifts[limit]: rows.most[column]}), Sum({column: 1}))
        for column, course in enumerate(self.courses):
            self._hold(rows, Sum({column: 1}), course)
        lift = {limit: Sum({column: 1}) for limit, column in self.lifts.items()}
        return Easing(
            hours=self.measures[Limit.HOURS], money=self.measures[Limit.MONEY], needs=lift[Limit.NEEDS],
            at_home=total((lift[Limit.AT_PROVIDER], missed.get(_HOME, NOTHING))), choice=total((lift[Limit.CHOICE], missed.get(_LOCKED, NOTHING))),
            missed=missed,
        )

    def _hold(self, rows: Rows, taken: Sum, course: Course) -> None:
        for limit in obstacles(self.problem, course):
            match limit:
                case Limit.DISTANCE:
                    rows.at_least(self.measures[limit], taken.times(course.distance))
                case Limit.PERIODS:
                    rows.at_least(self.measures[limit], taken.times(course.last + 1))
                case Limit.PARTS:
                    for time_of_week in {(meeting.weekday, meeting.part) for meeting in course.meetings} & self.times.keys():
                        rows.at_least(Sum({self.times[time_of_week]: 1}), taken)
                case Limit.CHOICE:
                    rows.at_least(Sum({self.lifts[limit]: 1}), taken)
                case _:
                    pass  # hours and money are held by the rows of all courses together


class _Blocking:
    def __init__(self, problem: Problem, seed: int, until: float) -> None:
        self.problem, self.seed, self.until = problem, seed, until
        free = {course.key for course in useful(replace(problem, locked=frozenset()))} | problem.locked
        self.courses = [
            course for course in concerned(problem, problem.courses)
            if course.key in free and course.meetings.isdisjoint(problem.busy) and course.last < MOST_PERIODS
        ]
        self.nodes = {node.key: node for node in _asked(problem.tree)}

    def blocked(self) -> Blocked:
        """Give up the fewest requirements, and look at each of them."""
        asked = (*self.nodes, *_WHOLE)
        try:
            ways, found = self._solved(_Ways(self.problem, self.courses, asked), (), self._weighed)
        except _OutOfTime:
            return Blocked(tuple(self._guessed(key) for key in self.nodes if not self._has_courses(key)), is_whole=False)
        if found is None:
            return Blocked((), is_whole=False)
        missed = [key for key in asked if found[ways.given_up[key]]]
        blockers: list[Blocker] = []
        for key in missed:
            try:
                blockers.append(self._blocker(key, frozenset(missed) - {key}))
            except _OutOfTime:
                return Blocked((*blockers, *(self._guessed(each) for each in missed[len(blockers):])), is_whole=False)
        return Blocked(tuple(blockers), is_whole=True)

    def _weighed(self, ways: _Ways) -> Sum:
        """Weigh what is given up: as little as possible, and rather one outcome or module than all credits together."""
        heavy = {key for key, node in self.nodes.items() if node.kind in _OF_MANY}
        return Sum({column: _MANY + (key in heavy) for key, column in ways.given_up.items()})

    def _blocker(self, key: str, others: frozenset[str]) -> Blocker:
        """Return what keeps this requirement from being met while the others that were given up stay so."""
        limits: list[Limit] = []
        opens: list[tuple[Limit, int]] = []
        for limit in _LIFTED:
            ways, solution = self._solved(_Ways(self.problem, self.courses, others, others), (limit,), _measure_of(limit))
            if solution is not None:
                limits.append(limit)
                opens += [(limit, value) for value in self._opening(limit, ways, solution)]
        if not limits:
            ways, solution = self._solved(_Ways(self.problem, self.courses, others, others), _LIFTED, _number_lifted)
            limits = [self._hopeless(key)] if solution is None else [limit for limit, column in ways.lifts.items() if solution[column]]
        return Blocker(self._place(key), self._modules(key), tuple(limits), tuple(opens))

    def _solved(self, ways: _Ways, lifted: Collection[Limit], cost: Callable[[_Ways], Sum]) -> tuple[_Ways, Sequence[int] | None]:
        """Return the best solution with these limits lifted, or None where there is none. Raises _OutOfTime."""
        left = self.until - time.monotonic()
        if left < _LEAST:
            raise _OutOfTime
        rows = formulate(self.problem, self.courses, ease=ways.easing).rows
        for limit, column in ways.lifts.items():
            if limit not in lifted:
                rows.at_most(Sum({column: 1}), 0)
        found = search(rows, cost(ways), seconds=left, seed=self.seed)
        if found.solution is None and not found.is_impossible:
            raise _OutOfTime
        return ways, found.solution

    def _opening(self, limit: Limit, ways: _Ways, solution: Sequence[int]) -> Iterator[int]:
        """Yield the least value of a limit with which the requirement can be met; nothing where one time of the week would not do."""
        least = sum(solution[column] for column in ways.measures.get(limit, NOTHING).terms)
        match limit:
            case Limit.HOURS:
                yield self.problem.limits.hours + least
            case Limit.MONEY:
                yield (self.problem.limits.own or 0) + least
            case Limit.DISTANCE | Limit.PERIODS:
                yield least
            case Limit.PARTS:
                if least == 1:
                    yield next(weekday * 3 + part for (weekday, part), column in ways.times.items() if solution[column])
            case _:
                yield 0

    def _place(self, key: str) -> str:
        return key if key in self.nodes else ""

    def _modules(self, key: str) -> tuple[str, ...]:
        """Return the modules that would do; of a choice among many, those that one limit or another keeps out."""
        if key not in self.nodes:
            return ()
        node = self.nodes[key]
        if node.kind not in _OF_MANY:
            return node.modules
        free = {course.module for course in self.courses if next(obstacles(self.problem, course), None) is None}
        kept_out = {course.module for course in self.courses} - free
        return tuple(dict.fromkeys(module for module in modules_of(node) if module in kept_out))

    def _has_courses(self, key: str) -> bool:
        named = set(modules_of(self.nodes[key]))
        return any(course.module in named and next(obstacles(self.problem, course), None) is None for course in self.courses)

    def _hopeless(self, key: str) -> Limit:
        """Return why nothing helps: nobody gives it, or what gives it is all at the same time."""
        named = set(modules_of(self.nodes[key])) if key in self.nodes else set()
        offered = self.nodes[key].kind not in _OF_MANY and any(course.module in named for course in self.courses)
        return Limit.PARTS if offered else Limit.NOT_OFFERED

    def _guessed(self, key: str) -> Blocker:
        """Return what is seen of the courses one by one, for when there is no time for more."""
        named = set(modules_of(self.nodes[key])) if key in self.nodes else set()
        limits = {limit for course in self.courses if course.module in named for limit in obstacles(self.problem, course)}
        return Blocker(self._place(key), self._modules(key), tuple(limit for limit in _LIFTED if limit in limits) or (Limit.NOT_OFFERED,))


def _measure_of(limit: Limit) -> Callable[[_Ways], Sum]:
    return lambda ways: ways.measures.get(limit, NOTHING)


def _number_lifted(ways: _Ways) -> Sum:
    return Sum(dict.fromkeys(ways.lifts.values(), 1))


def _asked(node: Node) -> Iterator[Node]:
    """Yield the requirements that must all be met."""
    if node.kind is NodeKind.ALL:
        for item in node.items:
            yield from _asked(item)
    else:
        yield node
