"""What people do to a word before they search for it: slips of the keyboard, and other forms of it."""

import random
from functools import cache
from typing import Final

from academy.search.rules import typo_budget
from benchmarks.search.words import ADJECTIVES, NOUNS, VERBS, adjective_forms, plural, verb_forms

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST_LAST: Final = 3  # letters of the last part of a compound


def mistyped(word: str, typos: int, chance: random.Random) -> str:
    """Return `word` with so many typing errors, the first letter apart: a letter too many, too few, another one, or two swapped."""
    for _typo in range(typos):
        place = chance.randrange(1, len(word))
        letter = chance.choice(_LETTERS)
        before, here, after = word[:place], word[place], word[place + 1 :]
        swapped = word[:place] + after[:1] + here + after[1:] if after else word[:-1]
        word = chance.choice((before + letter + here + after, before + after, before + letter + after, swapped))
    return word


def with_typos(words: list[str], chance: random.Random) -> list[str]:
    """Return the words with as many typing errors as are forgiven in one of them, and one in each other long word half of the time."""
    long = [place for place, word in enumerate(words) if typo_budget(word)]
    if not long:
        return words
    most = chance.choice(long)
    return [
        mistyped(word, chance.randint(1, typo_budget(word)) if place == most else 1, chance)
        if place == most or (place in long and chance.random() < 0.5) else word  # noqa: PLR2004
        for place, word in enumerate(words)
    ]


def inflected(word: str) -> str:
    """Return another form of a Dutch word or of the last part of a compound; the word itself when it has none."""
    forms = _families()
    for start in range(len(word) - _SHORTEST_LAST + 1):
        other = forms.get(word[start:])
        if other is not None:
            return word[:start] + other
    return word


@cache
def _families() -> dict[str, str]:
    """Return form → another form: one and many, with and without -e, infinitive and present."""
    families: list[tuple[str, ...]] = [(noun, plural(noun, "nl")) for noun in NOUNS["nl"]]
    families += [adjective_forms(adjective, "nl") for adjective in ADJECTIVES["nl"]]
    families += [verb_forms(verb, "nl")[:2] for verb in VERBS["nl"]]
    found: dict[str, str] = {}
    for one, other in families:
        if one != other:
            found.setdefault(one, other)
            found.setdefault(other, one)
    return found
