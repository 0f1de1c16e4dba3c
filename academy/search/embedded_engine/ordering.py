"""Numbers that put documents in order: keys of a sort, weights that settle equal scores, points on the map."""

import math
from functools import lru_cache
from typing import Final

from academy.search.gateway import Range
from academy.search.index_spec import AVAILABILITIES, SHUFFLE, shuffles

_VALUE_BITS: Final = 24
_TITLE_BITS: Final = 40  # settle equal values by the first letters of the title
_LETTER_BITS: Final = 5
_LETTERS: Final = _TITLE_BITS // _LETTER_BITS
NOT_KNOWN: Final = (1 << _VALUE_BITS) - 1
# tantivy multiplies a score by log2(2 + weight) in 32 bits. Steps of 48 from 2**24 on are the smallest that it tells apart; all of
# them together change a score by less than 0.006 %, which is less than any difference in how well words match.
_WEIGHT_FROM, _WEIGHT_STEP = 1 << 24, 48
_RANKS: Final = str.maketrans({" ": "\x00"} | {str(digit): "\x01" for digit in range(10)} | {chr(97 + place): chr(2 + place) for place in range(26)})
_OTHER: Final = 28
_EARTH_KM: Final = 6371.0088


def sort_key(value: int | None, title: str) -> int:
    """Return one number that orders by value, unknown ones last, and then by the first letters of the folded title."""
    known = NOT_KNOWN if value is None else min(max(value, 0), NOT_KNOWN - 1)
    return known << _TITLE_BITS | _letters(title[:_LETTERS])


@lru_cache(100_000)
def _letters(beginning: str) -> int:
    key = 0
    for letter in beginning.ljust(_LETTERS).translate(_RANKS):
        key = key << _LETTER_BITS | min(ord(letter), _OTHER)
    return key


def key_range(within: Range) -> tuple[int, int]:
    """Return the first and last sort key of the values in a range; what is not known is in none."""
    least = min(max(within.least or 0, 0), NOT_KNOWN)
    most = NOT_KNOWN - 1 if within.most is None else min(max(within.most, -1), NOT_KNOWN - 1)
    return least << _TITLE_BITS, (most + 1 << _TITLE_BITS) - 1


def weights(document_id: str, availability: int) -> tuple[int, ...]:
    """Return for each day the weight among equal scores: what is available first, then by the shuffle of the day."""
    better = (AVAILABILITIES - 1 - availability) * SHUFFLE
    return tuple(_WEIGHT_FROM + _WEIGHT_STEP * (better + SHUFFLE - 1 - place) for place in shuffles(document_id))


def point(latitude: float, longitude: float) -> str:
    """Return a point as text, to within ten metres."""
    return f"{latitude:.4f},{longitude:.4f}"


@lru_cache(10_000)
def distance(one: str, latitude: float, longitude: float) -> float:
    """Return the kilometres between a point as text and another one, along a great circle."""
    there, along = (math.radians(float(part)) for part in one.split(","))
    here, my_along = math.radians(latitude), math.radians(longitude)
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin((along - my_along) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
