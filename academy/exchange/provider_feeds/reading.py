"""Files of feeds to one supply per provider: read, recognised, put together; no database."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from academy.catalogue.api import ProviderKind
from academy.exchange.errors import FileRefused
from academy.exchange.findings import Problem, shown
from academy.exchange.payloads import NOTICES, NotAPayload, Parsed, parsed
from academy.exchange.provider_feeds.bootcamps import BOOTCAMPS
from academy.exchange.provider_feeds.edx import EDX, OPEN_LEARNING_LIBRARY
from academy.exchange.provider_feeds.family import Document, Family
from academy.exchange.provider_feeds.gathering import Gathering
from academy.exchange.provider_feeds.mitx_online import MITX_ONLINE
from academy.exchange.provider_feeds.prolearn import PROLEARN
from academy.exchange.provider_feeds.sloan import SLOAN
from academy.exchange.provider_feeds.subjects import MIT_SUBJECTS
from academy.exchange.provider_feeds.xpro import XPRO
from academy.exchange.supply import Supply

FAMILIES: Final = (EDX, OPEN_LEARNING_LIBRARY, MITX_ONLINE, XPRO, BOOTCAMPS, SLOAN, PROLEARN, MIT_SUBJECTS)
# A feed is read as a whole: one of 41 MB, 16,000 courses, was measured to take 190 MB of memory. Those of today are under 1 MB.
LIMIT_BYTES: Final = 50 * 1024 * 1024


@dataclass(frozen=True)
class Owner:
    """Whose supply the feeds are, when the caller says so."""

    slug: str
    name: str = ""


@dataclass(frozen=True)
class ProviderFeed:
    """All that the given files bring of one provider. `is_whole` is False when there is more than was given."""

    slug: str
    name: str
    kind: ProviderKind
    source: str
    files: tuple[str, ...]
    supply: Supply
    is_whole: bool

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing in it that a catalogue holds, good or bad: lists of subjects."""
        return not self.supply.rows


@dataclass(frozen=True)
class _Recognised:
    family: Family
    document: Document
    notices: tuple[str, ...]


def read_feeds(paths: Sequence[Path], *, owner: Owner | None, today: date) -> list[ProviderFeed]:
    """Read files, and the JSON files of folders, into one feed per provider; with an `owner` all of it is the owner's.

    Raises FileRefused when a file can not be read or recognised, or when nothing in a provider's files can be used: then nothing is
    to be loaded of any of them.
    """
    found: list[_Recognised] = []
    problems: list[Problem] = []
    for path, name in _files(paths):
        try:
            found.append(_recognise(path, name))
        except FileRefused as refusal:
            problems += refusal.problems
    if problems:
        raise FileRefused(problems)
    if not found:
        raise FileRefused([Problem(None, "", "", "empty", "there is no JSON file in this folder")])
    groups: dict[str, list[_Recognised]] = {}
    for each in found:
        groups.setdefault(each.family.slug if owner is None else owner.slug, []).append(each)
    return [_feed(group, owner, today) for group in groups.values()]


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Yield files once each, with their name; of a folder the JSON files in it."""
    seen: set[Path] = set()
    for path in paths:
        inside = sorted(each for each in path.iterdir() if each.suffix.lower() == ".json") if path.is_dir() else [path]
        for each in inside:
            if each.resolve() not in seen:
                seen.add(each.resolve())
                yield each, each.name


def _recognise(path: Path, name: str) -> _Recognised:
    found = _parsed(path, name)
    for family in FAMILIES:
        for shape, recognises in family.shapes.items():
            if recognises(found.value):
                return _Recognised(family, Document(name, found.value, shape), found.notices)
    known = "; ".join(f"{family.name} ({', '.join(family.shapes)})" for family in FAMILIES)
    raise _refused(name, "unknown-shape", f"this is no feed that we know, or an empty one; known are {known}")


def _parsed(path: Path, name: str) -> Parsed:
    if not path.is_file():
        raise _refused(name, "not-a-file", "this is not a regular file")
    size = path.stat().st_size
    if size > LIMIT_BYTES:
        mega = 1024 * 1024
        raise _refused(name, "too-large", f"the file is {size // mega} MB; of a feed at most {LIMIT_BYTES // mega} MB is read")
    body = path.read_bytes()
    try:
        found = parsed(body)
    except NotAPayload as fault:
        raise _refused(name, fault.code, fault.reason) from fault
    _refuse_names_twice(body, found.encoding, name)
    return found


def _refuse_names_twice(body: bytes, encoding: str, name: str) -> None:
    """An object that says `title` twice says two things, and a reader silently takes the last."""

    def check(pairs: list[tuple[str, Any]]) -> None:
        names = [key for key, _value in pairs]
        if len(set(names)) < len(names):
            twice = next(key for key in names if names.count(key) > 1)
            raise _refused(name, "name-twice", "an object has this field twice", column=twice)

    codec = "utf-8-sig" if encoding == "utf-8" else "cp1252" if encoding == "windows-1252" else encoding
    json.loads(body.decode(codec, errors="replace"), object_pairs_hook=check)


def _refused(source: str, code: str, reason: str, *, column: str = "") -> FileRefused:
    return FileRefused([Problem(None, shown(column), "", code, reason, shown(source))])


def _feed(group: Sequence[_Recognised], owner: Owner | None, today: date) -> ProviderFeed:
    families = list(dict.fromkeys(each.family for each in group))
    first = families[0]
    slug = first.slug if owner is None else owner.slug
    shape = ", ".join(f"{family.name} {shape}" for family in families for shape in _shapes_in(group, family))
    gathering = Gathering(shape, today=today, provider=slug)
    for each in group:
        for code in each.notices:
            gathering.supply.notices.add(code, NOTICES[code], line=1, value=each.document.source)
    for family in families:
        family.read([each.document for each in group if each.family is family], gathering)
    supply = gathering.supply
    if supply.problems and not (supply.modules or supply.programmes):
        raise FileRefused(supply.problems)
    return ProviderFeed(
        slug=slug, name=first.name if owner is None else owner.name, kind=first.kind, source=f"feed: {shape}"[:_LONGEST_SOURCE],
        files=tuple(each.document.source for each in group), supply=supply, is_whole=not gathering.unfinished,
    )


_LONGEST_SOURCE: Final = 120


def _shapes_in(group: Sequence[_Recognised], family: Family) -> list[str]:
    return sorted({each.document.shape for each in group if each.family is family})
