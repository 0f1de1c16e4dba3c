"""Decisions of search: plain values in, plain answers out."""

from dataclasses import dataclass

MAX_CHARACTERS = 200
MAX_WORDS = 10
ONE_TYPO_FROM = 5
TWO_TYPOS_FROM = 9
# Said in every sentence, so they find nothing; from a query they go unless nothing else is left.
STOP_WORDS = frozenset({
    "aan", "bij", "dat", "de", "die", "een", "en", "het", "in", "met", "naar", "of", "om", "op", "over", "te", "tot", "uit",
    "van", "voor", "a", "an", "and", "at", "by", "for", "from", "how", "on", "or", "the", "to", "with",
})


@dataclass(frozen=True)
class QueryWord:
    """A word that must match: as it is, as a beginning when `is_prefix`, or with up to `typos` typing errors."""

    text: str
    is_prefix: bool
    typos: int


def typo_budget(word: str) -> int:
    """Return how many typing errors are forgiven: 1 from 5 letters, 2 from 9, none where a digit or symbol counts.

    One error is a letter too many, too few, another letter, or two neighbours swapped.
    """
    if not word.isalpha() or len(word) < ONE_TYPO_FROM:
        return 0
    return 2 if len(word) >= TWO_TYPOS_FROM else 1


def query_words(words: list[str]) -> tuple[QueryWord, ...]:
    """Return what must match of the folded `words` of a query: at most ten, the last one also as a beginning.

    Numbers, codes and words with symbols match only as a whole.
    """
    told = [word for word in words if word not in STOP_WORDS] or words
    kept = list(dict.fromkeys(told))[:MAX_WORDS]
    last = words[-1] if words else ""
    return tuple(
        QueryWord(word, is_prefix=word == last and word.isalnum() and not word.isdecimal(), typos=typo_budget(word))
        for word in kept
    )


def least_words(count: int) -> int:
    """Return how many of `count` words a looser match must have: at least half."""
    return (count + 1) // 2


def pages_of(total: int, per_page: int) -> int:
    """Return the number of pages; an empty result has one."""
    return max(1, -(-total // per_page))
