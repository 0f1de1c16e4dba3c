"""The index, described once for every engine."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

# What decides the content of an index: when one of these files changes, the index is made anew.
_MADE_BY: Final = ("index_spec.py", "documents.py", "folding.py", "embedded_engine/schema.py")


@dataclass(frozen=True)
class Facet:
    """A property to choose values of. `carries_label`: values are codes whose names only the documents know."""

    name: str
    carries_label: bool = False


FACETS: Final = (
    Facet("kind"), Facet("sector"), Facet("provider", carries_label=True), Facet("level"), Facet("ec"), Facet("language"),
    Facet("mode"), Facet("part_of_day"), Facet("weekday"), Facet("price"),
)
FACET_NAMES: Final = tuple(facet.name for facet in FACETS)
# Filtered on, never counted: programmes whose modules we know.
HIDDEN_FILTERS: Final = ("composed",)
SORTS: Final = ("best", "start", "price", "ec")
ORDER_BITS: Final = 24  # of a sort key, for the value itself; ORDER_TITLE_BITS settle equal values by title
ORDER_TITLE_BITS: Final = 40
NOT_KNOWN: Final = (1 << ORDER_BITS) - 1

EC_BANDS: Final = ("0", "1-5", "6-10", "11-20", "more")
PRICE_BANDS: Final = ("free", "to-250", "to-500", "to-1000", "more", "unknown")


@cache
def fingerprint() -> str:
    """Return a short hash of what makes an index; an index with another one must be rebuilt."""
    folder = Path(__file__).parent
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in _MADE_BY)).hexdigest()[:16]
