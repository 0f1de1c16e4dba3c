"""What was fetched, on disk: pages of items and a journal of what is complete; and a folder of payloads that someone sent us.

A spool holds `<resource>/page-00001.json` and `progress.json`. Each is written whole or not at all, the page before the journal: after a
kill the page in hand may be there without being counted, and then it is fetched and written again.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from academy.exchange.findings import Notice, Problem, shown
from academy.exchange.gateway import FetchProblem, HarvestStopped
from academy.exchange.payloads import (
    NOTICES,
    Family,
    Kind,
    NotAPayload,
    Parent,
    envelope_of,
    family_of,
    identity_of,
    parent_of,
    parsed,
)
from academy.kernel.files import write_atomically

_JOURNAL: Final = "progress.json"
_MOST_PROBLEMS: Final = 1000
_LARGEST_PAYLOAD: Final = 20 * 1024 * 1024
PARENT_KINDS: Final = {"courses": Kind.COURSE, "programs": Kind.PROGRAM, "programmes": Kind.PROGRAM}

Items = Sequence[dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class SpooledItem:
    """One item: `resource` is the plan's path or a file's name, `page` and `number` count from 1 as the source sent them."""

    resource: str
    page: int
    number: int
    value: dict[str, Any]
    parent: Parent | None = None

    @property
    def family(self) -> Family | None:
        return family_of(self.value)


@dataclass(slots=True)
class Place:
    """How far a resource is: pages and items on disk; lists that are complete (one, or one per parent) and the last page of the next."""

    pages: int = 0
    items: int = 0
    lists: int = 0
    page: int = 0
    next_guessed: bool = False
    done: bool = False


@dataclass(slots=True)
class Journal:
    """What `progress.json` says. `plan` is a digest of what was asked for; `started` the moment of the first attempt."""

    plan: str
    started: datetime
    bytes: int = 0
    places: dict[str, Place] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    problems: list[FetchProblem] = field(default_factory=list)


class Spool:
    """The folder of one harvest; one process writes it at a time."""

    def __init__(self, folder: Path, *, plan: str, now: datetime) -> None:
        """Open the folder, or begin it. Raises HarvestStopped when it belongs to another plan or can not be read back."""
        self.folder = folder
        self.journal = _journal_in(folder) or Journal(plan, now)
        if self.journal.plan != plan:
            raise _unusable("spool-of-another-plan", "the settings have changed since this harvest began: begin a new one")

    def place(self, resource: str) -> Place:
        return self.journal.places.setdefault(resource, Place())

    def write_page(self, resource: str, items: Items, *, page: int, parent: Parent | None) -> None:
        """Write the next page of `resource`. It counts once the journal is saved."""
        place = self.place(resource)
        place.pages += 1
        place.items += sum(item is not None for item in items)
        content = {"page": page, "parent": None if parent is None else asdict(parent), "items": items}
        write_atomically(_page_file(self.folder, resource, place.pages), json.dumps(content).encode())

    def last_pages(self, resource: str, count: int) -> Iterator[list[dict[str, Any]]]:
        """Yield the objects of each of the last `count` pages of `resource`."""
        pages = self.place(resource).pages
        for number in range(pages - count + 1, pages + 1):
            yield [item for item in _stored(self.folder, resource, number)["items"] if item is not None]

    def save(self) -> None:
        write_atomically(self.folder / _JOURNAL, json.dumps(asdict(self.journal), default=datetime.isoformat).encode())

    def note(self, code: str, resource: str, page: int) -> None:
        """Count a notice of payloads.NOTICES."""
        known = self.journal.notices
        for index, notice in enumerate(known):
            if (notice.code, notice.column) == (code, resource):
                known[index] = replace(notice, count=notice.count + 1)
                return
        known.append(Notice(code, resource, NOTICES[code], 1, None, f"page {page}"))

    def report(self, problem: FetchProblem) -> None:
        if len(self.journal.problems) < _MOST_PROBLEMS:
            self.journal.problems.append(problem)


def items(folder: Path, resource: str) -> Iterator[SpooledItem]:
    """Yield what is in the complete pages of `resource`, one page in memory at a time. An unknown resource has none."""
    journal = _journal_in(folder)
    place = None if journal is None else journal.places.get(resource)
    for number in range(1, 1 + (0 if place is None else place.pages)):
        stored = _stored(folder, resource, number)
        above = stored["parent"]
        parent = None if above is None else Parent(Kind(above["kind"]), above["id"])
        for position, value in enumerate(stored["items"], start=1):
            if value is not None:
                yield SpooledItem(resource, stored["page"], position, value, parent_of(value) or parent)


def _stored(folder: Path, resource: str, number: int) -> dict[str, Any]:
    page: dict[str, Any] = json.loads(_page_file(folder, resource, number).read_bytes())
    return page


def _page_file(folder: Path, resource: str, number: int) -> Path:
    return folder / (resource or "feed") / f"page-{number:05}.json"


def _journal_in(folder: Path) -> Journal | None:
    try:
        said = json.loads((folder / _JOURNAL).read_bytes())
        return Journal(
            said["plan"], datetime.fromisoformat(said["started"]), said["bytes"],
            {resource: Place(**place) for resource, place in said["places"].items()},
            [Notice(**notice) for notice in said["notices"]],
            [FetchProblem(**problem) for problem in said["problems"]],
        )
    except FileNotFoundError:
        return None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _unusable("spool-broken", f"{_JOURNAL} can not be read: begin a new harvest") from error


def _unusable(code: str, reason: str) -> HarvestStopped:
    return HarvestStopped(FetchProblem("", 0, code, reason))


# A folder of payloads ----------------------------------------------------------------------------------------------------------------


def payloads_in(folder: Path) -> Iterator[SpooledItem | Problem]:
    """Yield the items of every JSON file below `folder`, by name, one file in memory at a time.

    A file holds one object, a bare list or an envelope; its fields say what it is, never its name. A file or item that is not recognised
    is a Problem with the file's name as value. An offering that does not name its course or programme belongs to the one whose folder it
    is in: `courses/some/offerings.json` to `courses/some.json`.
    """
    for path in sorted(folder.rglob("*")):
        if path.suffix.casefold() != ".json" or path.is_symlink() or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        try:
            found = _payloads_of(path)
        except NotAPayload as fault:
            yield Problem(None, "", shown(name), fault.code, fault.reason)
            continue
        strange = 0
        for number, value in enumerate(found, start=1):
            family = None if value is None else family_of(value)
            if value is None or family is None:
                strange += 1
                continue
            parent = (parent_of(value) or _parent_above(path, folder)) if family.kind is Kind.OFFERING else None
            yield SpooledItem(name, 1, number, value, parent)
        if strange:
            yield Problem(None, "", shown(name), "family-unknown", f"{strange} of {len(found)} in this file: no payload that we know")


def _payloads_of(path: Path) -> Items:
    try:
        with path.open("rb") as file:
            body = file.read(_LARGEST_PAYLOAD + 1)
    except OSError as error:
        raise NotAPayload("not-readable", "the file can not be read") from error
    if len(body) > _LARGEST_PAYLOAD:
        raise NotAPayload("too-large", f"the file is larger than {_LARGEST_PAYLOAD:,} bytes")
    value = parsed(body).value
    if isinstance(value, dict) and not isinstance(value.get("items"), list):
        return [value]
    return envelope_of(value).items


def _parent_above(path: Path, folder: Path) -> Parent | None:
    """Return the course or programme whose folder `path` is in: by the file beside that folder, else by the name of the one above."""
    own = path.parent
    if own == folder:
        return None
    beside = own.parent / f"{own.name}.json"
    if beside.is_file():
        try:
            value = next(islice(_payloads_of(beside), 1), None)
        except NotAPayload:
            value = None
        family = None if value is None else family_of(value)
        if value is not None and family is not None and family.kind in {Kind.COURSE, Kind.PROGRAM} and identity_of(value):
            return Parent(family.kind, identity_of(value))
    kind = PARENT_KINDS.get(own.parent.name)
    return None if kind is None else Parent(kind, own.name)
