"""SearchEngine on a Meilisearch server: asks, writes, swaps."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from academy.kernel.ids import new_id
from academy.search import reading, rules
from academy.search.gateway import (
    Changes,
    EngineUnavailable,
    FacetCount,
    IndexUnusable,
    SearchDocument,
    SearchQuery,
    SearchResult,
)
from academy.search.meilisearch_engine import answers, questions, settings
from academy.search.meilisearch_engine.client import Json, Refused, Server
from academy.search.meilisearch_engine.documents import id_key, id_of, stored, vocabulary
from academy.search.meilisearch_engine.questions import Asking
from academy.search.turns import turn

_BATCH: Final = 1_000  # documents in a task: fewer make the server slow, more make a body too long
_PAGE: Final = 10_000  # documents in an answer to `contents`
_READ_SECONDS, _WRITE_SECONDS, _REST_SECONDS = 2.0, 30.0, 1.0
_REBUILD_SECONDS: Final = 3_600.0


@dataclass(frozen=True)
class _Found:
    """The answers to one way of asking: of the hits first, then of the facets someone chose in."""

    asking: Asking
    answers: list[Json]
    page: int

    @property
    def total(self) -> int:
        return int(self.answers[0]["totalHits"])


class MeilisearchEngine:
    """SearchEngine on the index `name` of the server at `url`.

    `key` is one that may search, write, and make, swap and drop indexes; it is sent to the server and nowhere else. Writers that share
    `lock_file` wait `wait_seconds` for each other. A question is given up after `read_seconds`, and for `rest_seconds` no other is asked. `day` tells which of the orders of equals is today's.
    """

    def __init__(
        self, url: str, key: str, *, lock_file: Path, day: Callable[[], int], name: str = "academy", wait_seconds: float = 10,
        read_seconds: float = _READ_SECONDS, write_seconds: float = _WRITE_SECONDS, rest_seconds: float = _REST_SECONDS,
    ) -> None:
        self._server = Server(url, key, read_seconds=read_seconds, write_seconds=write_seconds, rest_seconds=rest_seconds)
        self._write_seconds = write_seconds
        self._lock_file, self._wait_seconds = lock_file, wait_seconds
        self._day = day
        self._name, self._new = name, f"{name}_new"
        self._known: set[str] = set()  # words whose stems the server has, as far as this process knows

    def search(self, query: SearchQuery) -> SearchResult:
        started = time.perf_counter()
        question = reading.read(query.text)
        if question.is_empty and query.text.strip():
            return SearchResult(took_ms=_since(started))
        first, *others = _ways_to_ask(question, query)
        found, named = self._first_answers(first, question, query)
        if not found.total:  # and where nothing else has results either, what is counted stays that of all words
            others_found = (self._ask(other, query, found.page) for other in others)
            found = next((other for other in others_found if other.total), found)
        pages = rules.pages_of(found.total, query.per_page)
        if found.page > pages:
            found = self._ask(found.asking, query, pages)
        hits = self._with_named_first(found, query, *named) if named and found.asking == first else found.answers[0]["hits"]
        return SearchResult(
            hits=answers.hits(hits, query, question),
            total=found.total,
            facets=answers.facets(found.answers, query.facets),
            page=found.page,
            pages=pages,
            looser=found.asking.strategy != "all" and not query.some,
            took_ms=_since(started),
        )

    def facet_values(self, query: SearchQuery, facet: str, inside: str, *, limit: int = 20) -> tuple[FacetCount, ...]:
        asking = questions.as_typed(reading.read(query.text))
        answer = self._server.search([questions.values_query(self._name, asking, query, facet)])
        return answers.values_inside(answers.facets(answer, [facet], whole=True)[facet], query, inside, limit)

    def contents(self, provider: str | None = None) -> Mapping[str, str]:
        where = None if provider is None else questions.provider_filter(provider)
        found: dict[str, str] = {}
        offset = 0
        while offset == len(found):  # a page that is not full is the last
            page = self._server.documents(
                self._name, fields=[settings.ID, settings.CHECKSUM], where=where, offset=offset, limit=_PAGE,
            )
            found |= {id_of(each[settings.ID]): each[settings.CHECKSUM] for each in page}
            offset += _PAGE
        return found

    def check(self) -> None:
        """Also set the order of the day, when another day has begun."""
        for name, wanted in settings.expected().items():
            present = self._server.setting(self._name, name)
            if settings.differs(name, present, wanted):
                raise IndexUnusable(f"the index has other settings ({name}), or was made for another release")
        self._begin_the_day()

    def apply(self, read: Callable[[], Changes]) -> None:
        with turn(self._lock_file, wait_seconds=self._wait_seconds):
            self.check()  # the server would make an index without settings for whoever writes to none
            changes = read()
            tasks = [self._server.put(self._name, batch) for batch in _batches(map(stored, changes.documents))]
            tasks += [self._server.drop(self._name, batch) for batch in _batches(map(id_key, changes.dropped))]
            tasks += self._learn(changes.documents)
            self._server.wait_for(tasks, seconds=self._write_seconds * max(1, len(tasks)))

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        with turn(self._lock_file, wait_seconds=self._wait_seconds):
            try:
                return self._fill(documents)
            except BaseException:
                with suppress(EngineUnavailable):  # tasks are done in order: after the swap this is the index that was before
                    self._server.delete(self._new)
                raise

    def discard(self) -> None:
        """Drop the index from the server: for one that was made for the occasion."""
        with turn(self._lock_file, wait_seconds=self._wait_seconds):
            mine = self._server.indexes() & {self._name, self._new}
            self._server.wait_for([self._server.delete(name) for name in sorted(mine)], seconds=self._write_seconds)

    def close(self) -> None:
        self._server.close()

    def _fill(self, documents: Iterable[SearchDocument]) -> int:
        present, mark = self._server.indexes(), new_id().hex
        tasks = [self._server.delete(self._new)] if self._new in present else []
        tasks += [self._server.create(self._new), self._set(self._new, mark)]
        words: set[str] = set()
        number = 0
        for batch in _batches(documents):
            tasks.append(self._server.put(self._new, [stored(document) for document in batch]))
            words |= vocabulary(batch)
            number += len(batch)
        synonyms = settings.joined(settings.listed_synonyms(), settings.other_words(sorted(words)))
        tasks.append(self._server.set_synonyms(self._new, synonyms))
        if self._name not in present:
            tasks.append(self._server.create(self._name))
        self._server.wait_for(tasks, seconds=_REBUILD_SECONDS)
        self._switch(mark)
        self._known = words
        return number

    def _switch(self, mark: str) -> None:
        """Give the new index, with this mark, the name that is searched, when no task waits that would run on the wrong one of the two."""
        self._server.wait_for_empty_queue([self._name, self._new], seconds=_REBUILD_SECONDS)
        swap = self._server.swap(self._name, self._new)
        self._server.wait_for_swap(swap, index=self._name, displayed=settings.built_as(mark), seconds=_REBUILD_SECONDS)
        self._server.wait_for([self._server.delete(self._new)], seconds=_REBUILD_SECONDS)

    def _first_answers(self, asking: Asking, question: reading.Question, query: SearchQuery) -> tuple[_Found, tuple[str, int] | None]:
        """Return the answers to the first way of asking; and a condition with how many meet it, when some are named as was typed."""
        page = max(1, query.page)
        asked = questions.queries(self._name, asking, query, page=page)
        exact = questions.named_exactly(question, query)
        found = self._server.search([*asked, *(questions.counting(self._name, query, condition) for condition in exact)])
        numbers = [answer["totalHits"] for answer in found[len(asked) :]]
        named = next(((condition, number) for condition, number in zip(exact, numbers, strict=True) if number), None)
        return _Found(asking, found[: len(asked)], page), named

    def _with_named_first(self, found: _Found, query: SearchQuery, condition: str, number: int) -> list[Json]:
        """Return the hits of the page when what is named exactly as was typed comes before whatever else matches."""
        asked = questions.named_first(self._name, found.asking, query, page=found.page, condition=condition, number=number)
        return [hit for answer in self._server.search(asked) for hit in answer["hits"]]

    def _ask(self, asking: Asking, query: SearchQuery, page: int) -> _Found:
        return _Found(asking, self._server.search(questions.queries(self._name, asking, query, page=page)), page)

    def _set(self, index: str, mark: str) -> int:
        """Enqueue all settings with this mark; a server that does not know the newest ones gets what it knows. Raises EngineUnavailable."""
        *newer, oldest = settings.variants(self._day(), mark)
        for known in newer:
            try:
                return self._server.set(index, known)
            except Refused:
                continue
        return self._server.set(index, oldest)

    def _begin_the_day(self) -> None:
        present = self._server.setting(self._name, "ranking-rules")
        wanted = settings.on_day(present, self._day())
        if present != wanted:
            self._server.wait_for([self._server.set(self._name, {"rankingRules": wanted})], seconds=self._write_seconds)

    def _learn(self, documents: Iterable[SearchDocument]) -> list[int]:
        """Enqueue the stems of words that no document had before."""
        words = vocabulary(documents) - self._known
        new = settings.other_words(sorted(words))
        tasks = []
        if new:
            present = self._server.setting(self._name, "synonyms")
            synonyms = settings.joined(present, new)
            tasks = [] if synonyms == present else [self._server.set_synonyms(self._name, synonyms)]
        self._known |= words
        return tasks


def _ways_to_ask(question: reading.Question, query: SearchQuery) -> list[Asking]:
    """Return how to ask, the next way only when the one before finds nothing."""
    typed = questions.as_typed(question)
    if query.some:
        return [*questions.of_some_words(question), typed]
    other = questions.in_other_words(question)
    return [typed, *([other] if other else []), *questions.of_some_words(question)]


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1_000
