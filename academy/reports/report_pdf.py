"""A frozen report on paper (PDF/UA-1); one of the two files that know Typst.

Words and numbers travel as data and are never read as markup. The same report gives the same bytes, on any machine: the fonts come with Typst, and its date is
the day up to which is counted.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Final

import typst

from academy.kernel.formats import day, in_current_language
from academy.kernel.text import SITE_NAME, Language
from academy.kernel.translation import _, reading_in, reading_language
from academy.reports.facts import Section, Table
from academy.reports.queries.as_data import Report, as_data, digest_of, query_of
from academy.reports.queries.as_text import columns_to_read, is_number, texts_of

MOST_ROWS: Final = 40  # of one table on paper; the files for a spreadsheet have all of them
_LEAD: Final = 3  # sentences on the front
_TEMPLATE: Final = Path(__file__).with_name("report.typ")
# What the font surely has, and what PDF/UA allows (ISO 14289-1 §7.21.8): Latin, Greek and Cyrillic, and the signs between words.
_BEYOND_THE_FONT: Final = re.compile("[^ -~\u00a0-\u024f\u0370-\u03ff\u0400-\u045f\u1e00-\u1eff\u2010-\u201f\u2022\u2026\u20ac\u2190-\u2193\u2212\u2264\u2265\u00d7]")


@dataclass(frozen=True)
class Drawing:
    """A picture of a table: standalone SVG, what is found, and what it shows in words."""

    svg: str
    finding: str
    words: str


@dataclass(frozen=True)
class _Column:
    title: str
    number: bool
    width: float


@dataclass(frozen=True)
class _Table:
    title: str
    columns: list[_Column]
    rows: list[list[str]]
    notes: list[str]
    empty: str
    finding: str
    svg: str
    alt: str


@dataclass(frozen=True)
class _Part:
    title: str
    sentences: list[str]
    tables: list[_Table]


@dataclass(frozen=True)
class _Proof:
    title: str
    sentences: list[str]
    heading: list[str]
    rows: list[tuple[str, str]]


@dataclass(frozen=True)
class _Paper:
    """What the template fills in; every text is finished."""

    title: str
    author: str
    language: str
    about: str
    counted: str
    lead: list[str]
    contents: str
    footer: str
    sections: list[_Part]
    proof: _Proof


def report_pdf(report: Report, language: Language, *, code: str, drawings: Mapping[tuple[str, str], Drawing]) -> bytes:
    """Return a report as PDF; `drawings` are by the names of section and table."""
    with reading_in(language):
        paper = _paper(report, code, drawings)
    return typst.compile(
        _template(), font_paths=_fonts(), sys_inputs={"paper": json.dumps(asdict(paper))}, pdf_standards="ua-1",
        timestamp=datetime.combine(report.as_of, time(), UTC), format="pdf",
    )


def _paper(report: Report, code: str, drawings: Mapping[tuple[str, str], Drawing]) -> _Paper:
    title = _plain(in_current_language(report.title))
    lead = [each for section in report.sections for each in section.sentences][:_LEAD]
    return _Paper(
        title=title, author=SITE_NAME, language=reading_language(), about=_plain(in_current_language(report.about)),
        counted=_("Geteld is wat er gebeurde voor %(day)s.", day=day(report.as_of)), lead=[_plain(in_current_language(each)) for each in lead],
        contents=_("Inhoud"), footer=f"{title} · {code}", sections=[_part(each, drawings) for each in report.sections], proof=_proof(report, code),
    )


def _part(section: Section, drawings: Mapping[tuple[str, str], Drawing]) -> _Part:
    return _Part(
        _plain(in_current_language(section.title)), [_plain(in_current_language(each)) for each in section.sentences],
        [_table(each, drawings.get((section.name, each.name))) for each in section.tables],
    )


def _table(table: Table, drawing: Drawing | None) -> _Table:
    read = columns_to_read(table)
    rows = [[_plain(texts[at]) for at in read] for texts in (texts_of(table, row) for row in table.rows[:MOST_ROWS])]
    notes = [_plain(in_current_language(table.note))] if table.note else []
    if len(table.rows) > MOST_ROWS:
        notes.append(_("Hier staan de eerste %(most)s van %(all)s rijen. In de spreadsheet staan ze allemaal.", most=MOST_ROWS, all=len(table.rows)))
    columns = [
        _Column(_plain(in_current_language(table.columns[at].title)), is_number(table.columns[at]), _width(table, at, [row[shown] for row in rows]))
        for shown, at in enumerate(read)
    ]
    found = drawing or Drawing("", "", "")
    return _Table(
        _plain(in_current_language(table.title)), columns, rows, notes, _("Hierover is niets te melden."), _plain(found.finding), _plain_lines(found.svg), _plain(found.words),
    )


def _width(table: Table, at: int, texts: list[str]) -> float:
    """Return how much room a column gets beside the others: names more than numbers, long texts most."""
    longest = max((len(each) for each in texts), default=0)
    if is_number(table.columns[at]):
        return 1.0 if longest <= len("10.000") else 1.3
    return min(4.5, max(1.2, longest / 9))


def _proof(report: Report, code: str) -> _Proof:
    rows = [
        (_("Code van dit rapport"), code), (_("Methode"), report.method), (_("Eerste dag"), report.from_on.isoformat()), (_("Laatste dag"), report.until_on.isoformat()),
        (_("Geteld tot"), report.as_of.isoformat()), (_("Controlegetal van de vraag"), digest_of(query_of(report))),
        (_("Controlegetal van de gegevens"), digest_of(as_data(report))),
    ]
    return _Proof(
        _("Controle"),
        [
            _("Dit bestand is gemaakt uit wat is vastgelegd. Alle gegevens staan bij het rapport op de website, als JSON."),
            _("Het controlegetal van de gegevens is het SHA-256-getal van dat JSON-bestand. Zo kan iedereen nagaan of er niets is veranderd."),
            _("Het programmabureau kan alle bestanden opnieuw maken en vergelijken met: academy report verify %(code)s", code=code),
        ],
        [_("Wat"), _("Waarde")], rows,
    )


def _plain(text: str) -> str:
    return _BEYOND_THE_FONT.sub("?", text)


def _plain_lines(svg: str) -> str:
    return "\n".join(_plain(line) for line in svg.splitlines())


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
