"""The parts of a report, in the order in which they are read."""

import re
from dataclasses import replace
from datetime import date
from typing import Final, Protocol

from sqlalchemy.orm import Session

from academy.kernel.formats import day, in_current_language
from academy.kernel.text import Localized
from academy.kernel.translation import _
from academy.reports.facts import Section, Table, View
from academy.reports.kinds import SnapshotKind
from academy.reports.queries.acting import acting_section
from academy.reports.queries.demand import demand_section
from academy.reports.queries.experience import experience_section
from academy.reports.queries.method import method_section
from academy.reports.queries.money import money_section
from academy.reports.queries.open_numbers import open_numbers_section
from academy.reports.queries.participation import participation_section
from academy.reports.rules import quarters
from academy.reports.words import in_both


class SectionMaker(Protocol):
    """A function that makes a part of a report. It reads no clock: the same arguments and rows give an equal part."""

    def __call__(self, session: Session, *, view: View, from_on: date, until_on: date, as_of: date) -> Section: ...


MAKERS: Final[tuple[SectionMaker, ...]] = (demand_section, acting_section, participation_section, money_section, experience_section, open_numbers_section)
_PER_YEAR: Final[frozenset[SectionMaker]] = frozenset({demand_section, money_section})  # tell of the period of a view, and not of all days of a report of two years
_YEAR: Final = re.compile(r"-[0-9]{4}\Z")
# Tables that tell how things stand, and not what happened in the period.
_AS_IT_STANDS: Final = frozenset({("participation", "participants"), ("acting", "complementarity"), ("money", "funds")})


def sections_of(session: Session, *, kind: SnapshotKind, view: View, from_on: date, until_on: date, as_of: date) -> tuple[Section, ...]:
    """Return every part of a report, and how was counted as the last one. One of two years has demand and money of each year apart, the last one first."""
    parts: list[Section] = []
    for make in MAKERS:
        if kind is SnapshotKind.TWO_YEARLY and make in _PER_YEAR:
            parts += [_of_year(make, session, replace(view, period=year), as_of) for year in (view.period, quarters.before(view.period))]
        else:
            parts.append(make(session, view=view, from_on=from_on, until_on=until_on, as_of=as_of))
    return (*(_dated(each, as_of) for each in parts), method_section())


def base_name(section: Section) -> str:
    """Return the name of a part without its year: `demand` of `demand-2026`."""
    return _YEAR.sub("", section.name)


def _of_year(make: SectionMaker, session: Session, view: View, as_of: date) -> Section:
    """Return a part of one of two years, with the year in its name and title, and in the titles of its tables."""
    year = view.period
    made = make(session, view=view, from_on=quarters.first_day(year), until_on=quarters.last_day(year), as_of=as_of)
    tables = tuple(replace(each, title=_beside(each.title, year)) for each in made.tables)
    return replace(made, name=f"{made.name}-{year}", title=_beside(made.title, year), tables=tables)


def _beside(title: Localized, year: str) -> Localized:
    return in_both(lambda: f"{in_current_language(title)}, {year}")


def _dated(section: Section, as_of: date) -> Section:
    """Return a part in which tables of how things stand say on which day that is."""
    name = base_name(section)
    return replace(section, tables=tuple(_with_day(each, as_of) if (name, each.name) in _AS_IT_STANDS else each for each in section.tables))


def _with_day(table: Table, as_of: date) -> Table:
    def say() -> str:
        note, on_day = in_current_language(table.note), _("Dit is de stand op %(day)s.", day=day(as_of))
        return " ".join(each for each in (note, on_day) if each)

    return replace(table, note=in_both(say))
