"""From words and choices to tantivy queries: what matches, and what scores.

Scores are whole numbers below 2**24, which 32 bits hold exactly. A typing error weighs more than any place in the document.
"""

from collections.abc import Collection, Iterable
from itertools import chain
from typing import Final, NamedTuple

from tantivy import Occur, Query

from academy.search import rules
from academy.search.embedded_engine.schema import SCHEMA, SHORT_BEGINNING
from academy.search.folding import folded_code

_WORD, _TYPO = 10_000, 1_000
_IN_TITLE, _TITLE_BEGINNING, _ELSEWHERE, _TITLE_TYPO = 80, 60, 30, 40
_WHOLE_TITLE, _TITLE_PHRASE, _PHRASE, _CODE = 500, 300, 50, 1_000_000
_FEW_TERMS: Final = 30  # below it, separate terms are quicker than one automaton over the dictionary


class Asked(NamedTuple):
    """A word of the query with what else it may have meant: within one typing error, within two."""

    word: rules.QueryWord
    near: list[tuple[str, ...]]


def ranked_all(words: list[str], asked: list[Asked]) -> Query:
    """Match all words; phrase, whole title and code weigh extra. `words` is the whole query."""
    clauses = [(Occur.Must, _ranked(*each)) for each in asked]
    whole = " ".join(words)
    extras = [(_term("whole_title", whole), _WHOLE_TITLE), (_term("code", folded_code(whole)), _CODE)]
    if len(words) > 1:
        extras += [(Query.phrase_query(SCHEMA, "title", list(words)), _TITLE_PHRASE),
                   (Query.phrase_query(SCHEMA, "words", list(words)), _PHRASE)]
    return Query.boolean_query(clauses + [(Occur.Should, Query.const_score_query(*extra)) for extra in extras])


def ranked_some(asked: list[Asked], *, least: int) -> Query:
    """Match `least` of the words."""
    return _at_least(least, [_ranked(*each) for each in asked])


def matching(asked: list[Asked], *, least: int | None) -> Query:
    """Match the same documents as the ranked questions, without the work of ranking; all, when nothing is asked."""
    each = [_matching(*one) for one in asked]
    return both(Query.all_query(), each) if least is None else _at_least(least, each)


def one_of(name: str, values: Collection[str]) -> Query:
    """Match documents with one of the values of a facet."""
    return Query.const_score_query(_terms(f"facet_{name}", values), 0)


def both(question: Query, filters: Iterable[Query]) -> Query:
    """Match what passes every filter as well."""
    clauses = [(Occur.Must, query) for query in filters]
    return Query.boolean_query([(Occur.Must, question), *clauses]) if clauses else question


def _ranked(word: rules.QueryWord, near: list[tuple[str, ...]]) -> Query:
    ways = [(_term("title", word.text), _IN_TITLE), (_term("words", word.text), _ELSEWHERE)]
    if word.is_prefix:
        ways += [(_beginning("title", word.text), _TITLE_BEGINNING), (_beginning("words", word.text), 0)]
    for typos, others in enumerate(near, start=1):
        if others:
            ways += [(_terms("title", others), _TITLE_TYPO - typos * _TYPO), (_terms("words", others), -typos * _TYPO)]
    return Query.disjunction_max_query([Query.const_score_query(way, _WORD + score) for way, score in ways])


def _matching(word: rules.QueryWord, near: list[tuple[str, ...]]) -> Query:
    ways = [_terms("words", [word.text, *chain(*near)])]  # a title's words are among them
    return _at_least(1, [*ways, _beginning("words", word.text)] if word.is_prefix else ways)


def _at_least(number: int, queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries], minimum_number_should_match=number)


def _beginning(field: str, word: str) -> Query:
    if len(word) <= SHORT_BEGINNING:
        return _term(f"{field}_beginnings", word)
    return Query.fuzzy_term_query(SCHEMA, field, word, 0, prefix=True)


def _terms(field: str, words: Collection[str]) -> Query:
    if len(words) > _FEW_TERMS:
        return Query.term_set_query(SCHEMA, field, list(words))
    return _at_least(1, [_term(field, word) for word in words])


def _term(field: str, word: str) -> Query:
    return Query.term_query(SCHEMA, field, word, "basic")
