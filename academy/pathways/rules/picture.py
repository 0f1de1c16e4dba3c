"""The credits of a degree as a drawing: tiles in rows, filled from the surest credit to what is missing. Plain numbers in, plain numbers out.

Six tiles stand in a row; of 5 EC each a row is half a year of full-time study. A template draws them, and says the same in a table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from academy.pathways.kinds import Standing

MISSING: Final = "missing"
LOOKS: Final = (*(str(standing) for standing in Standing), MISSING)  # the order in which they are drawn

WIDTH: Final = 1000  # units of the drawing; it is as wide as its place on the page
COLUMNS: Final = 6
_GAP: Final = 8
_TILE_WIDTH: Final = (WIDTH - (COLUMNS - 1) * _GAP) // COLUMNS
_TILE_HEIGHT: Final = 72
_MARK: Final = 56  # room that a mark needs

_SMALL: Final = 150  # tenths of EC: below it a tile is one EC
_LARGE: Final = 1_800  # above it a tile is ten
_ONE_EC, _FIVE_EC, _TEN_EC = 10, 50, 100


@dataclass(frozen=True)
class Share:
    """So much of a whole, and which of LOOKS it is."""

    look: str
    amount: int


@dataclass(frozen=True)
class Segment:
    """A part of a tile that is filled in one way. `mark`: there is room for its letter, at this x; 0 where there is none."""

    look: str
    x: int
    width: int
    mark: int


@dataclass(frozen=True)
class Tile:
    x: int
    y: int
    width: int
    height: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Drawing:
    """Tiles of `size` each (in what the shares were given in); the last one is narrower where the whole is no round number of them."""

    height: int
    size: int
    tiles: tuple[Tile, ...]


def shares(counted: Mapping[Standing, int], missing: int) -> tuple[Share, ...]:
    """Return what there is, in the order of LOOKS, without what is nothing."""
    amounts = {**{str(standing): counted.get(standing, 0) for standing in Standing}, MISSING: missing}
    return tuple(Share(look, amounts[look]) for look in LOOKS if amounts[look] > 0)


def together(rows: Iterable[Sequence[Share]]) -> tuple[Share, ...]:
    """Return the shares of several rows added up."""
    sums = dict.fromkeys(LOOKS, 0)
    for row in rows:
        for share in row:
            sums[share.look] += share.amount
    return tuple(Share(look, amount) for look, amount in sums.items() if amount > 0)


def tile_size(whole: int) -> int:
    """Return how much one tile stands for, of a whole in tenths of EC: 1, 5 or 10 EC; a degree of 120 EC has 24 tiles."""
    return _ONE_EC if whole <= _SMALL else _FIVE_EC if whole <= _LARGE else _TEN_EC


def drawing(parts: Sequence[Share], *, size: int) -> Drawing:
    """Return the tiles for these shares, one after the other in the order given; `size` is more than nothing."""
    whole = sum(part.amount for part in parts)
    tiles = tuple(_tile(number, parts, whole, size) for number in range(-(-whole // size)))
    rows = -(-len(tiles) // COLUMNS)
    return Drawing(max(0, rows * (_TILE_HEIGHT + _GAP) - _GAP), size, tiles)


def _tile(number: int, parts: Sequence[Share], whole: int, size: int) -> Tile:
    row, column = divmod(number, COLUMNS)
    x, first, last = column * (_TILE_WIDTH + _GAP), number * size, min(whole, (number + 1) * size)
    found, at = [], 0
    for part in parts:
        low, high = max(at, first), min(at + part.amount, last)
        if high > low:
            # Each edge is rounded from the start of the tile: segments touch, and rounding never adds up.
            left, right = (x + _TILE_WIDTH * (edge - first) // size for edge in (low, high))
            found.append(Segment(part.look, left, right - left, (left + right) // 2 if right - left >= _MARK else 0))
        at += part.amount
    return Tile(x, row * (_TILE_HEIGHT + _GAP), _TILE_WIDTH * (last - first) // size, _TILE_HEIGHT, tuple(found))
