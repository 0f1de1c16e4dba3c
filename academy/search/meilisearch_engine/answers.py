"""From the answers of the server to ours; pure."""

import heapq
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from academy.search import highlight
from academy.search.folding import words_of
from academy.search.gateway import MARK_END, MARK_START, FacetCount, Hit, Near, SearchQuery
from academy.search.index_spec import FACETS, LABELLED, label_in
from academy.search.language import stems
from academy.search.meilisearch_engine.documents import id_of, value_of
from academy.search.meilisearch_engine.settings import CHECKSUM, GEO, ID, LABEL, SHOWN_TEXTS, card_field, counted_field
from academy.search.reading import Question

Json = Mapping[str, Any]

_MARKED: Final = re.compile(f"[^ ]*{MARK_START}[^ ]*")
_EARTH_KM: Final = 6371.0088
_MANY: Final = frozenset(facet.name for facet in FACETS if facet.many)
_SHOWN: Final = 50  # values of such a facet on a page


def hits(found: Iterable[Json], query: SearchQuery, question: Question) -> tuple[Hit, ...]:
    """Return the hits; marks come from the words the server says matched, put into the card's own texts."""
    listed = list(found)
    beginnings = tuple(word.text for word in question.words if word.is_prefix)
    matched = {word for phrase in question.phrases for word in phrase} | {word.text for word in question.words}
    matched |= {word for hit in listed for name in SHOWN_TEXTS for word in _marked_words(hit.get("_formatted", {}).get(name, ()))}
    forms = frozenset(form for word in question.words for form in word.forms)
    return tuple(_hit(each, query, frozenset(matched), beginnings, forms) for each in listed)


def _hit(found: Json, query: SearchQuery, matched: frozenset[str], beginnings: tuple[str, ...], forms: frozenset[str]) -> Hit:
    card: dict[str, Any] = json.loads(found[card_field(query.language)])
    title, summary = (
        highlight.mark(card[name], matched.union(_akin(card[name], forms)), beginnings) if matched else card[name] for name in SHOWN_TEXTS
    )
    return Hit(id_of(found[ID]), found[CHECKSUM], card, title, summary, _km(found, query.near))


def _marked_words(texts: Iterable[str]) -> Iterable[str]:
    """Return the whole words in which something is marked; texts are folded words with one space between."""
    for text in texts:
        for found in _MARKED.findall(text):
            yield found.replace(MARK_START, "").replace(MARK_END, "")


def _akin(text: str, forms: frozenset[str]) -> Iterable[str]:
    """Return the words of `text` that share a stem with what was asked: they matched by it."""
    return (word for word in words_of(text) if forms.intersection(stems(word)))


def _km(found: Json, near: Near | None) -> float | None:
    """Return how far a hit is; the server says so only where it sorted by distance."""
    if near is None or GEO not in found:
        return None
    if "_geoDistance" in found:
        return float(found["_geoDistance"]) / 1_000
    here, there = math.radians(near.latitude), math.radians(found[GEO]["lat"])
    along = math.radians(found[GEO]["lng"] - near.longitude)
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(along / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def facets(answers: Iterable[Json], names: Iterable[str], *, whole: bool = False) -> dict[str, tuple[FacetCount, ...]]:
    """Return the counts of these facets, each from the one answer that counted it.

    Of a facet with thousands of values only the first are returned, unless `whole`.
    """
    counted = {field: counts for answer in answers for field, counts in answer.get("facetDistribution", {}).items()}
    found = {name: _counts_of(counted.get(counted_field(name), {}), has_labels=name in LABELLED) for name in names}
    return found if whole else {name: _first(counts) if name in _MANY else counts for name, counts in found.items()}


def _first(counts: Iterable[FacetCount]) -> tuple[FacetCount, ...]:
    return tuple(heapq.nlargest(_SHOWN, counts, key=lambda count: count.count))


def _counts_of(counted: Mapping[str, int], *, has_labels: bool) -> tuple[FacetCount, ...]:
    """Return counts per value; one value under several labels is one value."""
    numbers: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for key, number in counted.items():
        label, _sign, spelled = key.rpartition(LABEL) if has_labels else ("", "", key)
        value = value_of(spelled)
        numbers[value] += number
        labels.setdefault(value, label)
    return tuple(FacetCount(value, number, labels[value]) for value, number in numbers.items())


def values_inside(counts: Iterable[FacetCount], query: SearchQuery, inside: str, limit: int) -> tuple[FacetCount, ...]:
    """Return the values whose name has words that begin with those of `inside`; most first."""
    wanted = words_of(inside)
    named = [(label_in(query.language, count.label) or count.value, count) for count in counts]
    found = [(name, count) for name, count in named if _begin(words_of(name), wanted)]
    return tuple(count for _name, count in sorted(found, key=lambda each: (-each[1].count, each[0]))[:limit])


def _begin(words: Sequence[str], wanted: Iterable[str]) -> bool:
    return all(any(word.startswith(beginning) for word in words) for beginning in wanted)
