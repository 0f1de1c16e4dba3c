"""Web processes to measure: a real server on a free port of this machine, with settings of its own, ended afterwards."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.search.apart import HOME

_PATIENCE: Final = 60  # seconds
_OK: Final = 200


@dataclass(frozen=True)
class Server:
    """Web processes that answer on `port`."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Return the processor time of all of them so far; 0 where the system does not tell."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):  # ended meanwhile
                continue
            if self.process.pid in {int(fields[1]), int(stat.parent.name)}:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(command: Sequence[str], folder: Path, ready: str, **more: str) -> Iterator[Server]:
    """Run `command` until the block ends; it is there when `ready` is answered. `more` are settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    settings = {
        **kept, "HOME": str(folder), "DATA_DIR": str(folder), "PORT": str(port), "GRANIAN_PORT": str(port), "LOG_LEVEL": "warning",
        "PYTHONPATH": str(HOME), **more,
    }
    with (folder / f"log-{port}").open("wb") as log:
        process = subprocess.Popen(command, env=settings, cwd=folder, stdout=log, stderr=log)  # noqa: S603 - our own command
        try:
            _await(port, ready, process, folder / f"log-{port}")
            yield Server(port, process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(15)


def _await(port: int, ready: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            fetch(http.client.HTTPConnection("127.0.0.1", port, timeout=5), ready)
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not start: {log.read_text()}")


def fetch(connection: http.client.HTTPConnection, path: str) -> None:
    """Ask for a page and read it. Raises RuntimeError for anything but 200."""
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != _OK:
        raise RuntimeError(f"{path}: {answer.status}")
