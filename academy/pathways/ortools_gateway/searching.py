"""Three routes within a budget of time: a bound from all courses together, a search among those that can be in a good route, and a proof where there is time."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from academy.pathways.kinds import Option, Proof
from academy.pathways.ortools_gateway.blocking import blockers_of
from academy.pathways.ortools_gateway.engines import Relaxation, Relaxed, search
from academy.pathways.ortools_gateway.formulation import Formulation, Sum, formulate
from academy.pathways.problem import Answer, Budget, Course, Placed, Problem, Route
from academy.pathways.rules.plain import brought_forward, plain_route, value_of
from academy.pathways.rules.possible import busy_hours, concerned, horizon, possible

_SOME: Final = 500  # courses, of about a hundred modules: those that the bound says can be in a good route
_MANY: Final = 4_000  # more are not looked through for a proof
_PRICE_OF_NEAREST: Final = 0.3  # seconds for the cheapest of the nearest
_PROMISED: Final = 1.05  # times the bound
_TINY: Final = 1e-9
_LEAST: Final = 0.3  # seconds that every search gets, however late it is
_ORDER: Final = (Option.CHEAPEST, Option.SHORTEST, Option.NEAREST)  # what is learned for the cheapest helps the others


def solve(problem: Problem, budget: Budget) -> Answer:
    """Return the routes, or what stands in the way. It is whole when no route can be more than a twentieth better, or the blockers are proven to be the fewest."""
    started = time.monotonic()
    until = started + min(budget.each * len(Option), budget.whole)
    searching = _Searching(problem, budget, until)
    found: dict[Option, _Best] = {}
    for turn, option in enumerate(_ORDER):
        searching.until = time.monotonic() + max(_LEAST, (until - time.monotonic()) / (len(Option) - turn))
        best = searching.best(option)
        if best.is_impossible:
            blockers = blockers_of(problem, seed=budget.seed, until=started + budget.whole)
            return Answer((), blockers.blockers, blockers.is_whole)
        found[option] = best
    routes = tuple(route for option in Option if (route := _route(problem, option, found)) is not None)
    return Answer(routes, (), is_whole=len(routes) == len(Option) and all(_is_good(route) for route in routes))


def _is_good(route: Route) -> bool:
    return route.proof is not Proof.PLAIN and route.value <= route.bound * _PROMISED


@dataclass(frozen=True)
class _Best:
    """Courses and their places, where any were found; no route has less than `bound` of what was asked."""

    taken: Sequence[Course] | None = None
    placed: tuple[Placed, ...] = ()
    bound: int = 0
    is_impossible: bool = False


@dataclass
class _Searching:
    """One problem, its rows made once. `until` is the moment at which the option in hand must be there."""

    problem: Problem
    budget: Budget
    until: float
    courses: list[Course] = field(init=False)
    form: Formulation = field(init=False)
    relaxation: Relaxation = field(init=False)

    def __post_init__(self) -> None:
        self.courses = concerned(self.problem, possible(self.problem))
        self.form = formulate(self.problem, self.courses)
        self.relaxation = Relaxation(self.form.rows)
        self._likely: list[int] = []
        self._price = Sum({column: course.price for column, course in enumerate(self.courses) if course.price})
        self._travel = Sum({column: course.travel for column, course in enumerate(self.courses) if course.travel})

    def best(self, option: Option) -> _Best:
        if self.form.rows.is_impossible:
            return _Best(is_impossible=True)
        match option:
            case Option.SHORTEST:
                return self._shortest()
            case Option.CHEAPEST:
                return self._least(self._price)
            case Option.NEAREST:
                return self._nearest()

    @property
    def _left(self) -> float:
        return self.until - time.monotonic()

    def _shortest(self) -> _Best:
        """Try one period more each time: the cheapest route in so many."""
        most = horizon(self.problem.limits)
        bound = self._least_periods()
        is_sure = True
        for periods in range(bound, most + 1):
            likely = [column for column in self._likely if self.courses[column].last < periods][:_SOME]
            best = self._among(likely, self._price, _UNKNOWN) if likely else _Best()
            if best.taken is None:
                late = [column for column, course in enumerate(self.courses) if course.last >= periods]
                best = self._least(self._price, closed=late, is_to_be_proven=False)
            if best.taken is not None:
                return replace(best, bound=bound)
            is_sure = is_sure and best.is_impossible
            if is_sure:
                bound = periods + 1
            if self._left < _LEAST:
                break
        return _Best(bound=min(bound, most), is_impossible=is_sure and bound > most)

    def _least_periods(self) -> int:
        """Return a number of periods in which the hours go, if one could take every module at any time."""
        asked = self._timeless(lambda course: sum(course.hours))
        periods, room = 0, 0
        while room < asked and periods < horizon(self.problem.limits):
            room += max(0, self.problem.limits.hours - busy_hours(self.problem, periods))
            periods += 1
        return periods

    def _nearest(self) -> _Best:
        """Look first among what is near and cheap: where nothing can be nearer, that is all there is to do."""
        bound = _up(self._timeless(lambda course: course.travel))
        near = sorted(self._likely, key=lambda column: self.courses[column].travel)[:_SOME]
        best = self._among(near, self._travel, _UNKNOWN, self._price) if near else _Best()
        if best.taken is not None and value_of(Option.NEAREST, best.taken) <= bound:
            return replace(best, bound=bound)
        return self._least(self._travel, then=self._price)

    def _timeless(self, cost: Callable[[Course], int]) -> float:
        """Return what no route comes below, if one could take every module at any time."""
        least: dict[str, Course] = {}
        for course in self.courses:
            if course.module not in least or cost(course) < cost(least[course.module]):
                least[course.module] = course
        modules = list(least.values())
        form = formulate(replace(self.problem, limits=replace(self.problem.limits, own=None)), modules, is_timed=False)
        if form.rows.is_impossible:
            return 0.0
        return Relaxation(form.rows).least(Sum({column: cost(course) for column, course in enumerate(modules)}), seconds=max(_LEAST, self._left)).bound

    def _least(self, cost: Sum, *, closed: Sequence[int] = (), then: Sum | None = None, is_to_be_proven: bool = True) -> _Best:
        """Return the route of least cost without the courses `closed`; of those with as little, the one with least of `then`."""
        relaxed = self.relaxation.least(cost, seconds=max(_LEAST, self._left), closed=closed)
        if relaxed.is_impossible:
            return _Best(is_impossible=True)
        order = self._order(relaxed, closed)
        self._likely = self._likely or order
        number = _SOME
        while True:
            best = self._among(order[:number], cost, relaxed, then, others=order[number:])
            if best.taken is not None or number >= len(order) or self._left < _LEAST:
                break
            number *= 4
        if best.taken is None:
            return best if number >= len(order) else replace(best, is_impossible=False)
        value = sum(cost.terms.get(column, 0) for column in self._columns(best.taken))
        if is_to_be_proven and best.bound < value and number < len(order) and self._left > _LEAST:
            return self._prove(order, cost, relaxed, best, value)
        return best

    def _order(self, relaxed: Relaxed, closed: Sequence[int]) -> list[int]:
        """Return the columns of courses, those that a route of little cost is likely to have first."""
        shut = set(closed)
        return sorted(
            (column for column in range(len(self.courses)) if column not in shut),
            key=lambda column: (
                self.courses[column].key not in self.problem.locked, relaxed.values[column] < _TINY, round(relaxed.dearer[column], 3), self.courses[column].price, column,
            ),
        )

    def _among(self, columns: Sequence[int], cost: Sum, relaxed: Relaxed, then: Sum | None = None, others: Sequence[int] = ()) -> _Best:
        """Search among these courses. A route with one of the others costs at least as much more as the bound says of it.

        What is impossible, or the bound, is so of these courses; with the others named it is the bound of all.
        """
        helping = range(len(self.courses), len(self.form.rows.most))
        kept = [*columns, *helping]
        rows = self.form.rows.only(kept)
        found = search(rows, _of(cost, kept), seconds=max(_LEAST, self._left), seed=self.budget.seed)
        floor = _up(relaxed.bound)
        if found.solution is None:
            return _Best(bound=floor, is_impossible=found.is_impossible)
        elsewhere = min((_up(relaxed.bound + max(0.0, relaxed.dearer[column])) for column in others), default=found.bound)
        solution = found.solution
        if then is not None and self._left > _LEAST:
            value = sum(number * solution[column] for column, number in _of(cost, kept).terms.items())
            rows.at_most(_of(cost, kept), value)
            again = search(
                rows, _of(then, kept), seconds=min(self._left, _PRICE_OF_NEAREST), seed=self.budget.seed, hint=dict(enumerate(solution)),
            )
            solution = again.solution or solution
        return self._told(kept, solution, max(floor, min(found.bound, elsewhere)))

    def _prove(self, order: Sequence[int], cost: Sum, relaxed: Relaxed, best: _Best, value: int) -> _Best:
        """Search among all courses with which there can be a route of less cost than `value`."""
        columns = [column for column in order if relaxed.values[column] >= _TINY or _up(relaxed.bound + max(0.0, relaxed.dearer[column])) < value]
        if len(columns) > _MANY:
            return best
        kept = [*columns, *range(len(self.courses), len(self.form.rows.most))]
        rows = self.form.rows.only(kept)
        rows.at_most(_of(cost, kept), value - 1)
        found = search(rows, _of(cost, kept), seconds=self._left, seed=self.budget.seed)
        if found.is_impossible:
            return replace(best, bound=value)
        bound = max(best.bound, min(found.bound, value))
        return replace(best, bound=bound) if found.solution is None else self._told(kept, found.solution, bound)

    def _told(self, kept: Sequence[int], solution: Sequence[int], bound: int) -> _Best:
        full = [0] * len(self.form.rows.most)
        for column, value in zip(kept, solution, strict=True):
            full[column] = value
        return _Best(self.form.taken(full), self.form.placed(full), bound)

    def _columns(self, taken: Sequence[Course]) -> list[int]:
        keys = {course.key for course in taken}
        return [column for column, course in enumerate(self.courses) if course.key in keys]


_UNKNOWN: Final = Relaxed(-math.inf, (), ())


def _up(bound: float) -> int:
    """Return the least whole cost that is not below a bound; nothing costs less than nothing."""
    return max(0, math.ceil(bound)) if math.isfinite(bound) else 0


def _of(cost: Sum, kept: Sequence[int]) -> Sum:
    return Sum({place: cost.terms[column] for place, column in enumerate(kept) if column in cost.terms})


def _route(problem: Problem, option: Option, found: dict[Option, _Best]) -> Route | None:
    """Return the best route for an option: of another option's search too, where that happens to be better; the plain one where nothing was found."""
    bound = found[option].bound
    candidates = []
    for own, best in found.items():
        if best.taken is not None:
            modules = {course.module for course in best.taken}
            taken = brought_forward(problem, possible(problem, modules), best.taken)
            candidates.append((value_of(option, taken), own is not option, taken, best.placed))
    if not candidates:
        plain = plain_route(problem, option)
        return None if plain is None else replace(plain, bound=min(bound, plain.value))
    value, _is_other, taken, placed = min(candidates, key=lambda each: each[:2])
    proof = Proof.PROVEN if bound >= value else Proof.BEST_FOUND
    return Route(option, tuple(course.key for course in taken), placed, value, min(bound, value), proof)
