"""The parts of a report, in the order in which they are read."""

from datetime import date
from typing import Final, Protocol

from sqlalchemy.orm import Session

from academy.reports.facts import Section, View
from academy.reports.queries.acting import acting_section
from academy.reports.queries.demand import demand_section
from academy.reports.queries.experience import experience_section
from academy.reports.queries.method import method_section
from academy.reports.queries.money import money_section
from academy.reports.queries.open_numbers import open_numbers_section
from academy.reports.queries.participation import participation_section


class SectionMaker(Protocol):
    """A function that makes a part of a report. It reads no clock: the same arguments and rows give an equal part."""

    def __call__(self, session: Session, *, view: View, from_on: date, until_on: date, as_of: date) -> Section: ...


MAKERS: Final[tuple[SectionMaker, ...]] = (demand_section, acting_section, participation_section, money_section, experience_section, open_numbers_section)


def sections_of(session: Session, *, view: View, from_on: date, until_on: date, as_of: date) -> tuple[Section, ...]:
    """Return every part of a report, and how was counted as the last one."""
    parts = [make(session, view=view, from_on=from_on, until_on=until_on, as_of=as_of) for make in MAKERS]
    return (*parts, method_section())
