"""Use case of exchange: read a file, check all of it, load it or nothing.

The file is read twice: once to check every row and to find which rows are the same course, once to load in batches. So memory holds one
key per course, not the courses.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.exchange import drafting
from academy.exchange.errors import FileRefused, ProviderSlugNotValid, ProviderUnknown, file_refused
from academy.exchange.findings import Notices, Problem, Progress, shown
from academy.exchange.reading import BrokenRecord, Record, SourceFile, open_source
from academy.exchange.report import ImportReport
from academy.exchange.shapes import ImportKind, Shape, column_key, recognise
from academy.exchange.values import BadValue

# A file whose columns shifted has values of another kind in some column with a declared kind. Measured: in the shifted
# file 98 to 100 % of the filled cells of such a column do not fit, in the well-formed ones at most 1.2 % of any column.
# One in five stands clear of both, also when only the last quarter of a file has shifted; below it the rows are refused
# one by one. At least three values: one strange row in a small file is a strange row.
SHIFTED_SHARE: Final = 0.2
SHIFTED_VALUES: Final = 3

_KEPT_PROBLEMS: Final = 1000
_BATCH: Final = 500
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])$")


def _silent(_what: str, _done: int, _total: int) -> None:
    """Report progress to nobody."""


@dataclass
class _Column:
    """How well the cells of one column fit what it must hold."""

    filled: int = 0
    misfits: int = 0
    first: Problem | None = None

    @property
    def has_shifted(self) -> bool:
        return self.misfits >= SHIFTED_VALUES and self.misfits > self.filled * SHIFTED_SHARE


@dataclass
class _Course:
    """What is remembered of a course between the two readings."""

    line: int
    digest: bytes
    subjects: set[str]


@dataclass
class PreparedFile:
    """A file that was read and checked to the end, and may be loaded."""

    source: SourceFile
    shape: Shape
    rows: int = 0
    merged: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)  # the first thousand
    notices: Notices = field(default_factory=Notices)
    courses: dict[str, _Course] = field(default_factory=dict)

    def refuse(self, problem: Problem) -> None:
        if len(self.problems) < _KEPT_PROBLEMS:
            self.problems.append(problem)

    def row_of(self, record: Record) -> drafting.Row:
        names = {column_key(column): column for column in self.source.columns}
        return drafting.Row(record.line, self.shape, record.cells, names)


def prepare(kind: ImportKind, path: Path, *, progress: Progress = _silent) -> PreparedFile:
    """Read and check a file without touching the database. Raises FileRefused."""
    source = open_source(path)
    prepared = PreparedFile(source, recognise(source.columns, kind))
    _notice_columns(prepared)
    columns: dict[str, _Column] = {}
    try:
        for record in source.records(lambda done: progress("read", done, source.size)):
            prepared.rows += 1
            if isinstance(record, BrokenRecord):
                prepared.refused += 1
                prepared.refuse(Problem(record.line, "", record.value, record.code, record.reason))
            else:
                _check(prepared, record, columns)
    except UnicodeDecodeError as error:  # changed under our hands
        raise file_refused("changed-while-reading", "the file changed while it was read") from error
    progress("read", source.size, source.size)
    _refuse_shifted(columns)
    if prepared.rows == 0:
        raise file_refused("empty", "the file has a header and no rows")
    if not prepared.courses:
        raise FileRefused(prepared.problems)
    return prepared


def _notice_columns(prepared: PreparedFile) -> None:
    if prepared.source.encoding != "utf-8":
        prepared.notices.add("windows-1252", "the file is not UTF-8 and was read as Windows-1252")
    for column in prepared.source.columns:
        if column and column_key(column) not in prepared.shape.columns:
            prepared.notices.add("column-ignored", "this column is not used", column=column, line=1)


def _check(prepared: PreparedFile, record: Record, columns: dict[str, _Column]) -> None:
    row = prepared.row_of(record)
    found = drafting.misfits(row)
    for key, bad in found.items():
        _count(columns.setdefault(key, _Column()), row, key, bad)
    parsed = drafting.parse_row(row, found)
    if parsed is not None:
        _remember(prepared, row, parsed)
    if row.problems:
        prepared.refused += 1
        for problem in row.problems:
            prepared.refuse(problem)
        return
    for code, column, value, text in row.remarks:
        prepared.notices.add(code, text, column=column, line=row.line, value=value)


def _count(column: _Column, row: drafting.Row, key: str, bad: BadValue | None) -> None:
    column.filled += 1
    if bad is None:
        return
    column.misfits += 1
    if column.first is None:
        column.first = Problem(row.line, shown(row.names[key]), shown(row.raw(key)), bad.code, bad.reason)


def _remember(prepared: PreparedFile, row: drafting.Row, parsed: drafting.Parsed) -> None:
    known = prepared.courses.get(parsed.draft.external_id)
    if known is None:
        prepared.courses[parsed.draft.external_id] = _Course(row.line, parsed.digest(), set(parsed.subjects))
    elif known.digest == parsed.digest():
        known.subjects.update(parsed.subjects)
        prepared.merged += 1
    else:
        reason = f"the same key as on line {known.line}, with other content; the first one is loaded"
        row.refuse(prepared.shape.key, "duplicate-differs", reason)


def _refuse_shifted(columns: dict[str, _Column]) -> None:
    shifted = [column for column in columns.values() if column.has_shifted and column.first is not None]
    if shifted:
        raise FileRefused([_shift_problem(column) for column in shifted])


def _shift_problem(column: _Column) -> Problem:
    first = column.first
    assert first is not None
    reason = (
        f"{first.reason}, and {column.misfits} of {column.filled} values in this column are something else: "
        "the columns have probably shifted"
    )
    return Problem(first.line, first.column, first.value, "columns-shifted", reason)


def _drafts(prepared: PreparedFile) -> Iterator[drafting.Draft]:
    """Read the file again and yield every course once, with all its subjects."""
    for record in prepared.source.records():
        if isinstance(record, BrokenRecord):
            continue
        row = prepared.row_of(record)
        parsed = drafting.parse_row(row, drafting.misfits(row))
        if parsed is None:
            continue
        course = prepared.courses.get(parsed.draft.external_id)
        if course is not None and course.line == record.line:
            yield drafting.finished(parsed.draft, course.subjects, prepared.shape)


class _Rehearsed(Exception):
    """The dry run is over: the way out of a savepoint that is to leave nothing."""


def load(
    session: Session, prepared: PreparedFile, *, provider_slug: str, provider_name: str = "", dry_run: bool, now: datetime,
    progress: Progress = _silent,
) -> ImportReport:
    """Load a prepared file in the caller's transaction: all of it, or nothing; a dry run does the same and takes it back.

    Raises ProviderUnknown, or ProviderSlugNotValid for a new provider.
    """
    count = catalogue.UpsertCount()
    with suppress(_Rehearsed), session.begin_nested():
        provider_id = _provider(session, provider_slug, provider_name)
        drafts = _counted(_drafts(prepared), total=len(prepared.courses), progress=progress)
        while batch := list(islice(drafts, _BATCH)):
            _upsert(session, batch, provider_id, count, now)
        if count.new or count.changed:
            catalogue.finish_import(session, provider_id=provider_id)
        if dry_run:
            raise _Rehearsed
    return ImportReport(
        kind=str(prepared.shape.kind), file=prepared.source.path.name, shape=prepared.shape.name, encoding=prepared.source.encoding,
        provider=provider_slug, dry_run=dry_run, rows=prepared.rows, merged=prepared.merged, new=tuple(count.new),
        changed=tuple(count.changed), same=len(count.same), refused=prepared.refused, problems=tuple(prepared.problems),
        notices=prepared.notices.all(),
    )


def import_file(
    session: Session, *, kind: ImportKind, path: Path, provider_slug: str, provider_name: str = "", dry_run: bool = False,
    now: datetime, progress: Progress = _silent,
) -> ImportReport:
    """Prepare and load in one go. Where others write too, call `prepare` before the transaction opens."""
    prepared = prepare(kind, path, progress=progress)
    return load(
        session, prepared, provider_slug=provider_slug, provider_name=provider_name, dry_run=dry_run, now=now, progress=progress,
    )


def require_provider(session: Session, slug: str, name: str) -> None:
    """Check that the provider exists, or may be made. Raises ProviderUnknown or ProviderSlugNotValid."""
    known = sorted(provider.slug for provider in catalogue.providers(session))
    if slug in known:
        return
    if not name.strip():
        raise ProviderUnknown(slug, known)
    if not _SLUG.match(slug):
        raise ProviderSlugNotValid(slug)


def _provider(session: Session, slug: str, name: str) -> UUID:
    require_provider(session, slug, name)
    try:
        return catalogue.provider_by_slug(session, slug).id
    except catalogue.ProviderNotFound:
        draft = catalogue.ProviderDraft(slug=slug, name=name.strip(), kind=catalogue.ProviderKind.PLATFORM, country="")
        return catalogue.register_provider(session, draft)


def _counted(drafts: Iterator[drafting.Draft], *, total: int, progress: Progress) -> Iterator[drafting.Draft]:
    done = 0
    for done, draft in enumerate(drafts, start=1):
        if done % 100 == 0:
            progress("load", done, total)
        yield draft
    progress("load", done, total)


def _upsert(
    session: Session, batch: Sequence[drafting.Draft], provider_id: UUID, count: catalogue.UpsertCount, now: datetime,
) -> None:
    modules = [draft for draft in batch if isinstance(draft, catalogue.ModuleDraft)]
    programmes = [draft for draft in batch if isinstance(draft, catalogue.ProgrammeDraft)]
    parts = []
    if modules:
        parts.append(catalogue.upsert_modules(session, provider_id=provider_id, drafts=modules, now=now))
    if programmes:
        parts.append(catalogue.upsert_programmes(session, provider_id=provider_id, drafts=programmes, now=now))
    for part in parts:
        count.new += part.new
        count.changed += part.changed
        count.same += part.same
