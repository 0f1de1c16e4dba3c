"""From what someone types to a question: words, phrases, what must not be there, and what else may have been meant.

The one reader for every engine; pure.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

from academy.search import rules
from academy.search.folding import clean, words_of
from academy.search.language import parts, stems, synonyms

_PIECE = re.compile(r'(?P<minus>(?<!\S)[-\u2212])?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_LONGEST_PHRASE: Final = 3  # words, of what has synonyms
_REMEMBERED: Final = 1_000


@dataclass(frozen=True)
class AskedWord:
    """A word that must match: as it is, as a beginning when `is_prefix`, with up to `typos` typing errors, or by a stem in `forms`."""

    text: str
    is_prefix: bool
    typos: int
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Instead:
    """Of the words asked, `count` from place `start` on may be one of `others` as well; the words of such a phrase stand together."""

    start: int
    count: int
    others: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Question:
    """What is asked. `typed` are all plain words, those that say nothing included: for titles and codes as a whole."""

    words: tuple[AskedWord, ...] = ()
    instead: tuple[Instead, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    typed: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked that could be found."""
        return not (self.words or self.phrases or self.without)

    @property
    def wanted(self) -> tuple[str, ...]:
        """Every word that is to be found, those of phrases included."""
        return (*(word.text for word in self.words), *chain.from_iterable(self.phrases))


@lru_cache(_REMEMBERED)
def read(text: str) -> Question:
    """Return the question in `text`: `"a b"` is a phrase, `-a` must not be there; a quote that is never closed is no quote.

    At most ten words and phrases count, and as many that must not be there.
    """
    plain: list[str] = []
    phrases: list[tuple[str, ...]] = []
    without: list[tuple[str, ...]] = []
    ends_in_word = False
    for piece in _PIECE.finditer(_with_closed_quotes(clean(text))):
        found = tuple(words_of(piece["phrase"] if piece["word"] is None else piece["word"]))
        ends_in_word = False
        if not found:
            continue
        if piece["minus"]:
            without.append(found)
        elif piece["word"] is None:
            phrases.append(found)
        else:
            plain += found
            ends_in_word = True
    words = _asked(plain, last_is_prefix=ends_in_word)
    kept = tuple(word.text for word in words)
    return Question(words, _instead(kept), tuple(phrases[: rules.MAX_WORDS]), tuple(without[: rules.MAX_WORDS]), tuple(plain[: rules.MAX_WORDS]))


def _with_closed_quotes(text: str) -> str:
    text = text.translate({0x201C: '"', 0x201D: '"', 0x201E: '"', 0xAB: '"', 0xBB: '"'})
    if text.count('"') % 2:
        before, _quote, after = text.rpartition('"')
        text = f"{before} {after}"
    return text


def _asked(plain: list[str], *, last_is_prefix: bool) -> tuple[AskedWord, ...]:
    """Return what must match; a number, a code or a word with symbols matches as a whole only."""
    told = [word for word in plain if word not in rules.STOP_WORDS] or plain
    last = plain[-1] if plain and last_is_prefix else ""
    return tuple(
        AskedWord(
            word, is_prefix=word == last and word.isalnum() and not word.isdecimal(), typos=rules.typo_budget(word), forms=stems(word),
        )
        for word in list(dict.fromkeys(told))[: rules.MAX_WORDS]
    )


def _instead(words: tuple[str, ...]) -> tuple[Instead, ...]:
    """Return synonyms, the parts of compounds that were typed as one, and the one that was typed as parts."""
    found = []
    for start, word in enumerate(words):
        for count in range(1, min(_LONGEST_PHRASE, len(words) - start) + 1):
            others = synonyms(words[start : start + count])
            if others:
                found.append(Instead(start, count, others))
        if split := parts(word):
            found.append(Instead(start, 1, (split,)))
        if start + 1 < len(words) and (joined := word + words[start + 1]).isalpha():
            found.append(Instead(start, 2, ((joined,),)))
    return tuple(found)
