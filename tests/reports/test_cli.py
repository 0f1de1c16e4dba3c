"""`academy report`: counting, freezing and checking from the command line."""

import json
from contextlib import nullcontext
from datetime import datetime

import pytest
from click.testing import CliRunner, Result

from academy.kernel import clock
from academy.kernel.db import Database
from academy.reports import freezing
from academy.reports.cli import commands
from academy.reports.kinds import SnapshotKind
from academy.reports.queries.cells import last_run
from tests.reports.world import fill


@pytest.fixture
def filled(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Return a database with the small region, not counted yet; the clock stands at the test's moment."""
    monkeypatch.setattr(clock, "utc_now", lambda: now)
    with database.writing() as session:
        fill(session, now)
    return database


def test_roll_up_counts_up_to_today_and_tells_a_machine_what_it_found(filled: Database) -> None:
    told = json.loads(_run("roll-up", "--json").stdout)

    with filled.reading() as session:
        run = last_run(session)
    assert run is not None
    assert told == {
        "as_of": "2026-09-01", "made_at": "2026-09-01T09:00:00+00:00", "method": run.method, "signals": 30, "cells": run.cells, "digest": run.digest,
    }


def test_roll_up_counts_up_to_another_day_and_tells_people(filled: Database) -> None:
    done = _run("roll-up", "--as-of", "2026-01-01")

    assert "Counted before 2026-01-01: 0 wants" in done.stdout
    assert _run("roll-up").exit_code == 0


def test_roll_up_does_not_count_up_to_a_day_that_has_not_begun(filled: Database) -> None:
    assert "2026-09-02 has not begun: count up to 2026-09-01" in _run("roll-up", "--as-of", "2026-09-02", exit_code=2).stderr


def test_make_freezes_a_report_once_and_verify_finds_it_the_same(filled: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freezing, "hashes_of", lambda _report: {"nl.csv": "a"})
    _run("roll-up")

    code = json.loads(_run("make", "--period", "2026", "--json").stdout)["code"]

    assert code in _run("make", "--kind", SnapshotKind.YEARLY.value, "--period", "2026").stdout
    assert "is the same, to the byte" in _run("verify", code).stdout
    monkeypatch.setattr(freezing, "hashes_of", lambda _report: {"nl.csv": "b"})
    again = _run("verify", code, exit_code=1)
    assert "nl.csv" in again.stderr
    assert json.loads(_run("verify", code, "--json", exit_code=1).stdout)["differing"] == ["nl.csv"]


def test_make_says_what_a_period_is(filled: Database) -> None:
    _run("roll-up")

    assert '"2026-4" is no year' in _run("make", "--period", "2026-4", exit_code=2).stderr


def _run(*arguments: str, exit_code: int = 0) -> Result:
    done = CliRunner().invoke(commands(nullcontext), arguments)
    assert done.exit_code == exit_code, done.output
    return done
