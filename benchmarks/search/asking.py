"""Four hundred questions as people ask them, and what each costs."""

import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from academy.search import reading
from academy.search.folding import words_of
from academy.search.gateway import Range, SearchEngine, SearchQuery
from academy.search.queries import suggested
from academy.search.rules import STOP_WORDS
from benchmarks.search.catalogue import MadeUp
from benchmarks.search.slips import with_typos

PER_PAGE: Final = 30
FACETS: Final = ("sector", "provider", "level", "mode", "part_of_day", "price")
SHARES: Final = {  # of a hundred
    "browse": 8, "browse, filtered": 8, "one word": 14, "prefix": 20, "several words": 18, "typo": 16, "filtered": 10, "range and sort": 5,
    "no match": 1,
}
_SUGGESTED: Final = 6
_TRIES: Final = 5  # to find a question that was not asked yet
_PLACES_TO_GO: Final = 5  # pages that people look at
_ABOUT_TITLES: Final = 0.7
_CHOSEN: Final = (("sector", 2), ("level", 1), ("mode", 1), ("part_of_day", 1), ("price", 2), ("provider", 1))


@dataclass(frozen=True)
class Asked:
    kind: str
    query: SearchQuery


def questions(modules: Sequence[MadeUp], *, count: int, seed: int) -> list[Asked]:
    """Return `count` questions about `modules`, mixed by SHARES; each asks six facets and thirty hits, and few are the same."""
    chance = random.Random(seed)
    asked: dict[SearchQuery, None] = {}
    mixed: list[Asked] = []
    for kind, share in SHARES.items():
        for _question in range(max(1, round(count * share / 100))):
            makers = (_MAKERS[kind](chance.choice(modules), chance) for _again in range(_TRIES))
            made = [replace(query, facets=FACETS, per_page=PER_PAGE, day=chance.randrange(7)) for query in makers]
            query = next((each for each in made if each not in asked), made[0])
            asked[query] = None
            mixed.append(Asked(kind, query))
    chance.shuffle(mixed)
    return mixed


def keystrokes(modules: Sequence[MadeUp], *, count: int, seed: int) -> list[str]:
    """Return what stands in the search box at `count` moments of typing one to three words of a title."""
    chance = random.Random(seed)
    texts: dict[str, None] = {}
    while len(texts) < count:
        text = " ".join(_words(chance.choice(modules))[: chance.randint(1, 3)])
        texts[text[: chance.randint(1, len(text))].strip()] = None
    return list(texts)


def suggestion(engine: SearchEngine, text: str) -> None:
    """Ask for titles as the search box does: everything when no title has the words."""
    query = SearchQuery(text, per_page=_SUGGESTED, only_titles=True)
    found = engine.search(query)
    if not found.hits or found.looser:
        engine.search(replace(query, only_titles=False))


def costs(asked: Iterable[Callable[[], object]], forget: Callable[[], None], clock: Callable[[], float]) -> list[float]:
    """Return the milliseconds of each question by `clock`; `forget` runs before each, outside the measured time."""
    found = []
    for ask in asked:
        forget()
        started = clock()
        ask()
        found.append((clock() - started) * 1000)
    return found


def forgetting(engine: SearchEngine) -> Callable[[], None]:
    """Return what empties whatever the embedded engine remembers of questions, so that nothing is answered from memory."""
    if not hasattr(engine, "_snapshot"):
        return lambda: None

    def forget() -> None:
        reading.read.cache_clear()
        for remembered in _remembering(engine._snapshot):  # noqa: SLF001 - the memory has no other door
            remembered.cache_clear()

    return forget


def _remembering(snapshot: object) -> Iterator[Any]:
    names = vars(snapshot) if hasattr(snapshot, "__dict__") else getattr(snapshot, "__slots__", ())
    return (value for name in names if hasattr(value := getattr(snapshot, name), "cache_clear"))


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99."""
    cut = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": cut[49], "p95": cut[94], "p99": cut[98]}


def latency(engine: SearchEngine, modules: Sequence[MadeUp], *, count: int, passes: int, cpu: bool) -> dict[str, float]:
    """Return figures of `passes` times `count` questions; of each figure that of the best pass, as other work on the machine only adds.

    With `cpu` milliseconds are processor time of the whole process, else time that passed.
    """
    clock = time.process_time if cpu else time.perf_counter
    forget = forgetting(engine)
    costs([partial(engine.search, each.query) for each in questions(modules, count=count, seed=99)], forget, clock)
    best: dict[str, float] = {}
    for number in range(passes):
        asked, texts = questions(modules, count=count, seed=number), keystrokes(modules, count=count, seed=number)
        spent = costs([partial(engine.search, each.query) for each in asked], forget, clock)
        found = _named("query", percentiles(spent))
        found |= _named("type-ahead", percentiles(costs([partial(suggestion, engine, text) for text in texts], forget, clock)))
        forget()  # once: what all skills are is remembered between keystrokes
        suggested(engine, "", "nl")
        whole = percentiles(costs([partial(suggested, engine, text, "nl") for text in texts], lambda: None, clock))
        found["type-ahead with skills and providers: p95"] = whole["p95"]
        by_kind = {kind: [cost for each, cost in zip(asked, spent, strict=True) if each.kind == kind] for kind in SHARES}
        found |= {f"{kind}: p95": percentiles(values)["p95"] for kind, values in by_kind.items() if len(values) > 1}
        best = {name: min(value, best.get(name, value)) for name, value in found.items()}
    return best


def _named(what: str, values: Mapping[str, float]) -> dict[str, float]:
    return {f"{what}: {name}": value for name, value in values.items()}


def _words(module: MadeUp) -> list[str]:
    return [word for word in words_of(module.title) if word not in STOP_WORDS]


def _told(module: MadeUp, chance: random.Random) -> list[str]:
    """Return words that a module has somewhere: most questions are about what stands in titles."""
    if chance.random() < _ABOUT_TITLES:
        return _words(module)
    return [word for word in words_of(module.summary) if word not in STOP_WORDS and len(word) > 3] or _words(module)  # noqa: PLR2004


def _browse(_module: MadeUp, chance: random.Random) -> SearchQuery:
    return SearchQuery(page=chance.randint(1, _PLACES_TO_GO))


def _filters(module: MadeUp, chance: random.Random) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return one to three choices that the module meets."""
    chosen = chance.sample(_CHOSEN, chance.randint(1, 3))
    return tuple((name, module.traits[name][:most]) for name, most in chosen if module.traits[name])


def _some_words(module: MadeUp, chance: random.Random, least: int, most: int) -> str:
    words = _told(module, chance)
    start = chance.randrange(max(1, len(words) - least + 1))
    return " ".join(words[start : start + chance.randint(least, most)])


def _prefix(module: MadeUp, chance: random.Random) -> SearchQuery:
    text = _some_words(module, chance, 1, 3)
    start = text.rfind(" ") + 1
    return SearchQuery(text[: start + chance.randint(1, max(1, len(text) - start - 1))])


def _typo(module: MadeUp, chance: random.Random) -> SearchQuery:
    return SearchQuery(" ".join(with_typos(_words(module)[: chance.randint(1, 3)], chance)))


def _sorted(module: MadeUp, chance: random.Random) -> SearchQuery:
    ranges = (("price", Range(0, chance.randrange(100, 1500) * 100)), ("ec", Range(25, 150)))
    return SearchQuery(_some_words(module, chance, 1, 1), ranges=ranges[: chance.randint(1, 2)], sort=chance.choice(("price", "start", "ec")))


_MAKERS: Final[dict[str, Callable[[MadeUp, random.Random], SearchQuery]]] = {
    "browse": _browse,
    "browse, filtered": lambda module, chance: SearchQuery(filters=_filters(module, chance)),
    "one word": lambda module, chance: SearchQuery(_some_words(module, chance, 1, 1) + " "),
    "prefix": _prefix,
    "several words": lambda module, chance: SearchQuery(_some_words(module, chance, 2, 4)),
    "typo": _typo,
    "filtered": lambda module, chance: SearchQuery(_some_words(module, chance, 1, 2), filters=_filters(module, chance)),
    "range and sort": _sorted,
    "no match": lambda _module, chance: SearchQuery("".join(chance.choices("qxzvwk", k=9)) + " " + "".join(chance.choices("qxzvwk", k=8))),
}
