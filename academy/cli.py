"""`academy`: the commands. Rooms bring their own groups; this file puts them together."""

import ctypes
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

import click

from academy.accounts.cli import commands as audit_commands
from academy.accounts.cli import organisation_commands
from academy.config import BadSettings, Settings, load_settings
from academy.enrolment.cli import commands as enrolment_commands
from academy.exchange.cli import import_commands
from academy.exchange.harvest_cli import harvest_commands
from academy.funding.cli import commands as funding_commands
from academy.kernel.migrations import DatabaseIsNewer
from academy.kernel.web.security import LOOPBACK_HOSTS
from academy.pathways.cli import commands as pathways_commands
from academy.payments.cli import commands as payments_commands
from academy.recognition.cli import commands as recognition_commands
from academy.reports.cli import commands as report_commands
from academy.search.cli import commands as search_commands
from academy.skills.cli import commands as skills_commands

_SOURCE: Final = Path(__file__).resolve().parent.parent
_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # of mallopt(3)


def fail(message: str) -> NoReturn:
    """Say what is wrong and what to do, and end with exit code 1."""
    click.secho(message, fg="red", err=True)
    sys.exit(1)


class _Academy(click.Group):
    """Turns what an installation can get wrong into a sentence instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        try:
            return super().invoke(ctx)
        except Exception as error:
            sentence = _sentence_for(error)
            if sentence is None:
                raise
            fail(sentence)


def _sentence_for(error: Exception) -> str | None:
    """Return what an administrator must know and do, or None for a fault of ours."""
    from sqlalchemy.exc import ArgumentError, OperationalError

    from academy.kernel.errors import Refusal
    from academy.kernel.translation import reading_in
    from academy.kernel.web.assets import AssetsMissing

    if isinstance(error, (BadSettings, DatabaseIsNewer, AssetsMissing)):
        return str(error)
    if isinstance(error, Refusal):
        with reading_in("en"):
            return f"{error.sentence()} {error.next_step()}"
    if isinstance(error, (PermissionError, NotADirectoryError)):
        return f"{error.filename} can not be written ({error.strerror}). Check its owner, or choose another place with DATA_DIR."
    if isinstance(error, ArgumentError):
        return "DATABASE_URL is not the address of a database: give sqlite:///path or postgresql://user:password@host/name."
    if isinstance(error, OperationalError):
        said = str(error.orig).splitlines()[0]
        return f"The database can not be used ({said}). Check that it runs, and that DATABASE_URL and DATA_DIR are right."
    return None


@click.group(cls=_Academy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ad-academy")
def main() -> None:
    """AD Academy: find, enrol, have earlier learning recognised, build a route to a degree."""
    _keep_memory_small()  # before the first thread


def _keep_memory_small() -> None:
    """Have glibc give memory back; child processes inherit it.

    By itself it has a heap per thread and keeps what an index rebuild needed: 440 MB after a first start instead of 160 (docs/performance.md).
    """
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "mallopt"):
        allocator.mallopt(_ARENA_MAX, 2)
        allocator.mallopt(_MMAP_THRESHOLD, 512 * 1024)  # a fixed one: blocks this large go back at once


@contextmanager
def _house() -> Iterator[Any]:
    """Open the whole application for a command: database, index, letters, languages."""
    from academy.app import create_app

    settings = load_settings()
    _check_database(settings)
    app = create_app(settings)
    with app.app_context():
        yield app


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on")
@click.option("--workers", default=1, show_default=True, help="web processes; with more than one, run `academy worker` too")
def serve(host: str, workers: int) -> None:
    """Serve the pages; with one process the worker runs along."""
    settings = load_settings()
    _check_host(settings, host)
    _check_database(settings)
    _serve(settings, host=host, workers=workers)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
def run(host: str) -> None:
    """Prepare everything that is missing, then serve: database, demo catalogue on the first start, index."""
    settings = load_settings()
    _check_host(settings, host)
    _check_port(host, settings.port)
    _prepare(settings)
    _serve(settings, host=host, workers=1)


def _prepare(settings: Settings) -> None:
    from academy.catalogue.api import providers
    from academy.kernel import migrations
    from academy.kernel.db import Database
    from academy.kernel.db import database as present_database

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    fresh = Database(settings.database_url)
    if migrations.upgrade(fresh):
        click.echo("Database: brought up to this release.", err=True)
    fresh.close()
    with _house():
        with present_database().reading() as session:
            empty = not providers(session)
        if empty and settings.is_local:
            _load_demo()
        _index_when_needed()
        present_database().close()


def _load_demo() -> None:
    from academy.demo import load
    from academy.kernel.clock import utc_now

    with click.progressbar(length=100, label="Demo catalogue", file=sys.stderr) as bar:
        load(now=utc_now(), progress=_stepper(bar))


def _stepper(bar: Any) -> Callable[[int, int], None]:  # noqa: ANN401 - click's progress bar has no public type
    """Return a callback (done, total) that moves a bar of 100 steps."""

    def step(done: int, total: int) -> None:
        bar.update(max(0, done * 100 // max(total, 1) - bar.pos))

    return step


def _index_when_needed() -> None:
    from academy.search import service

    if service.needs_rebuild():
        with click.progressbar(length=100, label="Search index", file=sys.stderr) as bar:
            service.rebuild(progress=_stepper(bar))


def _check_database(settings: Settings) -> None:
    from academy.kernel import migrations
    from academy.kernel.db import Database

    if settings.data_dir.exists() and not os.access(settings.data_dir, os.W_OK):
        fail(f"The data directory {settings.data_dir} can not be written. Check its owner, or choose another with DATA_DIR.")
    database = Database(settings.database_url)
    present = migrations.revision_of(database)
    database.close()
    if present != migrations.head():
        _check_not_newer(present)
        fail("The database is not at the form of this release: run `academy db upgrade` first (or `academy run`).")


def _check_not_newer(revision: str | None) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory(str(_SOURCE / "academy" / "migrations")).walk_revisions()}
    if revision is not None and revision not in known:
        fail(f"The database is at revision {revision}, which this release does not know: it was made by a newer one. "
             "Start the newer release, or restore a backup.")


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"{host}:{port} can not be used ({error.strerror}). Stop what runs there, or choose another with PORT=8080.")


def _check_host(settings: Settings, host: str) -> None:
    if settings.is_local and host not in LOOPBACK_HOSTS:
        fail(f"{host} is reached from other machines, so this is production: set BASE_URL to the public address, SECRET_KEY and "
             "SMTP_URL (docs/production.md). The demo mailbox shows sign-in links and stays on your own machine.")


def _serve(settings: Settings, *, host: str, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    _check_port(host, settings.port)
    target = "academy.wsgi:with_worker" if workers == 1 else "academy.wsgi:application"
    Server(
        target,
        address=host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=8,
        factory=True,
        log_level=LogLevels.error,  # it warns of more threads than processors; ours wait for the database
        respawn_failed_workers=True,
        workers_kill_timeout=5,  # seconds; what it cuts short is done again: letters wait in the outbox, the index is rebuilt
    ).serve()


@main.command()
@click.option("--lease", default=60, show_default=True, help="seconds that a message is kept from other workers")
def worker(lease: int) -> None:
    """Deliver letters and index changes until told to stop."""
    from academy.app import create_worker

    with _house():
        working = create_worker(lease=timedelta(seconds=lease))

        def stop(_number: int, _frame: FrameType | None) -> None:
            working.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        click.echo("Worker: delivering. Ctrl-C ends it after the letter in hand.", err=True)
        working.run()


@main.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the form of this release."""
    from academy.kernel import migrations
    from academy.kernel.db import Database

    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    changed = migrations.upgrade(Database(settings.database_url))
    click.echo("Brought up to this release." if changed else "Nothing to do.")


@main.group()
def demo() -> None:
    """The demo catalogue."""


@demo.command("load")
def demo_load() -> None:
    """Load the demo catalogue and accounts; a second load changes nothing. Never in production."""
    settings = load_settings()
    if not settings.is_local:
        fail(f"BASE_URL is {settings.base_url}, so this is production, and the demo has accounts with a known password: it is not loaded.")
    with _house():
        _load_demo()


@main.group()
def outbox() -> None:
    """Letters and other news on their way."""


@outbox.command("status")
@click.option("--json", "as_json", is_flag=True, help="for a machine")
def outbox_status(*, as_json: bool) -> None:
    """Show what waits, what is delivered and what waits for a person; exit code 1 when something does."""
    from academy.kernel.db import database
    from academy.kernel.outbox import status

    with _house(), database().reading() as session:
        found = status(session)
    if as_json:
        oldest = found.oldest_pending
        click.echo(json.dumps({
            "pending": found.pending, "done": found.done, "dead": found.dead,
            "oldest_pending": None if oldest is None else oldest.isoformat(),
            "dead_by_subscriber": found.dead_by_subscriber,
        }))
    else:
        click.echo(f"waiting {found.pending}, delivered {found.done}, waiting for a person {found.dead}")
        for name, number in sorted(found.dead_by_subscriber.items()):
            click.echo(f"  {name}: {number}")
    sys.exit(1 if found.dead else 0)


@outbox.command("retry")
def outbox_retry() -> None:
    """Give every message that waits for a person a fresh start."""
    from academy.kernel.clock import utc_now
    from academy.kernel.db import database
    from academy.kernel.outbox import retry_dead

    with _house(), database().writing() as session:
        revived = retry_dead(session, now=utc_now())
    click.echo(f"{revived} tried again.")


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--quick", is_flag=True, help="fewer rounds: an impression within 45 seconds")
@click.option("--large", is_flag=True, help="search: also a million modules, which takes minutes")
@click.option("--engine", type=click.Choice(("embedded", "meilisearch")), default="embedded", show_default=True, help="of search")
@click.option("--postgres", default="", metavar="URL", help="sign-in, enrol, payments, books, recognition, report: also on this server, in a database that is made and removed")
@click.option("--json", "as_json", is_flag=True, help="for a machine: one line per measurement")
def bench(names: tuple[str, ...], *, quick: bool, large: bool, engine: str, postgres: str, as_json: bool) -> None:
    """Measure what was promised; exit code 1 when a goal is missed.

    All, or NAME: pages, start, skills, import, search, search-pages, constant, sign-in, enrol, payments, books, pool, demand, recognition, route, audit, report.
    """
    if not (_SOURCE / "benchmarks" / "__init__.py").is_file():
        fail("The folder benchmarks is not here: it comes with the source, not with the installed package. Measure in a checkout.")
    if str(_SOURCE) not in sys.path:
        sys.path.insert(0, str(_SOURCE))
    benchmarks = importlib.import_module("benchmarks")
    unknown = sorted(set(names) - set(benchmarks.NAMES))
    if unknown:
        fail(f"There is no measurement {', '.join(unknown)}. Choose from: {', '.join(benchmarks.NAMES)}.")
    on_a_server: dict[str, object] = {"postgres": postgres}
    wishes = {"search": {"large": large, "engine": engine}, **dict.fromkeys(("sign-in", "enrol", "payments", "books", "recognition", "report"), on_a_server)}
    met = True
    for name in names or benchmarks.NAMES:
        outcome = benchmarks.measure(name, quick=quick, **wishes.get(name, {}))
        click.echo(json.dumps(outcome.as_json()) if as_json else outcome.as_table())
        met = met and outcome.met
    sys.exit(0 if met else 1)


main.add_command(audit_commands(_house))
main.add_command(organisation_commands(_house))
main.add_command(enrolment_commands(_house))
main.add_command(search_commands(_house))
main.add_command(import_commands(_house))
main.add_command(harvest_commands(_house))
main.add_command(skills_commands(_house))
main.add_command(funding_commands(_house))
main.add_command(payments_commands(_house))
main.add_command(recognition_commands(_house))
main.add_command(pathways_commands(_house))
main.add_command(report_commands(_house))
