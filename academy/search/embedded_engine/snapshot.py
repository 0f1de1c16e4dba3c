"""One state of the index, and the answers it gives."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from itertools import chain, islice
from typing import Any, Final, NamedTuple

import orjson
import tantivy
from tantivy import Occur, Query

from academy.kernel.text import Language
from academy.search import highlight, reading, rules
from academy.search.embedded_engine import ordering, questions
from academy.search.embedded_engine.counting import Counts, counts_of
from academy.search.embedded_engine.questions import Asked
from academy.search.embedded_engine.schema import card_of, counted_field, identity, point_of
from academy.search.embedded_engine.vocabulary import Vocabulary
from academy.search.folding import words_of
from academy.search.gateway import FacetCount, Hit, Near, SearchQuery, SearchResult
from academy.search.index_spec import NUMBERS, label_in
from academy.search.language import parts

_REMEMBERED: Final = 256  # answers
_BROAD: Final = 20_000  # documents
_NAMES_KEPT: Final = 60.0  # seconds
_LISTS: Final = 16  # of all values of a facet
_LIKELY: Final = 3  # of the words that a mistyped one may have meant
_SELDOM: Final = 10  # documents: a word in fewer may be two words written as one
_HALF: Final = 3  # letters, of a word that was joined to another


Named = list[tuple[list[str], FacetCount]]  # the words of a value's name, and its count


class Names:
    """All values of a facet in the whole index, for who is typing: a minute old at most, so that a commit does not make the next letter wait."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Language], tuple[float, Named]] = {}

    def of(self, snapshot: "Snapshot", facet: str, language: Language) -> Named:
        now = time.monotonic()
        read_at, named = self._known.get((facet, language), (-_NAMES_KEPT, []))
        if now - read_at >= _NAMES_KEPT:
            named = snapshot.named_values(SearchQuery(language=language), facet)
            self._known[facet, language] = (now, named)
        return named


class _Sought(NamedTuple):
    """A question as it is put to the index; `least` is how many of its words are enough, None for all."""

    question: reading.Question
    asked: list[Asked]
    query: SearchQuery
    filters: Mapping[str, Query]
    least: int | None = None

    @property
    def is_one_word(self) -> bool:
        return len(self.asked) == 1 and not (self.question.phrases or self.question.without or self.least)

    def matching(self) -> Query:
        """Return what matches the words; the filters apart."""
        return questions.matching(self.question, self.asked, only_titles=self.query.only_titles, least=self.least)

    def without_beginnings(self, *, least: int) -> "_Sought":
        return self._replace(asked=[each._replace(word=replace(each.word, is_prefix=False)) for each in self.asked], least=least)


class Snapshot:
    """What is searched until the next commit; answers are remembered that long."""

    def __init__(self, searcher: tantivy.Searcher, vocabulary: Vocabulary, names: "Names | None" = None) -> None:
        self.searcher = searcher
        self.vocabulary = vocabulary
        self.search = lru_cache(_REMEMBERED)(self._search)
        self.facet_values = lru_cache(_REMEMBERED)(self._facet_values)
        self._meant_by = lru_cache(_REMEMBERED)(vocabulary.meant_by)
        self._frequency = partial(searcher.doc_freq, "words")
        self._named = lru_cache(_LISTS)(self.named_values)
        self._names = names or Names()
        self._halves = lru_cache(_REMEMBERED)(self._split)

    def contents(self, provider: str | None) -> dict[str, str]:
        """Return id → checksum."""
        wanted = Query.all_query() if provider is None else questions.one_of("provider", [provider])
        found = self.searcher.search(wanted, max(1, self.searcher.num_docs), count=False).hits
        return dict(identity(self.searcher.doc(address)) for _score, address in found)

    def _search(self, query: SearchQuery) -> SearchResult:
        question = reading.read(query.text)
        if question.is_empty and query.text.strip():
            return SearchResult()
        sought = _Sought(question, self._asked(question), query, self._filters(query))
        if query.some and sought.asked:
            sought = sought._replace(asked=[Asked(replace(each.word, is_prefix=False)) for each in sought.asked], least=1)
        total, counts = self._counted(sought)
        looser = False
        if not total and sought.least is None and len(sought.asked) > 1:
            # No beginnings here, or a slip of the keyboard finds the whole catalogue.
            some = sought.without_beginnings(least=rules.least_words(len(sought.asked)))
            fewer, counts_of_fewer = self._counted(some)
            if fewer:  # else what is counted beside the results stays that of all words
                total, counts, looser, sought = fewer, counts_of_fewer, True, some
        pages = rules.pages_of(total, query.per_page)
        page = min(query.page, pages)
        addresses = self._page(sought, (page - 1) * query.per_page, total) if total else []
        resembled = self._only_resembled(sought) if total and not looser and not query.only_titles else ()
        return SearchResult(self._hits(addresses, sought), total, counts, page, pages, looser, resembled=resembled)

    def _asked(self, question: reading.Question) -> list[Asked]:
        """Return the words asked, with what the words of the index say that they may be."""
        found = []
        for each in questions.asked_words(question):
            near = self._meant_by(each.word.text, each.word.typos)
            known = self._frequency(each.word.text) > 0
            # Mistyped and written as one: `projectmanagment`.
            meant = () if known else tuple(split for word in list(chain(*near))[:_LIKELY] if (split := parts(word)))
            instead = tuple(dict.fromkeys((*each.instead, *meant)))
            halves = self._halves(each.word.text) if self._frequency(each.word.text) < _SELDOM else ()
            found.append(each._replace(near=near, instead=instead, halves=halves, is_known=known))
        return found

    def _only_resembled(self, sought: _Sought) -> tuple[str, ...]:
        """Return the words that no document has as they are meant, only with typing errors."""
        unknown = (each for each in sought.asked if any(each.near) and not each.is_known)
        return tuple(each.word.text for each in unknown if not self._has(questions.as_meant(each, only_titles=False)))

    def _has(self, query: Query) -> bool:
        return bool(self.searcher.search(Query.const_score_query(query, 0), 1, count=False).hits)

    def _split(self, word: str) -> tuple[str, ...]:
        """Return the two words of the index that a word was joined from, as Meilisearch does: where the rarer one is in most documents."""
        if not word.isalpha() or len(word) < 2 * _HALF:
            return ()
        splits = [(word[:place], word[place:]) for place in range(_HALF, len(word) - _HALF + 1)]
        often, best = max((min(map(self._frequency, halves)), halves) for halves in splits)
        return best if often else ()

    def _counted(self, sought: _Sought) -> tuple[int, Counts]:
        """Return how many match, and the values: a facet that is filtered on is counted without its own filter, the others together."""
        text, filters, facets = sought.matching(), sought.filters, sought.query.facets
        matched = questions.both(text, filters.values())
        total, counts = counts_of(self.searcher, matched, [name for name in facets if name not in filters])
        for name in facets:
            if name in filters:
                others = [each for other, each in filters.items() if other != name]
                counts |= counts_of(self.searcher, questions.both(text, others), [name])[1]
        if total is None:
            unscored = Query.const_score_query(matched, 0)
            total = self.searcher.search(unscored, 1).count  # type: ignore[attr-defined] # the stub forgets it
        return total, {name: counts[name] for name in facets}

    def _facet_values(self, query: SearchQuery, facet: str, inside: str, limit: int) -> tuple[FacetCount, ...]:
        wanted = words_of(inside)
        typing = SearchQuery(language=query.language, only_titles=True)
        named = self._names.of(self, facet, query.language) if query == typing else self._named(query, facet)
        return tuple(islice((count for words, count in named if _begins(words, wanted)), limit))

    def named_values(self, query: SearchQuery, facet: str) -> Named:
        """Return all values of a facet with the words of their names, the most frequent first."""
        question = reading.read(query.text)
        others = [each for name, each in self._filters(query).items() if name != facet]
        matched = questions.both(questions.matching(question, self._asked(question), only_titles=query.only_titles), others)
        counts = counts_of(self.searcher, matched, [facet], whole=True)[1][facet]
        named = [(label_in(query.language, count.label) or count.value, count) for count in counts]
        return [(words_of(name), count) for name, count in sorted(named, key=lambda each: (-each[1].count, each[0]))]

    def _filters(self, query: SearchQuery) -> dict[str, Query]:
        """Return a query per filter; ranges and distance are named apart, so that no facet is counted without them."""
        filters = {name: questions.one_of(name, values) for name, values in query.filters}
        filters |= {f"{name} range": questions.within(name, bounds) for name, bounds in query.ranges}
        if query.near is not None and query.near.km is not None:
            near, most = query.near, query.near.km
            filters["near"] = questions.at_points(
                [point for point in self._points if ordering.distance(point, near.latitude, near.longitude) <= most],
            )
        return filters

    @cached_property
    def _points(self) -> tuple[str, ...]:
        """All points in the index; places are few, however many documents there are."""
        return tuple(count.value for count in counts_of(self.searcher, Query.all_query(), ["point"])[1]["point"])

    def _page(self, sought: _Sought, offset: int, total: int) -> list[tantivy.DocAddress]:
        """Return what is on a page: by the sort asked for, else by score and the weights of the day."""
        query = sought.query
        if query.sort == "distance" and query.near is not None:
            return self._nearest(sought, query.near, offset, total)
        if sought.question.is_empty or query.sort not in {"best", "distance"}:
            key, order = (f"order_{query.sort}", tantivy.Order.Asc) if query.sort in NUMBERS else (f"weight_{query.day}", tantivy.Order.Desc)
            found = self.searcher.search(
                questions.both(sought.matching(), sought.filters.values()), query.per_page, count=False, offset=offset,
                order_by_field=key, order=order,
            )
            return [address for _key, address in found.hits]
        return self._by_tier(sought, offset) if sought.is_one_word and query.sort == "best" else self._by_score(sought, offset, total)

    def _by_score(self, sought: _Sought, offset: int, total: int) -> list[tantivy.DocAddress]:
        hits: list[tuple[Any, tantivy.DocAddress]] = []
        for stage in self._stages(sought, total):
            hits = self._weighed(questions.both(stage, sought.filters.values()), sought.query, sought.query.per_page, offset)
            if len(hits) >= min(sought.query.per_page, total - offset):
                break
        return [address for _score, address in hits]

    def _stages(self, sought: _Sought, total: int) -> Iterator[Query]:
        """Yield rankings, each with less that can only come later than the next one's: mostly the first fills the page."""
        asked, least = sought.asked, sought.least
        ranked = partial(
            questions.ranked, sought.question, frequency=self._frequency, only_titles=sought.query.only_titles, broadly=total > _BROAD,
        )
        if least is not None:  # more of the words goes before fewer
            yield from (ranked(asked, least=number) for number in range(max(least, len(asked) - 1), least - 1, -1))
            return
        if any(any(each.near) for each in asked):
            yield ranked([each._replace(near=()) for each in asked])
        yield ranked(asked)

    def _weighed(self, ranking: Query, query: SearchQuery, limit: int, offset: int) -> list[tuple[Any, tantivy.DocAddress]]:
        """Return what scores most, equals by the weights of the day."""
        found = self.searcher.search(ranking, limit, count=False, offset=offset, weight_by_field=f"weight_{query.day}")
        return found.hits

    def _by_tier(self, sought: _Sought, offset: int) -> list[tantivy.DocAddress]:
        """Return what is on a page for one word: tier after tier, each by the weights of the day. Needs no score, so it is quick."""
        addresses: list[tantivy.DocAddress] = []
        tiers = questions.tiers(sought.asked[0], only_titles=sought.query.only_titles)
        for place, tier in enumerate(tiers):
            room = sought.query.per_page - len(addresses)
            if not room:
                break
            found = self.searcher.search(
                questions.both(questions.apart(tier, tiers[:place]), sought.filters.values()), room, count=offset > 0, offset=offset,
                order_by_field=f"weight_{sought.query.day}", order=tantivy.Order.Desc,
            )
            addresses += [address for _key, address in found.hits]
            offset = max(0, offset - found.count) if offset else 0  # type: ignore[attr-defined] # the stub forgets it
        return addresses

    def _nearest(self, sought: _Sought, near: Near, offset: int, total: int) -> list[tantivy.DocAddress]:
        """Return a page from near to far, place by place; what has no place comes last."""
        text = sought.matching() if sought.question.is_empty else [*self._stages(sought, total)][-1]
        matched = questions.both(text, sought.filters.values())
        counts = {count.value: count.count for count in counts_of(self.searcher, matched, ["point"])[1]["point"]}
        nowhere = Query.boolean_query([(Occur.Must, matched), (Occur.MustNot, Query.exists_query(counted_field(("point",))))])
        order = sorted(counts, key=lambda point: (ordering.distance(point, near.latitude, near.longitude), point))
        groups = [(counts[point], questions.both(matched, [questions.at_points([point])])) for point in order]
        addresses: list[tantivy.DocAddress] = []
        for size, group in [*groups, (total - sum(counts.values()), nowhere)]:
            room = sought.query.per_page - len(addresses)
            if offset < size and room:
                addresses += [address for _score, address in self._weighed(group, sought.query, room, offset)]
            offset = max(0, offset - size)
        return addresses

    def _hits(self, addresses: list[tantivy.DocAddress], sought: _Sought) -> tuple[Hit, ...]:
        query, asked = sought.query, sought.asked
        beginnings = tuple(each.word.text for each in asked if each.word.is_prefix)
        wholes = frozenset(chain(*sought.question.phrases, *(_meanings(each) for each in asked)))
        stems = tuple(form for each in asked for form in each.word.forms)
        hits = []
        for address in addresses:
            document = self.searcher.doc(address)
            card: dict[str, Any] = orjson.loads(card_of(document, query.language))
            title, summary = (highlight.mark(card[name], wholes, beginnings, stems) for name in ("title", "summary"))
            point = point_of(document)
            km = ordering.distance(point, query.near.latitude, query.near.longitude) if query.near and point else None
            hits.append(Hit(*identity(document), card, title, summary, km))
        return tuple(hits)


def _meanings(asked: Asked) -> Iterator[str]:
    """Yield the words in which a word may have been found as a whole."""
    return chain((asked.word.text,), *asked.near, *asked.instead, asked.halves)


def _begins(words: list[str], wanted: list[str]) -> bool:
    return all(any(word.startswith(beginning) for word in words) for beginning in wanted)
