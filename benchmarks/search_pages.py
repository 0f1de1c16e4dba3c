"""The whole page of results over HTTP: real server processes on a made-up catalogue, asked at a fixed rate from a process of its own.

Requests come at their moment whether earlier ones are answered or not, and the time of each counts from that moment, so that a server that
falls behind can not hide it. A bare Flask page of thirty cards is asked in the same way by turns, as a measure of the machine.
"""

import http.client
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from academy.kernel import migrations
from academy.kernel.db import Database
from academy.search.gateway import SearchQuery
from benchmarks.outcome import Outcome
from benchmarks.search.apart import HOME, apart
from benchmarks.search.asking import percentiles, questions
from benchmarks.search.catalogue import made_up
from benchmarks.serving import Server, fetch, serving

MODULES, QUICK_MODULES = 100_000, 5_000
PER_SECOND: Final = 100
MOST_MS: Final = 40
_SECONDS, _QUICK_SECONDS = 20, 5
_ROUNDS, _QUICK_ROUNDS = 3, 1
_PROCESSES, _THREADS, _ASKERS = 2, 8, 64
_PATIENCE: Final = 60  # seconds
_KNOWN: Final = 2_000  # modules that questions are made of


@dataclass
class Asked:
    """Milliseconds of each request from the moment at which it was due, and the processor time that all of them took."""

    spent: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0

    def figures(self, name: str) -> dict[str, float | None]:
        found: dict[str, float | None] = {f"{name}, ms: {part}": round(value, 1) for part, value in percentiles(self.spent).items()}
        return found | {f"{name}: CPU ms": round(self.cpu_seconds * 1000 / len(self.spent), 2)}


def measure(*, quick: bool) -> Outcome:
    """Ask for pages of results, all different, and for bare pages, in turns."""
    modules, seconds, rounds = (QUICK_MODULES, _QUICK_SECONDS, _QUICK_ROUNDS) if quick else (MODULES, _SECONDS, _ROUNDS)
    each = PER_SECOND * seconds
    addresses = [_address(asked.query) for asked in questions(list(made_up(min(modules, _KNOWN))), count=(rounds + 1) * each, seed=1)]
    results, bare = Asked(), Asked()
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        _prepare(Path(folder), modules)
        with _academy(Path(folder)) as academy, _bare(Path(folder)) as plain:
            _ask(academy, addresses[rounds * each :])  # what only first visitors pay for
            for number in range(rounds):
                for server, asked, paths in ((academy, results, addresses[number * each :][:each]), (plain, bare, ["/cards"] * each)):
                    before = server.cpu_seconds()
                    asked.spent += _ask(server, paths)
                    asked.cpu_seconds += server.cpu_seconds() - before
    figures: dict[str, float | None] = {"modules": modules, "requests/s": PER_SECOND}
    figures |= results.figures("results") | bare.figures("bare")
    figures["results: CPU times bare"] = round(results.cpu_seconds / bare.cpu_seconds, 2) if bare.cpu_seconds else None
    return Outcome("search-pages", figures, {"results, ms: p95": MOST_MS})


def _prepare(folder: Path, modules: int) -> None:
    """Make an empty database and the index of a made-up catalogue: cards come from the index alone."""
    database = Database(f"sqlite:///{folder / 'academy.db'}")
    migrations.upgrade(database)
    database.close()
    apart("build", engine="embedded", folder=str(folder / "search"), size=modules)


def _address(query: SearchQuery) -> str:
    """Return the path of the page that asks `query`."""
    pairs = [("q", query.text)] if query.text else []
    pairs += [(name, value) for name, values in query.filters for value in values]
    for name, bounds in query.ranges:
        unit = 100 if name == "price" else 10  # the index holds cents and tenths of a credit
        pairs += [(f"{name}_{end}", f"{value / unit:g}") for end, value in (("from", bounds.least), ("to", bounds.most)) if value]
    pairs += [("sort", query.sort)] if query.sort != "best" else []
    pairs += [("page", str(query.page))] if query.page > 1 else []
    return f"/nl/search?{urlencode(pairs)}"


@contextmanager
def _academy(folder: Path) -> Iterator[Server]:
    """Serve as in production; without a worker, which would find nothing of the index in the database."""
    command = [str(Path(sys.executable).with_name("academy")), "serve", "--workers", str(_PROCESSES)]
    with serving(command, folder, "/health/live") as server:
        yield server


@contextmanager
def _bare(folder: Path) -> Iterator[Server]:
    command = [
        str(Path(sys.executable).with_name("granian")), "benchmarks.bare:bare_app", "--factory", "--interface", "wsgi", "--workers", str(_PROCESSES),
        "--blocking-threads", str(_THREADS), "--no-ws", "--log-level", "error",
    ]
    with serving(command, folder, "/hello") as server:
        yield server


# The process that asks


def _ask(server: Server, paths: Sequence[str]) -> list[float]:
    """Have another process ask for `paths`, PER_SECOND of them every second; returns milliseconds."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", __name__, str(server.port)], input=json.dumps(list(paths)), check=True, stdout=subprocess.PIPE, text=True, cwd=HOME,
    )
    found: list[float] = json.loads(done.stdout)
    return found


def ask(port: int, paths: Sequence[str]) -> list[float]:
    """Ask for each path when its moment has come, whoever still waits; the work of the process of its own."""
    due: queue.SimpleQueue[tuple[float, str] | None] = queue.SimpleQueue()
    spent: list[float] = []
    askers = [threading.Thread(target=_answer_queue, args=(port, due, spent)) for _ in range(_ASKERS)]
    for asker in askers:
        asker.start()
    started = time.perf_counter() + 0.1
    for number, path in enumerate(paths):
        moment = started + number / PER_SECOND
        time.sleep(max(0.0, moment - time.perf_counter()))
        due.put((moment, path))
    for _asker in askers:
        due.put(None)
    for asker in askers:
        asker.join()
    if len(spent) != len(paths):
        raise RuntimeError(f"{len(paths) - len(spent)} of {len(paths)} requests failed")
    return spent


def _answer_queue(port: int, due: "queue.SimpleQueue[tuple[float, str] | None]", spent: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    while (asked := due.get()) is not None:
        moment, path = asked
        fetch(connection, path)
        spent.append((time.perf_counter() - moment) * 1000)
    connection.close()


if __name__ == "__main__":
    json.dump(ask(int(sys.argv[1]), json.load(sys.stdin)), sys.stdout)
