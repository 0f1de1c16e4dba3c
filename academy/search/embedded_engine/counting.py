"""How many documents have which value."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import tantivy
from tantivy import Query

from academy.search.embedded_engine.schema import (
    COUNTED_ALONE,
    COUNTED_TOGETHER,
    LABEL,
    NEXT_FACET,
    NEXT_VALUE,
    counted_field,
)
from academy.search.gateway import FacetCount

_MANY: Final = 1_000_000  # more than there are sets of values, so that counts are exact over several segments
_FIRST: Final = 50  # of a facet with thousands of values: what a page shows
_REMEMBERED: Final = 50_000
Counts = dict[str, tuple[FacetCount, ...]]


def counts_of(searcher: tantivy.Searcher, matched: Query, names: Sequence[str], *, whole: bool = False) -> tuple[int | None, Counts]:
    """Return how many documents match, where the counts tell, and the values of these facets among them.

    Of a facet with thousands of values only the first are returned, unless `whole`.
    """
    groups = [group for group in COUNTED_TOGETHER if not names_apart(group, names)]
    alone = [(name,) for name in names if name in COUNTED_ALONE or name == "point"]
    if not groups and not alone:
        return None, {}
    asked = {
        counted_field(group): {"terms": {
            "field": counted_field(group), "size": _FIRST if group[0] in COUNTED_ALONE and not whole else _MANY, "segment_size": _MANY,
        }}
        for group in (*groups, *alone)
    }
    answers: Mapping[str, Any] = searcher.aggregate(matched, asked)
    total: int | None = None
    counts: Counts = {}
    for group in (*groups, *alone):
        buckets = [(_values(bucket["key"]), int(bucket["doc_count"])) for bucket in answers[counted_field(group)]["buckets"]]
        counts |= {name: _added_up(buckets, place) for place, name in enumerate(group) if name in names}
        total = sum(number for _values, number in buckets) if group in groups else total
    return total, counts


def _added_up(buckets: Sequence[tuple[tuple[tuple[str, ...], ...], int]], place: int) -> tuple[FacetCount, ...]:
    """Return the number of documents per value of the facet at this place in its group."""
    numbers: dict[str, int] = {}
    for values, number in buckets:
        for value in values[place]:
            numbers[value] = numbers.get(value, 0) + number
    return tuple(_count(key, number) for key, number in numbers.items())


def names_apart(group: tuple[str, ...], names: Sequence[str]) -> bool:
    """Tell whether a group has none of these facets."""
    return not any(name in names for name in group)


@lru_cache(_REMEMBERED)
def _values(key: str) -> tuple[tuple[str, ...], ...]:
    """Return per facet of a group the values in one key."""
    return tuple(tuple(filter(None, values.split(NEXT_VALUE))) for values in key.split(NEXT_FACET))


def _count(key: str, number: int) -> FacetCount:
    value, _sign, label = key.partition(LABEL)
    return FacetCount(value, number, label)
