"""Slots: the moments of the week at which people can, such as `tue-evening`; and the one that serves most seats.

The codes are those in which people who wait for a class say when they can.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final

from academy.kernel.money import Money

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PARTS: Final = ("morning", "afternoon", "evening")
SLOTS: Final = tuple(f"{day}-{part}" for day in _DAYS for part in _PARTS)  # in the order of the week
ANY_SLOT: Final = frozenset(SLOTS)  # for what has no hours, or who always can
_PLACE: Final = {slot: place for place, slot in enumerate(SLOTS)}


class SlotUnknown(ValueError):
    """A code is no slot; the message names it."""


@dataclass(frozen=True, slots=True)
class Pledge:
    """A promise of `seats` at any of `slots`, for at most `most_price` a seat, VAT and all; None is whatever it costs.

    `id` tells pledges apart; `firm` whose it is, so that two of one firm count as one firm. Raises ValueError for no seats or no slots, SlotUnknown.
    """

    id: Hashable
    firm: Hashable
    seats: int
    slots: frozenset[str]
    most_price: Money | None = None

    def __post_init__(self) -> None:
        if self.seats < 1 or not self.slots:
            raise ValueError(f"a pledge is for at least one seat at one slot, not {self.seats} at {sorted(self.slots)}")
        _check(self.slots)

    def can_pay(self, price: Money | None) -> bool:
        """Tell whether a seat of this price is within its maximum; a price that is not known yet always is."""
        return price is None or self.most_price is None or price <= self.most_price


@dataclass(frozen=True, slots=True)
class SlotCount:
    """How many seats, of how many pledges, a class at this slot would serve."""

    slot: str
    seats: int
    pledges: int


def read_slots(codes: str | Iterable[str]) -> frozenset[str]:
    """Return the slots in a list of codes, or in a text with commas or spaces between them. Raises SlotUnknown."""
    listed = codes.replace(",", " ").split() if isinstance(codes, str) else codes
    return _check(frozenset(code.strip().lower() for code in listed))


def write_slots(slots: Iterable[str]) -> str:
    """Return the slots as one text, each once, in the order of the week; `read_slots` reads it back. Raises SlotUnknown."""
    return ",".join(in_order(slots))


def in_order(slots: Iterable[str]) -> tuple[str, ...]:
    """Return each slot once, in the order of the week. Raises SlotUnknown."""
    return tuple(sorted(read_slots(slots), key=_PLACE.__getitem__))


def slot_counts(pledges: Iterable[Pledge], price: Money | None = None) -> tuple[SlotCount, ...]:
    """Return what each slot that somebody can would serve at this price, the best first: most seats, then most pledges, then earliest in the week."""
    seats: dict[str, int] = {}
    number: dict[str, int] = {}
    for pledge in pledges:
        if pledge.can_pay(price):
            for slot in pledge.slots:
                seats[slot] = seats.get(slot, 0) + pledge.seats
                number[slot] = number.get(slot, 0) + 1
    best_first = sorted(seats, key=lambda slot: (-seats[slot], -number[slot], _PLACE[slot]))
    return tuple(SlotCount(slot, seats[slot], number[slot]) for slot in best_first)


def best_slot(pledges: Iterable[Pledge], price: Money | None = None) -> SlotCount | None:
    """Return the slot that serves most seats at this price; None when nobody pays it."""
    return next(iter(slot_counts(pledges, price)), None)


def _check(slots: frozenset[str]) -> frozenset[str]:
    if not slots <= ANY_SLOT:
        raise SlotUnknown(f"no slot: {', '.join(sorted(slots - ANY_SLOT))}")
    return slots
