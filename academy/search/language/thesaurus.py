"""Phrases that mean the same, from a list that the office edits: `synonyms.toml`.

An entry means what it says and no more: synonyms of synonyms do not count. A phrase with a stop word in it is also known without it, because
that is what is left of a query.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from academy.search.folding import words_of
from academy.search.rules import STOP_WORDS

LONGEST_PHRASE: Final = 3  # words; Meilisearch looks up no more
_FILE: Final = Path(__file__).parent / "synonyms.toml"
_SAME, _ONE_WAY = "same", "one-way"
_KEYS: Final = {_SAME: ("words",), _ONE_WAY: ("from", "to")}
_HEADER: Final = re.compile(r"\s*\[\[\s*(same|one-way)\s*\]\]")

Phrase = tuple[str, ...]


class SynonymsWrong(Exception):
    """The file can not be used; the text names the file, the line where the entry begins and what is wrong there."""


def load(path: Path) -> Mapping[Phrase, tuple[Phrase, ...]]:
    """Return for each phrase of folded words the phrases that are sought with it, in the order of the file. Raises SynonymsWrong."""
    try:
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SynonymsWrong(f"{path.name}: {error}") from error
    return _Reader(path.name, text).read(tables)


class _Reader:
    """From tables to synonyms; knows the file's name and on which lines its entries begin."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._lines: dict[str, list[int]] = {_SAME: [], _ONE_WAY: []}
        for number, line in enumerate(text.splitlines(), start=1):
            header = _HEADER.match(line)
            if header is not None:
                self._lines[header[1]].append(number)
        self._found: dict[Phrase, list[Phrase]] = {}

    def read(self, tables: Mapping[str, Any]) -> Mapping[Phrase, tuple[Phrase, ...]]:
        for name in tables:
            if name not in _KEYS:
                raise SynonymsWrong(f"{self._file}: {name!r} is not known here; an entry begins with [[same]] or [[one-way]]")
        for line, (words,) in self._entries(tables, _SAME):
            self._add_same(words, line)
        one_way: dict[Phrase, list[Phrase]] = {}
        for line, (starts, targets) in self._entries(tables, _ONE_WAY):
            self._add_one_way(one_way, starts, targets, line)
        for start, targets in one_way.items():
            self._found.setdefault(start, []).extend(targets)
        found = {phrase: tuple(others) for phrase, others in self._found.items()}
        return {short: others for phrase, others in found.items() if len(short := _told(phrase)) > 1} | found

    def _add_same(self, words: Sequence[Phrase], line: int) -> None:
        if len(words) == 1:
            raise self._wrong(line, f"{_said(words[0])} stands alone; it needs a second word that means the same")
        for phrase in words:
            if phrase in self._found:
                raise self._wrong(line, f"{_said(phrase)} stands in another [[same]] already; put the words together")
        for phrase in words:
            self._found[phrase] = [other for other in words if other != phrase]

    def _add_one_way(
        self, one_way: dict[Phrase, list[Phrase]], starts: Sequence[Phrase], targets: Sequence[Phrase], line: int,
    ) -> None:
        for start in starts:
            if start in one_way:
                raise self._wrong(line, f"{_said(start)} stands in the `from` of another [[one-way]] already; put the words together")
            for target in targets:
                if target == start or target in self._found.get(start, ()):
                    raise self._wrong(line, f"{_said(start)} finds {_said(target)} already")
            one_way[start] = list(targets)

    def _entries(self, tables: Mapping[str, Any], name: str) -> list[tuple[int, list[list[Phrase]]]]:
        """Return each entry with the line on which it begins; its lists in the order of `_KEYS`."""
        entries = tables.get(name, [])
        lines = self._lines[name]
        if not isinstance(entries, list) or len(lines) != len(entries):
            raise SynonymsWrong(f"{self._file}: {name!r} must be written as [[{name}]] on a line of its own")
        return [(line, self._lists(entry, name, line)) for line, entry in zip(lines, entries, strict=True)]

    def _lists(self, entry: Mapping[str, Any], name: str, line: int) -> list[list[Phrase]]:
        keys = _KEYS[name]
        for key in entry:
            if key not in keys:
                raise self._wrong(line, f"{key!r} is not known in [[{name}]]; it has {' and '.join(keys)}")
        return [self._phrases(entry.get(key), key, line) for key in keys]

    def _phrases(self, values: object, key: str, line: int) -> list[Phrase]:
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            raise self._wrong(line, f'{key} must be a list of words between quotes, such as {key} = ["evc"]')
        phrases = [tuple(words_of(value)) for value in values]
        for phrase, value in zip(phrases, values, strict=True):
            if not phrase:
                raise self._wrong(line, f"{value!r} holds no word")
            if len(phrase) > LONGEST_PHRASE:
                raise self._wrong(line, f"{value!r} has {len(phrase)} words; at most {LONGEST_PHRASE} are looked up")
            if phrases.count(phrase) > 1:
                raise self._wrong(line, f"{_said(phrase)} stands there twice; capitals and accents do not matter")
        return phrases

    def _wrong(self, line: int, reason: str) -> SynonymsWrong:
        return SynonymsWrong(f"{self._file}, line {line}: {reason}")


def _told(phrase: Phrase) -> Phrase:
    return tuple(word for word in phrase if word not in STOP_WORDS)


def _said(phrase: Phrase) -> str:
    return repr(" ".join(phrase))


SYNONYMS: Final[Mapping[Phrase, tuple[Phrase, ...]]] = load(_FILE)


def synonyms(phrase: Phrase) -> tuple[Phrase, ...]:
    """Return what is sought together with a phrase of 1 to 3 folded words, without the phrase itself; none when it has no synonym."""
    return SYNONYMS.get(phrase, ())


def all_synonyms() -> Mapping[Phrase, tuple[Phrase, ...]]:
    """Return all synonyms by phrase, as the settings of an engine want them: one-way, each direction with its own entry."""
    return SYNONYMS
