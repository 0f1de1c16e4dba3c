"""The tasks that `benchmarks.search` starts in processes of their own; what they find goes to standard output as JSON."""

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from academy.search import evaluation, service
from academy.search.gateway import SearchQuery
from benchmarks.search import asking, building, facet_checks, favours, freshness, known_items
from benchmarks.search.catalogue import documents, made_up
from benchmarks.search.engines import memory, opened, size_of

_KNOWN: Final = 2_000  # modules that questions are made of
_LOOKED_FOR: Final = 5_000  # modules whose titles are asked for
_QUESTIONS: Final = 200


def build(*, engine: str, folder: str, size: int) -> dict[str, float]:
    with opened(engine, folder) as found:
        figures = building.build(found, size)
    return figures | {"index: bytes per document": size_of(folder) / size} if engine == "embedded" else figures


def ask(*, engine: str, folder: str, size: int, count: int, passes: int) -> dict[str, float]:
    with opened(engine, folder) as found:
        return asking.latency(found, list(made_up(min(size, _KNOWN))), count=count, passes=passes, cpu=engine == "embedded")


def remember(*, engine: str, folder: str) -> dict[str, float]:
    """Answer two hundred questions and tell how much memory the process has: the engine's part is what it adds to an empty one."""
    with opened(engine, folder) as found:
        texts = asking.keystrokes(list(made_up(_QUESTIONS)), count=_QUESTIONS, seed=1)
        before = memory()
        for text in texts:
            found.search(SearchQuery(text, facets=asking.FACETS))
        return memory() | {"before the first question, RSS": before["RSS"]}


def publish(*, engine: str, folder: str) -> None:
    with opened(engine, folder) as found:
        freshness.publish(found)


def see(*, engine: str, folder: str, publications: int) -> dict[str, float]:
    with opened(engine, folder) as found:
        return freshness.visible(found, name=engine, folder=folder, publications=publications)


def find(*, engine: str, folder: str, size: int, queries: int) -> dict[str, float]:
    with opened(engine, folder) as found:
        return known_items.quality(found, list(made_up(min(size, _LOOKED_FOR))), queries=queries)


def count(*, engine: str, folder: str, size: int, checks: int) -> dict[str, float]:
    with opened(engine, folder) as found:
        return facet_checks.errors(found, list(made_up(size)), checks=checks)


def favour(*, engine: str, folder: str, size: int, words: int) -> dict[str, float]:
    with opened(engine, folder) as found:
        return favours.favours(found, list(documents(size)), words=words)


def judge(*, engine: str, folder: str, corpus: str, queries: str) -> dict[str, float]:
    """Answer the judged queries of a file over the corpus of another."""
    with opened(engine, folder) as found:
        found.rebuild(evaluation.read_corpus(Path(corpus)))
        return _passed(evaluation.evaluate(found, evaluation.read_queries(Path(queries))))


def judge_own(*, engine: str, folder: str) -> dict[str, float]:
    """Answer our own judged queries over the demo catalogue."""
    demo_house = importlib.import_module("benchmarks.pages").demo_house  # the whole application: only here
    with demo_house(), opened(engine, folder) as found:
        service.set_engine(found)
        service.rebuild()
        return _passed(evaluation.evaluate(found, evaluation.read_queries(evaluation.OWN_QUERIES), name=evaluation.by_address))


def _passed(found: evaluation.Evaluation) -> dict[str, float]:
    return {"queries": len(found.judged), "passed": found.passed, "mean": found.mean}


TASKS: Final[dict[str, Callable[..., Any]]] = {task.__name__: task for task in (build, ask, remember, publish, see, find, count, favour, judge, judge_own)}

if __name__ == "__main__":
    answer = TASKS[sys.argv[1]](**json.loads(sys.argv[2]))
    if answer is not None:
        json.dump(answer, sys.stdout)
