"""`academy skills load` answers people and machines, and its exit code says whether the files were loaded."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from academy.kernel.db import Database
from academy.skills.cli import commands
from tests.skills.conftest import WELDER, Esco

Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, esco: Esco, tmp_path: Path) -> Run:
    def invoke(*options: str) -> Result:
        return CliRunner().invoke(commands(nullcontext), ["load", str(esco.write(tmp_path / "esco")), *options])

    return invoke


def read(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_report_for_people(run: Run, esco: Esco) -> None:
    esco.row("occupationSkillRelations.csv", 0)["skillUri"] = "http://nowhere"
    result = run()
    assert result.exit_code == 0
    assert result.stdout.startswith("esco 1.1.1: skills 3  groups 1")
    assert "Notice: occupationSkillRelations.csv, skillUri: left out" in result.stdout
    assert "(first on line 2: http://nowhere)" in result.stdout
    assert "Reading" in result.stderr
    assert "Writing" in result.stderr
    assert "0 rows changed: version 1.1.1 was loaded already." in run().stdout


def test_a_report_for_machines(run: Run) -> None:
    result = run("--json")
    report = read(result)
    assert result.stderr == ""
    assert (report["loaded"], report["version"], report["previous"], report["counts"]["skills"]) == (True, "1.1.1", None, 3)
    assert report["rows_changed"] == 25
    assert read(run("--json"))["rows_changed"] == 0


def test_an_update_lists_what_changed(run: Run, esco: Esco) -> None:
    run()
    esco.row("occupations_en.csv", 0)["preferredLabel"] = "metal welder"
    result = run("--version", "1.2")
    assert f"renamed: 1\n  welder → metal welder  (occupation, {WELDER})\n" in result.stdout
    assert read(run("--version", "1.2", "--json"))["renamed"] == [], "a second load renames nothing"


def test_refused_files_end_with_code_one(run: Run, esco: Esco) -> None:
    esco.row("skills_en.csv", 0)["conceptUri"] = "weld"
    result = run()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "These files are refused. Nothing was loaded." in result.stderr
    assert "skills_en.csv, line 2, conceptUri: this is not the URI of a concept (weld)" in result.stderr
    report = read(run("--json"))
    assert (report["loaded"], report["code"], report["problems"][0]["line"]) == (False, "skill-files-refused", 2)


@pytest.mark.parametrize(("version", "code"), [("1.0", "skill-version-older"), ("one", "skill-version-not-valid")])
def test_a_machine_hears_of_a_refused_version(run: Run, version: str, code: str) -> None:
    run()
    result = run("--version", version, "--json")
    assert (result.exit_code, read(result)["code"]) == (1, code)
    assert version in read(result)["reason"]


def test_a_folder_that_is_not_there_is_a_sentence(database: Database) -> None:
    result = CliRunner().invoke(commands(nullcontext), ["load", "/nowhere"])
    assert result.exit_code == 2
    assert "does not exist" in result.stderr
