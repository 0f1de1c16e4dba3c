"""The seats of classes that are planned and running, by the cells that they serve."""

from collections import defaultdict
from collections.abc import Iterable

from academy.reports.kinds import EVERY, UNKNOWN
from academy.reports.rules.lattice import Clusters, sectors_of
from academy.reports.rules.quarters import year_of
from academy.reports.rules.signals import Key, Supply


class Planned:
    """Seats by skill. A class counts once in a cell, however many of its skills, sectors and quarters are in it; what is online serves every area."""

    def __init__(self, supply: Iterable[Supply], clusters: Clusters) -> None:
        self._seats: dict[Key, tuple[int, int]] = defaultdict(lambda: (0, 0))
        self._counted: set[tuple[str, str]] = set()  # skill and class
        self._clusters = clusters
        for one in supply:
            self._add(one)

    def _add(self, one: Supply) -> None:
        for skill in (one.skill, EVERY):
            if (skill, one.offering) not in self._counted:
                self._counted.add((skill, one.offering))
                self._count(skill, one)

    def _count(self, skill: str, one: Supply) -> None:
        sectors = {each for sector in one.sectors or (UNKNOWN,) for each in sectors_of(sector, self._clusters)}
        for period in {*one.quarters, *map(year_of, one.quarters)}:
            free_then = 0 if period in one.over else one.free
            for sector in sectors:
                for area in (one.area, EVERY):
                    seats, free = self._seats[Key(period, skill, area, sector)]
                    self._seats[Key(period, skill, area, sector)] = (seats + one.seats, free + free_then)

    def at(self, key: Key) -> tuple[int, int]:
        """Return how many seats serve a cell, and how many of those are free; none where sources are told apart."""
        period, skill, area, sector, source = key
        if source != EVERY:
            return 0, 0
        there = self._seats.get(key, (0, 0))
        online = (0, 0) if area in {EVERY, UNKNOWN} else self._seats.get(Key(period, skill, UNKNOWN, sector), (0, 0))
        return there[0] + online[0], there[1] + online[1]

    def keys(self) -> Iterable[Key]:
        """Return the cells of all skills that have classes."""
        return [key for key in self._seats if key.skill == EVERY]
