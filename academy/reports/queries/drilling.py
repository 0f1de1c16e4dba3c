"""What is behind a gap: its figures by source, and the rows that the programme office can act on."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from academy.kernel.errors import NotFound
from academy.kernel.small_groups import by_fives
from academy.kernel.text import Localized
from academy.reports.facts import Gap, View
from academy.reports.kinds import CLUSTER, EVERY, UNKNOWN, Source
from academy.reports.queries import cells, commissions
from academy.reports.queries.picture import key_of
from academy.reports.rules import quarters
from academy.reports.rules.hiding import FEW_PEOPLE
from academy.reports.rules.signals import Cell, Key
from academy.reports.sources import behind, skills
from academy.reports.sources.supply import SERVES

_YEAR: Final = timedelta(days=365)

_Kind = TypeVar("_Kind", bound=Hashable)


@dataclass(frozen=True)
class Behind:
    """A gap in a view, its figures by source (of all areas and sectors), and the rows. `commission` is the one that is under way for it.

    What was refused and blocked is of the last year and of everywhere, whatever the view: of two views side by side a few people could be found by subtraction. It is left
    out where the cells hide how many people their source counts now.
    """

    gap: Gap
    sources: Mapping[Source, Cell]
    modules: tuple[behind.ModuleBehind, ...]
    pools: tuple[behind.PoolBehind, ...]
    demands: tuple[behind.DemandBehind, ...]
    words: tuple[tuple[str, int], ...]
    refused: tuple[tuple[Localized, str, int], ...]  # outcome, provider, people
    blocked: tuple[tuple[UUID | None, int], ...]  # module, or None for the skill itself; people
    classes: tuple[behind.ClassBehind, ...]
    commission: commissions.UnderWay | None


def behind_gap(session: Session, view: View, skill: str, *, as_of: date) -> Behind:
    """Return what is behind a gap. Raises NotFound for a skill that nobody knows. Thirteen statements, whatever the number of rows."""
    period, gap = view.period, gap_of(session, view, skill)
    begin, end = quarters.first_day(period), min(quarters.last_day(period), as_of - timedelta(days=1))
    modules = behind.modules_behind(session, skill)
    ids = [each.id for each in modules]
    by_source = _by_source(session, period, skill, as_of)
    year = {"from_on": as_of - _YEAR, "until_on": as_of - timedelta(days=1)}
    refused = parts_told(behind.refused_behind(session, skill, **year)) if by_source.is_told(Source.REFUSED) else {}
    blocked = parts_told(behind.blocked_behind(session, skill, modules, **year)) if by_source.is_told(Source.BLOCKED) else {}
    by_id = {each.id.hex: each.id for each in modules}
    return Behind(
        gap, by_source.now, modules, behind.pools_behind(session, skill, ids, area=view.area),
        behind.demands_behind(session, skill, area=view.area, sectors=_sectors(view.sector), from_on=begin, until_on=end),
        behind.words_behind(session, skill, from_on=begin, until_on=end),
        tuple((outcome, name, people) for (outcome, name), people in refused.items()), tuple((by_id.get(missing), people) for missing, people in blocked.items()),
        behind.classes_behind(session, ids, from_on=begin, until_on=_last_of_classes(period)),
        commissions.under_way(session, (skill,), area=commissions.area_asked(view)).get(skill),
    )


def gap_of(session: Session, view: View, skill: str) -> Gap:
    """Return what is told of one skill, or of a module in the place of one, in a view. Raises NotFound for one that nobody knows. Three statements."""
    if "\x00" in skill:  # PostgreSQL can not even be asked about that
        raise NotFound
    label = skills.labels_of(session, (skill,))[skill]
    if label.nl == label.en == skill:
        raise NotFound
    earlier = quarters.before(view.period)
    found = cells.cells_of(session, periods=(view.period, earlier), skills=(skill,), areas={view.area, EVERY, UNKNOWN}, sectors=(view.sector,))
    key = key_of(view, skill=skill)
    seats = cells.supply_of(found, key)
    places, free = seats or (0, 0)
    cell = found.get(key) or replace(cells.nothing(key), places=places, free=free)
    return Gap(skill, label, cell, found.get(key._replace(period=earlier)), skills.occupations_of(session, (skill,))[skill], knows_seats=seats is not None)


@dataclass(frozen=True)
class _BySource:
    """The cells of a skill by source: of the period that is looked at, and the newest ones (a quarter and its year)."""

    now: Mapping[Source, Cell]
    newest: Mapping[Source, tuple[Cell, ...]]

    def is_told(self, source: Source) -> bool:
        """Tell whether the number of people of a source may be told: where it is hidden, also because of others, what adds up to it is not told either."""
        return all(cell.people for cell in self.newest[source])


def _by_source(session: Session, period: str, skill: str, as_of: date) -> _BySource:
    quarter = quarters.quarter_of(as_of - timedelta(days=1))
    newest = (quarter, quarters.year_of(quarter))
    found = cells.cells_of(session, periods={period, *newest}, skills=(skill,), sources=[each.value for each in Source])

    def cell(of: str, source: Source) -> Cell:
        key = Key(of, skill, source=source.value)
        return found.get(key) or cells.nothing(key)

    return _BySource({source: cell(period, source) for source in Source}, {source: tuple(cell(each, source) for each in newest) for source in Source})


def _sectors(sector: str) -> Collection[str] | None:
    """Return the sectors that a view is about; None is every one."""
    if sector == EVERY:
        return None
    return [code for code, cluster in skills.clusters().items() if cluster == sector.removeprefix(CLUSTER)] if sector.startswith(CLUSTER) else [sector]


def _last_of_classes(period: str) -> date:
    last = quarters.last_day(period)
    for _each in range(SERVES):
        last = quarters.last_day(quarters.quarter_of(last + timedelta(days=1)))
    return last


def parts_told(numbers: Mapping[_Kind, int]) -> dict[_Kind, int]:
    """Return the parts of a whole that may be told, by fives, the greatest first: of ten people at least, and so that what is left is not of one to nine people.

    The whole may be told elsewhere; that nobody is in two parts is the worst case.
    """
    ordered = sorted(numbers.items(), key=lambda one: (-one[1], repr(one[0])))
    told = [one for one in ordered if one[1] >= FEW_PEOPLE]
    left = sum(number for _kind, number in ordered[len(told):])
    while told and 0 < left < FEW_PEOPLE:
        left += told.pop()[1]
    return {kind: by_fives(number) for kind, number in told}
