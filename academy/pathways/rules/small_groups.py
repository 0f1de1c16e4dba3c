"""Telling of groups without telling of few people; pure."""

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from academy.kernel.small_groups import LEAST_PEOPLE

_Kind = TypeVar("_Kind")


def shown_groups(kinds: Iterable[_Kind], *, most: int) -> tuple[tuple[_Kind, int | None], ...]:
    """Return the kinds that at least ten share, of a whole of which the number is told as well: the most first, at most `most` of them.

    The number is None where one to nine would be left over, which anybody could find by subtracting.
    """
    counted = Counter(kinds)
    rest, found = counted.total(), []
    ordered = sorted(((kind, number) for kind, number in counted.items() if number >= LEAST_PEOPLE), key=lambda one: (-one[1], repr(one[0])))
    for kind, number in ordered[:most]:
        is_told = not 0 < rest - number < LEAST_PEOPLE
        found.append((kind, number if is_told else None))
        rest -= number if is_told else 0
    return tuple(found)
