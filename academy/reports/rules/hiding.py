"""What may be told of groups of people: nothing of a few, and nothing from which a few can be found by subtraction (docs/decisions/0026).

A *line* is a cell and the cells that add up to it: areas to all areas, quarters to a year. A cell of one to nine people is hidden. Whoever reads the others on its line finds
it by subtraction when it is the only one hidden there, and finds a few people when all that is hidden there is a few people. So one more is hidden, always the smallest, until
nothing changes. What adds up is itself one of its line: hidden alone it would be found by adding.

Lines cross, and exact numbers on many of them can be solved for one that is hidden. So what is told is rounded too: people by fives, money by hundreds of euros.

People are distinct and one may stand in several cells of a line, so there is less to be found by subtraction than this rule supposes; that nobody overlaps is the worst case.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Final, Generic, NamedTuple, Protocol, Self, TypeVar

FEW_PEOPLE: Final = 10  # fewer are not told
FEW_FIRMS: Final = 3  # of fewer is not told for how many they ask and what they pledged
_CENTS_STEP: Final = 100_00


class Ordered(Hashable, Protocol):
    """A key of cells: it tells which comes first, so that the same is hidden each time."""

    def __lt__(self, other: Self, /) -> bool: ...


K = TypeVar("K", bound=Ordered)


class Line(NamedTuple, Generic[K]):
    """A line: the kind of cells that add up, and to which cell."""

    axis: str
    total: K


def by_hundreds(cents: int) -> int:
    """Return an amount in cents as it is shown: the nearest hundred euros, as cents."""
    return (cents + _CENTS_STEP // 2) // _CENTS_STEP * _CENTS_STEP


class Hiding(Generic[K]):
    """Finds what is hidden of cells that are given in groups, so that cells of a few need not be kept: a cell whose total is of a few is never the way to anything.

    `few` is the least number that is told. `lines_of` gives the lines in which a cell is one of those that add up; a cell counts no more than its total.
    """

    def __init__(self, few: int, lines_of: Callable[[K], Iterable[Line[K]]]) -> None:
        self._few = few
        self._lines_of = lines_of
        self._told: dict[K, int] = {}
        self._members: dict[Line[K], list[K]] = defaultdict(list)  # of those that are not of a few
        self._few_there: dict[Line[K], int] = defaultdict(int)  # how many of the line are of a few
        self._people_there: dict[Line[K], int] = defaultdict(int)  # and how many they are together
        self._lines_to: dict[K, list[Line[K]]] = defaultdict(list)
        self._hidden: set[K] = set()

    def add(self, counts: Mapping[K, int], *, is_later: Callable[[K], bool] = lambda _total: False) -> None:
        """Add cells with the totals of their lines; of totals that come in another group `is_later` is true."""
        for key, number in counts.items():
            if number >= self._few:
                self._told[key] = number
                for line in self._lines_of(key):
                    self._members[line].append(key)
            elif number > 0:
                for line in self._lines_of(key):
                    if counts.get(line.total, 0) >= self._few or is_later(line.total):
                        self._few_there[line] += 1
                        self._people_there[line] += number

    def told(self, *, never: Collection[K] = ()) -> frozenset[K]:
        """Return the cells that are told; those of `never` are not, whatever their number."""
        lines = {line for line in (*self._members, *self._few_there) if line.total in self._told}
        for line in lines:
            self._lines_to[line.total].append(line)
        self._hidden = {key for key in never if key in self._told}
        while lines:
            lines = {line for key in self._pass(sorted(lines)) for line in self._lines_with(key)}
        return frozenset(self._told.keys() - self._hidden)

    def _pass(self, lines: Iterable[Line[K]]) -> list[K]:
        """Hide one more wherever that is needed, and return those."""
        more = []
        for line in lines:
            key = self._one_more(line)
            if key is not None:
                self._hidden.add(key)
                more.append(key)
        return more

    def _one_more(self, line: Line[K]) -> K | None:
        """Return what must be hidden on a line too; None when nothing."""
        members = self._members.get(line, [])
        shown = [key for key in members if key not in self._hidden]
        number = self._few_there.get(line, 0) + len(members) - len(shown)
        if line.total in self._hidden:
            return self._smallest(shown) if shown and not number else None
        people = self._people_there.get(line, 0) + sum(self._told[key] for key in members if key in self._hidden)
        left = self._told[line.total] - sum(self._told[key] for key in shown)
        if not number or (number > 1 and people >= self._few and not 0 < left < self._few):
            return None
        return self._smallest(shown) if shown else line.total

    def _smallest(self, shown: Iterable[K]) -> K:
        """Return what is hidden beside it. Always the smallest: choosing what opens the fewest other lines tells more, but gave a solver one of two thousand made-up regions."""
        return min(shown, key=lambda key: (self._told[key], key))

    def _lines_with(self, key: K) -> list[Line[K]]:
        """Return the lines in which a cell stands."""
        return [line for line in self._lines_of(key) if line.total in self._told] + self._lines_to.get(key, [])
