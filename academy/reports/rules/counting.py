"""Counting of the wants in a cell: persons once, needs once."""

from collections.abc import Iterable
from typing import NamedTuple


class Want(NamedTuple):
    """What a subject wants by one need, as far as it falls in a cell. `need` and `subject` are numbers that stand for them; fields as of a signal."""

    need: int
    subject: int
    is_firm: bool
    people: int
    cents: int
    urgency: int


class Count(NamedTuple):
    """What stands in a cell before anything is hidden. `haste` is urgency times people, to find the average of what is told."""

    persons: int = 0
    person_cents: int = 0
    person_haste: int = 0
    firms: int = 0
    seats: int = 0
    firm_cents: int = 0
    firm_haste: int = 0


def most_of(one: Want | None, other: Want) -> Want:
    """Return the most that is asked by the same need in two signals."""
    if one is None:
        return other
    return other._replace(people=max(one.people, other.people), cents=max(one.cents, other.cents), urgency=max(one.urgency, other.urgency))


def count_of(wants: Iterable[Want]) -> Count:
    """Count wants, each of another need. A person has the urgency of the most urgent need."""
    persons: dict[int, int] = {}
    firms = set()
    person_cents = seats = firm_cents = firm_haste = 0
    for want in wants:
        if want.is_firm:
            firms.add(want.subject)
            seats += want.people
            firm_cents += want.cents
            firm_haste += want.people * want.urgency
        else:
            persons[want.subject] = max(want.urgency, persons.get(want.subject, 0))
            person_cents += want.cents
    return Count(len(persons), person_cents, sum(persons.values()), len(firms), seats, firm_cents, firm_haste)
