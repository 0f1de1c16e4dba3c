"""Files that can not be trusted are refused with file, line and column, before anything is written."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from academy.skills import drafting
from academy.skills.drafts import SchemeDraft
from academy.skills.errors import FilesRefused
from academy.skills.findings import Problem
from tests.skills.conftest import LEAD, WELD, Esco, as_csv


def prepare(folder: Path) -> SchemeDraft:
    return drafting.prepare(folder, version="1.1.1")


def refused(folder: Path) -> list[Problem]:
    with pytest.raises(FilesRefused) as error:
        prepare(folder)
    return list(error.value.problems)


def zipped(folder: Path, name: str, members: dict[str, bytes]) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def test_files_may_still_be_in_their_zips(esco: Esco, tmp_path: Path) -> None:
    content = {f"ESCO dataset/{name}": as_csv(rows) for name, rows in esco.files.items()}
    content["ESCO dataset/digitalSkillsCollection_en.csv"] = b"something else"
    zipped(tmp_path, "ESCO dataset - v1.1.1.zip", content)
    assert prepare(tmp_path).counts["skills"] == 3


def test_a_loose_file_comes_before_the_same_one_in_a_zip(esco: Esco, tmp_path: Path) -> None:
    esco.write(tmp_path)
    zipped(tmp_path, "old.zip", {"skills_en.csv": as_csv(esco.files["skills_en.csv"][:1])})
    draft = prepare(tmp_path)
    assert draft.counts["skills"] == 3
    assert [(notice.code, notice.file) for notice in draft.notices] == [("file-twice", "old.zip/skills_en.csv")]


def test_files_of_1_2_have_more_columns_and_a_language_in_every_name(esco: Esco, tmp_path: Path) -> None:
    for table in ("occupationSkillRelations", "broaderRelationsSkillPillar"):
        esco.files[f"{table}_en.csv"] = [{**row, "occupationLabel": "x"} for row in esco.files.pop(f"{table}.csv")]
    assert prepare(esco.write(tmp_path)).counts["occupation_skills"] == 4


@pytest.mark.parametrize(("file", "says"), [
    ("skills_en.csv", "skills_en.csv or skills_nl.csv"), ("occupationSkillRelations.csv", "occupationSkillRelations.csv"),
])
def test_a_missing_file_is_named(esco: Esco, tmp_path: Path, file: str, says: str) -> None:
    del esco.files[file]
    problems = refused(esco.write(tmp_path / "esco"))
    assert [(problem.code, says in problem.reason) for problem in problems] == [("file-missing", True)]


def test_an_empty_folder_names_all_that_is_missing(tmp_path: Path) -> None:
    assert [problem.code for problem in refused(tmp_path)] == ["file-missing"] * 5


def test_a_missing_column_is_named_with_those_that_are_there(esco: Esco, tmp_path: Path) -> None:
    esco.files["skills_en.csv"] = [{"uri": WELD, "label": "weld"}]
    problems = refused(esco.write(tmp_path))
    assert (problems[0].file, problems[0].line, problems[0].column) == ("skills_en.csv", 1, "conceptUri")
    assert "uri, label" in problems[0].reason


BAD_CELLS = [
    ("conceptUri", "weld", "uri"), ("conceptUri", LEAD, "uri-twice"), ("skillType", "attitude", "type"),
    ("reuseLevel", "everywhere", "reuse-level"), ("preferredLabel", " \u200b", "label"), ("preferredLabel", "x" * 201, "label"),
]


@pytest.mark.parametrize(("column", "value", "code"), BAD_CELLS)
def test_a_bad_cell_is_told_with_its_place(esco: Esco, tmp_path: Path, column: str, value: str, code: str) -> None:
    esco.files["skills_en.csv"].reverse()  # the label over three lines comes last
    esco.row("skills_en.csv", 1)[column] = value
    problem = refused(esco.write(tmp_path))[0]
    assert (problem.file, problem.line, problem.column, problem.code) == ("skills_en.csv", 3, column, code)


@pytest.mark.parametrize(("file", "column", "value", "code"), [
    ("occupations_en.csv", "iscoGroup", "welders", "isco"), ("occupations_en.csv", "code", "1" * 41, "code"),
    ("occupationSkillRelations.csv", "relationType", "nice", "relation"),
])
def test_so_are_those_of_occupations_and_relations(esco: Esco, tmp_path: Path, file: str, column: str, value: str, code: str) -> None:
    esco.row(file, 0)[column] = value
    assert [(each.file, each.line, each.column, each.code) for each in refused(esco.write(tmp_path))] == [(file, 2, column, code)]


def test_all_problems_are_told_at_once(esco: Esco, tmp_path: Path) -> None:
    esco.row("skills_en.csv", 0)["preferredLabel"] = ""
    esco.row("occupations_en.csv", 0)["iscoGroup"] = ""
    assert [problem.file for problem in refused(esco.write(tmp_path))] == ["skills_en.csv", "occupations_en.csv"]


Damage = Callable[[bytes], bytes]
DAMAGES: list[tuple[str, Damage, str, int]] = [
    ("a row of another length", lambda content: content + b"a,b\r\n", "cells", 8),
    ("a quote that never ends", lambda content: content + b'"a,b\r\n', "quotes", 8),
    ("another encoding", lambda content: content.replace("métals".encode(), "métals".encode("cp1252")), "not-utf-8", 0),
    ("nothing", lambda _content: b"", "column-missing", 1),
    ("a spreadsheet", lambda _content: b"PK\x03\x04\xff\xfe" + b"\x00" * 99, "not-utf-8", 0),
]


@pytest.mark.parametrize(("damage", "code", "line"), [each[1:] for each in DAMAGES], ids=[each[0] for each in DAMAGES])
def test_a_damaged_file_is_refused(esco: Esco, tmp_path: Path, damage: Damage, code: str, line: int) -> None:
    path = esco.write(tmp_path) / "skills_en.csv"
    path.write_bytes(damage(path.read_bytes()))
    problem = refused(tmp_path)[0]
    assert (problem.file, problem.code, problem.line) == ("skills_en.csv", code, line)


def test_a_zip_that_is_cut_off_is_refused(esco: Esco, tmp_path: Path) -> None:
    content = {name: as_csv(rows * 50) for name, rows in esco.files.items()}
    path = zipped(tmp_path, "esco.zip", content)
    path.write_bytes(path.read_bytes()[:-200])
    assert [(problem.code, problem.file) for problem in refused(tmp_path)] == [("zip-broken", "esco.zip")]


def test_a_zip_that_is_damaged_inside_is_refused(esco: Esco, tmp_path: Path) -> None:
    path = zipped(tmp_path, "esco.zip", {name: as_csv(rows) for name, rows in esco.files.items()})
    content = bytearray(path.read_bytes())
    content[60:90] = b"\xff" * 30
    path.write_bytes(content)
    assert [(problem.code, problem.file) for problem in refused(tmp_path)] == [("zip-broken", "esco.zip/skills_en.csv")]


def test_a_file_without_end_is_not_read(esco: Esco, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("academy.skills.reading.LIMIT_BYTES", 300)
    assert {problem.code for problem in refused(esco.write(tmp_path))} == {"too-large"}


def test_what_is_not_released_or_unknown_in_the_other_language_is_left_out_with_a_notice(esco: Esco, tmp_path: Path) -> None:
    esco.row("skills_en.csv", 2)["status"] = "obsolete"
    esco.files["skills_nl.csv"] = [{**esco.row("skills_en.csv", 0), "conceptUri": f"{WELD}-2", "preferredLabel": "lassen"}]
    draft = prepare(esco.write(tmp_path))
    assert (draft.counts["skills"], draft.pointing_nowhere) == (2, 2)
    assert {notice.code: notice.value for notice in draft.notices if notice.code != "points-nowhere"} == {
        "not-released": "obsolete", "uri-unknown": f"{WELD}-2",
    }
