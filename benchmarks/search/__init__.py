"""Search on made-up catalogues: how fast, how fresh, how large, how good. Each measurement of a size in a process of its own."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import click

from benchmarks.outcome import Outcome
from benchmarks.search.apart import HOME, apart
from benchmarks.search.engines import clear

GIVEN: Final = HOME.parent / "shared" / "data" / "search"  # judged queries of others, where they are
SIZES: Final = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
MOST_MS: Final = {"10k": 6, "100k": 6, "1M": 25}
_TYPE_AHEAD_MS, _REBUILD, _VISIBLE_MS, _MEMORY_MB = 3, 15_000, 1_000, 300
_LEAST_FOUND, _LEAST_RANKED, _LEAST_PASSED, _LEAST_OWN = 0.97, 0.90, 19, 56
_MOST_UNFAIR: Final = 0.05
_STEPS: Final = 7  # of a size, at most
_JUDGED: Final = "judged"


@dataclass
class _Found:
    """Figures as they come in, with what they may be at most or must be at least."""

    figures: dict[str, float | None] = field(default_factory=dict)
    goals: dict[str, float] = field(default_factory=dict)
    floors: dict[str, float] = field(default_factory=dict)

    def note(self, what: str, figures: Mapping[str, float], *, most: Mapping[str, float] = {}, least: Mapping[str, float] = {}) -> None:
        """Take `figures` under names that begin with `what`."""
        self.figures |= {f"{what}{name}": float(f"{figure:.4g}") for name, figure in figures.items()}
        self.goals |= {f"{what}{name}": bound for name, bound in most.items() if name in figures}
        self.floors |= {f"{what}{name}": bound for name, bound in least.items() if name in figures}


def measure(*, quick: bool, large: bool = False, engine: str = "embedded") -> Outcome:
    """Measure catalogues of 10k and 100k modules, with `large` also of 1M; only of 10k, and less of it, for `quick`."""
    names = ("10k",) if quick else tuple(SIZES) if large else ("10k", "100k")
    found = _Found()
    with click.progressbar(length=(len(names) + 1) * _STEPS, label="Search", file=sys.stderr) as bar:
        for name in (*names, _JUDGED):
            with tempfile.TemporaryDirectory(prefix=f"academy-bench-{name}-") as folder:
                asked = {"engine": engine, "folder": folder}
                steps = _judging(found, asked, quick=quick) if name == _JUDGED else _steps(found, name, asked, quick=quick)
                try:
                    for step in steps:
                        step()
                        bar.update(1)
                finally:
                    clear(engine, folder)
        bar.update(bar.length or 0)
    return Outcome("search", found.figures, found.goals, found.floors)


def _steps(found: _Found, name: str, asked: dict[str, Any], *, quick: bool) -> Iterator[Callable[[], None]]:
    """Yield what is to be measured of one size; the last adds modules to the index."""
    size, embedded = SIZES[name], asked["engine"] == "embedded"
    yield lambda: found.note(f"{name}: ", apart("build", **asked, size=size), least={"rebuild: documents/s": _REBUILD})
    yield lambda: found.note(
        f"{name}, {'CPU ms' if embedded else 'ms'}: ",
        apart("ask", **asked, size=size, count=100 if quick else 400, passes=1 if quick else 3),
        most={"query: p95": MOST_MS[name], "type-ahead: p95": _TYPE_AHEAD_MS},
    )
    if embedded:
        yield lambda: found.note(f"{name}, MB: ", apart("remember", **asked), most={"PSS": _MEMORY_MB})
    yield lambda: found.note(
        f"{name}: ", apart("find", **asked, size=size, queries=40 if quick else 150),
        least={"typos: success@10": _LEAST_FOUND, "inflected: MRR@10": _LEAST_RANKED},
    )
    if name == "10k":
        yield lambda: found.note(f"{name}: ", apart("count", **asked, size=size, checks=200 if quick else 10_000), most={"facet errors": 0})
        favours = {"size": 1_000, "words": 10} if quick else {"size": size, "words": 60}
        yield lambda: found.note(f"{name}: ", apart("favour", **asked, **favours), most={"largest gap of a provider": _MOST_UNFAIR})
    yield lambda: found.note(
        f"{name}, ms: ", apart("see", **asked, publications=5 if quick else 50), most={"visible in another process: p99": _VISIBLE_MS},
    )


def _judging(found: _Found, asked: dict[str, Any], *, quick: bool) -> Iterator[Callable[[], None]]:
    yield lambda: found.note("own queries: ", apart("judge_own", **asked), least={"passed": _LEAST_OWN})
    if not quick and GIVEN.is_dir():
        corpus, queries = str(GIVEN / "corpus.jsonl.gz"), str(GIVEN / "queries.jsonl")
        yield lambda: found.note(
            "given queries: ", apart("judge", **asked, corpus=corpus, queries=queries), least={"passed": _LEAST_PASSED},
        )
