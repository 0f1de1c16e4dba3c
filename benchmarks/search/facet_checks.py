"""Counts, totals and filters against a brute force over the documents: which documents have the words, the engine itself says."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from academy.search.gateway import SearchEngine, SearchQuery
from academy.search.index_spec import FACETS
from benchmarks.search.asking import questions
from benchmarks.search.catalogue import MadeUp

COUNTED: Final = tuple(facet.name for facet in FACETS if not facet.many)
_FILTERS_PER_TEXT: Final = 8
Traits = Mapping[str, tuple[str, ...]]
Filters = tuple[tuple[str, tuple[str, ...]], ...]


def errors(engine: SearchEngine, modules: Sequence[MadeUp], *, checks: int) -> dict[str, float]:
    """Compare (text, filters, facet) with a brute force over `modules`, which are all that the index holds, `checks` times or more."""
    chance = random.Random(11)
    traits = {f"module:{module.number}": module.traits for module in modules}
    texts = dict.fromkeys(each.query.text for each in questions(modules, count=max(20, checks // 20), seed=5))
    wrong = done = 0
    for text in texts:
        listed = engine.search(SearchQuery(text, per_page=len(modules)))
        if listed.looser or len(listed.hits) < listed.total:
            continue  # with a filter more, other words would do; or a server lists no more than its limit
        matching = [traits[hit.id] for hit in listed.hits]
        for _choice in range(_FILTERS_PER_TEXT):
            filters = _filters(chance, matching)
            total = sum(_passes(each, filters) for each in matching)
            if not total and matching:
                continue
            found = engine.search(SearchQuery(text, filters, facets=COUNTED, per_page=1))
            wrong += found.total != total
            for name in COUNTED:
                others = tuple(each for each in filters if each[0] != name)
                counts = Counter(value for each in matching if _passes(each, others) for value in each[name])
                wrong += {count.value: count.count for count in found.facets[name]} != counts
            done += 1 + len(COUNTED)
        if done >= checks:
            break
    return {"facet checks": done, "facet errors": wrong}


def _filters(chance: random.Random, matching: Sequence[Traits]) -> Filters:
    """Return up to three choices that one of the documents meets."""
    if not matching:
        return ()
    traits = chance.choice(matching)
    names = chance.sample([name for name in COUNTED if traits[name]], chance.randint(0, 3))
    return tuple((name, _values(chance, traits[name])) for name in names)


def _values(chance: random.Random, values: tuple[str, ...]) -> tuple[str, ...]:
    own = chance.choice(values)
    return (own,) if chance.random() < 0.7 else (own, chance.choice(("nl", "en", "5", "online", "ict", "free", "evening")))  # noqa: PLR2004


def _passes(traits: Traits, filters: Filters) -> bool:
    return all(set(values).intersection(traits[name]) for name, values in filters)
