"""Where a postcode lies, roughly: enough to order courses by distance, too coarse to point at a house; pure.

The centres in `data/postcodes.toml` are written by the project, in hundredths of a degree (about one kilometre). A more precise entry
goes before a coarser one; every region of two digits has one, so every postcode has a place.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "data" / "postcodes.toml"
_TYPED: Final = re.compile(r"([1-9]\d{3}) ?(?:[a-z]{2})?", re.IGNORECASE | re.ASCII)
_REGION: Final = 2  # digits that name no more than a region
_NARROWER: Final = 0.615  # a degree of longitude here, in degrees of latitude: the cosine of 52°
_REMEMBERED: Final = 2_000  # places


@dataclass(frozen=True, slots=True)
class PostcodeArea:
    """The four digits, their centre in degrees, and whether we know no more than the region (tens of kilometres)."""

    digits: str
    latitude: float
    longitude: float
    is_rough: bool


def read(text: str) -> str | None:
    """Return the four digits of a postcode as people write it, with or without letters; None when it is none."""
    found = _TYPED.fullmatch(" ".join(text.split()))
    return found[1] if found else None


def locate(digits: str) -> PostcodeArea | None:
    """Return the area of a postcode of four digits by its most precise entry; None when no postcode begins so."""
    centres = _centres()
    for length in range(len(digits), _REGION - 1, -1):
        if centre := centres.get(digits[:length]):
            return PostcodeArea(digits, *centre, is_rough=length == _REGION)
    return None


@lru_cache(_REMEMBERED)
def nearest_area(latitude: float, longitude: float) -> str:
    """Return the first two digits of the postcode whose centre lies nearest to a point in degrees."""
    def squared(centre: tuple[float, float]) -> float:
        return (centre[0] - latitude) ** 2 + ((centre[1] - longitude) * _NARROWER) ** 2

    return min(_centres().items(), key=lambda each: (squared(each[1]), each[0]))[0][:_REGION]


@cache
def _centres() -> dict[str, tuple[float, float]]:
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {digits: (float(north), float(east)) for table in tables.values() for digits, (north, east) in table.items()}
