"""Open numbers: what is told of a whole that falls apart in parts, and within how many days the most were served; plain values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import ceil

from academy.kernel.small_groups import by_fives
from academy.reports.rules.hiding import FEW_PEOPLE
from academy.reports.rules.ratios import share


@dataclass(frozen=True)
class Group:
    """How many there are of something, and of how many different people."""

    number: int
    people: int

    @property
    def shown(self) -> int | None:
        """Return the number as it is shown, by fives; None where it is of few people."""
        return None if 0 < self.people < FEW_PEOPLE else by_fives(self.number)


@dataclass(frozen=True)
class Times:
    """How many days each took, in any order, and of how many different people they are."""

    days: tuple[int, ...]
    people: int

    def within(self, per_cent: int) -> int | None:
        """Return within how many days this part was done (nearest rank); None where it is of few people."""
        if self.people < FEW_PEOPLE:
            return None
        return sorted(self.days)[ceil(len(self.days) * per_cent / 100) - 1]


def parts_told(whole: Group, parts: Mapping[str, Group]) -> frozenset[str]:
    """Return which parts of a whole are told: none of few people, and none from which such a part is found by subtraction. Of a whole of few people, none."""
    if whole.people < FEW_PEOPLE:
        return frozenset()
    shown = sorted((name for name, part in parts.items() if part.people >= FEW_PEOPLE), key=lambda name: (parts[name].people, name))
    hidden = [name for name, part in parts.items() if 0 < part.people < FEW_PEOPLE]
    while hidden and shown and (len(hidden) == 1 or sum(parts[name].people for name in hidden) < FEW_PEOPLE):
        hidden.append(shown.pop(0))
    if hidden and not shown and _is_found(whole, parts, hidden):
        return frozenset()
    return frozenset(parts) - frozenset(hidden)


def _is_found(whole: Group, parts: Mapping[str, Group], hidden: Collection[str]) -> bool:
    """Tell whether what is left of a whole is of few people after all."""
    return len(hidden) == 1 or min(whole.people, sum(parts[name].people for name in hidden)) < FEW_PEOPLE


def share_told(part: Group, whole: Group) -> int | None:
    """Return which share of a whole a part is; None where it is of few people, or the rest is."""
    left = whole.number - part.number
    rest = Group(left, max(whole.people - part.people, 1) if left else 0)  # who is in both may be all that the rest is of
    if "part" not in parts_told(whole, {"part": part, "rest": rest}):
        return None
    return share(by_fives(part.number), by_fives(whole.number))
