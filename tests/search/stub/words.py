"""The words of texts and of questions, as the documents of the server describe them; written without a look at our engines."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import or_

MOST_WORDS = 10
HARD, SOFT = 8, 1  # how far words stand apart over a full stop or the next of several texts, and over a space
_HARD_SIGNS = ".!?;"


@lru_cache(200_000)
def plain(text: str) -> str:
    """Return a word without case and accents."""
    apart = unicodedata.normalize("NFKD", text).lower()
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def pieces(text: str, inside_words: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Yield words and, one by one, the signs between them."""
    word = ""
    for sign in text:
        if sign.isalnum() or sign in inside_words or unicodedata.combining(sign):
            word += sign
            continue
        if word:
            yield plain(word), True
            word = ""
        yield sign, False
    if word:
        yield plain(word), True


def placed(texts: Iterable[str], inside_words: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Yield the words of the texts of one attribute with their places."""
    place = -HARD
    for text in texts:
        gap = HARD
        for piece, is_word in pieces(text, inside_words):
            if is_word:
                place += gap
                gap = SOFT
                yield piece, place
            elif piece in _HARD_SIGNS:
                gap = HARD


@dataclass
class Asked:
    """A question: its terms in order (a phrase is a tuple) with the place of their first word, and what must not be there."""

    terms: list[str | tuple[str, ...]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    last_is_prefix: bool = False
    without: list[tuple[str, ...]] = field(default_factory=list)


def read(text: str, inside_words: frozenset[str]) -> Asked:
    """Return what is asked: phrases between quotes, words after a minus are left out, the last word is a beginning if nothing follows."""
    asked = Asked()
    phrase: list[str] | None = None
    minus = is_minus_phrase = False
    before = " "
    found = list(pieces(text, inside_words))
    place = -1
    for number, (piece, is_word) in enumerate(found):
        if len(asked.terms) >= MOST_WORDS:
            return asked
        place += is_word
        if is_word and phrase is not None:
            phrase.append(piece)
        elif is_word and minus:
            asked.without.append((piece,))
        elif is_word:
            asked.terms.append(piece)
            asked.places.append(place)
            asked.last_is_prefix = number == len(found) - 1
        if piece == '"' and phrase is not None:
            _end(asked, phrase, place, is_minus=is_minus_phrase)
            phrase = None
        elif piece == '"':
            phrase, is_minus_phrase = [], minus
        minus = piece == "-" and before.isspace() and phrase is None
        before = piece
    if phrase is not None:
        _end(asked, phrase, place, is_minus=is_minus_phrase)
    return asked


def _end(asked: Asked, phrase: list[str], place: int, *, is_minus: bool) -> None:
    if phrase:
        if is_minus:
            asked.without.append(tuple(phrase))
        else:
            asked.terms.append(tuple(phrase))
            asked.places.append(place - len(phrase) + 1)


def least_errors(one: str, other: str, *, as_beginning: bool = False) -> int:
    """Return the fewest letters inserted, left out, replaced or swapped with a neighbour; of any beginning of `other` if so asked."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return min(rows[-1]) if as_beginning else rows[-1][-1]


class Vocabulary:
    """Words by their first letter, to find those near one without comparing all letters of all."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_letter: dict[str, list[tuple[str, int]]] = {}
        for word in words:
            self._by_letter.setdefault(word[0], []).append((word, _letters(word)))

    def beginning_with(self, start: str) -> list[str]:
        return sorted(word for word, _letters in self._by_letter.get(start[0], ()) if word.startswith(start))

    def near(self, word: str, errors: int, *, as_beginning: bool) -> dict[str, int]:
        """Return word → errors, from one up to `errors`; another first letter counts as two."""
        found = {}
        for letter, others in self._by_letter.items():
            most = errors if letter == word[0] else errors - 1
            for other in _alike(word, others, most, as_beginning=as_beginning) if most > 0 else ():
                beginning = other[: len(word) + most] if as_beginning else other
                number = least_errors(word, beginning, as_beginning=as_beginning)
                if 0 < number <= most:
                    found[other] = number if letter == word[0] else 2
        return found


def _letters(word: str) -> int:
    return reduce(or_, (1 << ord(letter) % 61 for letter in word), 0)


def _alike(word: str, others: list[tuple[str, int]], most: int, *, as_beginning: bool) -> list[str]:
    """Return the words that may be within `most` errors: by their length, and by which letters they have at all."""
    asked, length = _letters(word), len(word)
    return [
        other for other, letters in others
        if (asked & ~letters).bit_count() <= most and len(other) >= length - most
        and (as_beginning or (len(other) <= length + most and (letters & ~asked).bit_count() <= most))
    ]
