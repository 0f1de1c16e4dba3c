"""Use case of exchange: read a file, check all of it, load it or nothing.

The file is read once. What may be loaded is kept in a ledger on disk until all of it has been checked, and then loaded in batches, in
one transaction: so memory does not grow with the file, and the database is not locked while the file is read.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.exchange import drafting
from academy.exchange.checking import offering_fault
from academy.exchange.errors import FileRefused, file_refused
from academy.exchange.findings import KEPT_PROBLEMS, Notices, Problem, Progress, shown
from academy.exchange.ledger import Entry, Ledger
from academy.exchange.loading import Archive, Loading, circle_reason, rehearsal, unknown_reason
from academy.exchange.reading import BrokenRecord, Record, SourceFile, open_source
from academy.exchange.report import ImportReport
from academy.exchange.shapes import CROHO, ImportKind, Shape, column_key, recognise
from academy.exchange.values import BadValue

# A file whose columns shifted has values of another kind in some column with a declared kind. Measured: in the shifted
# file 98 to 100 % of the filled cells of such a column do not fit, in the well-formed ones at most 1.2 % of any column.
# One in five stands clear of both, also when only the last quarter of a file has shifted; below it the rows are refused
# one by one. At least three values: one strange row in a small file is a strange row.
SHIFTED_SHARE: Final = 0.2
SHIFTED_VALUES: Final = 3

_LONGEST_KEY: Final = 300


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
class PreparedFile:
    """A file that was read and checked to the end, and may be loaded."""

    source: SourceFile
    shape: Shape
    ledger: Ledger
    rows: int = 0
    merged: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)  # the first thousand
    notices: Notices = field(default_factory=Notices)

    def __post_init__(self) -> None:
        self._names = {column_key(column): column for column in self.source.columns}
        self._as_they_are = all(key == column for key, column in self._names.items())

    @property
    def name(self) -> str:
        """Return what the catalogue keeps as the source of these records."""
        return f"{self.shape.kind}:{self.shape.name}"

    def refuse(self, *problems: Problem) -> None:
        """Leave a row out, and say why."""
        self.refused += 1
        self.problems += problems[: KEPT_PROBLEMS - len(self.problems)]

    def row_of(self, record: Record) -> drafting.Row:
        """Return the record under the keys of the shape; its cells are not copied when the columns are written as the keys are."""
        cells = record.cells if self._as_they_are else {column_key(column): cell for column, cell in record.cells.items()}
        return drafting.Row(record.line, self.shape, cells, self._names)


# A large file makes millions of values that live for a moment and form no circles: looking for circles took a fifth of the time.
_RARE_COLLECTIONS: Final = (50_000, 50, 100)


@contextmanager
def prepared(kind: ImportKind, path: Path, *, progress: Progress = _silent) -> Iterator[PreparedFile]:
    """Read and check a file without touching the database; gives what may be loaded while it is open. Raises FileRefused."""
    source = open_source(path)
    ledger = Ledger()
    usual = gc.get_threshold()
    gc.set_threshold(*_RARE_COLLECTIONS)
    try:
        file = PreparedFile(source, recognise(source.columns, kind), ledger)
        _check_all(file, progress)
        yield file
    finally:
        gc.set_threshold(*usual)
        ledger.close()


def _check_all(file: PreparedFile, progress: Progress) -> None:
    _notice_columns(file)
    columns: dict[str, _Column] = {}
    try:
        for record in file.source.records(lambda done: progress("read", done, file.source.size)):
            file.rows += 1
            if isinstance(record, BrokenRecord):
                file.refuse(Problem(record.line, "", record.value, record.code, record.reason))
                file.ledger.add_faulty(cell[:_LONGEST_KEY] for cell in record.cells)
            else:
                _check(file, record, columns)
    except UnicodeDecodeError as error:  # changed under our hands
        raise file_refused("changed-while-reading", "the file changed while it was read") from error
    progress("read", file.source.size, file.source.size)
    _refuse_shifted(columns)
    if file.rows == 0:
        raise file_refused("empty", "the file has a header and no rows")
    _refuse_circles(file)
    if not len(file.ledger):
        raise FileRefused(file.problems)


def _notice_columns(file: PreparedFile) -> None:
    if file.source.encoding != "utf-8":
        file.notices.add("windows-1252", "the file is not UTF-8 and was read as Windows-1252")
    for column in file.source.columns:
        if column and column_key(column) not in file.shape.columns:
            file.notices.add("column-ignored", "this column is not used", column=column, line=1)


def _check(file: PreparedFile, record: Record, columns: dict[str, _Column]) -> None:
    row = file.row_of(record)
    found = drafting.misfits(row)
    for key, bad in found.items():
        _count(columns.setdefault(key, _Column()), row, key, bad)
    parsed = drafting.parse_row(row, found)
    if parsed is not None:
        _remember(file, row, parsed)
    if row.problems:
        file.refuse(*row.problems)
        file.ledger.add_faulty([drafting.key_of(row)])
        return
    for code, column, value, text in row.remarks:
        file.notices.add(code, text, column=column, line=row.line, value=value)


def _count(column: _Column, row: drafting.Row, key: str, bad: BadValue | None) -> None:
    column.filled += 1
    if bad is None:
        return
    column.misfits += 1
    if column.first is None:
        column.first = Problem(row.line, shown(row.names[key]), shown(row.raw(key)), bad.code, bad.reason)


def _remember(file: PreparedFile, row: drafting.Row, parsed: drafting.Parsed) -> None:
    """Put the draft into the ledger; the same course under another subject adds that subject to it."""
    key, subjects = parsed.draft.external_id, frozenset(parsed.subjects)

    def entry(under: frozenset[str]) -> Entry:
        return Entry(key, row.line, drafting.packed(drafting.with_subjects(parsed.draft, under, file.shape)), under)

    known = file.ledger.add(entry(subjects))
    if known is None:
        if isinstance(parsed.draft, catalogue.ModuleDraft) and parsed.draft.prerequisites is not None:
            leaves = catalogue.modules_in(parsed.draft.prerequisites)
            file.ledger.add_needs(key, [leaf.external_id for leaf in leaves if not leaf.provider])
    elif entry(known.subjects).content == known.content:
        file.merged += 1
        if not subjects <= known.subjects:
            file.ledger.replace(entry(known.subjects | subjects))
    else:
        reason = f"the same key as on line {known.line}, with other content; the first one is loaded"
        row.refuse(file.shape.key, "duplicate-differs", reason)


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


def _refuse_circles(file: PreparedFile) -> None:
    """Refuse the rows of modules that need each other in a circle: none of them could ever be begun."""
    for circle in catalogue.circles(file.ledger.tangled_needs()):
        for module in circle[:-1]:
            line = file.ledger.refuse(module).line
            file.refuse(Problem(line, "prerequisites", shown(module), "prerequisites-circle", circle_reason(circle)))


def load(
    session: Session, file: PreparedFile, *, provider_slug: str, provider_name: str = "",
    provider_kind: catalogue.ProviderKind | None = None, dry_run: bool = False, archive: Archive = Archive.GUARDED, now: datetime,
    progress: Progress = _silent,
) -> ImportReport:
    """Load a prepared file in the caller's transaction: all of it, or nothing; a dry run does the same and takes it back.

    A provider that is not there yet is made when it is given a name; without a kind it is a register for CROHO, else a platform.
    Raises ProviderUnknown, or ProviderSlugNotValid for a new provider.
    """
    loading = Loading(session, provider_slug, file.name, now)
    problems = list(file.problems)
    with rehearsal(session, dry_run=dry_run):
        loading.find_provider(provider_name, provider_kind or _usual_kind(file.shape))
        refused = _load_all(file, loading, problems.append, progress)
        if file.shape.kind is not ImportKind.OFFERINGS:
            loading.archive_missing(file.ledger.__contains__, archive)
        for module, needed in loading.link_and_announce():
            if module in file.ledger:
                problems.append(Problem(
                    file.ledger.line_of(module), "prerequisites", shown(needed), "prerequisite-unknown", unknown_reason(needed),
                ))
    return ImportReport(
        kind=str(file.shape.kind), file=file.source.path.name, shape=file.shape.name, encoding=file.source.encoding,
        provider=provider_slug, source=file.name, dry_run=dry_run, rows=file.rows, merged=file.merged, refused=file.refused + refused,
        withheld=loading.withheld, **loading.tally.counts(), problems=tuple(problems[:KEPT_PROBLEMS]), notices=file.notices.all(),
    )


def import_file(
    session: Session, *, kind: ImportKind, path: Path, provider_slug: str, provider_name: str = "",
    provider_kind: catalogue.ProviderKind | None = None, dry_run: bool = False, archive: Archive = Archive.GUARDED, now: datetime,
    progress: Progress = _silent,
) -> ImportReport:
    """Prepare and load in one go. Where others write too, open `prepared` before the transaction."""
    with prepared(kind, path, progress=progress) as file:
        return load(
            session, file, provider_slug=provider_slug, provider_name=provider_name, provider_kind=provider_kind, dry_run=dry_run,
            archive=archive, now=now, progress=progress,
        )


def _usual_kind(shape: Shape) -> catalogue.ProviderKind:
    return catalogue.ProviderKind.REGISTER if shape is CROHO else catalogue.ProviderKind.PLATFORM


def _load_all(file: PreparedFile, loading: Loading, report: Callable[[Problem], None], progress: Progress) -> int:
    """Load the ledger in batches; returns how many rows were refused on the way: offerings of what is not there."""
    total, done, refused = len(file.ledger), 0, 0
    for entries in file.ledger.batches():
        drafts = [(entry, drafting.unpacked(entry.key, entry.content)) for entry in entries]
        if file.shape.kind is ImportKind.OFFERINGS:
            refused += _load_offerings(loading, drafts, report)
        elif file.shape.kind is ImportKind.ASSOCIATE_DEGREES:
            loading.put_programmes([draft for _entry, draft in drafts if isinstance(draft, catalogue.ProgrammeDraft)])
        else:
            loading.put_modules([draft for _entry, draft in drafts if isinstance(draft, catalogue.PackedModule)])
        done += len(entries)
        progress("load", done, total)
    return refused


def _load_offerings(
    loading: Loading, drafts: Sequence[tuple[Entry, drafting.Draft | catalogue.PackedModule]], report: Callable[[Problem], None],
) -> int:
    """Load the offerings of modules and at places that are there; reports the others and returns how many those are."""
    rows = [(entry, draft) for entry, draft in drafts if isinstance(draft, drafting.OfferingOfModule)]
    keys = catalogue.module_keys(loading.session, loading.provider_slug, {draft.module for _entry, draft in rows})
    places = catalogue.place_keys(loading.session)
    good = []
    for entry, row in rows:
        fault = offering_fault(row.draft, places)
        if row.module not in keys:
            report(Problem(entry.line, "module", shown(row.module), "module-unknown", "this provider has no module with this key or code"))
        elif fault is not None:
            report(Problem(entry.line, fault.column, shown(row.draft.place_key or ""), fault.code, fault.reason))
        else:
            good.append((keys[row.module], row.draft))
    loading.put_offerings(good)
    return len(rows) - len(good)
