"""What was read of a file: a row per record that may be loaded, in a temporary file on disk, so that memory stays flat as a file grows."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_CACHE_KB: Final = 8 * 1024
_BITE: Final = 500
_ROUNDS: Final = 20
_TABLES: Final = """
CREATE TABLE entry (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, line INTEGER NOT NULL, content BLOB NOT NULL, subjects TEXT NOT NULL,
    refused INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE faulty (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE need (module TEXT NOT NULL, needed TEXT NOT NULL, PRIMARY KEY (module, needed)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A checked record: the line it was read on, its draft as `drafting` packed it, and the subjects under which it came."""

    key: str
    line: int
    content: bytes
    subjects: frozenset[str]


class Ledger:
    """The checked records of one file by key, the keys of faulty ones, and which module needs which.

    The file is SQLite's own temporary one: it has no name, nobody else can open it, and it is gone when the ledger is closed.
    """

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{_CACHE_KB}; {_TABLES} BEGIN;",
        )

    def close(self) -> None:
        self._file.close()

    def add(self, entry: Entry) -> Entry | None:
        """Keep the entry; where its key was there before nothing changes, and that one is returned."""
        row = (entry.key, entry.line, entry.content, "\n".join(sorted(entry.subjects)))
        added = self._file.execute("INSERT INTO entry (key, line, content, subjects) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", row)
        return None if added.rowcount else next(self._entries("WHERE key = ?", (entry.key,)))

    def replace(self, entry: Entry) -> None:
        """Keep this in the place of what was there under its key."""
        self._file.execute(
            "UPDATE entry SET content = ?, subjects = ? WHERE key = ?", (entry.content, "\n".join(sorted(entry.subjects)), entry.key),
        )

    def add_faulty(self, keys: Iterable[str]) -> None:
        """Remember keys of records that are refused: they are in the file all the same."""
        self._file.executemany("INSERT INTO faulty VALUES (?) ON CONFLICT DO NOTHING", [(key,) for key in keys])

    def add_needs(self, module: str, needed: Collection[str]) -> None:
        """Remember which modules this one names as prerequisites."""
        self._file.executemany("INSERT INTO need VALUES (?, ?) ON CONFLICT DO NOTHING", [(module, each) for each in needed])

    def refuse(self, key: str) -> Entry:
        """Leave out what was added under this key; returns it."""
        self._file.execute("UPDATE entry SET refused = 1 WHERE key = ?", (key,))
        return next(self._entries("WHERE key = ?", (key,)))

    def __len__(self) -> int:
        return int(self._file.execute("SELECT count(*) FROM entry WHERE NOT refused").fetchone()[0])

    def __contains__(self, key: object) -> bool:
        """Tell whether the file has a record with this key, good or faulty."""
        found = self._file.execute("SELECT 1 FROM entry WHERE key = ? UNION ALL SELECT 1 FROM faulty WHERE key = ?", (key, key))
        return found.fetchone() is not None

    def line_of(self, key: str) -> int | None:
        found = self._file.execute("SELECT line FROM entry WHERE key = ?", (key,)).fetchone()
        return None if found is None else int(found[0])

    def batches(self) -> Iterator[list[Entry]]:
        """Yield the records that may be loaded, in the order of the file."""
        last = 0
        while True:
            rows = self._file.execute(
                "SELECT key, line, content, subjects, number FROM entry WHERE number > ? AND NOT refused ORDER BY number LIMIT ?",
                (last, _BITE),
            ).fetchall()
            if not rows:
                return
            last = rows[-1][4]
            yield [_entry(row[:4]) for row in rows]

    def tangled_needs(self) -> dict[str, frozenset[str]]:
        """Return which module needs which, without most of what can not be part of a circle.

        Whoever needs only modules that need nothing is in no circle, nor is who is needed by nobody. Circles are rare and chains
        short, so after a few rounds next to nothing is left to hold in memory.
        """
        for side, other in (("needed", "module"), ("module", "needed")):
            for _round in range(_ROUNDS):
                if not self._file.execute(f"DELETE FROM need WHERE {side} NOT IN (SELECT {other} FROM need)").rowcount:  # noqa: S608
                    break
        graph: dict[str, set[str]] = {}
        for module, needed in self._file.execute("SELECT module, needed FROM need"):
            graph.setdefault(module, set()).add(needed)
        return {module: frozenset(needed) for module, needed in graph.items()}

    def _entries(self, where: str, values: tuple[str, ...]) -> Iterator[Entry]:
        return map(_entry, self._file.execute(f"SELECT key, line, content, subjects FROM entry {where}", values))  # noqa: S608 - ours


def _entry(row: tuple[str, int, bytes, str]) -> Entry:
    return Entry(row[0], row[1], row[2], frozenset(row[3].split("\n") if row[3] else ()))
