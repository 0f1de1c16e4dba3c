"""The columns of tables of reports, by name."""

from collections.abc import Callable, Mapping

from academy.reports.facts import Column, ColumnKind
from academy.reports.words import in_both

Titles = Mapping[str, tuple[Callable[[], str], ColumnKind]]  # what columns are called and what their values are; the same name is the same thing in every table of a part


def columns_of(known: Titles, *names: str, **titles: str) -> tuple[Column, ...]:
    """Return columns by name; a name of `titles` has the title of another."""
    return tuple(Column(name, in_both(known[titles.get(name, name)][0]), known[titles.get(name, name)][1]) for name in names)
