"""One real server for all journeys: started as a newcomer would, with the demo catalogue, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ACADEMY = Path(sys.executable).with_name("academy")


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their mark
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Make each journey once in the quick tests, in Dutch with JavaScript; in English and without JavaScript it is a long proof."""
    for test in items:
        values = getattr(test, "callspec", None)
        if test.get_closest_marker("journey") and values and ("English" in values.id or "without" in values.id or values.params.get("scripts") is False):
            test.add_marker(pytest.mark.slow)


@dataclass(frozen=True)
class Server:
    url: str
    folder: Path
    process: subprocess.Popen[bytes]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    """Return the environment of a local installation in `folder`; nothing of this machine's settings leaks in."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "HOME": str(folder), "DATA_DIR": str(folder / "var"), "PORT": str(port), "LOG_LEVEL": "warning", **more}


def wait_until_ready(url: str, process: subprocess.Popen[bytes], *, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended before it was ready"
        try:
            with urlopen(f"{url}/health/ready", timeout=2) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail("the server was not ready in time")


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Server]:
    """Run an academy in an empty folder and end it as Ctrl-C does; it must have met no fault."""
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([ACADEMY, "run"], env=environment(folder, port, **settings), cwd=folder, stderr=log, stdout=log)
        url = f"http://127.0.0.1:{port}"
        try:
            wait_until_ready(url, process)
            yield Server(url, folder, process)
        finally:
            process.send_signal(signal.SIGINT)  # Ctrl-C
            assert process.wait(15) == 0, (folder / "log").read_text()
    log_text = (folder / "log").read_text()
    assert "Traceback" not in log_text, log_text
    assert "fault" not in log_text, log_text


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("journeys")) as found:
        yield found
