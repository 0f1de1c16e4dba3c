"""One state of the index, and the answers it gives."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any, Final

import tantivy
from tantivy import Query

from academy.search import highlight, rules
from academy.search.embedded_engine import questions
from academy.search.embedded_engine.questions import Asked
from academy.search.embedded_engine.schema import LABEL, NEXT_VALUE, card_of, identity
from academy.search.embedded_engine.vocabulary import Vocabulary
from academy.search.folding import words_of
from academy.search.gateway import FacetCount, Hit, SearchQuery, SearchResult

_TIE_WINDOW: Final = 1_000  # equal scores are put in order of availability and title among the first so many
_REMEMBERED: Final = 256  # answers
_MANY: Final = 1_000_000  # more sets of values than any facet has, so that counts are exact over several segments


class Snapshot:
    """What is searched until the next commit; answers are remembered that long."""

    def __init__(self, searcher: tantivy.Searcher, vocabulary: Vocabulary) -> None:
        self.searcher = searcher
        self.vocabulary = vocabulary
        self.search = lru_cache(_REMEMBERED)(self._search)
        self._meant_by = lru_cache(_REMEMBERED)(vocabulary.meant_by)

    def contents(self, provider: str | None) -> dict[str, str]:
        """Return id → checksum."""
        wanted = Query.all_query() if provider is None else questions.one_of("provider", [provider])
        found = self.searcher.search(wanted, max(1, self.searcher.num_docs), count=False).hits
        return dict(identity(self.searcher.doc(address)) for _score, address in found)

    def _search(self, query: SearchQuery) -> SearchResult:
        words = words_of(query.text)
        asked = [Asked(word, self._meant_by(word.text, word.typos)) for word in rules.query_words(words)]
        if query.text and not asked:
            return SearchResult()
        filters = {name: questions.one_of(name, values) for name, values in query.filters}
        least: int | None = None
        if query.some and asked:
            asked, least = [Asked(replace(word, is_prefix=False), []) for word, _near in asked], 1
            ranking = questions.ranked_some(asked, least=1)
        else:
            ranking = questions.ranked_all(words, asked) if asked else Query.all_query()
        total, addresses, page = self._page(questions.both(ranking, filters.values()), query)
        looser = False
        if not total and len(asked) > 1:
            # No beginnings here, or a slip of the keyboard finds the whole catalogue.
            some, enough = [Asked(replace(word, is_prefix=False), near) for word, near in asked], rules.least_words(len(asked))
            ranking = questions.ranked_some(some, least=enough)
            total, addresses, page = self._page(questions.both(ranking, filters.values()), query)
            if total:  # else what is counted beside the results stays that of all words
                looser, asked, least = True, some, enough
        return SearchResult(
            hits=self._hits(addresses, query, asked),
            total=total,
            facets=self._facets(questions.matching(asked, least=least), filters, query.facets),
            page=page,
            pages=rules.pages_of(total, query.per_page),
            looser=looser,
        )

    def _page(self, matched: Query, query: SearchQuery) -> tuple[int, list[tantivy.DocAddress], int]:
        """Return the total, what is on the page asked for or else on the last one, and which page that is."""
        # Not further than all documents together: tantivy sets memory apart for whatever comes before the page.
        page = min(query.page, rules.pages_of(self.searcher.num_docs, query.per_page))
        total, addresses = self._slice(matched, query, (page - 1) * query.per_page)
        if addresses or not total:
            return total, addresses, page if total else 1
        last = rules.pages_of(total, query.per_page)
        return *self._slice(matched, query, (last - 1) * query.per_page), last

    def _slice(self, matched: Query, query: SearchQuery, offset: int) -> tuple[int, list[tantivy.DocAddress]]:
        """Return the total and `per_page` addresses; by score, equal ones by availability and title, or by the sort asked for."""
        limit = query.per_page
        if query.sort != "best" or not query.text:
            field = f"order_{query.sort}"
            found = self.searcher.search(matched, limit, order_by_field=field, offset=offset, order=tantivy.Order.Asc)
            return _total(found), [address for _key, address in found.hits]
        if offset >= _TIE_WINDOW:
            found = self.searcher.search(matched, limit, offset=offset)
            return _total(found), [address for _score, address in found.hits]
        found = self.searcher.search(matched, max(_TIE_WINDOW, offset + limit))
        tied = found.hits[:_TIE_WINDOW]
        keys = self.searcher.fast_field_values("order_best", [address for _score, address in tied])
        order = sorted(range(len(tied)), key=lambda number: (-tied[number][0], keys[number]))
        ranked = [tied[number][1] for number in order] + [address for _score, address in found.hits[_TIE_WINDOW:]]
        return _total(found), ranked[offset : offset + limit]

    def _hits(self, addresses: list[tantivy.DocAddress], query: SearchQuery, asked: list[Asked]) -> tuple[Hit, ...]:
        beginnings = [word.text for word, _near in asked if word.is_prefix]
        wholes = [text for word, near in asked for text in (word.text, *chain(*near))]
        hits = []
        for address in addresses:
            document = self.searcher.doc(address)
            card: dict[str, Any] = json.loads(card_of(document, query.language))
            title, summary = (highlight.mark(card[name], wholes, beginnings) for name in ("title", "summary"))
            hits.append(Hit(*identity(document), card, title, summary))
        return tuple(hits)

    def _facets(
        self, text: Query, filters: Mapping[str, Query], names: tuple[str, ...],
    ) -> dict[str, tuple[FacetCount, ...]]:
        """Count values: a facet that is filtered on is counted without its own filter, the others together."""
        counts = self._counts(questions.both(text, filters.values()), [name for name in names if name not in filters])
        for name in names:
            if name in filters:
                others = [query for other, query in filters.items() if other != name]
                counts |= self._counts(questions.both(text, others), [name])
        return {name: counts[name] for name in names}

    def _counts(self, matched: Query, names: list[str]) -> dict[str, tuple[FacetCount, ...]]:
        if not names:
            return {}
        asked = {name: {"terms": {"field": f"counted_{name}", "size": _MANY, "segment_size": _MANY}} for name in names}
        return {name: _added_up(answer["buckets"]) for name, answer in self.searcher.aggregate(matched, asked).items()}


def _added_up(buckets: Iterable[Mapping[str, Any]]) -> tuple[FacetCount, ...]:
    """Return the number of documents per value, from the number per set of values."""
    numbers: Counter[str] = Counter()
    for bucket in buckets:
        for value in filter(None, str(bucket["key"]).split(NEXT_VALUE)):
            numbers[value] += int(bucket["doc_count"])
    return tuple(
        FacetCount(value, number, label)
        for key, number in numbers.items()
        for value, _sign, label in [key.partition(LABEL)]
    )


def _total(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined] # the stub forgets it
