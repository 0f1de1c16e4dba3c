"""The value meter: what proving an outcome would save, and how likely it is (product.md, B3). Whole cents, tenths of credits and of months; no floats.

What is saved is the difference of two routes, with and without the outcome: whoever makes routes gives both. Where there is no route, and only the module itself,
its price and hours are divided over its outcomes as its credits are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, TypeVar
from uuid import UUID

from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized
from academy.recognition.rules.credits import apportion

HOURS_PER_EC: Final = 28  # OOAPI v6, studyLoad: 60 EC is 1,680 hours
FEWEST_PEOPLE: Final = 10  # of fewer, what is published could be about one of them
LEAST_CHANCE, MOST_CHANCE = 10, 90  # per cent: what was decided before rules nothing out and promises nothing
_WEEKS_A_MONTH: Final = Fraction(52, 12)
_TENTH: Final = Decimal("0.1")
Key = TypeVar("Key")


@dataclass(frozen=True)
class Cost:
    """What a route asks: credits still to be earned, months, and what the learner pays."""

    ec: Decimal
    months: Decimal
    price: Money


@dataclass(frozen=True)
class Worth:
    """What proving one outcome saves; `fee` is what its assessment costs, `chance` in per cent, None where too few were decided to say."""

    saved: Cost
    fee: Money
    chance: int | None

    @property
    def net(self) -> Money:
        """What is left of the saved price after the assessment; negative where that costs more."""
        return self.saved.price - self.fee


@dataclass(frozen=True)
class RouteSavings:
    """What proving saves on somebody's route to `goal`: each outcome by itself, and `together` those that they can.

    `together` is None where it was not calculated, for there were too many routes to calculate: then `each` is empty.
    """

    goal: Localized
    each: Mapping[UUID, Cost]
    together: Cost | None


def saved(before: Cost, after: Cost) -> Cost:
    """Return what the second route asks less than the first; a part of it that asks more saves nothing."""
    return Cost(max(before.ec - after.ec, Decimal(0)), max(before.months - after.months, Decimal(0)), max(before.price - after.price, FREE))


def months_of(ec: Decimal, hours_a_week: int) -> Decimal:
    """Return in how many months so many credits are studied, rounded to tenths, halves up. Raises ValueError for no hours a week."""
    if hours_a_week < 1:
        raise ValueError(f"nothing is learned in {hours_a_week} hours a week")
    months = Fraction(ec) * HOURS_PER_EC / hours_a_week / _WEEKS_A_MONTH
    return (Decimal(months.numerator) / Decimal(months.denominator)).quantize(_TENTH, ROUND_HALF_UP)


def price_shares(price: Money, weights: Sequence[int]) -> list[Money]:
    """Return which part of a module's price falls on each outcome: together exactly the price. Raises ValueError as `apportion`."""
    return [Money(part) for part in apportion(price.cents, weights)]


def chance(granted: int, decided: int) -> int | None:
    """Return how likely an outcome is granted, in per cent, rounded to tens and halves up; None when fewer than ten people were decided on.

    Counts people, not decisions: who asked twice is one. Raises ValueError when more were granted than decided.
    """
    if not 0 <= granted <= decided:
        raise ValueError(f"{granted} of {decided} were granted")
    if decided < FEWEST_PEOPLE:
        return None
    tens = (20 * granted + decided) // (2 * decided)
    return min(max(10 * tens, LEAST_CHANCE), MOST_CHANCE)


def in_order(worths: Sequence[tuple[Key, Worth]]) -> list[tuple[Key, Worth]]:
    """Return what to prove first: what saves most money after the fee, then most months, then most credits; of equals the order is kept.

    The chance does not count: it would send people away from what nobody asked before.
    """
    return sorted(worths, key=lambda each: (-each[1].net.cents, -each[1].saved.months, -each[1].saved.ec))
