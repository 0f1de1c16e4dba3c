"""Freezing a report and proving that it is still the same.

An entry point: it opens its own transactions. A report takes seconds to draw up and to print, so nobody waits for it: what is read is read in one transaction, the
files are made in none, and only what is kept is written.
"""

from dataclasses import dataclass, field
from datetime import datetime

from academy.accounts.api import Actor
from academy.kernel.db import database
from academy.reports.facts import SnapshotFacts, View
from academy.reports.kinds import SnapshotKind
from academy.reports.pages.frozen import hashes_of
from academy.reports.queries import snapshots as queries
from academy.reports.service import freezing as service


@dataclass(frozen=True)
class Verdict:
    """What was found when all files of a report were made once more: the names of those that are not the same, and of those that are."""

    facts: SnapshotFacts
    is_data_whole: bool
    differing: tuple[str, ...]
    same: tuple[str, ...] = field(default=(), compare=False)  # all the others

    @property
    def is_same(self) -> bool:
        """Tell whether nothing changed."""
        return self.is_data_whole and not self.differing

    @property
    def is_only_layout(self) -> bool:
        """Tell whether all that differs is how PDF or workbook are laid out now: the data are whole, and every value and sentence in the CSV is as it was."""
        return self.is_data_whole and bool(self.differing) and not any(name.endswith(".csv") for name in self.differing)


def freeze(*, actor: Actor | None, kind: SnapshotKind, view: View, now: datetime) -> SnapshotFacts:
    """Freeze what a report says now, with the hashes of its files; the same report again is the one that was kept first. `actor` is None for a command.

    Raises NotFound, NothingCounted, PeriodNotCounted, ValueError for a period that is none, or no year where it has to be.
    """
    with database().reading() as session:
        report = service.draw_up(session, actor=actor, kind=kind, view=view)
    files = hashes_of(report)
    with database().writing() as session:
        return service.keep(session, report, actor=actor, files=files, now=now)


def verify(code: str) -> Verdict:
    """Make all files of a report once more, and compare with what was kept. Raises ReportNotFound."""
    with database().reading() as session:
        found = queries.frozen(session, code)
    again = hashes_of(found.report)
    names = sorted(again.keys() | found.files.keys())
    differing = tuple(name for name in names if again.get(name) != found.files.get(name))
    return Verdict(found.facts, found.is_whole, differing, tuple(name for name in names if name not in differing))
