"""Seconds until a second start answers, and the memory of a first one after 200 pages; real processes, as `make run` starts them."""

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.outcome import Outcome

MOST_MEMORY = 250  # MB, supervisor and web process together
VIEWS = 200
STARTS = 3
_PATIENCE = 60  # seconds
_PAGES = ("/nl/", "/nl/search?q=de", "/en/search", "/nl/search?q=netwerk&page={number}", "/nl/programmes", "/nl/about")


@dataclass(frozen=True)
class Running:
    """A server that answers, and how long that took."""

    url: str
    process: subprocess.Popen[bytes]
    seconds: float


def measure(*, quick: bool) -> Outcome:
    """Measure a first start, then `STARTS` more in the same folder; there is nothing to leave out for `quick`."""
    del quick
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        with _running(Path(folder)) as server:
            first = server.seconds
            _look_around(server.url)
            time.sleep(2)  # the worker finishes the news of the demo catalogue
            pss, rss = _memory(server.process.pid, "Pss"), _memory(server.process.pid, "Rss")
        again = []
        for _start in range(STARTS):
            with _running(Path(folder)) as server:
                again.append(server.seconds)
    figures = {
        "first start with the demo catalogue: seconds": round(first, 2),
        "second start: seconds": round(statistics.median(again), 2),
        "memory of both processes: MB PSS": pss,
        "memory of both processes: MB RSS": rss,
    }
    # PSS counts shared pages once; RSS counts them for each process.
    return Outcome("start", figures, {"memory of both processes: MB PSS": MOST_MEMORY})


@contextmanager
def _running(folder: Path) -> Iterator[Running]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    settings = {**kept, "HOME": str(folder), "DATA_DIR": str(folder / "var"), "PORT": str(port), "LOG_LEVEL": "warning"}
    with (folder / "log").open("wb") as log:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own command
            [Path(sys.executable).with_name("academy"), "run"], env=settings, cwd=folder, stdout=log, stderr=log,
        )
        try:
            _await(url, process, folder / "log")
            yield Running(url, process, time.perf_counter() - started)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(15)


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            with urlopen(f"{url}/health/ready", timeout=2):  # noqa: S310 - our own server
                return
        except (URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError(f"the server did not start: {log.read_text()}")


def _look_around(url: str) -> None:
    with urlopen(f"{url}/nl/search") as answer:  # noqa: S310 - our own server
        modules = re.findall(r'href="(/nl/modules/[^"?#]+)"', answer.read().decode())
    pages = [*_PAGES, *dict.fromkeys(modules)]
    for number in range(VIEWS):
        with urlopen(url + pages[number % len(pages)].format(number=number % 5 + 1)) as answer:  # noqa: S310
            answer.read()


def _memory(supervisor: int, kind: str) -> float | None:
    """Return the MB of `kind` (Pss, Rss) of a process and its children together; None where the system does not tell."""
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    kilobytes = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            if supervisor in {parent, int(process.name)}:
                said = (process / "smaps_rollup").read_text()
                kilobytes += int(re.findall(rf"^{kind}:\s+(\d+)", said, re.MULTILINE)[0])
        except FileNotFoundError:  # ended meanwhile
            continue
    return round(kilobytes / 1024)
