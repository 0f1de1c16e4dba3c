"""The words of an index, to find those that a mistyped word may have meant: by the rules of Meilisearch, so that both engines find the same."""

from bisect import bisect_left
from collections.abc import Iterator
from string import ascii_lowercase
from typing import Final

import tantivy
from tantivy import Query

from academy.search import rules

_ONE_TYPO_WORDS, _TWO_TYPO_WORDS = 150, 50  # milli, limits.rs
_HEAP: Final = 15_000_000  # bytes
_OTHER: Final = "other"  # first letters


class Vocabulary:
    """An index in memory of the words alone, apart by first letter: a typing error there counts as two, so one part has nearly all answers."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        builder = tantivy.SchemaBuilder()
        for letter in (*ascii_lowercase, _OTHER):
            builder.add_text_field(letter, tokenizer_name="raw", index_option="basic")
        builder.add_unsigned_field("number", fast=True)
        builder.add_unsigned_field("documents", fast=True)
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        writer = index.writer(_HEAP, 1)
        self._words: list[str] = []  # in order
        for word, documents in searcher.terms_with_prefix("words", "", limit=None):
            if word.isalpha() and len(word) >= rules.ONE_TYPO_FROM - 1:
                entry = tantivy.Document()
                entry.add_text(_part(word), word)
                entry.add_unsigned("number", len(self._words))
                entry.add_unsigned("documents", documents)
                writer.add_document(entry)
                self._words.append(word)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def meant_by(self, word: str, typos: int) -> list[tuple[str, ...]]:
        """Return the other words within one typing error and, in a second place, within two; the frequent ones first."""
        levels: list[tuple[str, ...]] = []
        seen = {word}
        for distance, limit in ((1, _ONE_TYPO_WORDS), (2, _TWO_TYPO_WORDS))[:typos]:
            otherwise = [other for other in _otherwise_begun(word) if self._has(other)] if distance > 1 else []
            near = Query.fuzzy_term_query(self._schema, _part(word), word, distance, transposition_cost_one=True)
            hits = self._searcher.search(near, limit + len(seen), count=False, order_by_field="documents").hits
            numbers = self._searcher.fast_field_values("number", [address for _count, address in hits])
            same = (other for number in numbers if (other := self._words[int(number or 0)]) not in seen and other[0] == word[0])
            found = tuple(dict.fromkeys((*otherwise, *same)))[:limit]
            seen.update(found)
            levels.append(found)
        return levels

    def _has(self, word: str) -> bool:
        place = bisect_left(self._words, word)
        return place < len(self._words) and self._words[place] == word


def _part(word: str) -> str:
    return word[0] if word[0] in ascii_lowercase else _OTHER


def _otherwise_begun(word: str) -> Iterator[str]:
    """Yield what is one typing error away and has another first letter."""
    begun = (*(letter + word[1:] for letter in ascii_lowercase), *(letter + word for letter in ascii_lowercase), word[1:], word[1] + word[0] + word[2:])
    return (other for other in begun if other[0] != word[0])
