"""`academy import feed PATH...`: what course providers publish as JSON in the shape of their own system."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from academy.exchange.findings import Problem
    from academy.exchange.report import ImportReport

_LISTED: Final = 20
_COUNTS: Final = ("rows", "new", "changed", "same", "archived", "withheld", "refused")
_ABOUT: Final = """Load feeds of course providers, such as edX and MIT Sloan.

PATH is one or more JSON files, recognised by what is in them, or a folder of them. Files that belong together, such as courses and
their runs, are given together. A folder may hold feeds of several providers: without --provider each is loaded as its own provider.
"""


def feed_command(house: Callable[[], AbstractContextManager[object]]) -> click.Command:
    """Return the command `feed`; `house` opens what a command needs: the database, and who listens to news."""

    @click.command("feed", help=_ABOUT)
    @click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
    @click.option("--provider", default="", metavar="CODE", help="load all of it as this provider's; needed unless PATH is a folder")
    @click.option("--provider-name", default="", metavar="NAME", help="add the provider under this name when it is not there yet")
    @click.option("--dry-run", is_flag=True, help="report exactly what would happen, and change nothing")
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def run(paths: tuple[Path, ...], provider: str, provider_name: str, *, dry_run: bool, as_json: bool) -> None:
        if not provider and not any(path.is_dir() for path in paths):
            message = "say with --provider whose courses these are, or give a folder"
            raise click.UsageError(message)
        with house():
            _import(paths, provider, provider_name, dry_run=dry_run, as_json=as_json)

    return run


def _import(paths: Sequence[Path], provider: str, name: str, *, dry_run: bool, as_json: bool) -> None:
    from academy.exchange.errors import FileRefused, ProviderSlugNotValid, ProviderUnknown  # noqa: PLC0415

    try:
        reports = _load(paths, provider, name, dry_run=dry_run)
    except FileRefused as refusal:
        _end(refusal.code, "Refused. Nothing was loaded.", refusal.problems, as_json=as_json)
    except ProviderUnknown as refusal:
        known = ", ".join(refusal.known) or "none yet"
        text = f'There is no provider "{refusal.slug}". Known: {known}. Add it with --provider-name "Its name".'
        _end(refusal.code, text, as_json=as_json)
    except ProviderSlugNotValid as refusal:
        _end(refusal.code, f'"{refusal.slug}" can not be the code of a provider: use 2 to 60 of a-z, 0-9 and -.', as_json=as_json)
    else:
        feeds = [report.as_json() for report in reports]
        click.echo(
            json.dumps({"loaded": not dry_run, "feeds": feeds}, ensure_ascii=False) if as_json
            else "\n".join(line for report in reports for line in _lines(report)),
        )


def _load(paths: Sequence[Path], provider: str, name: str, *, dry_run: bool) -> "list[ImportReport]":
    """Read all files first; then load every provider's feed in one transaction: all of them, or none."""
    from academy.exchange.feeds import record_import  # noqa: PLC0415
    from academy.exchange.provider_feeds.loading import load_feed  # noqa: PLC0415
    from academy.exchange.provider_feeds.reading import Owner, read_feeds  # noqa: PLC0415
    from academy.kernel.clock import amsterdam_day, utc_now  # noqa: PLC0415
    from academy.kernel.db import database  # noqa: PLC0415

    now = utc_now()
    feeds = read_feeds(paths, owner=Owner(provider, name) if provider else None, today=amsterdam_day(now))
    with database().writing() as session:
        reports = [load_feed(session, feed, dry_run=dry_run, now=now) for feed in feeds]
        for report in reports:
            record_import(session, report, kind="feed", started_at=now, now=utc_now())
        return reports


def _end(code: str, text: str, problems: "Sequence[Problem]" = (), *, as_json: bool) -> None:
    if as_json:
        found = [asdict(each) for each in problems]
        click.echo(json.dumps({"loaded": False, "code": code, "reason": text, "problems": found}, ensure_ascii=False))
    else:
        click.echo("\n".join([text, *_problem_lines(problems)]), err=True)
    sys.exit(1)


def _lines(report: "ImportReport") -> Iterator[str]:
    yield f"{report.provider}: {report.shape}"
    yield "  " + "  ".join(f"{name} {getattr(report, name)}" for name in _COUNTS)
    for notice in report.notices:
        where = f" (first in item {notice.line}, {notice.value})" if notice.line and notice.value else ""
        column = f"{notice.column}: " if notice.column else ""
        yield f"  Notice: {column}{notice.text}, {notice.count}x{where}"
    yield from _problem_lines(report.problems)
    if report.dry_run:
        yield "  Dry run: nothing was changed. Without --dry-run exactly this is loaded."


def _problem_lines(problems: "Sequence[Problem]") -> Iterator[str]:
    """Yield a line per problem: in which file, at which item and field, with what value, and why."""
    for each in problems[:_LISTED]:
        place = " ".join(part for part in (each.source, f"item {each.line}" if each.line else "", each.column) if part)
        value = f" {each.value}" if each.value else ""
        yield f"  {each.code}: {place}:{value} ({each.reason})"
    if len(problems) > _LISTED:
        yield f"  … and {len(problems) - _LISTED} more. All with --json."
