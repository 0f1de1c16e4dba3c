"""What the page of demand against supply reads, in one go."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.reports.errors import NothingCounted
from academy.reports.facts import RunFacts, Section, Table, View
from academy.reports.queries import cells
from academy.reports.queries.commissions import UnderWay, area_asked, under_way
from academy.reports.queries.demand import compare, section_of
from academy.reports.queries.picture import Picture, picture
from academy.reports.queries.reach import require_office


@dataclass(frozen=True)
class Dashboard:
    """A view of what was counted, as it was read and as a section, the areas of which there is something to tell, and the comparison with another where one was asked.

    `asked` are by skill the requests to providers that are under way for its gaps.
    """

    run: RunFacts
    found: Picture
    section: Section
    areas: tuple[str, ...]
    comparison: Table | None
    asked: Mapping[str, UnderWay]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Return every table of the page."""
        return self.section.tables if self.comparison is None else (*self.section.tables, self.comparison)

    def table(self, name: str) -> Table | None:
        """Return a table by its name; None where the page has none of that name."""
        return next((each for each in self.tables if each.name == name), None)


def counted(session: Session, actor: Actor) -> RunFacts:
    """Return the last count, for the programme office. Raises NotFound, NothingCounted. Two statements."""
    require_office(session, actor)
    run = cells.last_run(session)
    if run is None:
        raise NothingCounted
    return run


def dashboard(session: Session, *, run: RunFacts, view: View, beside: str = "") -> Dashboard:
    """Return what the page shows; `beside` is an area to compare with, "" for none. Eleven statements at most, whatever the number of cells."""
    found = picture(session, view=view, as_of=run.as_of)
    areas = tuple(sorted({key.area for key in cells.cells_of(session, periods=(view.period,), areas=None)}))
    asked = under_way(session, [each.skill for each in found.gaps], area=area_asked(view))
    return Dashboard(run, found, section_of(found), areas, compare(session, found, beside) if beside else None, asked)
