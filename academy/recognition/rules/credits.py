"""What outcomes are worth in EC, and how much of it counts. Whole tenths of a credit, never floats.

A module has credits, its outcomes have none; so each outcome has a share of them, fixed when a file is opened. What a decision earns is the sum of the
shares of the outcomes that were granted; nobody types it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

_NONE: Final = Decimal(0)
Key = TypeVar("Key")


def apportion(whole: int, weights: Sequence[int]) -> list[int]:
    """Divide a number that is not negative over weights: parts that add up exactly, each within one of its fair share; what is left goes to the largest remainders.

    Of equal remainders the first comes first. Raises ValueError for weights that are not all positive, for none, and for less than nothing.
    """
    if whole < 0 or not weights or min(weights) < 1:
        raise ValueError(f"{whole} is not divided over {list(weights)}")
    total = sum(weights)
    parts, remainders = zip(*(divmod(whole * weight, total) for weight in weights), strict=True)
    left = whole - sum(parts)
    first = set(sorted(range(len(weights)), key=lambda place: -remainders[place])[:left])
    return [part + (place in first) for place, part in enumerate(parts)]


def shares(ec: Decimal | None, weights: Sequence[int]) -> list[Decimal]:
    """Return what each outcome of a module is worth: together exactly its credits, in tenths; all nothing for a module without credits.

    Outcomes weigh the same unless the provider says otherwise. Raises ValueError for credits of more than one decimal, and as `apportion`.
    """
    tenths = (ec or _NONE) * 10
    if tenths != tenths.to_integral_value():
        raise ValueError(f"{ec} has more than one decimal")
    return [Decimal(part) / 10 for part in apportion(int(tenths), weights)]


def earned(worth: Mapping[Key, Decimal], granted: Collection[Key]) -> Decimal:
    """Return the credits of the outcomes that were granted: their sum. Raises KeyError for an outcome that the file does not have.

    A part of an outcome earns nothing yet: half of what one must be able to do is not half of a credit. The part is remembered, and a later file
    asks for the rest only.
    """
    return sum((worth[each] for each in set(granted)), _NONE)


@dataclass(frozen=True)
class Counted:
    """How much of what a decision earned counts towards a programme, and how much is beyond the maximum of its provider; both in EC."""

    counts: Decimal
    beyond: Decimal


def total_of(before: Decimal, *, live: Decimal, added: Decimal, ended: Decimal, maximum: Decimal | None) -> Decimal:
    """Return how many EC count for a person at a provider after a decision: of `live` that stood, of which `before` counted, some ended and some are added.

    Never above the maximum, except what counted already: who has more than a maximum that was lowered since keeps it, and gets no more. What ends makes
    room for what was beyond it. Raises ValueError when more ends than there is.
    """
    if ended > live:
        raise ValueError(f"{ended} EC of {live} do not end")
    stays = min(before, live - ended)
    wanted = live - ended + added
    return max(stays, wanted if maximum is None else min(wanted, maximum))
