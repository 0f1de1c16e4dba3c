"""Finding what one knows is there: by its title, with slips, cut short, and in other forms of its words."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from academy.search.folding import words_of
from academy.search.gateway import SearchEngine, SearchQuery
from academy.search.rules import STOP_WORDS
from benchmarks.search.catalogue import MadeUp
from benchmarks.search.slips import inflected, with_typos

_TOP: Final = 10
_SHORTEST_CUT: Final = 3  # letters that are left of the last word


def quality(engine: SearchEngine, modules: Sequence[MadeUp], *, queries: int) -> dict[str, float]:
    """Return, of so many `modules` of each kind of question, the share found in the first ten (success) and the mean of 1 / place (MRR)."""
    titles = Counter(frozenset(words_of(module.title)) for module in modules)
    only = [module for module in modules if titles[frozenset(words_of(module.title))] == 1]
    figures: dict[str, float] = {}
    for kind, change in _CHANGES.items():
        chance = random.Random(kind)
        asked: list[tuple[MadeUp, str]] = []
        while len(asked) < queries:
            module = chance.choice(only)
            words = [word for word in module.title.lower().split() if word not in STOP_WORDS]
            changed = change(words, chance)
            if (changed == words) == (kind == "exact") and (kind != "inflected" or module.language == "nl"):
                asked.append((module, " ".join(changed)))
        places = [_place(engine, f"module:{module.number}", text) for module, text in asked]
        figures[f"{kind}: success@10"] = sum(place > 0 for place in places) / queries
        figures[f"{kind}: MRR@10"] = sum(1 / place for place in places if place) / queries
    return figures


def _place(engine: SearchEngine, wanted: str, text: str) -> int:
    """Return the place from 1, or 0 when it is not among the first ten."""
    found = [hit.id for hit in engine.search(SearchQuery(text, per_page=_TOP)).hits]
    return found.index(wanted) + 1 if wanted in found else 0


def _cut(words: list[str], chance: random.Random) -> list[str]:
    last = words[-1]
    return [*words[:-1], last[: chance.randint(min(_SHORTEST_CUT, len(last)), max(_SHORTEST_CUT, len(last) - 1))]]


_CHANGES: Final[dict[str, Callable[[list[str], random.Random], list[str]]]] = {
    "exact": lambda words, _chance: words,
    "typos": with_typos,
    "last word cut": _cut,
    "inflected": lambda words, _chance: [inflected(word) for word in words],
}
