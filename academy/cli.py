"""`academy`: the commands. Rooms bring their own groups; this file puts them together."""

import json
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import Any

import click

from academy.config import BadSettings, Settings, load_settings
from academy.exchange.cli import import_commands
from academy.kernel.migrations import DatabaseIsNewer
from academy.search.cli import commands as search_commands


def fail(message: str) -> None:
    """Say what is wrong and what to do, and end with exit code 1."""
    click.secho(message, fg="red", err=True)
    sys.exit(1)


class _Academy(click.Group):
    """Turns what an installation can get wrong into a sentence instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        from academy.kernel.errors import Refusal
        from academy.kernel.web.assets import AssetsMissing

        try:
            return super().invoke(ctx)
        except (BadSettings, DatabaseIsNewer, AssetsMissing) as error:
            fail(str(error))
        except Refusal as refusal:
            fail(f"{refusal.sentence()} {refusal.next_step()}")
        except PermissionError as error:
            fail(f"{error.filename} can not be written. Check its owner, or choose another place with DATA_DIR.")


@click.group(cls=_Academy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ad-academy")
def main() -> None:
    """AD Academy: find, enrol, have earlier learning recognised, build a route to a degree."""


@contextmanager
def _house() -> Iterator[Any]:
    """Open the whole application for a command: database, index, letters, languages."""
    from academy.app import create_app

    app = create_app(load_settings())
    with app.app_context():
        yield app


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on")
@click.option("--workers", default=1, show_default=True, help="web processes; with more than one, run `academy worker` too")
def serve(host: str, workers: int) -> None:
    """Serve the pages; with one process the worker runs along."""
    settings = load_settings()
    _check_database(settings)
    _serve(settings, host=host, workers=workers)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
def run(host: str) -> None:
    """Prepare everything that is missing, then serve: database, demo catalogue on the first start, index."""
    settings = load_settings()
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
        if empty:
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

    database = Database(settings.database_url)
    present = migrations.revision_of(database)
    database.close()
    if present != migrations.head():
        fail("The database is not at the form of this release: run `academy db upgrade` first (or `academy run`).")


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"{host}:{port} can not be used ({error.strerror}). Stop what runs there, or choose another with PORT=8080.")


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
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
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
    """Load the demo catalogue and accounts; a second load changes nothing."""
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


@main.group()
def enrolment() -> None:
    """Seats."""


@enrolment.command("audit")
@click.option("--json", "as_json", is_flag=True, help="for a machine")
def enrolment_audit(*, as_json: bool) -> None:
    """Compare each pool's counter with its live enrolments; exit code 1 when they differ."""
    from academy.enrolment.queries import audit
    from academy.kernel.db import database

    with _house(), database().reading() as session:
        wrong = audit(session)
    if as_json:
        click.echo(json.dumps([{"pool": str(row.pool_id), "taken": row.taken, "live": row.live} for row in wrong]))
    else:
        for row in wrong:
            click.echo(f"pool {row.pool_id}: counter {row.taken}, live enrolments {row.live}")
        click.echo("All counters equal the live enrolments." if not wrong else f"{len(wrong)} pools differ.")
    sys.exit(1 if wrong else 0)


main.add_command(search_commands(_house))
main.add_command(import_commands(_house))
