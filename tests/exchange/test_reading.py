"""Bytes become records with the right line numbers, whatever the file looks like."""

import tracemalloc
from pathlib import Path

import pytest

from academy.exchange import reading
from academy.exchange.errors import FileRefused
from academy.exchange.reading import BrokenRecord, Record, open_source
from tests.exchange.conftest import Make


def rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, dict(row.cells)) for row in open_source(path).records() if isinstance(row, Record)]


def broken(path: Path) -> list[tuple[int, str]]:
    return [(row.line, row.code) for row in open_source(path).records() if isinstance(row, BrokenRecord)]


def code_of(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        list(open_source(path).records())
    return refused.value.problems[0].code


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(make: Make, delimiter: str) -> None:
    path = make(f"code{delimiter}naam\n1{delimiter}a\n")
    assert rows(path) == [(2, {"code": "1", "naam": "a"})]


def test_a_byte_order_mark_and_the_line_of_excel_are_no_part_of_the_header(make: Make) -> None:
    assert rows(make("\ufeffcode,naam\r\n1,é\r\n")) == [(2, {"code": "1", "naam": "é"})]
    assert rows(make("sep=;\ncode;naam\n1;a\n")) == [(3, {"code": "1", "naam": "a"})]


def test_windows_1252_is_read_as_such(make: Make) -> None:
    path = make("code,naam\n1,één € café\n".encode("cp1252"))
    assert open_source(path).encoding == "windows-1252"
    assert rows(path) == [(2, {"code": "1", "naam": "één € café"})]


def test_a_file_that_claims_utf_8_and_is_not_is_refused_with_its_line(make: Make) -> None:
    with pytest.raises(FileRefused) as refused:
        open_source(make(b"\xef\xbb\xbfcode,naam\n1,a\n2,caf\xe9 x\n"))
    assert (refused.value.problems[0].code, refused.value.problems[0].line) == ("not-utf-8", 3)


def test_lines_are_counted_through_cells_of_several_lines_and_empty_rows(make: Make) -> None:
    path = make('code,naam\n1,"een\ntwee"\n\n,,\n,\n2,b\n')
    assert [line for line, _cells in rows(path)] == [2, 7]
    assert broken(path) == []


def test_rows_with_too_many_or_too_few_cells_are_reported_and_the_others_load(make: Make) -> None:
    path = make("code,naam\n1,a\n2,b,c\n3\n4,d\n")
    assert broken(path) == [(3, "too-many-cells"), (4, "too-few-cells")]
    assert [cells["code"] for _line, cells in rows(path)] == ["1", "4"]


def test_rows_that_an_open_quote_swallowed_are_read_again(make: Make) -> None:
    path = make('code,naam\n1,a\n2,"open\n3,c\n4,"d"\n5,e\n')
    assert broken(path) == [(3, "broken-quotes")]
    assert [(line, cells["code"]) for line, cells in rows(path)] == [(2, "1"), (4, "3"), (5, "4"), (6, "5")]


def test_a_quote_open_to_the_end_of_a_long_file_costs_one_row(make: Make) -> None:
    lines = "".join(f"{number},naam\n" for number in range(50_000))
    path = make(f'code,naam\nx,"open\n{lines}')
    assert broken(path) == [(2, "broken-quotes")]
    assert len(rows(path)) == 50_000


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"%PDF-1.7", "code,naam\n1,é\n".encode("utf-16")])
def test_what_is_not_text_is_refused(make: Make, content: bytes) -> None:
    assert code_of(make(content)) == "not-text"


def test_a_file_without_anything_a_folder_and_a_double_column_are_refused(make: Make, tmp_path: Path) -> None:
    assert code_of(make("")) == "empty"
    assert code_of(tmp_path) == "not-a-file"
    assert code_of(make("code,naam,code\n1,2,3\n")) == "column-twice"


def test_a_file_that_is_too_large_is_refused_unread(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMIT_BYTES", 10)
    assert code_of(make("code,naam\n1,a\n")) == "too-large"


def test_a_json_list_keeps_codes_as_they_are_written(make: Make) -> None:
    path = make('[\n{"code": 7412.10, "title": {"nl": "Een", "en": "One"}},\n\n{"code": "25.080", "topics": ["a", "b"], "x": null}]', "f.json")
    assert rows(path) == [
        (2, {"code": "7412.10", "title_nl": "Een", "title_en": "One"}), (4, {"code": "25.080", "topics": "a|b", "x": ""}),
    ]


def test_a_json_list_longer_than_one_bite_is_read_whole(make: Make) -> None:
    path = make("[" + ",\n".join(f'{{"code": "{number}", "text": "{"x" * 500}"}}' for number in range(5000)) + "]", "f.json")
    found = rows(path)
    assert len(found) == 5000
    assert (found[-1][0], found[-1][1]["code"]) == (5000, "4999")


def test_json_that_is_no_list_or_breaks_off_is_refused(make: Make) -> None:
    assert code_of(make('{"code": 1}', "f.json")) == "not-a-list"
    assert code_of(make('[{"code": "1"}, {"code": ', "f.json")) == "not-json"
    assert code_of(make("[" * 100_000, "f.json")) == "not-json"


def test_what_is_no_object_in_a_json_list_is_reported(make: Make) -> None:
    path = make('[{"code": "1"},\n2,\n{"code": {"a": {"b": 1}}}]', "f.json")
    assert broken(path) == [(2, "not-a-row"), (3, "not-a-row")]
    assert len(rows(path)) == 1


def test_insert_statements_are_read(make: Make) -> None:
    path = make("INSERT INTO a.b.Modules (Id, Name, N) VALUES (N'x', N'It''s', null);\nINSERT INTO t (Id, Name, N) VALUES ('y','z',3),\n('q');", "f.sql")
    assert rows(path) == [(1, {"Id": "x", "Name": "It's", "N": ""}), (2, {"Id": "y", "Name": "z", "N": "3"})]
    assert broken(path) == [(3, "not-a-row")]


def test_what_stands_on_a_broken_line_is_made_out_as_far_as_it_goes(make: Make) -> None:
    rows = list(open_source(make('code,naam\n"M-1",a,b\n2,"open\n')).records())
    assert [row.cells for row in rows if isinstance(row, BrokenRecord)] == [("M-1", "a", "b"), ("2", "open")]
    found = list(open_source(make('[{"code": "1"}, {"code": "2", "x": {"a": {"b": 1}}}]', "f.json")).records())
    assert [row.cells for row in found if isinstance(row, BrokenRecord)] == [("2",)]


# Files that mean harm: refused in little time and memory


def test_a_hundred_thousand_columns_are_refused_at_once(make: Make) -> None:
    header = ",".join(f"c{number}" for number in range(100_000))
    assert code_of(make(f"{header}\n1\n")) == "too-many-columns"
    assert code_of(make(f'[{{{",".join(f"{chr(34)}c{number}{chr(34)}: 1" for number in range(2000))}}}]', "f.json")) == "too-many-columns"


@pytest.mark.parametrize("name", ["f.csv", "f.json", "f.sql"])
def test_one_line_of_150_mb_is_refused_without_being_held(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(b'[{"code": "' if name == "f.json" else b"code,title_nl\n")
        for _piece in range(150):
            file.write(b"x" * 1024 * 1024)
    tracemalloc.start()
    assert code_of(path) in {"line-too-long", "not-json", "too-large"}
    assert tracemalloc.get_traced_memory()[1] < 60 * 1024 * 1024
    tracemalloc.stop()


def test_more_than_200_mb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    with path.open("wb") as file:
        file.truncate(reading.LIMIT_BYTES + 1)  # takes no room on disk
    assert code_of(path) == "too-large"


def test_a_zero_byte_is_refused(make: Make) -> None:
    assert code_of(make(b"code,naam\n1,a\x00b\n")) == "not-text"
