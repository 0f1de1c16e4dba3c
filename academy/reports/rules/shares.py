"""Which share of a group something is, told so that neither what is in it nor what is left is of a few; plain values."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from academy.kernel.small_groups import by_fives
from academy.reports.rules.hiding import FEW_PEOPLE
from academy.reports.rules.ratios import per_cent


@dataclass(frozen=True)
class Parted:
    """How much of something there is (results, meetings) and how much is left, and of which people each of the two is."""

    part: int = 0
    rest: int = 0
    in_part: frozenset[Hashable] = frozenset()
    in_rest: frozenset[Hashable] = frozenset()

    @property
    def is_told(self) -> bool:
        """Tell whether its share is told: of both halves there is nobody or enough, and of one there is."""
        sizes = len(self.in_part), len(self.in_rest)
        return any(sizes) and all(size == 0 or size >= FEW_PEOPLE for size in sizes)


def together(parted: Iterable[Parted]) -> Parted:
    """Return several as one; who is in more of them counts once."""
    found = Parted()
    for each in parted:
        found = Parted(found.part + each.part, found.rest + each.rest, found.in_part | each.in_part, found.in_rest | each.in_rest)
    return found


def share_of(parted: Iterable[Parted]) -> int | None:
    """Return the share in whole per cents, as tenths, of those that are told; None of none.

    It is of the numbers by fives, each rounded before they are added up: a year tells no more than its quarters.
    """
    told = [each for each in parted if each.is_told]
    return per_cent(sum(by_fives(each.part) for each in told), sum(by_fives(each.part + each.rest) for each in told))


def told_beside(parts: Mapping[str, Parted], others: Parted) -> dict[str, Parted]:
    """Return the parts of a whole of which the share is told; `others` is what the whole has beside them.

    Where the whole is told and what is left of it would not be, the smallest part is not told either, until nothing changes.
    """
    told = {name: each for name, each in parts.items() if each.is_told}
    if not together([*parts.values(), others]).is_told:
        return told
    while told:
        left = together([others, *(each for name, each in parts.items() if name not in told)])
        if left == Parted() or left.is_told:
            break
        del told[min(told, key=lambda name: (len(parts[name].in_part | parts[name].in_rest), name))]
    return told
