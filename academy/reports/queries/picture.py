"""What the cells tell of one view, read once: the section of a report, the page and the comparison are made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from academy.kernel.text import Localized
from academy.reports.facts import Gap, View
from academy.reports.kinds import EVERY, UNKNOWN
from academy.reports.queries import cells
from academy.reports.rules import quarters
from academy.reports.rules.quarters import QUARTERS_KEPT
from academy.reports.rules.signals import Cell, Key
from academy.reports.sources import skills

TOP: Final = 20
QUARTERS: Final = 8  # of the line over time


@dataclass(frozen=True)
class Picture:
    """A view, the period before it, the gaps in order, and how many gaps there are in each; of `hidden` skills may not be told whether they are one.

    `whole` are the cells of all skills together: of the view's area, of all areas and of none, of every sector and source, in the periods of the line over time too.
    `slots` is None where too few people can at that part of the week.
    """

    view: View
    before: str
    as_of: date
    whole: Mapping[Key, Cell]
    gaps: tuple[Gap, ...]
    number: int
    number_before: int
    hidden: int
    slots: Mapping[tuple[str, str], int | None]

    def cell(self, key: Key) -> Cell:
        """Return a cell of all skills together."""
        if key in self.whole:
            return self.whole[key]
        places, free = cells.supply_of(self.whole, key) or (0, 0)
        return replace(cells.nothing(key), places=places, free=free)

    @property
    def quarters(self) -> tuple[str, ...]:
        """Return the quarters of the line over time, the oldest first; none of them lies after the day up to which is counted."""
        return quarters_of_line(self.view.period, self.as_of)

    @property
    def has_before(self) -> bool:
        """Tell whether the period before was counted: else there is nothing to compare with."""
        return is_counted(self.before, self.as_of)

    @property
    def is_over(self) -> bool:
        """Tell whether the period was over when was counted: else it has to grow yet."""
        return quarters.last_day(self.view.period) < self.as_of


def quarters_of_line(period: str, as_of: date) -> tuple[str, ...]:
    """Return at most eight quarters up to the last of a period, or up to the one that is counted now; none that is not counted any more."""
    last, kept = min(quarters.last_day(period), as_of - timedelta(days=1)), _kept(as_of)
    return tuple(each for each in quarters.quarters_until(quarters.quarter_of(last), number=QUARTERS) if each in kept)


def periods_at(as_of: date) -> tuple[str, ...]:
    """Return the periods that can be looked at, the newest first: each year after its quarters, as far as all of them were counted."""
    found: list[str] = []
    for quarter in reversed(_kept(as_of)):
        found.append(quarter)
        if quarters.quarter_of(quarters.first_day(quarters.year_of(quarter))) == quarter:
            found.append(quarters.year_of(quarter))
    return tuple(found)


def is_counted(period: str, as_of: date) -> bool:
    """Tell whether all of a period that is over was counted: else nothing is known of it, which is not that there was nothing."""
    return period in periods_at(as_of)


def _kept(as_of: date) -> tuple[str, ...]:
    """Return the quarters that are counted, the oldest first."""
    return tuple(quarters.quarters_until(quarters.quarter_of(as_of - timedelta(days=1)), number=QUARTERS_KEPT))


def key_of(view: View, *, skill: str = EVERY) -> Key:
    """Return which cell tells of a view."""
    return Key(view.period, skill, view.area, view.sector)


def told(cell: Cell) -> int | None:
    """Return for how many people it is wanted, as far as that may be told; None where all of it is hidden."""
    return cell.wanted or (None if cell.people is None or cell.seats is None else 0)


def is_whole(cell: Cell | None) -> bool:
    """Tell whether nothing of who wants it is hidden: only then it compares with another."""
    return cell is not None and cell.people is not None and cell.seats is not None


def picture(session: Session, *, view: View, as_of: date, limit: int = TOP) -> Picture:
    """Return what the cells tell of a view. Six statements, whatever the number of cells."""
    before = quarters.before(view.period)
    whole = cells.cells_of(
        session, periods={view.period, before, *quarters_of_line(view.period, as_of)}, areas={EVERY, UNKNOWN, view.area}, sectors=None, sources=None,
    )
    gaps = gaps_of(session, view, limit)
    earlier = View(before, view.area, view.sector)
    counted = cells.gaps_in(session, (view, earlier))
    return Picture(
        view, before, as_of, whole, gaps, counted[view][0], counted[earlier][0], counted[view][1],
        cells.slots_of(session, period=view.period, skills=[each.skill for each in gaps]),
    )


def gaps_of(session: Session, view: View, limit: int = TOP) -> tuple[Gap, ...]:
    """Return the gaps of a view: the highest score first, and those without one (because it is hidden, or only sought) last, by label. Four statements."""
    found = cells.top_cells(session, view, limit=limit)
    uris = [each.key.skill for each in found]
    before = cells.cells_of(session, periods=(quarters.before(view.period),), skills=uris, areas=(view.area,), sectors=(view.sector,)) if uris else {}
    labels, occupations = skills.labels_of(session, uris), skills.occupations_of(session, uris)
    gaps = [
        Gap(
            each.key.skill, labels.get(each.key.skill, Localized()), each, before.get(each.key._replace(period=quarters.before(view.period))),
            occupations.get(each.key.skill, 0),
        )
        for each in found
    ]
    return tuple(sorted(gaps, key=lambda gap: (-gap.cell.score, (gap.label.nl or gap.label.en).casefold(), gap.skill)))
