"""What the roll-up adds up, and what comes out; plain values."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from academy.reports.kinds import EVERY, ActionLine, Source, Subject

SOON, WITHIN_A_YEAR, SOME_DAY = 200, 150, 100  # urgency in hundredths: wanted within three months, within a year or waiting now, otherwise
PARTS: Final = ("morning", "afternoon", "evening", "weekend")  # of working days, and Saturday and Sunday


@dataclass(frozen=True, slots=True)
class Signal:
    """One want of one subject for one skill.

    `subject` is the same text for the same person or firm everywhere (`p:<hex>`, `o:<hex>`, `r:<hex>` for a route or wish of nobody known) and is never stored. `need` names the
    question that it comes from: a demand and the pledge made of it are one need, whose people and cents count once. `people`: 1 of a person, of a firm how many it asks for.
    `urgency` is one of the three above. `cents` were pledged, all seats of the need together.
    """

    skill: str  # URI; of a module that names no skills `module:<hex of its id>`; UNKNOWN where neither is known: that is no gap
    source: Source
    subject: str
    kind: Subject
    need: str
    people: int
    quarter: str  # as `rules.quarters`
    area: str  # the first two digits of the postcode, or UNKNOWN
    sector: str  # a code of the taxonomy, or UNKNOWN
    urgency: int
    cents: int
    line: ActionLine
    slots: tuple[str, ...] = ()  # moments of the week, `tue-evening`; none: any


@dataclass(frozen=True, slots=True)
class Asked:
    """Searches in vain for a skill in a quarter: how often. Of nobody, so it belongs to no area; `sector` where the search chose exactly one."""

    skill: str
    quarter: str
    sector: str
    times: int


@dataclass(frozen=True, slots=True)
class Supply:
    """A class that is planned or runs and trains a skill: its seats and how many are free for everyone. It counts in every quarter of `quarters`.

    One class is one `offering`, however many skills and sectors it has. `area` is UNKNOWN when it is online or has no known place: then it serves every area.
    In the periods of `over`, quarters and years, none of its seats are free: it began, and nobody enters it any more.
    """

    skill: str
    offering: str
    quarters: tuple[str, ...]
    area: str
    sectors: tuple[str, ...]
    seats: int
    free: int
    over: tuple[str, ...] = ()


class Key(NamedTuple):
    """Which cell: EVERY in the place of a skill, area, sector or source is all of them together.

    `sector` may also be a cluster, `c:<code>`; `source` may also be a line of action, `7a` to `7d` (these two only where skill, area and sector are EVERY). Sources are told apart only
    where area and sector are EVERY.
    """

    period: str
    skill: str = EVERY
    area: str = EVERY
    sector: str = EVERY
    source: str = EVERY


@dataclass(frozen=True, slots=True)
class Cell:
    """What may be told of a cell: None is hidden, because it is of few.

    `people` are distinct persons by fives, `firms` distinct firms, `seats` by fives for how many people they ask, `cents` by hundreds of euros what was pledged (by persons
    and firms of whom the number may be told), `searches` in vain, `urgency` in hundredths by tens (100 to 200) of what is told, `places` are the seats of classes planned and
    running and `free` those that nobody has, `score` is that of the gap: `rules.scoring`. Where sources or lines of action are told apart there are no places and no score.
    """

    key: Key
    people: int | None
    firms: int
    seats: int | None
    cents: int | None
    searches: int
    urgency: int
    places: int
    free: int
    score: int

    @property
    def wanted(self) -> int:
        """Return for how many people it is wanted, as far as that may be told."""
        return (self.people or 0) + (self.seats or 0)

    @property
    def short(self) -> int:
        """Return how many of those will not find a place in what is planned."""
        return max(0, self.wanted - self.free)


@dataclass(frozen=True, slots=True)
class SlotCell:
    """How many people can at a part of the week (one of PARTS), for a skill and a period; None is hidden. Firms count the people they ask for; who told no moments is left out."""

    period: str
    skill: str
    slot: str
    people: int | None
