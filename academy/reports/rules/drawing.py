"""Where things stand on a chart: plain arithmetic. A unit is a CSS pixel at the size the chart is drawn for; y goes down.

Only the four operations and the square root are used, which every machine does alike, so that the same numbers are the same drawing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

_NICE: Final = (1, 2, 5)
_NARROW: Final = frozenset("iIjlt.,:;'|!()[]-/ fr\N{NO-BREAK SPACE}\N{HYPHEN}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}")
_BROAD: Final = frozenset("mwMW@%€–—…")
_CUT: Final = "…"


@dataclass(frozen=True)
class Scale:
    """Puts values between `low` and `high` on a line from `start` to `end`; `is_rooted` gives small values more room, by their square roots."""

    low: float
    high: float
    start: float
    end: float
    is_rooted: bool = False

    def at(self, value: float) -> float:
        """Return the place of a value; one beyond the ends stands at the end."""
        held = min(max(value, self.low), self.high)
        if self.high == self.low:
            return self.start
        share = (held - self.low) / (self.high - self.low)
        return self.start + (self.end - self.start) * (sqrt(share) if self.is_rooted else share)


@dataclass(frozen=True)
class Box:
    """A rectangle; `right` and `bottom` are not below `left` and `top`."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Tell whether the two have a part in common."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: "Box") -> bool:
        """Tell whether the other lies within this one."""
        return self.left <= other.left and self.top <= other.top and other.right <= self.right and other.bottom <= self.bottom


def ticks(highest: int, *, most: int = 5) -> tuple[int, ...]:
    """Return whole round numbers from 0 to at or above `highest`, with `most` steps at most; 0 and 1 where nothing is above 0."""
    size = 1
    while True:
        for nice in _NICE:
            step = nice * size
            number = -(-highest // step)
            if number <= most:
                return tuple(step * each for each in range(max(number, 1) + 1))
        size *= 10


def text_width(text: str, size: float) -> float:
    """Return how wide a text is at most, set in the letters of the site (sans serif) at a size."""
    return size * sum(0.34 if each in _NARROW else 0.95 if each in _BROAD else 0.7 if each.isupper() else 0.61 for each in text)


def wrapped(text: str, width: float, size: float, *, lines: int = 1) -> tuple[str, ...]:
    """Return a text over at most `lines` lines of at most `width`; what does not fit ends in `…`. A word that is longer than a line is cut."""
    found: list[str] = []
    words = text.split(" ")
    while words and len(found) < lines:
        taken = 1
        while taken < len(words) and text_width(" ".join(words[: taken + 1]), size) <= width:
            taken += 1
        is_last = len(found) == lines - 1
        line = " ".join(words if is_last else words[:taken])
        found.append(line if text_width(line, size) <= width else _cut(line, width, size))
        words = [] if is_last else words[taken:]
    return tuple(found)


def _cut(text: str, width: float, size: float) -> str:
    while text and text_width(text + _CUT, size) > width:
        text = text[:-1].rstrip()
    return text + _CUT


def bands(start: float, end: float, number: int, *, filled: float) -> tuple[tuple[float, float], ...]:
    """Return the start and width of `number` bars side by side; they fill the part `filled` of the room."""
    room = (end - start) / max(number, 1)
    return tuple((start + room * each + room * (1 - filled) / 2, room * filled) for each in range(number))


def stacked(values: Iterable[int | None], scale: Scale) -> tuple[tuple[float, float] | None, ...]:
    """Return the top and height of the parts of a column that stands on zero, the first at the bottom; None for what is hidden or nothing."""
    found: list[tuple[float, float] | None] = []
    total = 0
    for value in values:
        if value is None or value <= 0:
            found.append(None)
            continue
        bottom = scale.at(total)
        total += value
        found.append((scale.at(total), bottom - scale.at(total)))
    return tuple(found)


def slanted(width: float, height: float, step: float) -> tuple[tuple[float, float, float, float], ...]:
    """Return lines that rise to the right over a rectangle, `step` apart: x and y of each end, from the corner at the top left."""
    found = []
    at = step / 2
    while at < width + height:
        x1, x2 = max(0.0, at - height), min(at, width)
        found.append((x1, at - x1, x2, at - x2))
        at += step
    return tuple(found)


def placed(points: Sequence[tuple[float, float]], widths: Sequence[float], field: Box, *, height: float, away: float) -> tuple[Box | None, ...]:
    """Return room for a label beside each point: right, left, above, below, or right or left a line higher or lower, within the field, off all points and off labels before it; None where there is no room."""
    marks = [Box(x - away, y - away, x + away, y + away) for x, y in points]
    taken: list[Box] = []
    found: list[Box | None] = []
    for (x, y), width in zip(points, widths, strict=True):
        half, begin = height / 2, max(field.left, min(x - width / 2, field.right - width))  # above and below it keeps within the field
        tries = (
            Box(x + away, y - half, x + away + width, y + half), Box(x - away - width, y - half, x - away, y + half),
            Box(begin, y - away - height, begin + width, y - away), Box(begin, y + away, begin + width, y + away + height),
            *(Box(x + away, y - half + by, x + away + width, y + half + by) for by in (height, -height)),
            *(Box(x - away - width, y - half + by, x - away, y + half + by) for by in (height, -height)),
        )
        fitting = next((each for each in tries if field.holds(each) and not any(each.meets(other) for other in (*marks, *taken))), None)
        found.append(fitting)
        if fitting is not None:
            taken.append(fitting)
    return tuple(found)


def apart(places: Sequence[float], *, least: float, lowest: float, highest: float) -> tuple[float, ...]:
    """Return places near the given ones that are `least` apart and in the same order, between `lowest` and `highest` as far as there is room."""
    order = sorted(range(len(places)), key=lambda at: (places[at], at))
    found = list(places)
    floor = lowest
    for at in order:
        found[at] = max(places[at], floor)
        floor = found[at] + least
    ceiling = highest
    for at in reversed(order):
        found[at] = min(found[at], ceiling)
        ceiling = found[at] - least
    return tuple(found)


def step_of(value: int, highest: int, *, steps: int) -> int:
    """Return in which of `steps` equal steps from 0 to `highest` a value falls: 1 to `steps`; 0 for nothing."""
    return 0 if value <= 0 or highest <= 0 else min(steps, -(-value * steps // highest))
