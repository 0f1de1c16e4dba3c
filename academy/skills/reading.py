"""Files of a scheme to rows with line numbers: CSV as downloaded, loose or still inside their zips. One row at a time."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from academy.kernel.text import LANGUAGES, Language
from academy.skills.errors import FilesRefused, files_refused
from academy.skills.findings import Notices, Problem, shown

LIMIT_BYTES: Final = 200 * 1024 * 1024  # of one CSV; the largest of ESCO 1.1.1 has 21 MB
_EVERY: Final = 1000  # rows between two reports of progress

# `occupations_nl.csv`, `esco_occupations_nl.csv`, `occupationSkillRelations.csv`, since 1.2 `occupationSkillRelations_en.csv`
_NAME: Final = re.compile(r"(?:esco_)?(?P<table>[a-z]+?)(?:_(?P<language>[a-z]{2,3}))?\.csv", re.IGNORECASE)


class Table(StrEnum):
    """The files that we read, by the name ESCO gives them; others in the folder are left alone."""

    SKILLS = "skills"
    GROUPS = "skillGroups"
    OCCUPATIONS = "occupations"
    OCCUPATION_SKILLS = "occupationSkillRelations"
    BROADER = "broaderRelationsSkillPillar"


_SPOKEN: Final = (Table.SKILLS, Table.GROUPS, Table.OCCUPATIONS)
_BY_NAME: Final = {table.lower(): table for table in Table}
Read = Callable[[int], None]  # told how many bytes of this file have been read


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a CSV file: the line it starts on and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A CSV file, or one inside a zip; `size` in bytes, unpacked."""

    table: Table
    language: Language | None  # of its labels; None for relations
    path: Path
    member: str
    size: int

    @property
    def name(self) -> str:
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    def rows(self, columns: tuple[str, ...], read: Read) -> Iterator[Row]:
        """Yield every row; `columns` must be there. Raises FilesRefused at what can not be read."""
        with _opened(self) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            with _refusing(self, lambda: reader.line_num):
                header = [cell.strip() for cell in next(reader, [])]
                _check_header(self, header, columns)
                line = reader.line_num + 1
                for number, cells in enumerate(reader):
                    if len(cells) == len(header):
                        yield Row(line, dict(zip(header, cells, strict=True)))
                    elif cells:
                        reason = f"{len(cells)} cells where the header has {len(header)}"
                        raise files_refused("cells", reason, file=self.name, line=line, value=shown(cells[0]))
                    line = reader.line_num + 1
                    if number % _EVERY == 0:
                        read(raw.tell())
        read(self.size)


def find_sources(folder: Path, notices: Notices) -> dict[tuple[Table, Language | None], Source]:
    """Return the files of a scheme in `folder`; a loose file comes before the same one in a zip. Raises FilesRefused."""
    found: dict[tuple[Table, Language | None], Source] = {}
    for source in [*_loose(folder), *_zipped(folder)]:
        key = (source.table, source.language)
        if key in found:
            notices.add("file-twice", f"this file is there twice; {found[key].name} is read", file=source.name)
        else:
            found[key] = source
    present = {table for table, _language in found}
    missing = [
        Problem("", None, "", "", "file-missing", f"no file {_expected(table)} in {folder.name}, nor in a zip there")
        for table in Table if table not in present
    ]
    large = [
        Problem(source.name, None, "", "", "too-large", f"{source.size // 1024**2} MB; at most {LIMIT_BYTES // 1024**2} MB is read")
        for source in found.values() if source.size > LIMIT_BYTES
    ]
    if missing or large:
        raise FilesRefused(missing + large)
    return found


def _expected(table: Table) -> str:
    return f"{table}_en.csv or {table}_nl.csv" if table in _SPOKEN else f"{table}.csv"


def _loose(folder: Path) -> Iterator[Source]:
    for path in sorted(folder.iterdir()):
        if path.is_file() and (known := _recognised(path.name)):
            yield Source(*known, path, "", path.stat().st_size)


def _zipped(folder: Path) -> Iterator[Source]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".zip" and path.is_file():
            for member in _members(path):
                known = _recognised(member.filename.rpartition("/")[2])
                if known and member.flag_bits & 1:
                    raise files_refused("zip-locked", "this zip asks for a password; unpack it first", file=path.name)
                if known:
                    yield Source(*known, path, member.filename, member.file_size)


def _members(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, EOFError) as error:
        raise files_refused("zip-broken", "this zip is not whole; download it again", file=path.name) from error


def _recognised(name: str) -> tuple[Table, Language | None] | None:
    match = _NAME.fullmatch(name)
    table = _BY_NAME.get(match["table"].lower()) if match else None
    if match is None or table is None:
        return None
    if table not in _SPOKEN:
        return table, None
    language = next((each for each in LANGUAGES if each == (match["language"] or "").lower()), None)
    return None if language is None else (table, language)


@contextmanager
def _opened(source: Source) -> Iterator[IO[bytes]]:
    with _refusing(source, lambda: None):
        if not source.member:
            with source.path.open("rb") as file:
                yield file
        else:
            with zipfile.ZipFile(source.path) as archive, archive.open(source.member) as file:
                yield file


@contextmanager
def _refusing(source: Source, line: Callable[[], int | None]) -> Iterator[None]:
    """Say of what can not be read where it is, as far as is known, and what to do."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise files_refused("zip-broken", "this part of the zip is not whole; download it again", file=source.name, line=line()) from error
    except UnicodeDecodeError as error:
        reason = "after this line is text that is not UTF-8; download the file again, and do not save it from a spreadsheet"
        raise files_refused("not-utf-8", reason, file=source.name, line=line()) from error
    except csv.Error as error:
        reason = f"the quotes around this line do not fit ({error}); download the file again"
        raise files_refused("quotes", reason, file=source.name, line=line()) from error


def _check_header(source: Source, header: list[str], columns: tuple[str, ...]) -> None:
    missing = [column for column in columns if column not in header]
    if missing:
        there = ", ".join(shown(name) for name in header[:30]) or "nothing"
        raise FilesRefused([
            Problem(source.name, 1, column, "", "column-missing", f"this column is missing; there is: {there}") for column in missing
        ])
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise files_refused("column-twice", "this column is there twice", file=source.name, line=1, column=shown(twice))
