"""The files of a frozen report: the same bytes for the same report, the same numbers as on the page, open to who can not see."""

import csv
import io
import os
import re
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from flask.testing import FlaskClient

from academy.kernel.text import LANGUAGES, SITE_NAME, Language, Localized
from academy.kernel.translation import reading_in
from academy.reports import report_pdf as pdf
from academy.reports.facts import ColumnKind, Section
from academy.reports.kinds import SnapshotKind
from academy.reports.pages.drawings import charts_of, drawings_of
from academy.reports.pages.frozen import hashes_of
from academy.reports.pages.tables import table_file
from academy.reports.queries.as_data import as_data, digest_of, query_of, report_in
from academy.reports.workbook import as_lines, as_workbook
from tests.reports.papers import demand, gaps, report, shares

CODE = "K7QX2MRD3456"
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PRINT = "from tests.reports.papers import report; from academy.reports.pages.frozen import hashes_of; print(sorted(hashes_of(report()).items()))"


def paper(language: Language = "nl") -> bytes:
    return pdf.report_pdf(report(), language, code=CODE, drawings={})


def inside(made: bytes) -> bytes:
    """Return everything in a PDF, unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)
    return made + b"\n".join(zlib.decompress(stream) for stream in streams if stream[:1] == b"\x78")


def sheets(made: bytes) -> dict[str, list[list[Any]]]:
    """Read a workbook back, without what made it: each sheet as rows of texts and numbers."""
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        def part(name: str) -> Element:
            return fromstring(book.read(f"xl/{name}.xml"))  # noqa: S314 - our own

        shared = ["".join(each.itertext()) for each in part("sharedStrings")]
        names = [each.attrib["name"] for each in part("workbook").iter(f"{SPREADSHEET}sheet")]
        return {name: _rows(part(f"worksheets/sheet{number}"), shared) for number, name in enumerate(names, start=1)}


def _rows(sheet: Element, shared: list[str]) -> list[list[Any]]:
    def value(cell: Element) -> Any:
        text = cell.findtext(f"{SPREADSHEET}v")
        assert cell.find(f"{SPREADSHEET}f") is None, "a formula"
        return "" if text is None else shared[int(text)] if cell.attrib.get("t") == "s" else float(text)

    return [[value(cell) for cell in row] for row in sheet.iter(f"{SPREADSHEET}row")]


def test_files_name_the_site_as_its_pages_do(client: FlaskClient) -> None:
    page = client.get("/nl/reports").get_data(as_text=True)
    assert f" · {SITE_NAME}</title>" in page
    assert SITE_NAME == "AD Academy Almere"
    assert b"<rdf:li>AD Academy Almere</rdf:li>" in inside(paper())
    with zipfile.ZipFile(io.BytesIO(as_workbook(report(), "nl"))) as book:
        assert b"<dc:creator>AD Academy Almere</dc:creator>" in book.read("docProps/core.xml")


# The same report, the same bytes


@pytest.mark.parametrize(("zone", "seed"), [("Pacific/Kiritimati", "1"), ("America/Los_Angeles", "2")])
def test_another_machine_makes_the_same_bytes(zone: str, seed: str) -> None:
    environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C", "LANG": "C"}
    made = subprocess.run([sys.executable, "-c", PRINT], env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == str(sorted(hashes_of(report()).items()))


def test_who_reads_it_changes_nothing() -> None:
    mine = hashes_of(report())
    with reading_in("en"):
        assert hashes_of(report()) == mine
    assert len(set(mine.values())) == 6


def test_one_other_value_is_another_report_and_another_file_of_each_kind() -> None:
    table = gaps()
    changed = replace(table, rows=(*table.rows[:3], (*table.rows[3][:3], 4, *table.rows[3][4:]), *table.rows[4:]))
    one, other = report(demand(table)), report(demand(changed))
    assert digest_of(as_data(one)) != digest_of(as_data(other))
    assert digest_of(query_of(one)) == digest_of(query_of(other))
    assert not set(hashes_of(one).values()) & set(hashes_of(other).values())


def test_another_question_has_another_hash() -> None:
    questions = [report(), report(kind=SnapshotKind.TWO_YEARLY), report(as_of=date(2026, 11, 24)), report(method="2"), report(from_on=date(2025, 1, 1))]
    assert len({digest_of(query_of(each)) for each in questions}) == len(questions)


def test_a_report_comes_out_of_its_data_as_it_went_in() -> None:
    assert report_in(as_data(report())) == report()
    assert as_data(report_in(as_data(report()))) == as_data(report())


# On paper


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_is_accessible_and_says_its_title_and_language(language: Language) -> None:
    made = inside(paper(language))
    assert made.startswith(b"%PDF-1.7")
    for mark in (b"pdfuaid:part", b"/StructTreeRoot", b"/MarkInfo", f"/Lang({language})".encode(), b"/DisplayDocTitle true", b"/S/TH", b"/S/Table", b"/S/H1", b"/S/H2"):
        assert mark in made.replace(b" (", b"(").replace(b"/S /", b"/S/"), mark


def test_the_paper_has_the_day_up_to_which_is_counted_and_nothing_of_the_machine() -> None:
    assert b"D:20261123000000Z" in inside(paper())
    assert all(font.path is None for font in pdf._fonts().fonts())


def test_a_table_of_ten_columns_stands_on_a_turned_page_and_a_smaller_one_does_not() -> None:
    turned = rb"/MediaBox ?\[0 0 841\.8898 595"
    assert len(re.findall(turned, paper())) == 1
    assert not re.search(turned, pdf.report_pdf(report(demand(shares())), "nl", code=CODE, drawings={}))


def test_a_drawing_has_its_words_for_who_does_not_see_it() -> None:
    drawing = pdf.Drawing('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="9" height="9"/></svg>', "Python wint", "Python wint van de rest")
    made = pdf.report_pdf(report(), "nl", code=CODE, drawings={("demand", "gaps"): drawing})
    assert b"/Alt" in inside(made)
    assert b"Python wint van de rest" in inside(made)
    assert b"/Alt" not in inside(paper())


def test_the_last_page_says_how_to_check_the_report() -> None:
    with reading_in("nl"):
        said = dict(pdf._paper(report(), CODE, {}).proof.rows)
    assert set(said.values()) == {CODE, "1", "2026-01-01", "2026-12-31", "2026-11-23", digest_of(query_of(report())), digest_of(as_data(report()))}


def test_the_paper_shows_what_is_hidden_as_such_and_money_as_money() -> None:
    with reading_in("nl"):
        tables = {each.title: each for part in pdf._paper(report(), CODE, {}).sections for each in part.tables}
    assert tables["Zes getallen"].rows == [["Mensen", "niet te tonen", "45"], ["Toegezegd", "€\N{NO-BREAK SPACE}1.234,50", "€\N{NO-BREAK SPACE}0"], ["Gaten", "12", "–"]]
    assert tables["De grootste gaten"].rows[1][4] == "niet te tonen"
    assert tables["Aandelen: per [dag] en kwartaal/jaar"].rows[0][:2] == ["30\N{NO-BREAK SPACE}sep\N{NO-BREAK SPACE}2026", "12,5%"]


def test_a_report_of_two_years_has_the_drawings_of_each_year_apart() -> None:
    """On one page nothing has the id of something else."""
    years = [replace(demand(gaps()), name=f"demand-{year}") for year in (2026, 2025)]
    assert sorted(drawings_of(report(*years), "nl")) == [("demand-2025", "gaps"), ("demand-2026", "gaps")]
    one, other = (set(re.findall(r'id="([^"]+)"', str(charts_of(each, "nl")["gaps"].svg))) for each in years)
    assert one
    assert not one & other


@pytest.mark.parametrize("typed", ['#panic("x")', '#read("/etc/passwd")', "$ x $ *bold*", "= Heading", "</script>", "\\u{1F600}", "%(day)s", "中文 🎉 \x00\ufeff\ud800"])
def test_what_stands_in_it_is_never_carried_out(typed: str) -> None:
    section = Section("demand", Localized(typed), (Localized(typed),), (replace(shares(), title=Localized(typed), note=Localized(typed)),))
    assert pdf.report_pdf(report(section), "nl", code=CODE, drawings={}).startswith(b"%PDF")


def test_a_long_table_is_cut_on_paper_and_whole_in_the_spreadsheet() -> None:
    long = report(demand(gaps(rows=10_000)))
    with reading_in("nl"):
        table = pdf._paper(long, CODE, {}).sections[0].tables[0]
    assert len(table.rows) == pdf.MOST_ROWS
    assert "10000 rijen" in table.notes[-1]
    assert len(sheets(as_workbook(long, "nl"))["De grootste gaten"]) == 10_002  # heading and note
    assert as_lines(long, "nl").count(b"\n") > 110_000


# In a spreadsheet


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_read_back_has_every_value_of_the_report(language: Language) -> None:
    made = sheets(as_workbook(report(), language))
    tables = [table for section in report().sections for table in section.tables]
    assert len(made) == 1 + len(tables)
    for table, rows in zip(tables, list(made.values())[1:], strict=True):
        for row, read in zip(table.rows, rows[1:], strict=False):
            for value, cell in zip(row, read, strict=True):
                if isinstance(value, int):
                    assert cell in {value, value / 100, value / 10}
                elif isinstance(value, Localized):
                    assert cell == value.in_language(language)


def test_numbers_in_the_workbook_are_numbers_in_euros_and_per_cents_and_days_are_days() -> None:
    made = sheets(as_workbook(report(), "nl"))
    assert made["Zes getallen"][1:4] == [["Mensen", "niet te tonen", 45.0, "people"], ["Toegezegd", 1234.5, 0.0, "euro"], ["Gaten", 12.0, "–", ""]]
    assert made["Aandelen  per  dag  en kwartaal"][1] == [float((date(2026, 9, 30) - date(1899, 12, 30)).days), 12.5, 0.0, "a"]


def test_the_workbook_has_no_moment_but_the_day_of_the_report() -> None:
    with zipfile.ZipFile(io.BytesIO(as_workbook(report(), "nl"))) as book:
        assert {each.date_time for each in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert set(re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", book.read("docProps/core.xml"))) == {b"2026-11-23T00:00:00Z"}


def test_two_tables_of_one_name_get_a_sheet_each() -> None:
    names = [*sheets(as_workbook(report(demand(shares(), shares(), gaps())), "nl"))]
    assert len({name.lower() for name in names}) == len(names) == 5
    assert all(len(name) <= 31 for name in names)


def test_a_table_as_a_file_has_its_numbers_in_the_units_of_the_page() -> None:
    first, second, *_others = list(csv.reader(io.StringIO(table_file(gaps()).decode("utf-8-sig")), delimiter=";"))[1:]
    assert first[2:] == ["40", "0", "25", "0,00", "300", "12", "3", "1,5", "1250"]
    assert second[4:6] == ["niet te tonen", "niet te tonen"]
    assert list(csv.reader(io.StringIO(table_file(shares()).decode("utf-8-sig")), delimiter=";"))[1][1] == "12,5"


def test_the_long_list_has_a_line_for_every_value() -> None:
    rows = list(csv.DictReader(io.StringIO(as_lines(report(), "nl").decode("utf-8-sig")), delimiter=";"))
    values = [row for row in rows if row["Tabel"]]
    assert len(values) == sum(len(table.rows) * len(table.columns) for section in report().sections for table in section.tables)
    found = {(row["Tabel"], row["Rij"], row["Kolom"]): row["Waarde"] for row in values}
    assert found["gaps", "1", "people"] == "40"
    assert found["gaps", "3", "people"] == "niet te tonen"
    assert found["gaps", "2", "pledged"] == "niet te tonen"
    assert found["figures", "2", "value"] == "1234,5"
    assert found["shares", "2", "amount"] == "-5"
    assert found["shares", "1", "share"] == "12,5"
    assert found["gaps", "1", "urgency"] == "1,5"
    assert found["gaps", "4", "label"] == "'=1+1"  # no formula
    assert {row["Soort"] for row in values} <= {kind.value for kind in ColumnKind}
