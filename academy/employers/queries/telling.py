"""Which words of a question tell what it is about, compared by the stems that forms of one word share and by the parts that compounds are made of; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Final

from academy.employers.rules.matching import words_of
from academy.search import api as search

_MOST, _FEWEST = 4, 3  # words of a question
_REMEMBERED: Final = 50_000  # words
_TEXTS: Final = 15_000  # of questions and pools, about a kilobyte each


def forms_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the stems of the words that say what texts are about, and of the words that those are made of."""
    return frozenset(chain.from_iterable(forms_of(word) for text in texts for word in words_of(text)))


@lru_cache(_TEXTS)
def forms_of_text(text: str) -> frozenset[str]:
    """Return what `forms_in` does of one text; remembered, for the questions and pools that are open are looked at again and again."""
    return forms_in([text])


def count_of(each: Iterable[frozenset[str]]) -> Counter[str]:
    """Return in how many of these a stem occurs."""
    return Counter(chain.from_iterable(each))


def telling(text: str, known: Mapping[str, int]) -> dict[str, str]:
    """Return the words of a question that tell most, as they were typed, by the stem that they are compared by: the rarest of what there is.

    `known` is in how much of what there is a stem occurs. People write sentences: of ten words two or three say what it is about, and what nothing
    here is about tells nothing apart. Where fewer than three are known, unknown ones count too, so that one common word is no perfect fit.
    """
    by_stem: dict[str, str] = {}
    for word in sorted(words_of(text), key=lambda word: (-len(word), word)):
        forms = forms_of(word)
        by_stem.setdefault(next((stem for stem in forms if stem in known), forms[0]), word)
    there = sorted((stem for stem in by_stem if stem in known), key=lambda stem: (known[stem], -len(stem), stem))[:_MOST]
    others = [stem for stem in by_stem if stem not in known][: max(0, _FEWEST - len(there))]
    return {stem: by_stem[stem] for stem in (*there, *others)}


def typed_in(text: str) -> dict[str, str]:
    """Return the words of a text as they were typed, by each of their stems."""
    return {stem: word for word in words_of(text) for stem in forms_of(word)}


@lru_cache(_REMEMBERED)
def forms_of(word: str) -> tuple[str, ...]:
    """Return the stems of a folded word, then those of its parts."""
    stems = search.stems(word) or (word,)
    return (*stems, *(stem for part in search.parts(word) for stem in search.stems(part)))
