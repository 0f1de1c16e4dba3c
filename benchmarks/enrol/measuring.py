"""Enrolling over HTTP: real server processes on each database, asked from another process by people who are signed in.

One class that everybody wants, a thousand classes, the whole way from the page of a module to a seat that is sure, and a sell-out. A bare Flask
application that only takes a seat is asked in the same way, as a measure of the machine.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final

from academy.kernel.db import database
from benchmarks.enrol import bare
from benchmarks.enrol.asking import SEE_OTHER
from benchmarks.enrol.ground import SECRET, Ground, laid
from benchmarks.outcome import Outcome
from benchmarks.search.apart import HOME
from benchmarks.search.asking import percentiles
from benchmarks.serving import Server, serving
from benchmarks.sign_in import own_database

_CLIENTS, _WALKERS = 50, 8
_HOLDS, _QUICK_HOLDS = 3_000, 400
_JOURNEYS, _QUICK_JOURNEYS = 600, 80
_CLASSES, _QUICK_CLASSES = 1_000, 100
_SEATS, _ATTEMPTS = 200, 400
_PROCESSES, _THREADS = 2, 8
_ENOUGH: Final = 1_000_000  # seats
_BUSY, _FAULT = 503, 500

# On each database.
MOST: Final[dict[str, float]] = {
    "hold: SQL": 15, "check: SQL": 15, "confirm: SQL": 15, "one class: CPU ms": 5, "classes: CPU ms": 5, "one class: ms p95": 250,
    "one class: answers 500": 0, "classes: answers 500": 0, "journeys: answers 500": 0, "sell-out: answers 500": 0, "sell-out: seats sold": _SEATS,
}
LEAST: Final[dict[str, float]] = {"one class: per second": 300, "journeys: per second": 60, "sell-out: seats sold": _SEATS}


@dataclass(frozen=True)
class Size:
    """How much is asked."""

    holds: int
    journeys: int
    classes: int


def measure(*, quick: bool, postgres: str = "") -> Outcome:
    """Measure on SQLite, and on a database of its own on the server at `postgres` (a URL) when that is given."""
    size = Size(_QUICK_HOLDS, _QUICK_JOURNEYS, _QUICK_CLASSES) if quick else Size(_HOLDS, _JOURNEYS, _CLASSES)
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        figures = _figures("SQLite", Path(folder) / "sqlite", f"sqlite:///{folder}/sqlite/academy.db", size)
        with own_database(postgres) if postgres else nullcontext("") as url:
            if url:
                figures |= _figures("PostgreSQL", Path(folder) / "postgresql", url, size)
    places = ("SQLite", "PostgreSQL") if postgres else ("SQLite",)
    goals, floors = ({f"{where}, {name}": bound for where in places for name, bound in bounds.items()} for bounds in (MOST, LEAST))
    return Outcome("enrol", figures, goals, floors)


def _figures(where: str, folder: Path, url: str, size: Size) -> dict[str, float | None]:
    folder.mkdir()
    with laid(folder, url) as ground:
        bare.prepare(database(), _ENOUGH)
        found = _figures_on(ground, folder, url, size)
    return {f"{where}, {name}": figure for name, figure in found.items()}


def _figures_on(ground: Ground, folder: Path, url: str, size: Size) -> dict[str, float | None]:
    made = ground.people(max(size.holds, _ATTEMPTS))
    people = [list(astuple(person)) for person in made]
    ((_of_warm, warm),), ((_of_hot, hot),) = ground.classes(1, name="warm"), ground.classes(1, name="hot")
    ((slug, walked),), ((_of_last, last),) = ground.classes(1, name="walked"), ground.classes(1, seats=_SEATS, name="last")
    many = [code for _slug, code in ground.classes(size.classes, name="many")]
    found: dict[str, float | None] = {f"{step}: SQL": count for step, count in ground.statements(made[-2:], slug, walked).items()}
    holders, walkers = people[: size.holds], people[: size.journeys]
    with _academy(folder, url) as server, bare_server(folder, url) as plain:
        _ask(server, "hold", [[person, warm] for person in people[:100]], _CLIENTS)  # what only first visitors pay for
        _ask(server, "journey", [[person, slug, warm] for person in people[100:120]], _WALKERS)
        _ask(plain, "bare", [[number] for number in range(100)], _CLIENTS)
        # In turns, so that what else the machine does hits both alike.
        one = _ask(server, "hold", [[person, hot] for person in holders], _CLIENTS)
        plainly = _ask_bare(plain, size)
        spread = _ask(server, "hold", [[person, many[number % len(many)]] for number, person in enumerate(holders)], _CLIENTS)
        plainly += _ask_bare(plain, size)
        found |= _asked("one class", one) | _asked("classes", spread)
        found |= _asked("journeys", _ask(server, "journey", [[person, slug, walked] for person in walkers], _WALKERS), last="confirm")
        found |= _asked("sell-out", _ask(server, "hold", [[person, last] for person in people[:_ATTEMPTS]], _CLIENTS))
    found |= _asked("bare", plainly) | {"sell-out: seats sold": ground.taken(last)}
    for what in ("one class", "classes", "journeys"):
        mine, theirs = found[f"{what}: CPU ms"], found["bare: CPU ms"]
        found[f"{what}: CPU times bare"] = round(mine / theirs, 2) if mine and theirs else None
    return found


@dataclass(frozen=True)
class _Asked:
    """What came of it: seconds, processor seconds of the server, and per request its step, status and milliseconds."""

    seconds: float
    cpu_seconds: float
    requests: list[tuple[str, int, float]]

    def __add__(self, other: "_Asked") -> "_Asked":
        return _Asked(self.seconds + other.seconds, self.cpu_seconds + other.cpu_seconds, self.requests + other.requests)


def _asked(name: str, asked: _Asked, *, last: str = "hold") -> dict[str, float | None]:
    """Return the figures of what was asked for; a visit counts when its last step was done."""
    statuses = Counter(status for _step, status, _ms in asked.requests)
    done = sum(1 for step, status, _ms in asked.requests if status == SEE_OTHER and step in {last, "bare"})
    if not done:
        raise RuntimeError(f"{name}: nothing was done, only {dict(statuses)}")
    found: dict[str, float | None] = {
        f"{name}: per second": round(done / asked.seconds, 1), f"{name}: CPU ms": round(asked.cpu_seconds * 1000 / done, 2),
        f"{name}: answers 503": statuses[_BUSY], f"{name}: answers 500": sum(count for status, count in statuses.items() if status == _FAULT),
    }
    return found | {f"{name}: ms {part}": round(ms, 1) for part, ms in percentiles([ms for _step, _status, ms in asked.requests]).items()}


def _ask(server: Server, kind: str, visits: list[list[Any]], clients: int) -> _Asked:
    """Have another process make the visits."""
    before = server.cpu_seconds()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.enrol.asking"], check=True, stdout=subprocess.PIPE, text=True, cwd=HOME,
        input=json.dumps({"port": server.port, "kind": kind, "clients": clients, "asked": visits}),
    )
    found = json.loads(done.stdout)
    return _Asked(found["seconds"], server.cpu_seconds() - before, [(step, status, ms) for step, status, ms in found["requests"]])


def _ask_bare(server: Server, size: Size) -> _Asked:
    return _ask(server, "bare", [[number] for number in range(size.holds // 2)], _CLIENTS)


@contextmanager
def _academy(folder: Path, url: str) -> Iterator[Server]:
    """Serve as in production; without a worker, which has its own processor there."""
    command = [str(Path(sys.executable).with_name("academy")), "serve", "--workers", str(_PROCESSES)]
    with serving(command, folder, "/health/live", DATABASE_URL=url, SECRET_KEY=SECRET) as server:
        yield server


@contextmanager
def bare_server(folder: Path, url: str) -> Iterator[Server]:
    command = [
        str(Path(sys.executable).with_name("granian")), "benchmarks.enrol.bare:bare_app", "--factory", "--interface", "wsgi", "--workers", str(_PROCESSES),
        "--blocking-threads", str(_THREADS), "--no-ws", "--log-level", "error",
    ]
    with serving(command, folder, "/hello", DATABASE_URL=url) as server:
        yield server
