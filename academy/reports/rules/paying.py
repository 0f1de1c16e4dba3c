"""Which amounts may be told: of enough people and firms, and none from which the amount of a few would be found; plain numbers in, plain answers out.

Quarters add up to their year, so of what is hidden of a year its sum can be found. People are no sum: who paid in one quarter may have paid in another, so behind the sum of two
quarters stand as many as behind the largest of them, and maybe no more. Where nothing of a year is told, the sum is that of the year, of which all is counted.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from academy.kernel.small_groups import by_fives
from academy.reports.rules.hiding import FEW_FIRMS, FEW_PEOPLE, by_hundreds
from academy.reports.rules.quarters import is_year

_OF_FIRMS: Final = "employers"  # the category of which each payer is a firm with an interest of its own: funds and schools publish what they give


class Cell(NamedTuple):
    """What one category did in a quarter or a year."""

    category: str
    period: str


class Counted(NamedTuple):
    """What stands in a cell: different people behind it, different payers that are no people, seats (one that a category pays in two parts counts twice), and cents."""

    people: int = 0
    firms: int = 0
    seats: int = 0
    cents: int = 0


def told(cells: Mapping[Cell, Counted]) -> dict[Cell, Counted | None]:
    """Return the cells, rounded (people and seats by fives, money by hundreds of euros); None for those of a few, or from which those would be found."""
    hidden = {cell for cell, counted in cells.items() if not _is_enough(cell.category, counted)}
    for year in sorted(cell for cell in cells if is_year(cell.period)):
        parts = [cell for number in range(1, 5) if any(cells.get(cell := Cell(year.category, f"{year.period}-{number}"), ()))]
        hidden |= _hidden_in(cells, year, parts, hidden)
    return {cell: None if cell in hidden else _rounded(counted) for cell, counted in cells.items()}


def _is_enough(category: str, counted: Counted) -> bool:
    """Tell whether an amount is of enough: ten people where it is of people, three firms where it is of firms or of nobody in particular."""
    if not any(counted):
        return True
    has_people = counted.people >= FEW_PEOPLE or not counted.people
    has_firms = counted.firms >= FEW_FIRMS or (bool(counted.people) and category != _OF_FIRMS)
    return has_people and has_firms


def _hidden_in(cells: Mapping[Cell, Counted], year: Cell, parts: Sequence[Cell], few: set[Cell]) -> set[Cell]:
    """Return what is hidden of a year: its quarters of a few, and the smallest of the others until what is hidden together is of enough; else the year itself."""
    hidden = {cell for cell in parts if cell in few}
    if not hidden or year in few:
        return hidden
    left = sorted((cell for cell in parts if cell not in few), key=lambda cell: (cells[cell].people, cells[cell].firms, cell))
    while left and not _are_enough(cells, year, hidden, left):
        hidden.add(left.pop(0))
    return hidden | ({year} if len(hidden) == 1 else set())


def _are_enough(cells: Mapping[Cell, Counted], year: Cell, hidden: set[Cell], shown: Sequence[Cell]) -> bool:
    """Tell whether two or more are hidden, with enough people and firms behind the largest; and no few people are left of the year beside what is told."""
    largest = Counted(*(max(cells[cell][at] for cell in hidden) for at in range(len(Counted._fields))))
    rest = cells[year].people - sum(cells[cell].people for cell in shown)
    return len(hidden) > 1 and _is_enough(year.category, largest) and not 0 < rest < FEW_PEOPLE


def _rounded(counted: Counted) -> Counted:
    return Counted(by_fives(counted.people), counted.firms, by_fives(counted.seats), by_hundreds(counted.cents))
