"""Bytes to records with line numbers: CSV, a JSON list or SQL INSERT statements. One record at a time, so memory stays flat."""

import codecs
import csv
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from academy.exchange.errors import file_refused
from academy.exchange.findings import shown
from academy.exchange.structured import json_records, sql_records

LIMIT_BYTES: Final = 200 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_LONGEST_LINE: Final = 1_000_000
_MOST_COLUMNS: Final = 1000
_DELIMITERS: Final = ",;\t|"


@dataclass(frozen=True, slots=True)
class Record:
    """One row: the line it starts on and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """Lines that do not make a row; `cells` is what could be made out of them, so that what stands there is not taken to be absent."""

    line: int
    value: str
    code: str
    reason: str
    cells: tuple[str, ...] = ()


Read = Callable[[int], None]  # told how many bytes have been read


@dataclass(frozen=True)
class SourceFile:
    """A file whose encoding, form and columns are known."""

    path: Path
    size: int
    encoding: str  # "utf-8" or "windows-1252"
    form: str  # "csv", "json" or "sql"
    columns: tuple[str, ...]
    delimiter: str = ""

    def records(self, read: Read | None = None) -> Iterator[Record | BrokenRecord]:
        """Yield every row from the start; may be called again."""
        with _opened(self.path, self.encoding) as file:
            rows = _rows_of(file, self)
            for number, row in enumerate(rows):
                if read is not None and number % 200 == 0:
                    read(file.buffer.tell())
                yield row


def open_source(path: Path) -> SourceFile:
    """Find out what kind of file this is. Raises FileRefused when it is too large, not text, or has no columns."""
    if not path.is_file():
        raise file_refused("not-a-file", "this is not a regular file")
    size = path.stat().st_size
    if size > LIMIT_BYTES:
        raise file_refused("too-large", f"the file is {size // 1024 // 1024} MB; at most {LIMIT_BYTES // 1024 // 1024} MB is read")
    encoding = _encoding_of(path)
    with _opened(path, encoding) as file:
        start = file.read(_CHUNK).lstrip()
    form = _form_of(path, start)
    if form == "csv":
        delimiter, columns = _header_of(path, encoding)
    else:
        delimiter, columns = "", _first_columns(path, encoding, form)
    if not any(columns):
        raise file_refused("empty", "the file has no columns")
    _check_columns(columns)
    return SourceFile(path, size, encoding, form, columns, delimiter)


def _check_columns(columns: tuple[str, ...]) -> None:
    if len(columns) > _MOST_COLUMNS:
        raise file_refused("too-many-columns", f"{len(columns)} columns; at most {_MOST_COLUMNS} are read", line=1)
    twice = min((name for name, count in Counter(columns).items() if name and count > 1), default="")
    if twice:
        raise file_refused("column-twice", "this column is there twice", line=1, column=twice)


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    codec, errors = ("utf-8-sig", "strict") if encoding == "utf-8" else ("cp1252", "replace")
    with path.open(encoding=codec, errors=errors, newline="") as file:
        yield file


def _encoding_of(path: Path) -> str:
    """Return utf-8 when all bytes are, else windows-1252: what Excel on a Dutch Windows writes."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    marked, lines, encoding = False, 1, "utf-8"
    with path.open("rb") as file:
        for number, chunk in enumerate(iter(lambda: file.read(_CHUNK), b"")):
            if number == 0:
                marked = chunk.startswith(codecs.BOM_UTF8)
                if chunk.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
                    raise file_refused("not-text", "this is a spreadsheet, archive or document; save it as CSV (UTF-8) first")
            if b"\x00" in chunk:
                raise file_refused("not-text", "this is not a text file in UTF-8; save it as CSV (UTF-8) first")
            if encoding == "utf-8":
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    if marked:
                        line = lines + chunk[: max(0, error.start)].count(b"\n")
                        raise file_refused("not-utf-8", "the file says it is UTF-8, and this line is not", line=line) from error
                    encoding = "windows-1252"
            lines += chunk.count(b"\n")
    try:
        if encoding == "utf-8":
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "windows-1252"
    return encoding


def _form_of(path: Path, start: str) -> str:
    suffix = path.suffix.casefold()
    if suffix == ".sql" or start[:12].casefold() == "insert into ":
        return "sql"
    if suffix == ".json" or (suffix != ".csv" and start.startswith("[")):
        return "json"
    return "csv"


def _rows_of(file: TextIO, source: SourceFile) -> Iterator[Record | BrokenRecord]:
    if source.form == "csv":
        yield from _csv_rows(file, source)
        return
    for found in json_records(file) if source.form == "json" else sql_records(file):
        if isinstance(found.cells, str):
            yield BrokenRecord(found.line, "", "not-a-row", found.cells, found.made_out)
        else:
            yield Record(found.line, found.cells)


def _first_columns(path: Path, encoding: str, form: str) -> tuple[str, ...]:
    """Return the columns of the first hundred rows together: in a JSON list a field may be absent where it is empty."""
    columns: dict[str, None] = {}
    with _opened(path, encoding) as file:
        for number, found in enumerate(json_records(file) if form == "json" else sql_records(file)):
            if number == 100:  # noqa: PLR2004 - a sample
                break
            if not isinstance(found.cells, str):
                columns |= dict.fromkeys(found.cells)
    return tuple(columns)


# CSV ---------------------------------------------------------------------------------------------------------------------------------


class _Lines:
    """Physical lines, counted; what a record swallowed can be put back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._back: deque[str] = deque()
        self._taken: list[str] = []
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._file.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) >= _LONGEST_LINE:
            raise file_refused("line-too-long", f"this line is longer than {_LONGEST_LINE} characters", line=self.number)
        self._taken.append(line)
        return line

    def start_record(self) -> None:
        self._taken.clear()

    def put_back(self, line: str) -> None:
        self._back.appendleft(line)
        self.number -= 1

    def keep_only_first(self) -> str:
        """Put back all but the first line of the present record, and return that one."""
        first, rest = self._taken[0], self._taken[1:]
        self._back.extendleft(reversed(rest))
        self.number -= len(rest)
        return first


def _header_of(path: Path, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Return the delimiter that gives the first row most cells, and those cells."""
    best: tuple[str, tuple[str, ...]] = (",", ())
    for delimiter in _DELIMITERS:
        with _opened(path, encoding) as file:
            lines = _Lines(file)
            _skip_to_header(lines)
            try:
                cells = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
            except csv.Error:
                continue
        columns = tuple(" ".join(cell.split()) for cell in cells)
        if len(columns) > len(best[1]):
            best = (delimiter, columns)
    return best


def _skip_to_header(lines: _Lines) -> None:
    """Skip empty lines and the `sep=;` that Excel likes."""
    for line in lines:
        if line.strip() and not line.startswith("sep="):
            lines.put_back(line)
            return


def _csv_rows(file: TextIO, source: SourceFile) -> Iterator[Record | BrokenRecord]:
    lines = _Lines(file)
    _skip_to_header(lines)

    def new_reader() -> "Iterator[list[str]]":
        return csv.reader(lines, delimiter=source.delimiter, strict=True)

    reader = new_reader()
    next(reader)
    while True:
        lines.start_record()
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # An open quote swallows the rows after it: only its own line is broken, the others are read again.
            yield _broken(line, lines.keep_only_first(), "broken-quotes", _quote_reason(error), source.delimiter)
            reader = new_reader()
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(source.columns):
            reason = f"{len(cells)} cells where the header has {len(source.columns)}"
            code = "too-many-cells" if len(cells) > len(source.columns) else "too-few-cells"
            yield _broken(line, lines.keep_only_first(), code, reason, source.delimiter)
            reader = new_reader()
            continue
        yield Record(line, dict(zip(source.columns, cells, strict=True)))


def _broken(line: int, text: str, code: str, reason: str, delimiter: str) -> BrokenRecord:
    cells = tuple(cell.strip(' "\r\n') for cell in text.split(delimiter, _MOST_COLUMNS)[:_MOST_COLUMNS])
    return BrokenRecord(line, shown(text), code, reason, cells)


def _quote_reason(error: csv.Error) -> str:
    if "field larger" in str(error):
        return "a cell without end: a quote was opened and not closed"
    return "the quotes on this line do not fit: a quote inside a cell is written twice"
