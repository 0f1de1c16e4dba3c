"""What the times that somebody has in a week have in common; pure."""

from collections.abc import Collection
from typing import Final

_WEEKEND: Final = 5  # the first day of it
_EVENING: Final = 2


def kind_of_times(times: Collection[tuple[int, int]]) -> str:
    """Return "evening", "day" or "weekend" where (weekday 0 to 6, part of the day 0 to 2) all are, "" for others and for none."""
    if not times:
        return ""
    if all(weekday >= _WEEKEND for weekday, _part in times):
        return "weekend"
    if all(part == _EVENING for _weekday, part in times):
        return "evening"
    return "day" if all(part != _EVENING for _weekday, part in times) else ""
