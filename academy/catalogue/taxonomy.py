"""Sectors and the clusters they belong to: data, because a region has no settled structure and reviews its choices every two years.

They stand in a TOML file, so that another city brings its own. `use` chooses the file when the program starts.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from academy.kernel.text import Localized

PACKAGED: Final = Path(__file__).parent / "data" / "taxonomy.toml"

_CODE: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")  # it becomes part of an address
_CLUSTER_KEYS: Final = frozenset({"code", "title"})
_SECTOR_KEYS: Final = _CLUSTER_KEYS | {"cluster", "valid_from", "valid_until", "order"}


class TaxonomyWrong(Exception):
    """The file can not be used; the text names the file, the place and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Cluster:
    code: str
    title: Localized


@dataclass(frozen=True, slots=True)
class Sector:
    """A field of work; `cluster` is a code or None. Both days belong to the time in which it may be chosen; None is no limit."""

    code: str
    title: Localized
    cluster: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def may_be_chosen(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True)
class Taxonomy:
    """Both by code, in the order in which they are shown; also what may no longer be chosen, because it keeps its name."""

    sectors: Mapping[str, Sector]
    clusters: Mapping[str, Cluster]


def load(path: Path) -> Taxonomy:
    """Read and check the file. Raises TaxonomyWrong."""
    return _Reader(path.name).taxonomy(_tables(path))


_current: list[Taxonomy] = []


def use(path: Path) -> None:
    """Take the taxonomy of this file from now on. Raises TaxonomyWrong, and then the one in use stays."""
    _current[:] = [load(path)]


def current() -> Taxonomy:
    """Return the taxonomy in use; the packaged one unless `use` chose another."""
    if not _current:
        use(PACKAGED)
    return _current[0]


def sectors() -> tuple[Sector, ...]:
    """Return all sectors in order, also those that may no longer be chosen."""
    return tuple(current().sectors.values())


def sector_codes() -> tuple[str, ...]:
    return tuple(current().sectors)


def cluster_codes() -> tuple[str, ...]:
    return tuple(current().clusters)


def sector(code: str) -> Sector | None:
    return current().sectors.get(code)


def cluster_of(code: str) -> Cluster | None:
    """Return the cluster of the sector with this code; None when it has none, or is not known."""
    found = sector(code)
    return None if found is None or found.cluster is None else current().clusters[found.cluster]


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TaxonomyWrong(f"{path.name}: {error}") from error


@dataclass(frozen=True)
class _Reader:
    """From tables to the taxonomy; knows the name of the file for what is wrong."""

    file: str

    def taxonomy(self, tables: Mapping[str, Any]) -> Taxonomy:
        self._only(tables, {"sector", "cluster"}, "")
        clusters = [self._cluster(table, place) for table, place in self._list(tables, "cluster")]
        self._once([cluster.code for cluster in clusters], "cluster")
        codes = {cluster.code for cluster in clusters}
        placed = [
            (self._order(table, place, otherwise=number), self._sector(table, place, codes))
            for number, (table, place) in enumerate(self._list(tables, "sector"), start=1)
        ]
        if not placed:
            raise self._wrong("sector", "there are none")
        self._once([sector.code for _order, sector in placed], "sector")
        placed.sort(key=lambda one: one[0])  # stable: equal numbers keep the order of the file
        return Taxonomy({sector.code: sector for _order, sector in placed}, {cluster.code: cluster for cluster in clusters})

    def _cluster(self, table: Mapping[str, Any], place: str) -> Cluster:
        self._only(table, _CLUSTER_KEYS, place)
        return Cluster(self._code(table, place), self._title(table, place))

    def _sector(self, table: Mapping[str, Any], place: str, clusters: Container[str]) -> Sector:
        self._only(table, _SECTOR_KEYS, place)
        cluster = table.get("cluster")
        if cluster is not None and (not isinstance(cluster, str) or cluster not in clusters):
            raise self._wrong(f"{place}.cluster", f"there is no cluster {cluster!r}")
        first, last = self._day(table, "valid_from", place), self._day(table, "valid_until", place)
        if first is not None and last is not None and last < first:
            raise self._wrong(f"{place}.valid_until", f"{last} is before valid_from {first}")
        return Sector(self._code(table, place), self._title(table, place), cluster, first, last)

    def _list(self, tables: Mapping[str, Any], key: str) -> list[tuple[Mapping[str, Any], str]]:
        """Return each table with its place, counted from 1 as people do."""
        found = tables.get(key, [])
        if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
            raise self._wrong(key, f"must be written as [[{key}]]")
        return [(table, f"{key} {number}") for number, table in enumerate(found, start=1)]

    def _code(self, table: Mapping[str, Any], place: str) -> str:
        code = table.get("code")
        if not isinstance(code, str) or _CODE.fullmatch(code) is None:
            raise self._wrong(f"{place}.code", f"{code!r} is not 1 to 40 small letters, digits and hyphens that begin with a letter")
        return code

    def _title(self, table: Mapping[str, Any], place: str) -> Localized:
        title = table.get("title")
        if not isinstance(title, dict):
            raise self._wrong(f"{place}.title", "must be written as { nl = …, en = … }")
        self._only(title, {"nl", "en"}, f"{place}.title")
        for language in ("nl", "en"):
            if not isinstance(title.get(language), str) or not title[language].strip():
                raise self._wrong(f"{place}.title.{language}", "is missing")
        return Localized(title["nl"].strip(), title["en"].strip())

    def _day(self, table: Mapping[str, Any], key: str, place: str) -> date | None:
        day = table.get(key)
        if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
            raise self._wrong(f"{place}.{key}", f"{day!r} is not a day, such as 2026-09-01 without quotes")
        return day

    def _order(self, table: Mapping[str, Any], place: str, *, otherwise: int) -> int:
        order = table.get("order", otherwise)
        if not isinstance(order, int) or isinstance(order, bool):
            raise self._wrong(f"{place}.order", f"{order!r} is not a whole number")
        return order

    def _only(self, table: Mapping[str, Any], known: Container[str], place: str) -> None:
        for key in table:
            if key not in known:
                raise self._wrong(f"{place}.{key}".lstrip("."), "is not known here")

    def _once(self, codes: list[str], kind: str) -> None:
        for code, times in Counter(codes).items():
            if times > 1:
                raise self._wrong(kind, f"{code!r} is there {times} times")

    def _wrong(self, place: str, reason: str) -> TaxonomyWrong:
        return TaxonomyWrong(f"{self.file}: {place}: {reason}")
