"""Which amounts may be told: people along quarters and years, firms as well; plain numbers in, plain answers out."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from academy.reports.rules.hiding import FEW_FIRMS, FEW_PEOPLE, Hiding, Line
from academy.reports.rules.quarters import is_year, year_of


class Cell(NamedTuple):
    """What one category did in a quarter or a year."""

    category: str
    period: str


class Counted(NamedTuple):
    """What stands in a cell: different people behind it, seats (one that a category pays in two parts counts twice), and cents."""

    people: int = 0
    seats: int = 0
    cents: int = 0


def told(cells: Mapping[Cell, Counted], *, few: int = FEW_PEOPLE) -> dict[Cell, Counted | None]:
    """Return the cells, None for those of fewer than `few`, or from which those would be found: quarters add up to their year."""
    hiding = Hiding[Cell](few, _lines_of)
    hiding.add({cell: counted.people for cell, counted in cells.items()})
    shown = hiding.told()
    return {cell: counted if cell in shown or not counted.people else None for cell, counted in cells.items()}


def told_of_firms(cells: Mapping[Cell, Counted]) -> dict[Cell, Counted | None]:
    """Return the same where `people` are firms: from three on."""
    return told(cells, few=FEW_FIRMS)


def _lines_of(cell: Cell) -> Iterator[Line[Cell]]:
    if not is_year(cell.period):
        yield Line("period", Cell(cell.category, year_of(cell.period)))


def tenths(part: int, whole: int) -> int | None:
    """Return how much of the whole a part is, in tenths of a per cent, rounded; None of nothing."""
    return (2_000 * part + whole) // (2 * whole) if whole > 0 else None


def growth(now: int, before: int) -> int | None:
    """Return how much more it is than before, in tenths of a per cent, negative for less; None where there was nothing."""
    if before <= 0:
        return None
    more = 2_000 * (now - before)
    return (abs(more) + before) // (2 * before) * (1 if more >= 0 else -1)
