"""Which cells a signal belongs to, and along which lines cells add up to another."""

from collections.abc import Iterator, Mapping
from typing import Final

from academy.reports.kinds import CLUSTER, EVERY
from academy.reports.rules.hiding import Line
from academy.reports.rules.quarters import is_year, year_of
from academy.reports.rules.signals import Key

Clusters = Mapping[str, str | None]  # the cluster of each sector that has one

_LINES_OF_ACTION: Final = "7"


def sectors_of(sector: str, clusters: Clusters) -> tuple[str, ...]:
    """Return what a sector counts in: itself, its cluster if it has one, and all of them together."""
    cluster = clusters.get(sector)
    return (sector, EVERY) if cluster is None else (sector, f"{CLUSTER}{cluster}", EVERY)


def lines_of(key: Key, clusters: Clusters) -> Iterator[Line[Key]]:
    """Yield the lines in which a cell is one of those that add up.

    Quarters add up to a year, skills to all skills, areas to all areas, sectors to their cluster, clusters and sectors without one to all sectors, and so do
    sectors by themselves (a shown sector of a hidden cluster would tell what is left of all). Sources add up to all sources, and lines of action to the same once more.
    """
    period, skill, area, sector, source = key
    if not is_year(period):
        yield Line("period", Key(year_of(period), skill, area, sector, source))
    if skill != EVERY:
        yield Line("skill", Key(period, EVERY, area, sector, source))
    if area != EVERY:
        yield Line("area", Key(period, skill, EVERY, sector, source))
    if sector != EVERY:
        cluster = None if sector.startswith(CLUSTER) else clusters.get(sector)
        yield Line("sector", Key(period, skill, area, EVERY if cluster is None else f"{CLUSTER}{cluster}", source))
        if not sector.startswith(CLUSTER):
            yield Line("sectors", Key(period, skill, area, EVERY, source))
    if source != EVERY:
        yield Line("action" if source.startswith(_LINES_OF_ACTION) else "source", Key(period, skill, area, sector))
