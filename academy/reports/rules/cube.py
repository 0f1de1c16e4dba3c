"""The roll-up: every want is added up to the cells that it belongs to, and what may be told of them is kept.

The wants of one skill are added up at a time, and those of all skills a year at a time, so that no more than a year's people are held at once. What comes out does not
depend on the order of what goes in. A cell of which nothing may be told is not there: who finds none reads "nobody, or fewer than ten".
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final, NamedTuple

from academy.kernel.small_groups import by_fives
from academy.reports.kinds import EVERY, Source, Subject
from academy.reports.rules.counting import Count, Want, count_of, most_of
from academy.reports.rules.hiding import FEW_FIRMS, FEW_PEOPLE, Hiding, by_hundreds
from academy.reports.rules.lattice import Clusters, lines_of, sectors_of
from academy.reports.rules.planned import Planned
from academy.reports.rules.quarters import year_of
from academy.reports.rules.scoring import gap_score
from academy.reports.rules.signals import SOME_DAY, Asked, Cell, Key, Signal, SlotCell, Supply
from academy.reports.rules.slots import Slots, parts_of

_TEN: Final = 10


class _Wanted(NamedTuple):
    """A signal, without what many signals share."""

    quarter: str
    area: str
    sector: str
    source: str
    line: str
    parts: tuple[str, ...]
    want: Want


def add_up(signals: Iterable[Signal], asked: Iterable[Asked], supply: Iterable[Supply], *, clusters: Clusters) -> tuple[list[Cell], list[SlotCell]]:
    """Return the cells and the moments of the week that may be told, in the order of their keys. `clusters` names the cluster of each sector that has one."""
    roll = _Roll(clusters, _searches(asked, clusters), Planned(supply, clusters))
    by_skill, by_year = _by_skill_and_year(signals)
    for skill in sorted(by_skill):
        roll.add(skill, by_skill.pop(skill))
    for year in sorted(by_year):
        roll.add(EVERY, by_year.pop(year))
    return roll.cells()


def _by_skill_and_year(signals: Iterable[Signal]) -> tuple[dict[str, list[_Wanted]], dict[str, list[_Wanted]]]:
    """Return the signals by skill, and the same by year. Texts that return are kept once; subjects and needs become numbers."""
    by_skill: dict[str, list[_Wanted]] = defaultdict(list)
    by_year: dict[str, list[_Wanted]] = defaultdict(list)
    subjects: dict[str, int] = {}
    needs: dict[tuple[int, str], int] = {}
    same: dict[str, str] = {}
    for one in signals:
        subject = subjects.setdefault(one.subject, len(subjects))
        need = needs.setdefault((subject, one.need), len(needs))
        want = Want(need, subject, one.kind is Subject.FIRM, one.people, one.cents, one.urgency)
        quarter, area, sector = (same.setdefault(text, text) for text in (one.quarter, one.area, one.sector))
        wanted = _Wanted(quarter, area, sector, one.source.value, one.line.value, parts_of(one.slots), want)
        by_skill[one.skill].append(wanted)
        by_year[year_of(one.quarter)].append(wanted)
    return by_skill, by_year


def _searches(asked: Iterable[Asked], clusters: Clusters) -> Counter[Key]:
    """Return how often was searched in vain, by cell."""
    times: Counter[Key] = Counter()
    for one in asked:
        for period in (one.quarter, year_of(one.quarter)):
            for skill in (one.skill, EVERY):
                times[Key(period, skill, source=Source.SEARCH)] += one.times
                for sector in sectors_of(one.sector, clusters):
                    times[Key(period, skill, sector=sector)] += one.times
    return times


class _Roll:
    """The cells so far."""

    def __init__(self, clusters: Clusters, searches: Counter[Key], planned: Planned) -> None:
        self._clusters = clusters
        self._searches = searches
        self._planned = planned
        self._counts: dict[Key, Count] = {}
        self._people = Hiding[Key](FEW_PEOPLE, lambda key: lines_of(key, clusters))
        self._firms = Hiding[Key](FEW_FIRMS, lambda key: lines_of(key, clusters))
        self._slots = Slots()

    def add(self, skill: str, wanted: list[_Wanted]) -> None:
        """Add all wants for a skill, or all wants of a year."""
        counts = dict(self._counted(skill, wanted))
        for hiding, number in ((self._people, "persons"), (self._firms, "firms")):
            hiding.add({key: getattr(count, number) for key, count in counts.items()}, is_later=lambda total: total.skill == EVERY != skill)
        self._counts |= {
            key: count for key, count in counts.items() if count.persons >= FEW_PEOPLE or count.firms or key in self._searches or key.skill == EVERY
        }
        if skill != EVERY:
            self._slots.add(skill, ((one.quarter, one.parts, one.want) for one in wanted if one.parts))

    def _counted(self, skill: str, wanted: list[_Wanted]) -> Iterator[tuple[Key, Count]]:
        """Yield the cells of a group, one kind of cell after the other, so that the wants of one kind are held at a time."""
        for cell_of in _kinds(skill, self._clusters):
            held: dict[Key, dict[int, Want]] = defaultdict(dict)
            for one in wanted:
                key = cell_of(one)
                if key is not None:
                    needs = held[key]
                    needs[one.want.need] = most_of(needs.get(one.want.need), one.want)
            for key, needs in held.items():
                yield key, count_of(needs.values())

    def cells(self) -> tuple[list[Cell], list[SlotCell]]:
        """Hide what can not be told, and return the rest."""
        people = self._people.told()
        firms = self._firms.told(never=[key for key, count in self._counts.items() if count.firms and count.seats < FEW_PEOPLE])  # for how many they ask is a number of people
        keys = sorted(self._counts.keys() | self._searches.keys() | set(self._planned.keys()))
        cells = (self._cell(key, has_people=key in people, has_firms=key in firms) for key in keys)
        return [each for each in cells if _tells(each)], self._slots.told(people, firms)

    def _cell(self, key: Key, *, has_people: bool, has_firms: bool) -> Cell:
        """Make a cell of what may be told of it."""
        count = self._counts.get(key, Count())
        places, free = self._planned.at(key)
        people = by_fives(count.persons) if has_people else 0
        seats = by_fives(count.seats) if has_firms else 0
        is_told = has_people or has_firms or not (count.persons or count.firms)
        cents = by_hundreds((count.person_cents if has_people else 0) + (count.firm_cents if has_firms else 0))
        haste = (count.person_haste if has_people else 0) + (count.firm_haste if has_firms else 0)
        urgency = _by_tens(haste, (count.persons if has_people else 0) + (count.seats if has_firms else 0))
        score = gap_score(wanted=people + seats, free=free, urgency=urgency, cents=cents) if key.source == EVERY else 0
        return Cell(
            key, people if has_people or not count.persons else None, count.firms, seats if has_firms or not count.firms else None, cents if is_told else None,
            self._searches[key], urgency, places, free, score,
        )


def _tells(cell: Cell) -> bool:
    """Tell whether something may be told of a cell."""
    return bool(cell.people or cell.firms or cell.searches or cell.places)


def _by_tens(haste: int, people: int) -> int:
    """Return the average urgency by tens; the least when nobody is told of."""
    return (haste * 2 + people * _TEN) // (people * _TEN * 2) * _TEN if people else SOME_DAY


def _kinds(skill: str, clusters: Clusters) -> Iterator[Callable[[_Wanted], Key | None]]:
    """Yield what gives the cell of a want: in a quarter and a year, in an area and everywhere, in a sector, a cluster and everywhere, by source and by line of action."""
    sector_levels = (_sector, partial(_cluster, clusters), _every)
    for period_of in (_quarter, _year):
        yield from (_kind(skill, period_of, area_of, sector_of) for area_of in (_area, _every) for sector_of in sector_levels)
        yield _kind(skill, period_of, _every, _every, _source)
        if skill == EVERY:
            yield _kind(skill, period_of, _every, _every, _line)


_Of = Callable[[_Wanted], str]


def _every(_one: _Wanted) -> str:
    return EVERY


def _kind(skill: str, period_of: _Of, area_of: _Of, sector_of: Callable[[_Wanted], str | None], source_of: _Of = _every) -> Callable[[_Wanted], Key | None]:
    def cell_of(one: _Wanted) -> Key | None:
        sector = sector_of(one)
        return None if sector is None else Key(period_of(one), skill, area_of(one), sector, source_of(one))

    return cell_of


def _quarter(one: _Wanted) -> str:
    return one.quarter


def _year(one: _Wanted) -> str:
    return year_of(one.quarter)


def _area(one: _Wanted) -> str:
    return one.area


def _sector(one: _Wanted) -> str:
    return one.sector


def _cluster(clusters: Clusters, one: _Wanted) -> str | None:
    """Return the cluster of a sector; None when it has none."""
    _own, *others = sectors_of(one.sector, clusters)
    return others[0] if others[1:] else None


def _source(one: _Wanted) -> str:
    return one.source


def _line(one: _Wanted) -> str:
    return one.line
