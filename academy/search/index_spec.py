"""The index, described once for every engine: compiled to tantivy's schema and to Meilisearch's settings."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from academy.kernel.text import Language

# What decides the content of an index: when one of these files changes, the index is made anew.
_MADE_BY: Final = (
    "index_spec.py", "documents.py", "occupations.py", "texts.py", "folding.py", "language/*.py", "language/*.toml",
    "embedded_engine/schema.py", "meilisearch_engine/settings.py", "meilisearch_engine/documents.py",
)


@dataclass(frozen=True)
class Attribute:
    """A searchable text, `title` before all others. `forms` are stems and parts of compounds: found by, never shown."""

    name: str
    is_forms: bool = False


ATTRIBUTES: Final = (  # in order of weight
    Attribute("title"), Attribute("title_forms", is_forms=True), Attribute("code"), Attribute("skills"), Attribute("provider"),
    Attribute("outcomes"), Attribute("summary"), Attribute("forms", is_forms=True),
)


@dataclass(frozen=True)
class Facet:
    """A property to choose values of. `carries_label`: values are codes whose names only the documents know. `many`: documents have
    many of thousands of values, so they are counted only where they are shown.
    """

    name: str
    carries_label: bool = False
    many: bool = False


FACETS: Final = (
    Facet("kind"), Facet("sector"), Facet("start"), Facet("part_of_day"), Facet("weekday"), Facet("mode"), Facet("place"), Facet("ec"),
    Facet("level"), Facet("price"), Facet("provider", carries_label=True), Facet("language"), Facet("certain"), Facet("seats"),
    Facet("skill", carries_label=True, many=True),
)
FACET_NAMES: Final = tuple(facet.name for facet in FACETS)
LABELLED: Final = frozenset(facet.name for facet in FACETS if facet.carries_label)
# Filtered on, never counted: programmes whose modules we know.
HIDDEN_FILTERS: Final = ("composed",)
DAY_ZERO: Final = date(2020, 1, 1)
NUMBERS: Final = ("price", "ec", "start")  # cents, tenths of a credit, days since DAY_ZERO: for ranges and for order
SORTS: Final = ("best", "start", "price", "ec", "distance")

DAYS: Final = 7  # so many orders of equals; each day another one
SHUFFLE: Final = 64  # places in such an order
AVAILABILITIES: Final = 5
OPEN_NOW, ANY_TIME, SOON, LATER, CLOSED = range(AVAILABILITIES)


_AND_IN_ENGLISH: Final = "\x1d"  # folding.clean keeps it out of every label


def in_both(dutch: str, english: str) -> str:
    """Return one label that holds a name in both languages."""
    return dutch if english in {"", dutch} else dutch + _AND_IN_ENGLISH + english


def label_in(language: Language, label: str) -> str:
    """Return the name that a label holds in this language."""
    dutch, _sign, english = label.partition(_AND_IN_ENGLISH)
    return english or dutch if language == "en" else dutch


def shuffles(document_id: str) -> tuple[int, ...]:
    """Return the place of a document among its equals on each of the DAYS, from 0 to SHUFFLE - 1."""
    drawn = hashlib.blake2b(document_id.encode(), digest_size=DAYS).digest()
    return tuple(byte % SHUFFLE for byte in drawn)


EC_BANDS: Final = ("0", "1-5", "6-10", "11-20", "more")
PRICE_BANDS: Final = ("free", "to-250", "to-500", "to-1000", "more", "unknown")


@cache
def fingerprint() -> str:
    """Return a short hash of what makes an index; an index with another one must be rebuilt."""
    folder = Path(__file__).parent
    files = (file for pattern in _MADE_BY for file in sorted(folder.glob(pattern)))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
