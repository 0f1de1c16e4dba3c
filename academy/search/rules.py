"""Decisions of search: plain values in, plain answers out."""

MAX_CHARACTERS = 200
MAX_WORDS = 10
ONE_TYPO_FROM = 5
TWO_TYPOS_FROM = 9
# Said in every sentence, so they find nothing; from a query they go unless nothing else is left.
STOP_WORDS = frozenset({
    "aan", "bij", "dat", "de", "die", "een", "en", "het", "in", "met", "naar", "of", "om", "op", "over", "te", "tot", "uit",
    "van", "voor", "a", "an", "and", "at", "by", "for", "from", "how", "on", "or", "the", "to", "with",
})


def typo_budget(word: str) -> int:
    """Return how many typing errors are forgiven: 1 from 5 letters, 2 from 9, none where a digit or symbol counts.

    One error is a letter too many, too few, another letter, or two neighbours swapped.
    """
    if not word.isalpha() or len(word) < ONE_TYPO_FROM:
        return 0
    return 2 if len(word) >= TWO_TYPOS_FROM else 1


def least_words(count: int) -> int:
    """Return how many of `count` words a looser match must have: at least half."""
    return (count + 1) // 2


def pages_of(total: int, per_page: int) -> int:
    """Return the number of pages; an empty result has one."""
    return max(1, -(-total // per_page))
