"""A problem as rows of whole numbers: the same rows go to the linear solver, for bounds, and to the one that searches.

Columns are counts from 0 to a most, nearly all 0 or 1: one per course, and some that help. Everything that counts is only held down by its rows, never up:
more credits never harm, so a solution may count less than there is, and what it counts is there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from academy.pathways.kinds import NodeKind
from academy.pathways.problem import After, Course, Either, Every, Need, Node, Placed, Problem, Reached
from academy.pathways.rules.placing import parts_of, taught_at
from academy.pathways.rules.possible import busy_hours, money


@dataclass(frozen=True)
class Sum:
    """Columns times numbers, and a number."""

    terms: Mapping[int, int]
    constant: int = 0

    def times(self, factor: int) -> "Sum":
        return Sum({column: factor * number for column, number in self.terms.items()}, factor * self.constant)


NOTHING = Sum({})
ONE = Sum({}, 1)


def total(sums: Iterable[Sum]) -> Sum:
    terms: defaultdict[int, int] = defaultdict(int)
    constant = 0
    for each in sums:
        constant += each.constant
        for column, number in each.terms.items():
            terms[column] += number
    return Sum(terms, constant)


@dataclass(frozen=True)
class Row:
    """Columns times numbers are at least `low`."""

    terms: Mapping[int, int]
    low: int


@dataclass
class Rows:
    """What holds. `most` per column; `fixed` columns are at their most."""

    most: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    fixed: set[int] = field(default_factory=set)
    is_impossible: bool = False

    def column(self, most: int = 1) -> int:
        self.most.append(most)
        return len(self.most) - 1

    def at_least(self, left: Sum, right: Sum) -> None:
        """Hold `left` at or above `right`."""
        difference = total((left, right.times(-1)))
        low = -difference.constant
        terms = {column: number for column, number in difference.terms.items() if number}
        reach = sum(number * self.most[column] for column, number in terms.items() if number > 0)
        if reach < low:
            self.is_impossible = True
        elif terms and sum(number * self.most[column] for column, number in terms.items() if number < 0) < low:
            self.rows.append(Row(terms, low))

    def at_most(self, left: Sum, most: int) -> None:
        self.at_least(Sum({}, most), left)

    def hold(self, solution: Sequence[int]) -> bool:
        """Return whether these values of the columns keep all rows."""
        fits = all(0 <= value <= most for value, most in zip(solution, self.most, strict=True)) and all(solution[column] for column in self.fixed)
        return fits and all(sum(number * solution[column] for column, number in row.terms.items()) >= row.low for row in self.rows)

    def only(self, kept: Sequence[int]) -> "Rows":
        """Return the rows with these columns alone, in this order; the others are 0."""
        place = {column: position for position, column in enumerate(kept)}
        fewer = Rows([self.most[column] for column in kept], fixed={place[column] for column in self.fixed & place.keys()})
        fewer.is_impossible = self.is_impossible or not self.fixed <= place.keys()
        touched = set(self._asking).union(*(self._rows_of[column] for column in kept))
        for number in sorted(touched):
            row = self.rows[number]
            fewer.at_least(Sum({place[column]: times for column, times in row.terms.items() if column in place}), Sum({}, row.low))
        return fewer

    @cached_property
    def _rows_of(self) -> Sequence[Sequence[int]]:
        """The rows in which each column stands; asked when no more are added."""
        found: list[list[int]] = [[] for _column in self.most]
        for number, row in enumerate(self.rows):
            for column in row.terms:
                found[column].append(number)
        return found

    @cached_property
    def _asking(self) -> Sequence[int]:
        """The rows that do not hold with all columns at 0."""
        return [number for number, row in enumerate(self.rows) if row.low > 0]


@dataclass(frozen=True)
class Easing:
    """Ways out, for when there is no route: more `hours`, more `money`, and what is 1 where the other limits do not hold. `missed` per requirement in the tree."""

    hours: Sum = NOTHING
    money: Sum = NOTHING
    needs: Sum = NOTHING
    at_home: Sum = NOTHING
    choice: Sum = NOTHING
    missed: Mapping[str, Sum] = field(default_factory=dict)


@dataclass
class Formulation:
    """Rows, and which column stands for what: `courses` in the order of their columns, `placings` by (module, node)."""

    rows: Rows
    courses: Sequence[Course]
    placings: dict[tuple[str, str], Sum]
    nodes: dict[str, Node]
    problem: Problem

    def taken(self, solution: Sequence[int]) -> list[Course]:
        found = [course for column, course in enumerate(self.courses) if solution[column]]
        return sorted(found, key=lambda course: (course.first, course.last, course.key))

    def placed(self, solution: Sequence[int]) -> tuple[Placed, ...]:
        """Return the credits of this solution in their places, what was recognised of a module that is not whole too."""
        held = {
            key: module
            for (module, key), place in self.placings.items()
            if place.constant + sum(number * solution[column] for column, number in place.terms.items()) > 0
        }
        somewhere = set(held.values())
        part = parts_of(self.problem.had)
        found = [Placed(module, key, self.nodes[key].amount) for key, module in held.items()]
        for key, node in self.nodes.items():
            own = node.modules[0] if node.modules and node.kind is NodeKind.MODULE else ""
            if own in part and own not in somewhere and key not in held:
                somewhere.add(own)
                found.append(Placed(own, key, min(part[own], node.amount)))
        return tuple(sorted(found, key=lambda each: (each.node, each.module)))


def formulate(problem: Problem, courses: Sequence[Course], *, is_timed: bool = True, ease: Callable[[Rows], Easing] | None = None) -> Formulation:
    """Return the rows of a problem with these courses, whose columns come first; then those that `ease` makes.

    Without time a course stands for its module, at any moment: what is asked of the tree, of hours in all and of money stays.
    """
    rows = Rows()
    by_module: defaultdict[str, list[int]] = defaultdict(list)
    for course in courses:
        by_module[course.module].append(rows.column())
    taken = {module: Sum(dict.fromkeys(columns, 1)) for module, columns in by_module.items()}
    whole = {each.module for each in problem.had if each.is_whole}
    for module in whole:
        taken[module] = ONE
    for columns in by_module.values():
        if len(columns) > 1:
            rows.at_most(Sum(dict.fromkeys(columns, 1)), 1)
    eased = Easing() if ease is None else ease(rows)
    if is_timed:
        locked = {course.key: column for column, course in enumerate(courses) if course.key in problem.locked}
        for key in problem.locked:
            rows.at_least(total((Sum({locked[key]: 1}) if key in locked else NOTHING, eased.choice)), ONE)
    tree = _Tree(problem, rows, taken, courses, eased)
    tree.require(problem.tree)
    tree.require_at_home()
    most = money(problem.limits)
    if most is not None:
        rows.at_least(total((Sum({}, most), eased.money)), Sum({column: course.price for column, course in enumerate(courses) if course.price}))
    if is_timed:
        _times(problem, rows, courses, eased.hours)
        _Needs(problem, rows, courses, by_module, eased.needs).require()
    return Formulation(rows, courses, tree.placings, tree.nodes, problem)


class _Tree:
    """What is asked of the tree."""

    def __init__(self, problem: Problem, rows: Rows, taken: Mapping[str, Sum], courses: Sequence[Course], eased: Easing) -> None:
        self.rows, self.taken, self.problem, self.eased = rows, taken, problem, eased
        self.part = parts_of(problem.had)
        self.nodes: dict[str, Node] = {}
        self.fits: defaultdict[str, list[str]] = defaultdict(list)
        self._walk(problem.tree)
        self.placings: dict[tuple[str, str], Sum] = {}
        self._place()
        self._ec = {course.module: course.ec for course in courses if course.provider in problem.home}
        self._ec.update(taught_at(problem.had, problem.home))
        self._done: dict[str, Sum] = {}

    def _walk(self, node: Node) -> None:
        self.nodes[node.key] = node
        if node.kind is NodeKind.MODULE:
            for module in dict.fromkeys(node.modules):
                if module in self.taken:
                    self.fits[module].append(node.key)
        for item in node.items:
            self._walk(item)

    def _place(self) -> None:
        """Give every module that can be whole a column for each node that it fits in, or its courses where there is no choice."""
        here: defaultdict[str, list[str]] = defaultdict(list)
        for module, keys in self.fits.items():
            for key in keys:
                here[key].append(module)
        for module, keys in self.fits.items():
            if len(keys) == 1 and len(here[keys[0]]) == 1:
                self.placings[module, keys[0]] = self.taken[module]
                continue
            places = {key: Sum({self.rows.column(): 1}) for key in keys}
            self.placings.update({(module, key): place for key, place in places.items()})
            self.rows.at_least(self.taken[module], total(places.values()))
        for key, modules in here.items():
            if len(modules) > 1:
                self.rows.at_most(total(self.placings[module, key] for module in modules), 1)
        self._here = here

    def require_at_home(self) -> None:
        if self.problem.at_home > 0:
            taught = total(place.times(self._ec[module]) for (module, _key), place in self.placings.items() if module in self._ec)
            self.rows.at_least(total((taught, self.eased.at_home.times(self.problem.at_home))), Sum({}, self.problem.at_home))

    def require(self, node: Node) -> None:
        """Hold a node complete, or missed where that is a way out."""
        missed = self.eased.missed.get(node.key, NOTHING)
        match node.kind:
            case NodeKind.ALL:
                for item in node.items:
                    self.require(item)
            case NodeKind.CREDITS:
                self.rows.at_least(total((*map(self.credit, node.items), missed.times(node.amount))), Sum({}, node.amount))
            case NodeKind.NUMBER:
                self.rows.at_least(total((*map(self.done, node.items), missed.times(node.amount))), Sum({}, node.amount))
            case NodeKind.OUTCOME:
                self.rows.at_least(total((*(self.taken[module] for module in dict.fromkeys(node.modules) if module in self.taken), missed)), ONE)
            case NodeKind.MODULE:
                self.rows.at_least(total((self.done(node), missed)), ONE)

    def done(self, node: Node) -> Sum:
        """Return what is 1 when the node is complete, and can not be otherwise."""
        if node.key not in self._done:
            self._done[node.key] = self._complete(node)
        return self._done[node.key]

    def _complete(self, node: Node) -> Sum:
        if node.kind is NodeKind.MODULE:
            return total(self.placings[module, node.key] for module in self._here.get(node.key, ()))
        found = Sum({self.rows.column(): 1})
        match node.kind:
            case NodeKind.ALL:
                for item in node.items:
                    self.rows.at_least(self.done(item), found)
            case NodeKind.CREDITS:
                self.rows.at_least(total(self.credit(item) for item in node.items), found.times(node.amount))
            case NodeKind.NUMBER:
                self.rows.at_least(total(self.done(item) for item in node.items), found.times(node.amount))
            case _:
                self.rows.at_least(total(self.taken[module] for module in dict.fromkeys(node.modules) if module in self.taken), found)
        return found

    def credit(self, node: Node) -> Sum:
        """Return the credits (tenths) that count here, or less."""
        match node.kind:
            case NodeKind.OUTCOME:
                return NOTHING
            case NodeKind.MODULE:
                return self._credit_of_module(node)
            case NodeKind.ALL:
                return total(self.credit(item) for item in node.items)
            case NodeKind.CREDITS:
                found = Sum({self.rows.column(node.amount): 1})
                self.rows.at_least(total(self.credit(item) for item in node.items), found)
                return found
            case NodeKind.NUMBER:
                return self._credit_of_best(node)

    def _credit_of_module(self, node: Node) -> Sum:
        own = node.modules[0] if node.modules else ""
        some = min(self.part.get(own, 0), node.amount)
        sums = [self.done(node).times(node.amount - some), Sum({}, some)]
        sums += [self.placings[own, key].times(-some) for key in self.fits.get(own, ()) if some and key != node.key]
        return total(sums)

    def _credit_of_best(self, node: Node) -> Sum:
        counted = []
        chosen = []
        for item in node.items:
            credit = self.credit(item)
            most = credit.constant + sum(number * self.rows.most[column] for column, number in credit.terms.items() if number > 0)
            if most > 0:
                is_chosen, found = Sum({self.rows.column(): 1}), Sum({self.rows.column(most): 1})
                self.rows.at_least(credit, found)
                self.rows.at_least(is_chosen.times(most), found)
                counted.append(found)
                chosen.append(is_chosen)
        self.rows.at_most(total(chosen), node.amount)
        return total(counted)


def _times(problem: Problem, rows: Rows, courses: Sequence[Course], more: Sum) -> None:
    """Hold the hours of every period, and one course at a time."""
    load: defaultdict[int, dict[int, int]] = defaultdict(dict)
    at: defaultdict[object, list[int]] = defaultdict(list)
    for column, course in enumerate(courses):
        for period, hours in enumerate(course.hours, course.first):
            if hours:
                load[period][column] = hours
        for meeting in course.meetings:
            at[meeting].append(column)
    for period, terms in load.items():
        room = problem.limits.hours - busy_hours(problem, period)
        if room >= 0:
            rows.at_least(total((Sum({}, room), more)), Sum(terms))
        else:  # it is too much already, which is no matter as long as nothing comes on top of it
            for column in terms:
                rows.at_least(more, total((Sum({column: -room}), Sum(terms))))
    seen: set[tuple[int, ...]] = set()
    for columns in at.values():
        if len({courses[column].module for column in columns}) > 1 and tuple(columns) not in seen:
            seen.add(tuple(columns))
            rows.at_most(Sum(dict.fromkeys(columns, 1)), 1)


class _Needs:
    """What must come before what, held for all courses of a module that begin up to a period at once: the strongest rows."""

    def __init__(self, problem: Problem, rows: Rows, courses: Sequence[Course], by_module: Mapping[str, Sequence[int]], lifted: Sum) -> None:
        self.rows, self.courses, self.by_module, self.lifted = rows, courses, by_module, lifted
        self.problem = problem
        self.had = {each.module: each.last for each in problem.had if each.is_whole}
        self._reached: dict[int, Sum] = {}

    def require(self) -> None:
        for module, need in self.problem.needs:
            columns = self.by_module.get(module, ())
            for first in sorted({self.courses[column].first for column in columns}):
                self._hold(need, first, Sum(dict.fromkeys((column for column in columns if self.courses[column].first <= first), 1)))

    def _hold(self, need: Need, first: int, taken: Sum) -> None:
        """Hold `taken` at 0 as long as the need is not met before `first`."""
        match need:
            case Every(items):
                for item in items:
                    self._hold(item, first, taken)
            case Reached(ec):
                self._hold_reached(ec, first, taken)
            case After() | Either():
                self.rows.at_least(total((self._met(need, first), self.lifted)), taken)

    def _hold_reached(self, ec: int, first: int, taken: Sum) -> None:
        self.rows.at_least(total((self._counted(first), self.lifted.times(ec))), taken.times(ec))

    def _met(self, need: Need, first: int) -> Sum:
        """Return what is at most 0 when the need is not met before `first`."""
        match need:
            case After(module):
                if module in self.had:
                    return ONE if self.had[module] < first else NOTHING
                return Sum(dict.fromkeys((column for column in self.by_module.get(module, ()) if self.courses[column].last < first), 1))
            case Either(items):
                return total(self._met(item, first) for item in items)
            case Every() | Reached():
                found = Sum({self.rows.column(): 1})
                self._hold(need, first, found)
                return found

    def _counted(self, first: int) -> Sum:
        """Return the credits that were had or end before `first`."""
        if first not in self._reached:
            terms = {column: course.ec for column, course in enumerate(self.courses) if course.last < first}
            had = sum(each.ec for each in self.problem.had if each.last < first)
            found = Sum({self.rows.column(max(1, sum(terms.values()) + had)): 1})
            self.rows.at_least(Sum(terms, had), found)
            self._reached[first] = found
        return self._reached[first]
