"""The parts of a Dutch compound, by a list of our own of the words that such compounds are made of.

A word is split when all of it consists of words of the list, with the letters between them that Dutch puts there. That misses what the list
does not know and seldom splits what is no compound, which is the better half: a missed compound is still found as it is written.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

_FILE: Final = Path(__file__).parent / "constituents.toml"
_SHORTEST_PART: Final = 3
_SHORTEST: Final = 6
_LONGEST: Final = 40  # letters; longer words are not Dutch, and the time grows with the length
_CACHED: Final = 1 << 16  # distinct words


@dataclass(frozen=True)
class _Constituents:
    """Forms of words with the word they are a form of; `known` are words with an answer of their own: no parts, or those of an exception."""

    front: Mapping[str, str]
    back: Mapping[str, str]
    known: Mapping[str, tuple[str, ...]]
    longest: int


class _Division(NamedTuple):
    """The better of two divisions is the lesser: few parts, then few letters between them, then a short word behind."""

    number_of_parts: int
    letters_between: int
    minus_start_of_last: int
    parts: tuple[str, ...]


@lru_cache(maxsize=_CACHED)
def parts(word: str) -> tuple[str, ...]:
    """Return the parts of a folded Dutch compound in order, each as it stands in the list; none when it is not one."""
    known = _CONSTITUENTS.known.get(word)
    if known is not None:
        return known
    if not _SHORTEST <= len(word) <= _LONGEST:
        return ()
    best = _best_division(word)
    return () if best is None else best.parts


def _best_division(word: str) -> _Division | None:
    """Go through the word from the left; at each place only the best way to get there counts."""
    length, longest = len(word), _CONSTITUENTS.longest
    reached = {0: _Division(0, 0, 0, ())}
    for start in range(length - _SHORTEST_PART + 1):
        so_far = reached.get(start)
        if so_far is None:
            continue
        for end in range(start + _SHORTEST_PART, min(length, start + longest) + 1):
            piece = word[start:end]
            part = (_CONSTITUENTS.back if end == length else _CONSTITUENTS.front).get(piece)
            if part is None:
                continue
            letters = so_far.letters_between + (end != length and piece != part)
            division = _Division(so_far.number_of_parts + 1, letters, -start, (*so_far.parts, part))
            if end not in reached or division < reached[end]:
                reached[end] = division
    return reached.get(length)


def _constituents(path: Path) -> _Constituents:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    anywhere, first, last = (" ".join(tables[name].values()).split() for name in ("anywhere", "first", "last"))
    irregular = {form: word for word, forms in tables["forms"].items() for form in forms.split()}
    front = _by_form(anywhere) | irregular | {word: word for word in (*first, *anywhere)}
    back = _by_form((*last, *anywhere)) | irregular | {word: word for word in (*last, *anywhere)}
    exceptions = {word: tuple(found.split()) for word, found in tables["exceptions"].items()}
    known = {form: exceptions.get(word, ()) for form, word in (front | back).items()} | exceptions
    return _Constituents(front, back, known, max(map(len, known)))


def _by_form(words: Iterable[str]) -> dict[str, str]:
    return {form: word for word in words for form in _forms(word)}


def _forms(word: str) -> Iterator[str]:
    """Yield the plurals of a word and what it becomes in front of another: `bedrijfs`, `bedrijven`, `zonne`, `gemeenten`."""
    yield f"{word}s"
    last, before = word[-1], word[-2]
    if last == "e":
        yield f"{word}n"
    elif last not in _VOWELS:
        for long in _lengthened(word, last, before):
            yield f"{long}e"
            yield f"{long}en"


def _lengthened(word: str, last: str, before: str) -> Iterator[str]:
    """Yield a word on a consonant as it is written before an e: `taak` as `tak`, `tas` as `tass`, `huis` as `huiz`."""
    if before in _VOWELS and word[-3] not in _VOWELS:
        yield word + last
        if _VOWELS.isdisjoint(word[:-2]):  # one syllable with a short vowel: no other way
            return
    voiced = word[:-1] + _VOICED.get(last, last)
    yield voiced
    if before == word[-3] and before in "aeou":
        yield voiced[:-2] + voiced[-1]
    if voiced[-1] != last:
        yield word


_VOWELS: Final = frozenset("aeiou")
_VOICED: Final = {"f": "v", "s": "z"}
_CONSTITUENTS: Final = _constituents(_FILE)
