"""Made-up wants in a small world, to be added up and to be found out again."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final, NamedTuple

from academy.reports.kinds import EVERY, ActionLine, Source, Subject
from academy.reports.rules.lattice import sectors_of
from academy.reports.rules.quarters import year_of
from academy.reports.rules.signals import Key, Signal

CLUSTERS: Final[Mapping[str, str | None]] = {"ict": "tech", "energy": "tech", "care": "people", "art": None}


class Base(NamedTuple):
    """A smallest cell: no other adds up to it."""

    quarter: str
    skill: str
    area: str
    sector: str


def dice(seed: int) -> random.Random:
    """Return the same chances for the same seed."""
    return random.Random(seed)  # noqa: S311 - no secret


def cells_over(base: Base) -> Iterator[Key]:
    """Yield every cell, told or not, that counts what is in a smallest one (sources apart)."""
    for period, skill, area, sector in product(
        (base.quarter, year_of(base.quarter)), (base.skill, EVERY), (base.area, EVERY), sectors_of(base.sector, CLUSTERS),
    ):
        yield Key(period, skill, area, sector)


def sums(numbers: Mapping[Base, int]) -> Counter[Key]:
    """Return what every cell counts, if nobody stands in two."""
    found: Counter[Key] = Counter()
    for base, number in numbers.items():
        for key in cells_over(base):
            found[key] += number
    return found


def small_world(chance: random.Random) -> dict[Base, int]:
    """Return numbers of people by smallest cell: many small, some not, some none. Every want is somebody else's."""
    quarters = ("2026-1", "2026-2", "2026-3")[: chance.randint(1, 3)]
    skills = ("a", "b", "c")[: chance.randint(1, 3)]
    areas = ("12", "13", "82")[: chance.randint(1, 3)]
    sectors = ("ict", "energy", "care", "art")[: chance.randint(1, 4)]
    kinds = (0, 0, 1, 2, 5, 9, 10, 11, 12, 13, 18, 30)
    return {Base(*place): chance.choice(kinds) for place in product(quarters, skills, areas, sectors)}


def signals_of(numbers: Mapping[Base, int], *, kind: Subject = Subject.PERSON, people: Iterable[int] = ()) -> Iterator[Signal]:
    """Yield a want of another person or firm for everyone in every cell; `people` is for how many each firm asks."""
    asked = iter(people)
    for base, number in numbers.items():
        for place in range(number):
            who = f"{kind}:{base}:{place}"
            yield Signal(
                base.skill, Source.DEMAND, who, kind, who, next(asked, 1), base.quarter, base.area, base.sector, 100, 0, ActionLine.LIFELONG,
            )
