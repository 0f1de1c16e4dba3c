"""Figures as rectangles in a drawing of fixed size: plain numbers in, plain numbers out. A template draws them and says the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 1000  # units of the drawing; it is as wide as its place on the page


@dataclass(frozen=True)
class Rectangle:
    """A part of a figure; `look` says which one it is, also to who sees no colour."""

    look: str
    x: int
    y: int
    width: int
    height: int


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
