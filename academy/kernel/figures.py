"""Figures as rectangles in a drawing of fixed size: plain numbers in, plain numbers out. A template draws them and says the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 1000  # units of the drawing; it is as wide as its place on the page
HEIGHT: Final = 480
_GAP: Final = 0.3  # of the room for a column, left open


@dataclass(frozen=True)
class Rectangle:
    """A part of a figure; `look` says which one it is, also to who sees no colour."""

    look: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Column:
    """One column of a stacked figure: its parts from below, and where its name goes."""

    label: str
    middle: int
    parts: tuple[Rectangle, ...]


@dataclass(frozen=True)
class Line:
    """A level line of a figure with what it stands for."""

    y: int
    value: int


@dataclass(frozen=True)
class Stacked:
    """A figure of columns; `lines` begin at nothing."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def bar(parts: Sequence[tuple[str, int]], whole: int) -> tuple[Rectangle, ...]:
    """Return the parts of `whole` beside each other over the width, as (look, amount); what is nothing is left out.

    What is anything at all is at least one unit wide, so that it can be seen, and the last part never sticks out.
    """
    found, x = [], 0
    for look, amount in parts:
        width = min(WIDTH - x, max(1, amount * WIDTH // whole)) if whole > 0 and amount > 0 else 0
        if width:
            found.append(Rectangle(look, x, 0, width, 1))
        x += width
    return tuple(found)


def stacked(columns: Sequence[tuple[str, Sequence[tuple[str, int]]]]) -> Stacked:
    """Return columns given as (label, parts from below as (look, amount)), all on one scale that begins at zero.

    Amounts are not negative; the highest column stays within the highest line.
    """
    top = _round_above(max((sum(amount for _look, amount in parts) for _label, parts in columns), default=0))
    room = WIDTH / max(1, len(columns))
    lines = tuple(Line(HEIGHT - HEIGHT * step // 4, top * step // 4) for step in range(5)) if top else ()
    return Stacked(
        tuple(
            Column(label, round(room * (at + 0.5)), _stack(parts, top, x=round(room * (at + _GAP / 2)), width=round(room * (1 - _GAP))))
            for at, (label, parts) in enumerate(columns)
        ),
        lines,
    )


def _stack(parts: Sequence[tuple[str, int]], top: int, *, x: int, width: int) -> tuple[Rectangle, ...]:
    found, below = [], 0
    for look, amount in parts:
        # Each edge is rounded from the sum so far: parts touch, and rounding never adds up.
        low, high = (HEIGHT * edge // top if top else 0 for edge in (below, below + amount))
        if high > low:
            found.append(Rectangle(look, x, HEIGHT - high, width, high - low))
        below += amount
    return tuple(found)


def _round_above(most: int) -> int:
    """Return the first of 4, 8, 12, 20, 40, 80, 120, 200, … that is not below `most`: its quarters are round; nothing for nothing."""
    if most <= 0:
        return 0
    step = 4
    while True:
        for times in (1, 2, 3, 5):
            if step * times >= most:
                return step * times
        step *= 10
