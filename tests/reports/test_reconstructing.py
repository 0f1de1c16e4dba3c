"""Somebody takes everything that is told, knows the rounding, where nobody is and that nobody stands in two cells, and solves for what is hidden.

That is more than anybody knows of real cells: people overlap there, and a cell that is not told may be of nobody. No cell of one to nine may come out as one number.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import pytest
from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]  # OR-Tools tells no types here

from academy.reports.kinds import EVERY, Subject
from academy.reports.rules import cube
from academy.reports.rules.cube import add_up
from academy.reports.rules.hiding import FEW_FIRMS, FEW_PEOPLE, Hiding, Line
from academy.reports.rules.lattice import lines_of
from academy.reports.rules.signals import Key
from tests.reports.lattices import CLUSTERS, Base, cells_over, dice, signals_of, small_world, sums

ROUNDED_BY = 2  # what is shown may be so much more or less
ONE_MORE = Hiding._one_more


class Attack:
    """What somebody works out of people (or seats of firms) from what is told."""

    def __init__(self, world: Collection[Base], told: Mapping[Key, int], least: Mapping[Base, int], *, most: Mapping[Base, int] | None = None, off: int = ROUNDED_BY) -> None:
        self._solver: Any = pywraplp.Solver.CreateSolver("SCIP")
        parts: dict[Key, list[Any]] = defaultdict(list)
        for base in world:
            number = self._solver.IntVar(least[base], self._solver.infinity() if most is None else most[base], "")
            for key in cells_over(base):
                parts[key].append(number)
        self._cells = {key: self._solver.Sum(numbers) for key, numbers in parts.items()}
        for key, shown in told.items():
            self._solver.Add(self._cells[key] >= shown - off)
            self._solver.Add(self._cells[key] <= shown + off)

    def know(self, key: Key, at_least: int) -> None:
        self._solver.Add(self._cells[key] >= at_least)

    def range_of(self, key: Key) -> tuple[int, int | None]:
        """Return between which numbers a cell must be; None where there is no end."""
        self._solver.Minimize(self._cells[key])
        assert self._solver.Solve() == pywraplp.Solver.OPTIMAL
        least = round(self._solver.Objective().Value())
        self._solver.Maximize(self._cells[key])
        return least, round(self._solver.Objective().Value()) if self._solver.Solve() == pywraplp.Solver.OPTIMAL else None


def _pinned_people(seed: int, *, off: int = ROUNDED_BY) -> list[Key]:
    """Return the cells of a few people that come out as one number."""
    world = {base: number for base, number in small_world(dice(seed)).items() if number}
    cells, _slots = add_up(signals_of(world), (), (), clusters=CLUSTERS)
    counts, told = sums(world), {cell.key: cell.people for cell in cells if cell.people and cell.key.source == EVERY}
    attack = Attack(world, told, dict.fromkeys(world, 1), off=off)
    for key in told:
        attack.know(key, FEW_PEOPLE)
    return [key for key, number in counts.items() if number < FEW_PEOPLE and len(set(attack.range_of(key))) == 1]


def _pinned_seats(seed: int) -> list[Key]:
    """Return the cells of one or two firms of which it comes out for how many people they ask; how many firms there are is told everywhere."""
    chance = dice(seed)
    firms = {base: number % 4 for base, number in small_world(chance).items() if number % 4}
    asked = [chance.randint(1, 9) for _ in range(sum(firms.values()))]
    cells, _slots = add_up(signals_of(firms, kind=Subject.FIRM, people=asked), (), (), clusters=CLUSTERS)
    told = {cell.key: cell.seats for cell in cells if cell.seats and cell.key.source == EVERY}
    attack = Attack(firms, told, firms, most={base: 10 * number for base, number in firms.items()}, off=ROUNDED_BY)
    return [key for key, number in sums(firms).items() if number < FEW_FIRMS and len(set(attack.range_of(key))) == 1]


@pytest.mark.parametrize("seed", [31, 50, 78, 103, 136, 154, 2110])  # where it came out with a guard switched off, and once with all of them
def test_few_people_are_not_found_where_they_were_once(seed: int) -> None:
    assert _pinned_people(seed) == []


def test_for_how_many_one_firm_asks_is_not_found() -> None:
    assert [key for seed in range(4) for key in _pinned_seats(seed)] == []


@pytest.mark.slow
@pytest.mark.parametrize("part", range(20))
def test_few_people_are_not_found_in_thousands_of_small_worlds(part: int) -> None:
    assert {seed: found for seed in range(part * 100, part * 100 + 100) if (found := _pinned_people(seed))} == {}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_for_how_many_one_firm_asks_is_not_found_in_a_thousand_small_worlds(part: int) -> None:
    assert {seed: found for seed in range(part * 100, part * 100 + 100) if (found := _pinned_seats(seed))} == {}


# The attack itself: with one guard less it succeeds


def _hides_nothing_more(_self: Hiding[Key], _line: Line[Key]) -> Key | None:
    return None


def _lets_one_alone(self: Hiding[Key], line: Line[Key]) -> Key | None:
    """Hide one more only where a few are left, not where one cell is hidden alone."""
    return ONE_MORE(self, line) if line.total in self._hidden or self._people_there.get(line, 0) else None


def _lets_totals_stand(self: Hiding[Key], line: Line[Key]) -> Key | None:
    """Hide no total of which every part is hidden."""
    more = ONE_MORE(self, line)
    return None if more == line.total else more


def _forgets_hidden_totals(self: Hiding[Key], line: Line[Key]) -> Key | None:
    """Let a hidden total be found by adding, and hide the smallest: where crossing lines hide the same cells no world was found in which this guard is missed."""
    more = None if line.total in self._hidden else ONE_MORE(self, line)
    return more if more is None or more == line.total else min((key for key in self._members[line] if key not in self._hidden), key=lambda key: (self._told[key], key))


@pytest.mark.parametrize(
    ("seed", "guard"), [(78, _hides_nothing_more), (154, _lets_one_alone), (136, _lets_totals_stand), (103, _forgets_hidden_totals)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_the_attack_succeeds_when_a_guard_is_switched_off(seed: int, guard: Callable[[Hiding[Key], Line[Key]], Key | None], monkeypatch: pytest.MonkeyPatch) -> None:
    assert _pinned_people(seed) == []
    monkeypatch.setattr(Hiding, "_one_more", guard)
    assert _pinned_people(seed) != []


def test_the_attack_succeeds_when_people_are_not_rounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cube, "by_fives", lambda people: people)
    assert _pinned_people(50, off=0) != []


def test_the_attack_succeeds_when_sectors_are_not_looked_at_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(key: Key, clusters: Mapping[str, str | None]) -> Iterator[Line[Key]]:
        return (line for line in lines_of(key, clusters) if line.axis != "sectors")

    monkeypatch.setattr(cube, "lines_of", without)
    assert _pinned_people(2110) != []
