"""Records out of a JSON list or SQL INSERT statements, one at a time."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TextIO

from academy.exchange.errors import file_refused
from academy.exchange.values import LIST_SEPARATOR

_CHUNK: Final = 1024 * 1024
_LONGEST_OBJECT: Final = 8 * 1024 * 1024
_LONGEST_SQL: Final = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """The cells of a record and its line, or the reason why there are none, with what texts could be made out all the same."""

    line: int
    cells: Mapping[str, str] | str
    made_out: tuple[str, ...] = ()


def json_records(file: TextIO) -> Iterator[Found]:
    """Yield the objects of a JSON list. Raises FileRefused where the JSON itself is broken."""
    # Numbers stay as they are written: 7412.10 is not 7412.1.
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)
    buffer = file.read(_CHUNK)
    place = _skip(buffer, 0, " \t\r\n")
    if buffer[place : place + 1] != "[":
        raise file_refused("not-a-list", "a JSON list of objects is expected", line=1)
    line, place = 1 + buffer.count("\n", 0, place), place + 1
    while True:
        start = _skip(buffer, place, " \t\r\n,")
        line += buffer.count("\n", place, start)
        place = start
        if buffer[place : place + 1] == "]":
            return
        value, end = _decoded(decoder, buffer, place, line)
        if end == len(buffer):  # cut off in the middle, perhaps
            more = file.read(max(_CHUNK, len(buffer) - place)) if len(buffer) - place < _LONGEST_OBJECT else ""
            if more:
                buffer, place = buffer[place:] + more, 0
                continue
            raise file_refused("not-json", "the JSON is broken from this line on", line=line)
        cells = _cells_of(value)
        yield Found(line, cells, tuple(_texts_in(value)) if isinstance(cells, str) else ())
        line += buffer.count("\n", place, end)
        place = end


def _decoded(decoder: json.JSONDecoder, buffer: str, place: int, line: int) -> tuple[Any, int]:
    """Return the value at `place` and where it ends: the end of the buffer when it is not whole."""
    try:
        return decoder.raw_decode(buffer, place)
    except json.JSONDecodeError:
        return None, len(buffer)
    except RecursionError as error:
        raise file_refused("not-json", "the JSON is nested too deep", line=line) from error


def _skip(text: str, place: int, chars: str) -> int:
    while place < len(text) and text[place] in chars:
        place += 1
    return place


def _cells_of(value: Any) -> dict[str, str] | str:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(value, dict):
        return "an object is expected"
    cells: dict[str, str] = {}
    for key, inner in value.items():
        # {"title": {"nl": …, "en": …}} is title_nl and title_en
        parts = {f"{key}_{name}": part for name, part in inner.items()} if isinstance(inner, dict) else {key: inner}
        for column, part in parts.items():
            text = _text_of(part)
            if text is None:
                return f"{column} holds something that is not text, a number or a list of those"
            cells[column] = text
    return cells


def _texts_in(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        yield from (inner for inner in value.values() if isinstance(inner, str))


def _text_of(value: Any) -> str | None:  # noqa: ANN401 - whatever JSON holds
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) and LIST_SEPARATOR not in item for item in value):
        return LIST_SEPARATOR.join(value)
    return None


_INSERT: Final = re.compile(r"INSERT\s+INTO\s+[\w.\[\]\"`]+\s*\(([^()]*)\)\s*VALUES\s*", re.IGNORECASE)
_VALUE: Final = re.compile(r"\s*(?:N?'((?:[^']|'')*)'|(NULL)|(-?\d+(?:\.\d+)?))\s*([,)])", re.IGNORECASE)


def sql_records(file: TextIO) -> Iterator[Found]:
    """Yield the rows of INSERT statements; a plain reader for small files. Raises FileRefused above 10 MB."""
    text = file.read(_LONGEST_SQL + 1)
    if len(text) > _LONGEST_SQL:
        raise file_refused("too-large", "a file of INSERT statements is read up to 10 MB")
    place, line, counted = 0, 1, 0
    while (found := _INSERT.search(text, place)) is not None:
        columns = [name.strip().strip('[]"`') for name in found[1].split(",")]
        place = found.end()
        while text[place : place + 1] == "(":
            line += text.count("\n", counted, place)
            counted = place
            values, end = _values_at(text, place + 1)
            if values is None or len(values) != len(columns):
                yield Found(line, "the values do not match the columns of the INSERT")
                break
            yield Found(line, dict(zip(columns, values, strict=True)))
            place = _skip(text, end, " \t\r\n,")


def _values_at(text: str, place: int) -> tuple[list[str] | None, int]:
    values = []
    while (found := _VALUE.match(text, place)) is not None:
        values.append((found[1] or found[3] or "").replace("''", "'"))
        place = found.end()
        if found[4] == ")":
            return values, place
    return None, place
