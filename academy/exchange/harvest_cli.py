"""`academy harvest …` for feeds that are fetched by the clock, and `academy import ooapi FOLDER` for a folder of payloads."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from academy.exchange.facts import FeedFacts, RunFacts
    from academy.exchange.findings import Notice, Problem
    from academy.exchange.report import ImportReport

House = Callable[[], AbstractContextManager[object]]

_LISTED: Final = 20
_COUNTS: Final = ("rows", "new", "changed", "same", "archived", "withheld", "refused")
_KINDS: Final = ("ooapi5", "ooapi6")
_json_option = click.option("--json", "as_json", is_flag=True, help="for a machine")


# A folder ----------------------------------------------------------------------------------------------------------------------------


def ooapi_command(house: House) -> click.Command:
    """Return the command `ooapi` of the group `import`."""

    @click.command("ooapi", help="Load a folder of OOAPI payloads, v5 or v6: one object, a list or an envelope per JSON file.")
    @click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
    @click.option("--provider", required=True, metavar="CODE", help="the provider whose supply this is, such as windesheim")
    @click.option("--provider-name", default="", metavar="NAME", help="add the provider under this name when it is not there yet")
    @click.option("--dry-run", is_flag=True, help="report exactly what would happen, and change nothing")
    @_json_option
    def run(folder: Path, provider: str, provider_name: str, *, dry_run: bool, as_json: bool) -> None:
        with house():
            report = _load(folder, provider, provider_name, dry_run=dry_run)
        click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else "\n".join(_report_lines(folder, report)))

    return run


def _load(folder: Path, provider: str, name: str, *, dry_run: bool) -> "ImportReport":
    from academy.catalogue.api import CodeScheme, ProviderKind, providers_by_code  # noqa: PLC0415
    from academy.exchange import feeds, loading  # noqa: PLC0415
    from academy.exchange.ooapi import supply_of  # noqa: PLC0415
    from academy.exchange.spool import payloads_in  # noqa: PLC0415
    from academy.kernel.clock import amsterdam_day, utc_now  # noqa: PLC0415
    from academy.kernel.db import database  # noqa: PLC0415

    now = utc_now()
    with database().reading() as session:
        loading.require_provider(session, provider, name)
        offerers = providers_by_code(session, CodeScheme.RIO_OFFERER)
    supply = supply_of(payloads_in(folder), provider=provider, offerers=offerers, today=amsterdam_day(now))
    is_whole = all(problem.line is not None for problem in supply.problems)  # what an unreadable file held has not vanished
    with database().writing() as session:
        report = loading.load_supply(
            session, supply, provider_slug=provider, provider_name=name, provider_kind=ProviderKind.HBO,
            source=f"ooapi/{folder.resolve().name}"[:120], dry_run=dry_run,
            archive=loading.Archive.GUARDED if is_whole else loading.Archive.NOTHING, now=now,
        )
        feeds.record_import(session, report, kind="ooapi", started_at=now, now=utc_now())
    return report


# Feeds -------------------------------------------------------------------------------------------------------------------------------


def harvest_commands(house: House) -> click.Group:
    """Return the group `harvest`; `house` opens what a command needs: the database, and who listens to news."""
    group = click.Group("harvest", help="Feeds of providers that the worker fetches by the clock.")
    for command in (_add, _list, _run, _log, _pause, _resume):
        group.add_command(command(house))
    return group


def _add(house: House) -> click.Command:
    @click.command("add", help="Keep a feed; the worker fetches it within the minute.")
    @click.argument("url")
    @click.option("--provider", required=True, metavar="CODE", help="the provider whose supply this is")
    @click.option("--kind", required=True, type=click.Choice(_KINDS))
    @click.option("--route", default="", metavar="NAME", help="the endpoint's name at a gateway of SURFeduhub")
    @click.option("--secret-name", default="", metavar="FEED_…", help="the environment variable that holds user:password or Bearer and a token")
    @click.option("--every-hours", default=24, show_default=True)
    @click.option("--no-guard", is_flag=True, help="archive what vanished, also when it is more than half")
    def add(url: str, *, provider: str, kind: str, route: str, secret_name: str, every_hours: int, no_guard: bool) -> None:
        from academy.exchange import feeds  # noqa: PLC0415
        from academy.exchange.models import FeedKind  # noqa: PLC0415
        from academy.kernel.clock import utc_now  # noqa: PLC0415
        from academy.kernel.db import database  # noqa: PLC0415

        with house(), database().writing() as session:
            code = feeds.add_feed(
                session, provider_slug=provider, kind=FeedKind(kind), url=url, route=route, secret_name=secret_name,
                every_hours=every_hours, is_guarded=not no_guard, now=utc_now(),
            )
        click.echo(code)

    return add


def _list(house: House) -> click.Command:
    @click.command("list", help="Show every feed, its state and its last run.")
    @_json_option
    def show(*, as_json: bool) -> None:
        from academy.exchange import queries  # noqa: PLC0415
        from academy.kernel.db import database  # noqa: PLC0415

        with house(), database().reading() as session:
            found = queries.feeds(session)
        if as_json:
            click.echo(json.dumps([feed.as_json() for feed in found]))
            return
        click.echo("\n".join(map(_feed_line, found)) or "No feeds yet: academy harvest add --help.")

    return show


def _feed_line(feed: "FeedFacts") -> str:
    run = feed.last_run
    last = "never fetched" if run is None else f"{run.state} {run.code} {run.started_at:%Y-%m-%d %H:%M}"
    return f"{feed.code}  {feed.kind}  {feed.state}  every {feed.every_hours} h  {last}  {feed.url}"


def _run(house: House) -> click.Command:
    @click.command("run", help="Fetch a feed now, in this process; exit code 1 when it failed.")
    @click.argument("feed", metavar="FEED")
    @_json_option
    def run(feed: str, *, as_json: bool) -> None:
        from academy.exchange import queries, running  # noqa: PLC0415
        from academy.kernel.clock import utc_now  # noqa: PLC0415
        from academy.kernel.db import database  # noqa: PLC0415

        with house():
            with database().reading() as session:
                found = queries.feed_by_code(session, feed)
            code = running.harvester().run(found.id, now=utc_now(), progress=None if as_json else _tell)
            with database().reading() as session:
                done = queries.run_by_code(session, code)
        _show(done, as_json=as_json)
        sys.exit(0 if done.state == "done" else 1)

    return run


def _tell(step: str, done: int, total: int) -> None:
    click.echo(f"{step}: {done}{f' of {total}' if total else ''}", err=True)


def _log(house: House) -> click.Command:
    @click.command("log", help="Show what an import did: RUN is the code of one.")
    @click.argument("run", metavar="RUN")
    @_json_option
    def log(run: str, *, as_json: bool) -> None:
        from academy.exchange import queries  # noqa: PLC0415
        from academy.kernel.db import database  # noqa: PLC0415

        with house(), database().reading() as session:
            found = queries.run_by_code(session, run)
        _show(found, as_json=as_json)

    return log


def _pause(house: House) -> click.Command:
    @click.command("pause", help="Let a feed rest until it is resumed.")
    @click.argument("feed", metavar="FEED")
    def pause(feed: str) -> None:
        from academy.exchange import feeds  # noqa: PLC0415
        from academy.kernel.db import database  # noqa: PLC0415

        with house(), database().writing() as session:
            feeds.pause_feed(session, feed)
        click.echo(f"{feed} pauses.")

    return pause


def _resume(house: House) -> click.Command:
    @click.command("resume", help="Let a feed go on; the worker fetches it within the minute.")
    @click.argument("feed", metavar="FEED")
    def resume(feed: str) -> None:
        from academy.exchange import feeds  # noqa: PLC0415
        from academy.kernel.clock import utc_now  # noqa: PLC0415
        from academy.kernel.db import database  # noqa: PLC0415

        with house(), database().writing() as session:
            feeds.resume_feed(session, feed, now=utc_now())
        click.echo(f"{feed} goes on.")

    return resume


# In words ----------------------------------------------------------------------------------------------------------------------------


def _show(run: "RunFacts", *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(run.as_json(), ensure_ascii=False))
        return
    click.echo(f"{run.code}: {run.kind}, {run.state}, begun {run.started_at:%Y-%m-%d %H:%M} UTC")
    if run.counts:
        click.echo("  ".join(f"{name} {run.counts.get(name, 0)}" for name in _COUNTS))
    click.echo("\n".join((*_notice_lines(run.notices), *_problem_lines(run.problems))))


def _report_lines(folder: Path, report: "ImportReport") -> Iterator[str]:
    yield f"{folder.name}: {report.shape}, for {report.provider}"
    yield "  ".join(f"{name} {getattr(report, name)}" for name in _COUNTS)
    yield from _notice_lines(report.notices)
    yield from _problem_lines(report.problems)
    if report.dry_run:
        yield "Dry run: nothing was changed. Without --dry-run exactly this is loaded."


def _notice_lines(notices: "Sequence[Notice]") -> Iterator[str]:
    for notice in notices:
        where = f" (first item {notice.line} of {notice.value})" if notice.line and notice.value else ""
        yield f"Notice: {notice.column + ': ' if notice.column else ''}{notice.text}, {notice.count}x{where}"


def _problem_lines(problems: "Sequence[Problem]") -> Iterator[str]:
    for each in problems[:_LISTED]:
        found = asdict(each)
        place = " ".join(str(found[name]) for name in ("source", "line", "column") if found[name])
        yield f"Refused: {place}: {each.value + ': ' if each.value else ''}{each.reason}"
    if len(problems) > _LISTED:
        yield f"… and {len(problems) - _LISTED} more. All with --json."
