"""The commands as an administrator meets them: real processes, clear sentences, and servers that start, end and come back."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import click
import pytest
from click.testing import CliRunner

from academy.cli import main
from tests.journeys.conftest import ACADEMY, environment, free_port

SECRET = {"SECRET_KEY": "only-for-tests-" * 3}
PRODUCTION = {"BASE_URL": "https://academie.example", "SMTP_URL": "smtp://127.0.0.1:9", **SECRET}
NOW = "2026-09-01 09:00:00.000000"


def academy(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [ACADEMY, *words], env={**environment(folder, free_port()), **settings}, cwd=folder, capture_output=True, text=True,
        timeout=180, check=False,
    )


def assert_says(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    """Check for one sentence or two on what is wrong and what to do, and exit code 1."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for part in parts:
        assert part in done.stderr


def dump(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "var" / "academy.db")) as connection:
        return list(connection.iterdump())


def change(folder: Path, statement: str, *values: object) -> int:
    with closing(sqlite3.connect(folder / "var" / "academy.db")) as connection, connection:
        return connection.execute(statement, values).rowcount


def count(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "var" / "academy.db")) as connection:
        return int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own tables


@pytest.fixture(scope="module")
def _with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    assert academy(folder, "db", "upgrade").stdout == "Brought up to this release.\n"
    return folder / "var"


@pytest.fixture(scope="module")
def _with_demo(tmp_path_factory: pytest.TempPathFactory, _with_tables: Path) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(_with_tables, folder / "var")
    for words in (("demo", "load"), ("search", "rebuild")):
        assert academy(folder, *words).returncode == 0
    return folder / "var"


@pytest.fixture
def tables(_with_tables: Path, tmp_path: Path) -> Path:
    """Give the folder of an installation with an empty catalogue."""
    shutil.copytree(_with_tables, tmp_path / "var")
    return tmp_path


@pytest.fixture
def demo(_with_demo: Path, tmp_path: Path) -> Path:
    """Give the folder of an installation that was started before, with the demo catalogue."""
    shutil.copytree(_with_demo, tmp_path / "var")
    return tmp_path


# Every command


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in group.commands.items():
        yield from commands(command, (*path, name)) if isinstance(command, click.Group) else [(*path, name)]


@pytest.mark.parametrize("words", list(commands(main)), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, [*words, "--help"], prog_name="academy")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: academy {' '.join(words)}".rstrip())
    assert re.search(r"\n\n  \w[^\n]+", done.stdout), "says what it is for"


@pytest.mark.parametrize("words", ["", "db upgrade", "run"])
def test_a_command_explains_itself_before_anything_is_made(tmp_path: Path, words: str) -> None:
    done = academy(tmp_path, *words.split(), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


# What an installation can get wrong


def test_serving_an_empty_data_directory_says_to_make_the_database_first(tmp_path: Path) -> None:
    assert_says(academy(tmp_path, "serve"), "run `academy db upgrade` first")


@pytest.mark.parametrize("words", ["worker", "outbox status"])
def test_a_command_without_tables_says_to_make_them_first(tmp_path: Path, words: str) -> None:
    assert_says(academy(tmp_path, *words.split()), "run `academy db upgrade` first")


@pytest.mark.parametrize("words", ["run", "serve", "db upgrade"])
def test_a_data_directory_that_can_not_be_made_is_a_sentence(tmp_path: Path, words: str) -> None:
    assert_says(academy(tmp_path, *words.split(), DATA_DIR="/dev/null/x"), "/dev/null/x can not be written", "DATA_DIR")
    # With a given secret the database is the first that needs the directory.
    assert_says(academy(tmp_path, *words.split(), DATA_DIR="/dev/null/x", **SECRET), "DATA_DIR")


@pytest.mark.parametrize(("url", "says"), [
    ("nonsense", "DATABASE_URL is not the address of a database"),
    ("postgresql://academy:verborgen@127.0.0.1:1/academy", "Connection refused"),
])
def test_a_database_that_is_not_there_is_a_sentence(tmp_path: Path, url: str, says: str) -> None:
    done = academy(tmp_path, "serve", DATABASE_URL=url)
    assert_says(done, says, "DATABASE_URL")
    assert "verborgen" not in done.stderr


@pytest.mark.parametrize("words", ["run", "serve", "db upgrade"])
def test_a_database_of_a_newer_release_is_left_alone(tables: Path, words: str) -> None:
    change(tables, "UPDATE alembic_version SET version_num = '9999'")
    before = dump(tables)
    assert_says(academy(tables, *words.split()), "revision 9999", "made by a newer one", "restore a backup")
    assert dump(tables) == before


def test_upgrading_twice_has_nothing_to_do(tables: Path) -> None:
    before = dump(tables)
    done = academy(tables, "db", "upgrade")
    assert (done.returncode, done.stdout) == (0, "Nothing to do.\n")
    assert dump(tables) == before


@pytest.mark.parametrize("words", ["run", "serve"])
def test_a_port_in_use_is_a_sentence(tables: Path, words: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert_says(academy(tables, words, PORT=port), f"127.0.0.1:{port} can not be used", "PORT=")
    assert count(tables, "provider") == 0, "nothing is loaded for a server that can not start"


def test_half_a_production_is_a_sentence(tmp_path: Path) -> None:
    assert_says(academy(tmp_path, "run", BASE_URL="https://academie.example"), "this is production: set SECRET_KEY")


# Outbox, seats, demo


def add_message(folder: Path, state: str) -> None:
    change(
        folder, "INSERT INTO outbox_message VALUES (hex(randomblob(16)), 'Catalogue.module-changed.v1', 'search.refresh', '{}', ?, 12, ?, ?, "
        "NULL, NULL, 'OSError')", state, NOW, NOW,
    )


def test_the_outbox_is_watched_and_tried_again(tables: Path) -> None:
    add_message(tables, "pending")
    add_message(tables, "dead")
    done = academy(tables, "outbox", "status", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "pending": 1, "done": 0, "dead": 1, "oldest_pending": "2026-09-01T09:00:00+00:00", "dead_by_subscriber": {"search.refresh": 1},
    }
    done = academy(tables, "outbox", "status")
    assert (done.returncode, done.stdout) == (1, "waiting 1, delivered 0, waiting for a person 1\n  search.refresh: 1\n")
    done = academy(tables, "outbox", "retry")
    assert (done.returncode, done.stdout) == (0, "1 tried again.\n")
    done = academy(tables, "outbox", "status")
    assert (done.returncode, done.stdout) == (0, "waiting 2, delivered 0, waiting for a person 0\n")


def test_a_counter_that_differs_from_its_seats_is_found(demo: Path) -> None:
    done = academy(demo, "enrolment", "audit", "--json")
    assert (done.returncode, done.stdout) == (0, "[]\n")
    pool = "0" * 31 + "1"
    change(demo, "INSERT INTO seat_pool (id, offering_id, kind, name, capacity, taken, awaits_draw) SELECT ?, id, 'public', '', seats, 3, false FROM offering WHERE seats >= 3 AND id NOT IN (SELECT offering_id FROM seat_pool) LIMIT 1", pool)
    done = academy(demo, "enrolment", "audit", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == [{"pool": "00000000-0000-0000-0000-000000000001", "taken": 3, "live": 0}]
    done = academy(demo, "enrolment", "audit")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-2:] == ["1 pools differ.", "The pools of each class add up to its seats."]


def test_the_demo_loads_once(demo: Path) -> None:
    before = dump(demo)
    assert count(demo, "person") > 0
    assert academy(demo, "demo", "load").returncode == 0
    assert dump(demo) == before


def test_the_demo_does_not_come_into_production(tables: Path) -> None:
    assert_says(academy(tables, "demo", "load", **PRODUCTION), "this is production", "known password")
    assert count(tables, "person") == 0


# Servers


class Server:
    """`academy run` or `serve` as the leader of a process group of its own, as in a terminal."""

    def __init__(self, folder: Path, *words: str, **settings: str) -> None:
        self.port = free_port()
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [ACADEMY, *words], env={**environment(folder, self.port), **settings}, cwd=folder, stdout=log, stderr=log,
                start_new_session=True,
            )

    def answers(self, host: str = "127.0.0.1") -> bool:
        asked = Request(f"http://127.0.0.1:{self.port}/health/ready", headers={"Host": host})
        try:
            with urlopen(asked, timeout=2) as answer:  # noqa: S310 - our own server
                return int(answer.status) == 200
        except (URLError, OSError):
            return False

    def await_answer(self, seconds: float = 180, host: str = "127.0.0.1") -> None:
        self.until(lambda: self.answers(host), seconds)

    def until(self, reached: Callable[[], Any], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not reached():
            assert time.monotonic() < deadline, f"not within {seconds} s: {self.log.read_text()}"
            time.sleep(0.05)

    def web_process(self) -> int | None:
        return next(iter(children(self.process.pid)), None)

    def interrupt(self) -> int:
        """Press Ctrl-C: every process of the group hears it. Returns the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(120)

    def port_is_free(self) -> bool:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                return False
            return True


def children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, of = status.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):  # ended meanwhile
            continue
        if int(of) == parent and state != "Z":
            found.append(int(status.parent.name))
    return found


@contextmanager
def running(folder: Path, *words: str, **settings: str) -> Iterator[Server]:
    """Start a server; whatever is left of its group at the end is killed."""
    server = Server(folder, *words, **settings)
    try:
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()


@pytest.mark.slow
def test_ctrl_c_right_after_the_first_start_ends_it_well_and_the_second_start_loads_nothing_again(tmp_path: Path) -> None:
    with running(tmp_path, "run") as server:
        server.await_answer()
        assert server.interrupt() == 0
        assert server.port_is_free()
        log = server.log.read_text()
        assert "Traceback" not in log
        assert f"AD Academy: http://127.0.0.1:{server.port}" in log
        assert "WARNING" not in log, "a newcomer reads no warnings"
    assert count(tmp_path, "provider") > 0
    loaded = count(tmp_path, "offering")
    with running(tmp_path, "run") as server:
        server.await_answer()  # `academy bench start` measures how quick
        assert server.interrupt() == 0
    assert count(tmp_path, "offering") == loaded


@pytest.mark.slow
def test_ctrl_c_while_the_demo_is_loaded_leaves_nothing_half(tmp_path: Path) -> None:
    with running(tmp_path, "run") as server:
        server.until(lambda: "Demo catalogue" in server.log.read_text(), 120)
        server.interrupt()
        assert "Traceback" not in server.log.read_text()
    assert count(tmp_path, "provider") == 0, "the demo is loaded as a whole or not"
    with running(tmp_path, "run") as server:
        server.await_answer()
    assert count(tmp_path, "provider") > 0


@pytest.mark.slow
@pytest.mark.parametrize("words", [("run",), ("serve",)], ids=" ".join)
def test_without_its_supervisor_the_web_process_ends_and_the_port_is_free(demo: Path, words: tuple[str, ...]) -> None:
    with running(demo, *words) as server:
        server.await_answer()
        web = server.web_process()
        assert web is not None
        server.process.kill()
        server.process.wait()
        server.until(lambda: not Path(f"/proc/{web}").exists() and server.port_is_free(), 60)


@pytest.mark.slow
def test_a_web_process_that_is_killed_is_started_again(demo: Path) -> None:
    with running(demo, "serve") as server:
        server.await_answer()
        first = server.web_process()
        assert first is not None
        os.kill(first, signal.SIGKILL)
        server.until(lambda: server.web_process() not in {None, first} and server.answers(), 120)
        assert server.process.poll() is None
        assert server.interrupt() == 0


@pytest.mark.slow
def test_the_first_start_in_production_loads_no_demo(tmp_path: Path) -> None:
    with running(tmp_path, "run", **PRODUCTION) as server:
        server.await_answer(host="academie.example")
        assert not server.answers(host="elders.example")
        assert server.interrupt() == 0
        assert "Demo" not in server.log.read_text()
    assert (count(tmp_path, "provider"), count(tmp_path, "person")) == (0, 0)


# Measuring


def test_measuring_something_unknown_names_what_there_is(tmp_path: Path) -> None:
    assert_says(academy(tmp_path, "bench", "onzin"), "There is no measurement onzin. Choose from: pages, start")


@pytest.mark.slow
def test_a_measurement_has_its_fixed_form(tmp_path: Path) -> None:
    done = academy(tmp_path, "bench", "pages", "--quick", "--json")
    found = json.loads(done.stdout)
    assert set(found) == {"name", "machine", "figures", "goals", "met"}
    assert (found["name"], done.returncode) == ("pages", 0 if found["met"] else 1)
    assert found["figures"]["results nl: SQL statements"] == 0
    assert found["figures"]["module: SQL statements"] <= 3
    assert all(figure is None or figure >= 0 for figure in found["figures"].values())
    assert found["met"] == all(goal["met"] for goal in found["goals"].values())
    assert list(tmp_path.iterdir()) == [], "it measures in a folder of its own"


def test_another_machine_reaches_it_only_as_production(tmp_path: Path) -> None:
    ended = subprocess.run(
        [ACADEMY, "run", "--host", "0.0.0.0"], env=environment(tmp_path, free_port()), cwd=tmp_path,  # noqa: S104 - what is refused
        capture_output=True, text=True, check=False, timeout=180,
    )
    assert ended.returncode == 1
    assert "BASE_URL" in ended.stderr
    assert "Traceback" not in ended.stderr
