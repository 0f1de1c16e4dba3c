"""When people can: the parts of the week, by skill and period."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from academy.kernel.small_groups import by_fives
from academy.reports.rules.counting import Count, Want, count_of, most_of
from academy.reports.rules.hiding import FEW_FIRMS, FEW_PEOPLE, Hiding, Line
from academy.reports.rules.quarters import is_year, year_of
from academy.reports.rules.signals import PARTS, Key, SlotCell

_WEEKEND_DAYS = ("sat", "sun")
_WEEKEND = "weekend"


class _Slot(NamedTuple):
    period: str
    skill: str
    part: str


def parts_of(slots: Collection[str]) -> tuple[str, ...]:
    """Return the parts of the week of moments such as `tue-evening`, in the order of PARTS."""
    days = (each.partition("-") for each in slots)
    there = {_WEEKEND if day in _WEEKEND_DAYS else part for day, _sep, part in days}
    return tuple(part for part in PARTS if part in there)


class Slots:
    """The parts of the week so far. Persons are told from ten on and firms from three on, like in the cells of the same skill, and only where those are told."""

    def __init__(self) -> None:
        self._counts: dict[_Slot, Count] = {}
        self._people = Hiding[_Slot](FEW_PEOPLE, _lines_of)
        self._firms = Hiding[_Slot](FEW_FIRMS, _lines_of)

    def add(self, skill: str, wanted: Iterable[tuple[str, tuple[str, ...], Want]]) -> None:
        """Add the wants for a skill: quarter, parts of the week, want."""
        held: dict[_Slot, dict[int, Want]] = defaultdict(dict)
        for quarter, parts, want in wanted:
            for period in (quarter, year_of(quarter)):
                for part in parts:
                    needs = held[_Slot(period, skill, part)]
                    needs[want.need] = most_of(needs.get(want.need), want)
        counts = {slot: count_of(needs.values()) for slot, needs in held.items()}
        self._people.add({slot: count.persons for slot, count in counts.items()})
        self._firms.add({slot: count.firms for slot, count in counts.items()})
        self._counts |= counts

    def told(self, people: Collection[Key], firms: Collection[Key]) -> list[SlotCell]:
        """Return the moments in the order of their keys; of skills of which something is told: `people` and `firms` are the cells that are told."""
        persons = self._people.told(never=self._untold(people))
        companies = self._firms.told(never=self._untold(firms))
        there = (slot for slot in sorted(self._counts) if Key(slot.period, slot.skill) in people or Key(slot.period, slot.skill) in firms)
        return [self._cell(slot, has_people=slot in persons, has_firms=slot in companies) for slot in there]

    def _untold(self, cells: Collection[Key]) -> list[_Slot]:
        return [slot for slot in self._counts if Key(slot.period, slot.skill) not in cells]

    def _cell(self, slot: _Slot, *, has_people: bool, has_firms: bool) -> SlotCell:
        count = self._counts[slot]
        number = (count.persons if has_people else 0) + (count.seats if has_firms else 0)
        return SlotCell(slot.period, slot.skill, slot.part, by_fives(number) if number >= FEW_PEOPLE else None)


def _lines_of(slot: _Slot) -> Iterator[Line[_Slot]]:
    """Yield the line of a moment: quarters add up to a year."""
    if not is_year(slot.period):
        yield Line("period", slot._replace(period=year_of(slot.period)))
