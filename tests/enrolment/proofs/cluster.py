"""A PostgreSQL of the test's own, to crash and start again; what was acknowledged must survive it, so it commits in earnest."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import URL

from tests import postgres

_OPTIONS = (
    "max_connections=60",
    "listen_addresses=",
    "autovacuum=off",
    "log_min_messages=fatal",
    "timezone=UTC",
    "synchronous_commit=on",
)


class Cluster:
    """One server on one folder; `crash` ends it as `pg_ctl -m immediate` does, `start` lets it recover."""

    def __init__(self, programs: Path, folder: Path) -> None:
        user = postgres._unprivileged()
        self._quiet: dict[str, Any] = {
            "cwd": folder,
            "stdin": subprocess.DEVNULL,
            "env": {"LC_ALL": "C.UTF-8", "HOME": str(folder), "TZ": "UTC"},
        }
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
            programs = postgres._reachable(programs, folder, user)
            self._quiet |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._programs, self._folder = programs, folder
        self.url = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
        subprocess.run(
            [
                programs / "initdb",
                "-D",
                folder / "data",
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            **self._quiet,
        )
        self.start()

    def start(self) -> None:
        options = [word for value in (*_OPTIONS, f"unix_socket_directories={self._folder}") for word in ("-c", value)]
        log = self._folder / "log"
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._folder / "data", *options],
                stdout=out,
                stderr=out,
                **self._quiet,
            )
        postgres._await(self.url, self._process, log)

    def crash(self) -> None:
        """End it at once, without a checkpoint: SIGQUIT is what `-m immediate` sends."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(20)


@contextmanager
def cluster() -> Iterator[Cluster]:
    programs = postgres.binaries()
    if programs is None:
        postgres.missing_part("no PostgreSQL programs to start a server of one's own with")
    with TemporaryDirectory(prefix="adpg-", ignore_cleanup_errors=True) as folder:
        running = Cluster(programs, Path(folder))
        yield running
        running.crash()
