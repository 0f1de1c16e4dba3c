"""`academy report make` and `verify`: the same report without a browser, and the proof for a script."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from academy.kernel.db import Database
from academy.reports.cli import commands
from academy.reports.errors import NothingCounted, PeriodNotCounted, ReportNotFound
from academy.reports.models import Snapshot
from tests.reports import freezer

Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Run:
    with database.writing() as session:
        freezer.counted(session, now)
    freezer.saying(monkeypatch)
    return lambda *words: CliRunner().invoke(commands(nullcontext), words)


def test_a_report_is_made_and_verified_from_the_command_line(run: Run) -> None:
    made = json.loads(run("make", "--period", "2026", "--json").output)
    assert json.loads(run("make", "--kind", "yearly", "--period", "2026", "--json").output) == made
    found = run("verify", made["code"], "--json")
    assert (found.exit_code, json.loads(found.output)) == (0, {"code": made["code"], "same": True, "data": True, "differing": []})


def test_a_report_that_was_changed_ends_with_exit_code_one(run: Run, database: Database) -> None:
    code = json.loads(run("make", "--period", "2026", "--json").output)["code"]
    with database.writing() as session:
        freezer.change(session, code)
    found = run("verify", code, "--json")
    assert found.exit_code == 1
    assert json.loads(found.output)["data"] is False
    assert "nl.pdf" in run("verify", code).output


@pytest.mark.parametrize(("changed", "is_wrong"), [(("nl.pdf",), False), (("en.pdf", "en.xlsx", "nl.pdf"), False), (("nl.csv",), True), (("nl.csv", "nl.pdf"), True)])
def test_a_report_of_which_only_the_layout_is_of_before_is_said_to_hold(run: Run, database: Database, changed: tuple[str, ...], *, is_wrong: bool) -> None:
    code = json.loads(run("make", "--period", "2026", "--json").output)["code"]
    with database.writing() as session:
        row = session.scalars(select(Snapshot)).one()
        row.files = row.files | dict.fromkeys(changed, "0" * 64)
        kept = row.files
    found = run("verify", code)
    assert found.exit_code == int(is_wrong)
    assert ("the data hold" in found.output) is not is_wrong
    assert ", ".join(changed) in found.output
    if not is_wrong:
        assert "The same to the byte: the JSON, en.csv" in found.output
    assert json.loads(run("verify", code, "--json").output) == {"code": code, "same": False, "data": True, "differing": list(changed)}
    with database.reading() as session:
        assert session.scalars(select(Snapshot.files)).one() == kept, "what was frozen stays as it was"


@pytest.mark.parametrize("words", [
    ("make", "--kind", "yearly", "--period", "2026-1"), ("make", "--period", "soon"), ("make",), ("make", "--kind", "monthly", "--period", "2026"),
    ("make", "--kind", "chosen", "--period", "+202"), ("make", "--kind", "chosen", "--period", "\uff19" * 4), ("make", "--kind", "chosen", "--period", "9999-4"),
])
def test_a_period_that_is_none_is_said_so(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


@pytest.mark.parametrize("period", ["9999", "2030", "2019"])
def test_a_period_that_was_not_counted_is_refused_in_words(run: Run, period: str) -> None:
    refused = run("make", "--period", period).exception
    assert isinstance(refused, PeriodNotCounted)
    assert refused.sentence() == "Over deze periode is niets geteld."


def test_what_is_not_there_is_refused_in_words(run: Run, database: Database) -> None:
    assert isinstance(run("verify", "NOSUCHREPORT").exception, ReportNotFound)
    with database.writing() as session:
        freezer.forgotten(session)
    assert isinstance(run("make", "--period", "2026").exception, NothingCounted)
