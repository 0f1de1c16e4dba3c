"""An engine that goes through a list: no typing errors, no ranking; for tests of pages, where what is found matters less than what is shown."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from academy.search import highlight
from academy.search.folding import words_of
from academy.search.gateway import (
    Changes,
    EngineUnavailable,
    FacetCount,
    Hit,
    Near,
    SearchDocument,
    SearchQuery,
    SearchResult,
)
from academy.search.index_spec import label_in
from academy.search.rules import least_words, pages_of

_KM_PER_DEGREE = 111.2


class ListingEngine:
    """A SearchEngine; `asked` holds every question, `is_away` makes it unavailable."""

    def __init__(self, documents: Iterable[SearchDocument] = ()) -> None:
        self.documents = {document.id: document for document in documents}
        self.asked: list[SearchQuery] = []
        self.is_away = False

    def search(self, query: SearchQuery) -> SearchResult:
        self._note(query)
        number = len(words_of(query.text))
        found = self._matching(query, 1 if query.some else number)
        looser = not found and number > 1
        if looser:
            found = self._matching(query, least_words(number))
        pages = pages_of(len(found), query.per_page)
        page = min(query.page, pages)
        shown = self._ordered(query, found)[(page - 1) * query.per_page : page * query.per_page]
        facets = {name: self._counts(query, name) for name in query.facets}
        return SearchResult(tuple(_hit(query, each) for each in shown), len(found), facets, page, pages, looser=looser and bool(found))

    def facet_values(self, query: SearchQuery, facet: str, inside: str, *, limit: int = 20) -> tuple[FacetCount, ...]:
        self._note(query)
        begins = words_of(inside)
        named = ((count, words_of(label_in(query.language, count.label) or count.value)) for count in self._counts(query, facet))
        return tuple(count for count, words in named if all(any(word.startswith(b) for word in words) for b in begins))[:limit]

    def apply(self, read: Callable[[], Changes]) -> None:
        changes = read()
        self.documents |= {document.id: document for document in changes.documents}
        for gone in changes.dropped:
            self.documents.pop(gone, None)

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        self.documents = {document.id: document for document in documents}
        return len(self.documents)

    def contents(self, provider: str | None = None) -> Mapping[str, str]:
        return {each.id: each.checksum for each in self.documents.values() if provider in {None, *each.facets.get("provider", ())}}

    def check(self) -> None:
        """It is always usable."""

    def close(self) -> None:
        """It has no files."""

    def _note(self, query: SearchQuery) -> None:
        self.asked.append(query)
        if self.is_away:
            raise EngineUnavailable

    def _matching(self, query: SearchQuery, least: int, *, besides: str = "") -> list[SearchDocument]:
        words = words_of(query.text)
        return [
            document for document in self.documents.values()
            if _matches(document, query, words, least)
            and all(set(values) & set(document.facets.get(name, ())) for name, values in query.filters if name != besides)
            and all(
                (number := document.numbers.get(name)) is not None
                and (asked.least is None or number >= asked.least) and (asked.most is None or number <= asked.most)
                for name, asked in query.ranges
            )
            and (query.near is None or query.near.km is None or _km(query.near, document) <= query.near.km)
        ]

    def _counts(self, query: SearchQuery, name: str) -> tuple[FacetCount, ...]:
        found = self._matching(query, len(words_of(query.text)), besides=name)
        counts = Counter(value for document in found for value in document.facets.get(name, ()))
        labels = {value: label for document in found for value, label in document.labels.get(name, {}).items()}
        return tuple(FacetCount(value, count, labels.get(value, "")) for value, count in counts.most_common())

    def _ordered(self, query: SearchQuery, found: list[SearchDocument]) -> list[SearchDocument]:
        near = query.near
        if query.sort == "distance" and near:
            return sorted(found, key=lambda each: _km(near, each))
        if query.sort == "best":
            return sorted(found, key=lambda each: each.availability)
        return sorted(found, key=lambda each: each.numbers.get(query.sort, 10**9))


def _matches(document: SearchDocument, query: SearchQuery, words: list[str], least: int) -> bool:
    if not words:
        return True
    own = _words(document, query)
    return sum(any(word.startswith(typed) for word in own) for typed in words) >= min(least, len(words))


def _words(document: SearchDocument, query: SearchQuery) -> list[str]:
    texts = document.texts["title"] if query.only_titles else [text for many in document.texts.values() for text in many]
    return [word for text in texts for word in text.split()]  # they are folded already


def _km(near: Near, document: SearchDocument) -> float:
    if document.place is None:
        return math.inf
    north, east = document.place[0] - near.latitude, (document.place[1] - near.longitude) * math.cos(math.radians(near.latitude))
    return math.hypot(north, east) * _KM_PER_DEGREE


def _hit(query: SearchQuery, document: SearchDocument) -> Hit:
    card = json.loads(document.cards[query.language])
    title, summary = (highlight.mark(card[name], frozenset(), tuple(words_of(query.text))) for name in ("title", "summary"))
    km = None if query.near is None or document.place is None else _km(query.near, document)
    return Hit(document.id, document.checksum, card, title, summary, km)
