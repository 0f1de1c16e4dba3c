"""Drawing lots: who is first is told by a seed that nobody could choose afterwards, never by who was quicker.

Everybody can do this again: `printf '%s' "<seed>:<ticket>" | sha256sum`. A ticket is the id of an enrolment, as its owner reads it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Final
from uuid import UUID

from academy.kernel.clock import AMSTERDAM

_HOUR: Final = time(12)  # so that who wins hears it by day


@dataclass(frozen=True)
class Lot:
    """A ticket and the number that the seed gave it; the lowest number is first."""

    number: str
    ticket: UUID


def fingerprint_of(seed: str) -> str:
    """Return what is told of a seed before the draw: no other seed fits it, and the seed can not be read from it."""
    return sha256(seed.encode()).hexdigest()


def number_of(seed: str, ticket: UUID) -> str:
    """Return the number that a seed gives a ticket."""
    return sha256(f"{seed}:{ticket}".encode()).hexdigest()


def drawn(seed: str, tickets: Iterable[UUID]) -> list[Lot]:
    """Return the lots in the order in which seats go to them; in which order the tickets come changes nothing."""
    return sorted((Lot(number_of(seed, ticket), ticket) for ticket in tickets), key=lambda lot: (lot.number, lot.ticket))


def draw_moment(day: date) -> datetime:
    """Return the UTC moment of a draw on this day: noon in Amsterdam."""
    return datetime.combine(day, _HOUR, AMSTERDAM).astimezone(UTC)


def may_draw_on(day: date, *, today: date, starts_on: date) -> bool:
    """Tell whether a class can be drawn on this day: people have until then to enter, and who wins has a day at least to take the seat."""
    return today < day < starts_on
