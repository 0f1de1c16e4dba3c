"""Paying over HTTP: going to the bank, and notices that come in, to real server processes on each database, asked from another process.

The bank is the demo bank, whose own transaction is counted with a start; notices are signed as Stripe signs them, and read with its SDK.
*Bare* is Flask and SQLAlchemy with a guarded UPDATE and two rows (`benchmarks/enrol/bare.py`), as a measure of the machine.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from academy.kernel.db import database
from benchmarks.enrol import bare
from benchmarks.enrol.ground import SECRET, laid
from benchmarks.enrol.measuring import bare_server
from benchmarks.outcome import Outcome
from benchmarks.payments import till
from benchmarks.search.apart import HOME
from benchmarks.search.asking import percentiles
from benchmarks.serving import Server, serving
from benchmarks.sign_in import own_database

_CLIENTS: Final = 16
_COUNT, _QUICK = 2_000, 300
_WARM: Final = 50
_PROCESSES: Final = 2
_FAULT: Final = 500

# On each database.
MOST: Final[dict[str, float]] = {
    "start: SQL": 12, "notice: SQL": 8, "start: CPU ms": 6, "start: answers 500": 0, "notices: answers 500": 0, "notices again: answers 500": 0,
}
LEAST: Final[dict[str, float]] = {"PostgreSQL, notices: per second": 200}


def measure(*, quick: bool, postgres: str = "") -> Outcome:
    """Measure on SQLite, and on a database of its own on the server at `postgres` (a URL) when that is given."""
    count = _QUICK if quick else _COUNT
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        figures = _figures("SQLite", Path(folder) / "sqlite", f"sqlite:///{folder}/sqlite/academy.db", count)
        with own_database(postgres) if postgres else nullcontext("") as url:
            if url:
                figures |= _figures("PostgreSQL", Path(folder) / "postgresql", url, count)
    places = ("SQLite", "PostgreSQL") if postgres else ("SQLite",)
    return Outcome(
        "payments", figures, {f"{where}, {name}": bound for where in places for name, bound in MOST.items()},
        {name: bound for name, bound in LEAST.items() if name.partition(",")[0] in places},
    )


def _figures(where: str, folder: Path, url: str, count: int) -> dict[str, float | None]:
    folder.mkdir()
    with laid(folder, url) as ground:
        number = count + _WARM
        people = ground.people(number)
        paid, told = till.payments(ground, number), till.payments(ground, number)
        (again,) = till.payments(ground, 1)
        bare.prepare(database(), 10 * number)
        found = till.counted(ground, people[0], again)
        with _academy(folder, url) as server:
            starts = [[person.cookie, person.token, each.code] for person, each in zip(people, paid, strict=True)]
            _ask(server, "start", starts[:_WARM])
            found |= _asked("start", _ask(server, "start", starts[_WARM:]))
            with bare_server(folder, url) as plain:
                _ask(plain, "bare", [[each] for each in range(_WARM)])
                found |= _asked("bare", _ask(plain, "bare", [[each] for each in range(count)]))
        with _academy(folder, url, STRIPE_KEY="sk_test_none", STRIPE_WEBHOOK_SECRET=till.NOTICE_SECRET) as server:
            notices = [list(till.notice_of(each.id)) for each in told[1:]]
            _ask(server, "notice", notices[: _WARM - 1])
            found |= _asked("notices", _ask(server, "notice", notices[_WARM - 1 :]))
            found |= _asked("notices again", _ask(server, "notice", notices[_WARM - 1 :]))
        if till.settled() != number:
            raise RuntimeError(f"{till.settled()} payments are settled instead of {number}")
    for what in ("start", "notices", "notices again"):
        mine, theirs = found[f"{what}: CPU ms"], found["bare: CPU ms"]
        found[f"{what}: CPU times bare"] = round(mine / theirs, 2) if mine and theirs else None
    return {f"{where}, {name}": figure for name, figure in found.items()}


@dataclass(frozen=True)
class _Asked:
    """What came of it: seconds, processor seconds of the server, and per request its status and milliseconds."""

    seconds: float
    cpu_seconds: float
    requests: list[tuple[int, float]]


def _asked(name: str, asked: _Asked) -> dict[str, float | None]:
    statuses = Counter(status for status, _ms in asked.requests)
    done = sum(number for status, number in statuses.items() if status < 400)  # noqa: PLR2004 - not refused
    if not done:
        raise RuntimeError(f"{name}: nothing was done, only {dict(statuses)}")
    found: dict[str, float | None] = {
        f"{name}: per second": round(done / asked.seconds, 1), f"{name}: CPU ms": round(asked.cpu_seconds * 1000 / done, 2),
        f"{name}: answers 500": sum(number for status, number in statuses.items() if status == _FAULT),
        f"{name}: not done": len(asked.requests) - done,
    }
    return found | {f"{name}: ms {part}": round(ms, 1) for part, ms in percentiles([ms for _status, ms in asked.requests]).items()}


def _ask(server: Server, kind: str, visits: list[list[Any]]) -> _Asked:
    """Have another process make the visits."""
    before = server.cpu_seconds()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.payments.asking"], check=True, stdout=subprocess.PIPE, text=True, cwd=HOME,
        input=json.dumps({"port": server.port, "kind": kind, "clients": _CLIENTS, "asked": visits}),
    )
    found = json.loads(done.stdout)
    return _Asked(found["seconds"], server.cpu_seconds() - before, [(status, ms) for _step, status, ms in found["requests"]])


@contextmanager
def _academy(folder: Path, url: str, **more: str) -> Iterator[Server]:
    """Serve as in production; without a worker, which has its own processor there."""
    command = [str(Path(sys.executable).with_name("academy")), "serve", "--workers", str(_PROCESSES)]
    with serving(command, folder, "/health/live", DATABASE_URL=url, SECRET_KEY=SECRET, **more) as server:
        yield server
