"""Counting a million events, and the pages and reports that are made of what was counted."""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from academy.app import create_app
from academy.config import load_settings
from academy.kernel import migrations
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database, database, set_database
from academy.kernel.web import render
from academy.reports import freezing
from academy.reports.facts import View
from academy.reports.forms.choosing import ViewForm
from academy.reports.kinds import SnapshotKind
from academy.reports.pages import dashboard as pages
from academy.reports.queries.cells import last_run
from academy.reports.queries.dashboard import dashboard
from academy.reports.service.rolling import count
from benchmarks.enrol.ground import statements
from benchmarks.outcome import Outcome
from benchmarks.report_ground import fill
from benchmarks.search.apart import HOME
from benchmarks.sign_in import own_database

EVENTS, QUICK_EVENTS = 1_000_000, 20_000
MOST: Final[dict[str, float]] = {
    "roll-up: minutes": 5, "dashboard, first: ms": 2_000, "dashboard: ms p50": 300, "dashboard: SQL": 12, "yearly report: s": 60, "yearly report: MB": 500,
}
_ROUNDS: Final = 11
_KB: Final = 1_024


def measure(*, quick: bool, postgres: str = "") -> Outcome:
    """Measure on SQLite, and on a database of its own on the server at `postgres` (a URL) when that is given."""
    events = QUICK_EVENTS if quick else EVENTS
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        figures = _figures("SQLite", f"sqlite:///{Path(folder) / 'academy.db'}", events)
        with own_database(postgres) if postgres else nullcontext("") as url:
            if url:
                figures |= _figures("PostgreSQL", url, events)
    places = ("SQLite", "PostgreSQL") if postgres else ("SQLite",)
    return Outcome("report", {"events": events} | figures, {f"{where}, {name}": most for where in places for name, most in MOST.items()})


def _figures(where: str, url: str, events: int) -> dict[str, float | None]:
    """Fill and count in one process; what reads it runs in others, as pages of a fresh server do."""
    found: dict[str, float | None] = {}
    for task in ("counting", "looking", "freezing"):
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "benchmarks.report", task, url, str(events)], check=True, stdout=subprocess.PIPE, text=True, cwd=HOME,
        )
        found |= json.loads(done.stdout.splitlines()[-1])
    return {f"{where}, {name}": figure for name, figure in found.items()}


def counting(url: str, events: int) -> dict[str, float]:
    """Fill a database and count what is in it."""
    set_database(Database(url))
    migrations.upgrade(database())
    now, begun = utc_now(), time.perf_counter()
    fill(database(), events, now)
    with database().writing() as session:
        session.execute(text("ANALYZE"))  # as the server does by itself in time
    filled, peak = time.perf_counter(), _peak()
    run = count(as_of=amsterdam_day(now), now=now)
    spent = time.perf_counter() - filled
    return {
        "made, in seconds": round(filled - begun, 1), "roll-up: minutes": round(spent / 60, 2), "roll-up: signals": run.signals, "roll-up: cells": run.cells,
        "making: MB": peak, "roll-up: MB": _peak(),
    }


def looking(url: str, _events: int) -> dict[str, float]:
    """Show the dashboard of this year, first in a fresh process and then again, without the sign-in."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load_settings({"DATABASE_URL": url, "DATA_DIR": folder, "LOG_LEVEL": "error"}))
        spent, number = [], 0
        for _round in range(_ROUNDS):
            with app.test_request_context("/nl/office/reports"), statements() as seen:
                begun = time.perf_counter()
                _dashboard()
                spent.append((time.perf_counter() - begun) * 1_000)
                number = len(seen)
    return {"dashboard, first: ms": round(spent[0]), "dashboard: ms p50": round(statistics.median(spent[1:])), "dashboard: SQL": number}


def _dashboard() -> str:
    with database().reading() as session:
        run = last_run(session)
        if run is None:
            raise RuntimeError("nothing was counted")
        form = ViewForm(None, as_of=run.as_of)
        found = dashboard(session, run=run, view=form.view)
    form.offer_areas(found.areas)
    return str(render("reports/dashboard.html", form=form, report=pages.dashboard_values(found, form)))


def freezing_year(url: str, _events: int) -> dict[str, float]:
    """Freeze the report of the year that ends now."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load_settings({"DATABASE_URL": url, "DATA_DIR": folder, "LOG_LEVEL": "error"}))
        now, begun = utc_now(), time.perf_counter()
        with app.app_context():
            freezing.freeze(actor=None, kind=SnapshotKind.YEARLY, view=View(str(amsterdam_day(now).year)), now=now)
        return {"yearly report: s": round(time.perf_counter() - begun, 1), "yearly report: MB": _peak()}


def _peak() -> float:
    """Return the most memory that this process had so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KB)


if __name__ == "__main__":
    _program, task, url, events = sys.argv
    work: dict[str, Any] = {"counting": counting, "looking": looking, "freezing": freezing_year}
    print(json.dumps(work[task](url, int(events))))  # noqa: T201 - what the caller reads
