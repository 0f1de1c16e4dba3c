"""How fast an index is made: the catalogue, its preparation and the engine measured apart."""

import time
from collections.abc import Iterator
from itertools import islice

from academy.search.gateway import SearchDocument, SearchEngine
from benchmarks.search.catalogue import documents, made_up, prepared

IN_MEMORY = 100_000  # documents; of a larger catalogue the engine is measured together with making them
_SAMPLE = 2_000


def build(engine: SearchEngine, size: int) -> dict[str, float]:
    """Fill the index; documents per second, by the clock on the wall and by processor time."""
    figures = _preparing()
    waiting: Iterator[SearchDocument] = documents(size)
    if size <= IN_MEMORY:
        waiting = iter(list(waiting))
    wall, processor = time.perf_counter(), time.process_time()
    engine.rebuild(waiting)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    made = "rebuild" if size <= IN_MEMORY else "rebuild, making and preparing documents"
    return figures | {f"{made}: documents/s": size / wall, f"{made}: documents per CPU s": size / processor}


def _preparing() -> dict[str, float]:
    """Return how many modules are made up, and how many are prepared, in a second of processor time."""
    rows = made_up(2 * _SAMPLE)
    for module in islice(rows, _SAMPLE):
        prepared(module)  # words met before cost less, as in every large catalogue
    started = time.process_time()
    taken = list(rows)
    made = time.process_time() - started
    started = time.process_time()
    for module in taken:
        prepared(module)
    spent = time.process_time() - started
    return {"making up: documents per CPU s": _SAMPLE / made, "preparing: documents per CPU s": _SAMPLE / spent}
