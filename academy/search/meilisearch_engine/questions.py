"""From a question to the queries of a multi-search; pure.

A filter is text for the server, so it is compiled from the tree and never taken over: names are ours, values are spelled by
`value_key` and stand between quotes. Of text only folded words, quotes that we write ourselves and our own minus signs are sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from academy.search import rules
from academy.search.folding import folded_code
from academy.search.gateway import MARK_END, MARK_START, Near, Range, SearchQuery
from academy.search.index_spec import FACET_NAMES, HIDDEN_FILTERS, NUMBERS
from academy.search.language import parts
from academy.search.meilisearch_engine.documents import can_be_there, value_key
from academy.search.meilisearch_engine.settings import (
    AVAILABILITY,
    CHECKSUM,
    CODES,
    GEO,
    ID,
    IN_TITLES,
    SHOWN_TEXTS,
    TITLES,
    card_field,
    counted_field,
    facet_field,
    number_field,
    shuffle_field,
)
from academy.search.reading import AskedWord, Question

Json = dict[str, Any]
Strategy = Literal["all", "frequency", "last"]

_NOTHING: Final = f"{CODES} IN []"
_METRES: Final = 1_000
_FURTHEST: Final = 10**15  # the server counts in floating point: exact up to here


@dataclass(frozen=True)
class Asking:
    """One way to ask: the text for the server, and how many of its words must match."""

    text: str
    strategy: Strategy = "all"


def as_typed(question: Question) -> Asking:
    """Ask for all words, as they were typed; the server knows stems and synonyms of what is in the documents."""
    return Asking(_text(question, [_as_typed(word) for word in question.words], last_is_prefix=_ends_open(question)))


def in_other_words(question: Question) -> Asking | None:
    """Ask for all words by their parts or their stem: for compounds and forms that no document has. None when that is the same."""
    words = [" ".join(parts(word.text)) or next(iter(word.forms), word.text) for word in question.words]
    if words == [word.text for word in question.words]:
        return None
    return Asking(_text(question, words, last_is_prefix=False))


def of_some_words(question: Question) -> tuple[Asking, ...]:
    """Ask for the rarest word, or else for the first, and put first what has more of them; the server has no other ways of «some».

    Where all words are equally rare it leaves out none. None of these for one word.
    """
    if len(question.words) < 2:  # noqa: PLR2004 - some of one is all
        return ()
    text = _text(question, [word.text for word in question.words], last_is_prefix=False)
    return Asking(text, "frequency"), Asking(text, "last")


def _as_typed(word: AskedWord) -> str:
    """Return the word, between quotes when the server would forgive errors in it that we do not: a phrase is taken as it is."""
    server_forgives = len(word.text) >= rules.ONE_TYPO_FROM and not word.typos
    return f'"{word.text}"' if server_forgives and not word.is_prefix else word.text


def _ends_open(question: Question) -> bool:
    return bool(question.words) and question.words[-1].is_prefix


def _text(question: Question, words: Sequence[str], *, last_is_prefix: bool) -> str:
    """Return the text for `q`.

    The server reads no further than ten words, takes only the very last one for a beginning, and compares the place of a word with
    its place in a text: so what must not be there comes last, unless it would be cut off or end a word that is being typed.
    """
    phrases = [f'"{" ".join(phrase)}"' for phrase in question.phrases]
    without = [f'-"{" ".join(phrase)}"' for phrase in question.without]
    asked = [*phrases, *words]
    if last_is_prefix:
        return " ".join([*without, *asked])
    return " ".join([*without, *asked] if len(asked) >= rules.MAX_WORDS else [*asked, *without]) + " "


def queries(index: str, asking: Asking, query: SearchQuery, *, page: int) -> list[Json]:
    """Return the query for the hits and the facets nobody chose in, and one per facet that someone chose in."""
    chosen = {name for name, _values in query.filters}
    text = _asked(index, asking, query)
    hits = _hits(index, asking, query) | {
        "facets": [counted_field(name) for name in query.facets if name not in chosen], "page": page, "hitsPerPage": query.per_page,
    }
    return [hits, *(
        text | {"filter": conditions(query, without=name), "facets": [counted_field(name)], "page": 1, "hitsPerPage": 0}
        for name in query.facets if name in chosen
    )]


def named_exactly(question: Question, query: SearchQuery) -> list[str]:
    """Return conditions for what has the question as its code, and as its whole title; none when it can be neither."""
    if query.sort != "best" or query.some or question.phrases or question.without or not question.typed:
        return []
    return [_one_of(CODES, [folded_code("".join(question.typed))]), _one_of(TITLES, [" ".join(question.typed)])]


def counting(index: str, query: SearchQuery, condition: str) -> Json:
    """Return the query that counts what is named exactly so."""
    return {"indexUid": index, "q": "", "filter": [*conditions(query), condition], "page": 1, "hitsPerPage": 0}


def named_first(index: str, asking: Asking, query: SearchQuery, *, page: int, condition: str, number: int) -> list[Json]:
    """Return the queries for a page of a list on which the `number` documents with this name come first, then the others."""
    start = (page - 1) * query.per_page
    named = max(0, min(query.per_page, number - start))
    whole, everything = _hits(index, asking, query), Asking("")
    return [
        _hits(index, everything, query) | {"filter": [*conditions(query), condition], "offset": start, "limit": named},
        whole | {"filter": [*conditions(query), f"NOT {condition}"], "offset": max(0, start - number), "limit": query.per_page - named},
    ]


def values_query(index: str, asking: Asking, query: SearchQuery, facet: str) -> Json:
    """Return the query that counts all values of one facet, its own filter apart."""
    return _asked(index, asking, query) | {
        "filter": conditions(query, without=facet), "facets": [counted_field(facet)], "page": 1, "hitsPerPage": 0,
    }


def provider_filter(provider: str) -> str:
    return _one_of(facet_field("provider"), [provider])


def conditions(query: SearchQuery, *, without: str | None = None) -> list[str]:
    """Return the conditions that hold at once; those of the facet `without` left out."""
    found = [_one_of(_known(name), values) for name, values in query.filters if name != without]
    found += [each for name, bounds in query.ranges for each in _within(name, bounds)]
    if query.near is not None and query.near.km is not None:
        found.append(f"_geoRadius({_point(query.near)}, {max(0, round(query.near.km * _METRES))})")
    return found


def _known(facet: str) -> str:
    if facet not in FACET_NAMES and facet not in HIDDEN_FILTERS:
        raise KeyError(facet)
    return facet_field(facet)


def _one_of(field: str, values: Iterable[str]) -> str:
    keys = [key for value in values if can_be_there(key := value_key(value))]
    return f"{field} IN [{', '.join(map(_quoted, keys))}]" if keys else _NOTHING


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def _within(name: str, bounds: Range) -> list[str]:
    if name not in NUMBERS:
        raise KeyError(name)
    field = number_field(name)
    if bounds.least is None and bounds.most is None:
        return [f"{field} EXISTS"]
    least, most = (None if bound is None else max(-_FURTHEST, min(int(bound), _FURTHEST)) for bound in (bounds.least, bounds.most))
    found = [] if least is None else [f"{field} >= {least}"]
    return found if most is None else [*found, f"{field} <= {most}"]


def _point(near: Near) -> str:
    return f"{near.latitude:.6f}, {near.longitude:.6f}"


def _asked(index: str, asking: Asking, query: SearchQuery) -> Json:
    found: Json = {"indexUid": index, "q": asking.text if asking.text.strip() else "", "matchingStrategy": asking.strategy}
    if query.only_titles:
        found["attributesToSearchOn"] = list(IN_TITLES)
    return found


def _hits(index: str, asking: Asking, query: SearchQuery) -> Json:
    return _asked(index, asking, query) | {
        "filter": conditions(query), "sort": _sort(query, asking), "attributesToHighlight": list(SHOWN_TEXTS),
        "highlightPreTag": MARK_START, "highlightPostTag": MARK_END,
        "attributesToRetrieve": [ID, CHECKSUM, card_field(query.language), *([GEO] if query.near else [])],
    }


def _sort(query: SearchQuery, asking: Asking) -> list[str]:
    """Return what comes before the rules of the index; without text these say little, and then the order of the day is asked for."""
    if query.sort == "distance" and query.near is not None:
        first = [f"_geoPoint({_point(query.near)}):asc"]
    elif query.sort in NUMBERS:
        first = [f"{number_field(query.sort)}:asc"]
    else:
        first = []
    return first if asking.text.strip() else [*first, f"{AVAILABILITY}:asc", f"{shuffle_field(query.day)}:asc"]
