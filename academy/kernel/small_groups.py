"""How numbers of people are told: alike on every page, since two pages beside each other tell no more than one as long as both do the same."""

from typing import Final

LEAST_PEOPLE: Final = 10  # a number of fewer people may tell who they are: it stays hidden (DESIGN §5)
_STEP: Final = 5


def by_fives(people: int) -> int:
    """Return a number of people as it is shown: the nearest multiple of five. Three are shown as five."""
    return (people + _STEP // 2) // _STEP * _STEP
