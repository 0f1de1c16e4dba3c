"""`academy report`: count what is wanted and planned, freeze a report, and prove that a frozen one is still the same."""

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING

import click

from academy.reports.kinds import EVERY, SnapshotKind

if TYPE_CHECKING:
    from academy.reports.facts import RunFacts

House = Callable[[], AbstractContextManager[object]]



def commands(house: House) -> click.Group:
    """Return the group; `house` opens the application that a command works in."""

    @click.group()
    def report() -> None:
        """Demand and supply, counted and frozen."""

    @report.command("roll-up")
    @click.option("--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="count what happened before this day; today, unless it is given")
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def roll_up(as_of: date | None, *, as_json: bool) -> None:
        """Count what is wanted and what is planned, for the pages of the programme office; the worker does it every night."""
        with house():
            _tell(_rolled_up(as_of, is_quiet=as_json), as_json=as_json)

    @report.command()
    @click.option("--kind", type=click.Choice([each.value for each in SnapshotKind]), default=SnapshotKind.YEARLY.value, show_default=True)
    @click.option("--period", required=True, metavar="PERIOD", help="a year (2026), or a quarter (2026-4) of a chosen report")
    @click.option("--area", default=EVERY, metavar="NN", help="of a chosen report: the first two digits of a postcode; everywhere, unless it is given")
    @click.option("--sector", default=EVERY, metavar="CODE", help="of a chosen report: a sector, or a cluster as c:CODE; all, unless it is given")
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def make(kind: str, period: str, area: str, sector: str, *, as_json: bool) -> None:
        """Freeze a report; nobody but the programme office reads it until that publishes it."""
        with house():
            _make(SnapshotKind(kind), period, area, sector, as_json=as_json)

    @report.command()
    @click.argument("code")
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def verify(code: str, *, as_json: bool) -> None:
        """Make all files of a frozen report again, and compare them with what was frozen.

        Exit code 1 when the data differ, or a CSV, which is the data in lines. Exit code 0 when all is the same, and also when only PDF or workbook are
        laid out otherwise than by the version that froze it: which ones is said.
        """
        with house():
            _verify(code, as_json=as_json)

    return report


def _rolled_up(as_of: date | None, *, is_quiet: bool) -> "RunFacts":
    from academy.kernel.clock import amsterdam_day, utc_now  # noqa: PLC0415 - `academy --help` answers at once
    from academy.kernel.db import database  # noqa: PLC0415
    from academy.reports.queries.cells import last_run  # noqa: PLC0415
    from academy.reports.service.rolling import count  # noqa: PLC0415

    now = utc_now()
    today = amsterdam_day(now)
    if as_of is not None and as_of > today:
        raise click.BadParameter(f"{as_of} has not begun: count up to {today}, or a day before it")
    with database().reading() as session:
        before = last_run(session)
    expected = before.signals if before is not None else 0  # nobody knows how many there are before they are read
    with click.progressbar(length=max(expected, 1), label="Wants", file=sys.stderr, hidden=is_quiet) as bar:
        return count(as_of=as_of or today, now=now, progress=bar.update)


def _tell(run: "RunFacts", *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({
            "as_of": run.as_of.isoformat(), "made_at": run.made_at.isoformat(), "method": run.method, "signals": run.signals, "cells": run.cells, "digest": run.digest,
        }))
    else:
        click.echo(f"Counted before {run.as_of}: {run.signals} wants in {run.cells} cells. Digest {run.digest}")


def _make(kind: SnapshotKind, period: str, area: str, sector: str, *, as_json: bool) -> None:
    from academy.kernel.clock import utc_now  # noqa: PLC0415 - `academy --help` answers at once
    from academy.reports.facts import View  # noqa: PLC0415
    from academy.reports.freezing import freeze  # noqa: PLC0415

    try:
        made = freeze(actor=None, kind=kind, view=View(period, area, sector), now=utc_now())
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from wrong
    if as_json:
        click.echo(json.dumps({"code": made.code, "kind": made.kind.value, "query_hash": made.query_hash, "data_hash": made.data_hash}))
    else:
        click.echo(f"Frozen as {made.code}. What it says: {made.data_hash}")


def _verify(code: str, *, as_json: bool) -> None:
    from academy.reports.freezing import verify  # noqa: PLC0415 - `academy --help` answers at once

    found = verify(code)
    if as_json:
        click.echo(json.dumps({"code": found.facts.code, "same": found.is_same, "data": found.is_data_whole, "differing": list(found.differing)}))
    elif found.is_same:
        click.echo(f"{found.facts.code} is the same, to the byte.")
    elif found.is_only_layout:
        click.echo(
            f"{found.facts.code}: the data hold. What it says, and the question that this answers, are what was frozen.\n"
            f"The same to the byte: {', '.join(('the JSON', *found.same))}.\n"
            f"Frozen by a version that laid them out otherwise: {', '.join(found.differing)}. Only how these look differs; one that was kept from then still holds."
        )
    else:
        names = [*([] if found.is_data_whole else ["what it says"]), *found.differing]
        click.secho(f"{found.facts.code} differs: {', '.join(names)}.", fg="red", err=True)
    sys.exit(0 if found.is_same or found.is_only_layout else 1)
