"""From a question and choices to tantivy queries: what matches, and what scores.

A word is worth 2,000, a typing error costs 200; how near words stand, where they stand and how exactly they match weigh less than
that together. The weights of equal scores (ordering.weights) weigh less than anything here.

`keys` of a document are its words, their stems and the parts of its compounds: one list to look a word up in, however it is bent.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain, pairwise, product
from typing import Final, NamedTuple

from tantivy import FieldType, Occur, Query

from academy.search import reading
from academy.search.embedded_engine import ordering
from academy.search.embedded_engine.schema import SCHEMA, SHORT_BEGINNING
from academy.search.folding import folded_code
from academy.search.gateway import Range
from academy.search.language import stems

_WORD, _TYPO, _CODE = 2_000, 200, 50_000
# Shared out over the words, each on top of the one before, so that together they never make up for a typing error.
_EXACT, _TITLE_BEGINNING, _TITLE_KEY, _TITLE = 8, 14, 6, 8
_NEAR, _TITLE_PHRASE, _WHOLE_TITLE, _WHOLE_INSTEAD = 36, 15, 25, 12
_SLOP: Final = 2  # other words between two that stand near each other
_MEANT: Final = 3  # words
_FEW_TERMS: Final = 30  # below it, separate terms are quicker than one automaton over the dictionary

_RARE: Final = 5_000  # documents: where both words of a pair are in more, how near they stand is too much to look up, but for titles

Frequency = Callable[[str], int]  # in how many documents a word is
Near = Sequence[tuple[str, ...]]  # other words that one may mean: within one typing error, within two


class Asked(NamedTuple):
    """A word of the question with what else it may be: other words near it, phrases instead, and two words that it was joined from.

    A word that is in no document is perhaps not finished yet: then it counts as a beginning before it counts as bent.
    """

    word: reading.AskedWord
    near: Near = ()
    instead: tuple[tuple[str, ...], ...] = ()
    halves: tuple[str, ...] = ()
    is_known: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        """What to look up in the keys of documents."""
        return self.word.forms or (self.word.text,)


def asked_words(question: reading.Question) -> list[Asked]:
    """Join each word with what it may be instead; what it may be by a typing error is not looked up yet."""
    instead: list[list[tuple[str, ...]]] = [[] for _word in question.words]
    for other in question.instead:
        for place in range(other.start, other.start + other.count):
            instead[place] += other.others
    return [Asked(word, instead=tuple(dict.fromkeys(others))) for word, others in zip(question.words, instead, strict=True)]


def ranked(
    question: reading.Question, asked: list[Asked], frequency: Frequency, *, only_titles: bool, least: int | None = None,
    broadly: bool = False,
) -> Query:
    """Match all words, or `least` of them, and rank; phrases always, and nothing of what must not be there.

    `broadly` is for what matches tens of thousands: then titles decide, and nothing is looked up that only tells those apart.
    """
    must = [Query.const_score_query(_phrase(phrase, only_titles=only_titles), _WORD) for phrase in question.phrases]
    share = 1 / max(1, len(asked) + len(question.phrases))
    words = [_graded(each, share, only_titles=only_titles) for each in asked]
    must += words if least is None else [_at_least(least, words)]
    found = Query.boolean_query([*((Occur.Must, query) for query in must or [Query.all_query()]), *_without(question)])
    if broadly:
        extras = chain(_of_titles(asked), _of_whole(question) if least is None else ())
    else:
        extras = chain(_of_words(question, asked), _of_order(question, asked, frequency) if least is None else ())
    for query, score in extras:  # one inside the other: side by side, tantivy would look at all documents of each of them
        found = Query.boolean_query([(Occur.Must, found), (Occur.Should, Query.boost_query(query, score))])
    return found


def tiers(asked: Asked, *, only_titles: bool) -> list[Query]:
    """Return what one word matches, best first; what is in two tiers counts for the first."""
    word, code = asked.word, folded_code(asked.word.text)
    best = [_at_least(1, [_term("whole_title", word.text), _term("code", code)])]
    for field, keys in (("title", "title_keys"),) if only_titles else (("title", "title_keys"), ("words", "keys")):
        bent, begun = _terms(keys, asked.keys), [_beginning(field, word.text)] if word.is_prefix else []
        best += [_term(field, word.text), *([bent, *begun] if asked.is_known else [*begun, bent])]
        best += [_together(field, asked.halves, 0)] if asked.halves else []
        for phrase in asked.instead:  # what is meant most comes first
            best += [_term("whole_title", " ".join(phrase))] if field == "title" else []
            best.append(_instead(phrase, only_titles=field == "title")[-1])
    for others in asked.near:
        best += [_terms(field, others) for field in (("title",) if only_titles else ("title", "words")) if others]
    return best


def apart(query: Query, others: Iterable[Query]) -> Query:
    """Match what none of the others match."""
    return Query.boolean_query([(Occur.Must, query), *((Occur.MustNot, other) for other in others)])


def matching(question: reading.Question, asked: list[Asked], *, only_titles: bool, least: int | None = None) -> Query:
    """Match the same documents as `ranked`, without the work of ranking."""
    words = [_any_way(each, only_titles=only_titles) for each in asked]
    must = [_phrase(phrase, only_titles=only_titles) for phrase in question.phrases]
    must += words if least is None else [_at_least(least, words)]
    if len(must) == 1 and not question.without:
        return must[0]
    return Query.boolean_query([*((Occur.Must, query) for query in must or [Query.all_query()]), *_without(question)])


def one_of(name: str, values: Collection[str]) -> Query:
    """Match documents with one of the values of a facet."""
    return _terms(f"facet_{name}", values)


def at_points(points: Collection[str]) -> Query:
    """Match documents at one of these points."""
    return _terms("point", points)


def within(name: str, bounds: Range) -> Query:
    """Match documents with a number in these bounds."""
    least, most = ordering.key_range(bounds)
    return Query.range_query(SCHEMA, f"order_{name}", FieldType.Unsigned, least, most) if least <= most else Query.empty_query()


def both(question: Query, filters: Iterable[Query]) -> Query:
    """Match what passes every filter as well; filters do not score."""
    clauses = [(Occur.Must, Query.const_score_query(query, 0)) for query in filters]
    return Query.boolean_query([(Occur.Must, question), *clauses]) if clauses else question


def as_meant(asked: Asked, *, only_titles: bool) -> Query:
    """Match a word without typing errors: bent, as a beginning, or by what it may be instead."""
    field, keys = ("title", "title_keys") if only_titles else ("words", "keys")
    ways = [_terms(keys, asked.keys)]
    if asked.word.is_prefix:
        ways.append(_beginning(field, asked.word.text))
    ways += [query for phrase in asked.instead for query in _instead(phrase, only_titles=only_titles)]
    if asked.halves:
        ways.append(_together(field, asked.halves, 0))
    if only_titles:
        ways.append(_term("code", folded_code(asked.word.text)))
    return ways[0] if len(ways) == 1 else _at_least(1, ways)


def _graded(asked: Asked, share: float, *, only_titles: bool) -> Query:
    """Match a word, worth less for each typing error; what is mistyped in the title counts here, so that it moves nothing that is not."""
    field = "title" if only_titles else "words"
    grades = [Query.const_score_query(as_meant(asked, only_titles=only_titles), _WORD)]
    for typos, others in enumerate(asked.near, start=1):
        if others:
            grades.append(Query.const_score_query(_terms(field, others), _WORD - typos * _TYPO))
            grades.append(Query.const_score_query(_terms("title", others), _WORD - typos * _TYPO + (_TITLE_BEGINNING + _TITLE_KEY) * share))
    return grades[0] if len(grades) == 1 else Query.disjunction_max_query(grades)


def _any_way(asked: Asked, *, only_titles: bool) -> Query:
    near = list(chain(*asked.near))
    meant = as_meant(asked, only_titles=only_titles)
    return _at_least(1, [meant, _terms("title" if only_titles else "words", near)]) if near else meant


def _of_words(question: reading.Question, asked: list[Asked]) -> Iterable[tuple[Query, float]]:
    """Yield what each word is worth more: as it was typed, in the title, and both."""
    share = 1 / max(1, len(asked) + len(question.phrases))
    for each in asked:
        word, others = each.word, [_all_of("title_keys", phrase) for phrase in each.instead]
        bent, begun = _terms("title_keys", each.keys), _beginning("title", word.text) if word.is_prefix else None
        halves = [_together("title", each.halves, 0)] if each.halves else []
        surely = _at_least(1, [bent, *halves]) if each.is_known or begun is None else _at_least(1, [begun, *halves])
        first = _at_least(1, [surely, begun]) if begun is not None else surely
        if not each.is_known:
            others.insert(0, bent)
        yield _one(_term("words", word.text)), _EXACT * share
        yield _best([first, *others]), _TITLE_BEGINNING * share
        if each.instead:
            yield _one(_terms("whole_title", [" ".join(phrase) for phrase in each.instead])), _WHOLE_INSTEAD * share
        yield _one(surely), _TITLE_KEY * share
        yield _one(_term("title", word.text)), _TITLE * share
    for phrase in question.phrases:
        yield _one(_phrase(phrase, only_titles=True)), (_TITLE + _TITLE_KEY + _TITLE_BEGINNING) * share


def _one(query: Query) -> Query:
    return Query.const_score_query(query, 1)


def _best(queries: list[Query]) -> Query:
    """Match one of these; the first is worth one, what comes later in the list less."""
    scored = [Query.const_score_query(query, (len(queries) - place) / len(queries)) for place, query in enumerate(queries)]
    return scored[0] if len(scored) == 1 else Query.disjunction_max_query(scored)


def _of_titles(asked: list[Asked]) -> Iterable[tuple[Query, float]]:
    """Yield what each word is worth more in the title."""
    for each in asked:
        begun = [_beginning("title", each.word.text)] if each.word.is_prefix else []
        yield _one(_at_least(1, [_terms("title_keys", each.keys), *begun])), (_TITLE_BEGINNING + _TITLE_KEY + _TITLE) / len(asked)


def _of_whole(question: reading.Question) -> Iterable[tuple[Query, float]]:
    """Yield what the whole title and a code weigh extra."""
    if whole := " ".join(question.typed):
        yield _one(_term("whole_title", whole)), _WHOLE_TITLE
        yield _one(_term("code", folded_code(whole))), _CODE


def _of_order(question: reading.Question, asked: list[Asked], frequency: Frequency) -> Iterable[tuple[Query, float]]:
    """Yield what weighs extra: the whole title, a code, words that stand together."""
    yield from _of_whole(question)
    pairs = list(pairwise(asked))
    for first, second in pairs:
        ways = list(product(_meant(first), _meant(second)))
        if min(map(frequency, ways[0])) > _RARE:
            continue
        for slop in range(_SLOP + 1):  # the nearer, the more of these
            near = [_together("words", way, slop) for way in ways]
            if slop:  # the other way round counts as one word further
                near += [_together("words", way[::-1], slop - 1) for way in ways]
            yield _one(_at_least(1, near)), _NEAR / len(pairs)
    if pairs and len(question.typed) > 1:
        yield _one(_together("title", question.typed, 0)), _TITLE_PHRASE


def _meant(asked: Asked) -> tuple[str, ...]:
    """Return the word as it was typed or, where no document has it, those that it may have been meant to be."""
    return (asked.word.text,) if asked.is_known else (*chain(*asked.near), asked.word.text)[:_MEANT]


def _without(question: reading.Question) -> list[tuple[Occur, Query]]:
    return [(Occur.MustNot, _phrase(phrase, only_titles=False)) for phrase in question.without]


def _phrase(phrase: tuple[str, ...], *, only_titles: bool) -> Query:
    field = "title" if only_titles else "words"
    return _term(field, phrase[0]) if len(phrase) == 1 else _together(field, phrase, 0)


def _instead(phrase: tuple[str, ...], *, only_titles: bool) -> list[Query]:
    """Return how a phrase can match: all of it in the title, or together anywhere."""
    ways = [_all_of("title_keys", phrase)]
    if not only_titles:
        ways.append(_all_of("keys", phrase) if len(phrase) == 1 else _together("words", phrase, 0))
    return ways


def _all_of(keys: str, phrase: tuple[str, ...]) -> Query:
    """Match the words of a phrase, wherever they stand and however they are bent."""
    each = [_terms(keys, stems(word) or (word,)) for word in phrase]
    return each[0] if len(each) == 1 else Query.boolean_query([(Occur.Must, query) for query in each])


def _at_least(number: int, queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries], minimum_number_should_match=number)


def _together(field: str, words: Sequence[str], slop: int) -> Query:
    return Query.phrase_query(SCHEMA, field, list(words), slop)


def _beginning(field: str, word: str) -> Query:
    if len(word) <= SHORT_BEGINNING:
        return _term(f"{field}_beginnings", word)
    return Query.fuzzy_term_query(SCHEMA, field, word, 0, prefix=True)


def _terms(field: str, words: Collection[str]) -> Query:
    if len(words) > _FEW_TERMS:
        return Query.term_set_query(SCHEMA, field, list(words))
    each = [_term(field, word) for word in dict.fromkeys(words)]
    return each[0] if len(each) == 1 else _at_least(1, each)


def _term(field: str, word: str) -> Query:
    return Query.term_query(SCHEMA, field, word, "basic")
