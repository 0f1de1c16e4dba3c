"""`academy import` answers people and machines, and its exit code says whether the file was loaded."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from academy.catalogue import api as catalogue
from academy.exchange.cli import import_commands
from academy.kernel.db import Database, database
from tests import builders
from tests.exchange.conftest import Make

Run = Callable[..., Result]
ROWS = "code,title_nl\nM-1,Titel\nM-2,\n"


@pytest.fixture
def run(database: Database) -> Run:
    with database.writing() as session:
        builders.provider(session)

    def invoke(kind: str, path: Path, *options: str, provider: str = "windesheim") -> Result:
        return CliRunner().invoke(import_commands(nullcontext), [kind, str(path), "--provider", provider, *options])

    return invoke


def read(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_report_for_people(run: Run, make: Make) -> None:
    result = run("modules", make(ROWS))
    assert result.exit_code == 0
    assert "rows 2  new 1  changed 0  same 0  merged 0  refused 1  archived 0" in result.stdout
    assert "3     title_nl" in result.stdout
    assert "Reading" in result.stderr
    assert "same 1" in run("modules", make(ROWS)).stdout


def test_a_dry_run_says_so_and_changes_nothing(run: Run, make: Make) -> None:
    assert "Dry run" in run("modules", make(ROWS), "--dry-run").stdout
    assert "new 1" in run("modules", make(ROWS)).stdout


def test_a_report_for_machines(run: Run, make: Make) -> None:
    result = run("modules", make(ROWS), "--json")
    report = read(result)
    assert result.stderr == ""
    assert (report["loaded"], report["new"], report["refused"], report["new_keys"]) == (True, 1, 1, ["M-1"])
    assert report["problems"][0] == {
        "line": 3, "column": "title_nl", "value": "", "code": "empty", "reason": "a title is needed, in Dutch or in English",
        "source": "",
    }


def test_at_most_twenty_findings_are_listed(run: Run, make: Make) -> None:
    result = run("modules", make("code,title_nl\nM-0,Titel\n" + "".join(f"M-{row},\n" for row in range(1, 31))))
    assert result.stdout.count("a title is needed") == 20
    assert "30 rows were refused" in result.stdout


def test_a_refused_file_ends_with_code_one(run: Run, make: Make) -> None:
    result = run("modules", make("naam\nx\n"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "is refused. Nothing was loaded." in result.stderr
    report = read(run("modules", make("naam\nx\n"), "--json"))
    assert (report["loaded"], report["code"], report["problems"][0]["column"]) == (False, "file-refused", "code")


def test_an_unknown_provider_is_answered_with_the_known_ones_and_the_way_to_add_it(run: Run, make: Make) -> None:
    result = run("modules", make(ROWS), provider="edx")
    assert result.exit_code == 1
    assert 'There is no provider "edx". Known: windesheim. Add it with --provider-name' in result.stderr
    assert run("modules", make(ROWS), "--provider-name", "edX", provider="edx").exit_code == 0
    assert run("modules", make(ROWS), provider="edx").exit_code == 0
    assert "can not be the code" in run("modules", make(ROWS), "--provider-name", "edX", provider="ed x").stderr


def test_what_vanished_is_archived_unless_asked_otherwise_or_too_much(run: Run, make: Make) -> None:
    many = "code,title_nl\n" + "".join(f"M-{row},Titel\n" for row in range(30))
    run("modules", make(many))
    few = make("code,title_nl\nM-0,Titel\nM-1,Titel\n")
    assert "28 that came from this source before are not in it now" in run("modules", few).stdout
    assert "archived 0" in run("modules", few, "--keep-missing").stdout
    rehearsed, done = read(run("modules", few, "--archive-all", "--dry-run", "--json")), read(run("modules", few, "--archive-all", "--json"))
    assert rehearsed["archived"] == done["archived"] == 28
    assert run("modules", few, "--archive-all", "--keep-missing").exit_code == 2


def test_a_new_provider_gets_the_kind_that_is_given(run: Run, make: Make) -> None:
    assert run("modules", make(ROWS), "--provider-name", "ROC", "--provider-kind", "mbo", provider="roc").exit_code == 0
    assert run("modules", make(ROWS), "--provider-name", "edX", provider="edx").exit_code == 0
    with database().reading() as session:
        kinds = {found.slug: found.kind for found in catalogue.providers(session)}
    assert (kinds["roc"], kinds["edx"]) == (catalogue.ProviderKind.MBO, catalogue.ProviderKind.PLATFORM)
