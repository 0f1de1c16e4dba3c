"""The gap score: people x urgency x euros, less what is planned. The formula stands on the page, so it lives in one place."""

from fractions import Fraction
from typing import Final

METHOD: Final = "1"  # goes up with every change of what a figure means
CENTS_A_PERSON: Final = 500_00  # pledged money weighs as one more person for every € 500
MOST_MONEY: Final = 5  # and at most five times


def gap_score(*, wanted: int, free: int, urgency: int, cents: int) -> int:
    """Return short x urgency x money, rounded to whole numbers.

    short = `wanted` people - `free` seats, never below 0; urgency = `urgency` / 100, from 1 to 2; money = 1 + pledged euros per wanted person / 500, at most 5.
    """
    short = max(0, wanted - free)
    if not short:
        return 0
    return int(short * Fraction(urgency, 100) * money_times(wanted=wanted, cents=cents) + Fraction(1, 2))


def money_times(*, wanted: int, cents: int) -> Fraction:
    """Return how many times pledged money makes a score greater: from 1 to 5. `wanted` is at least 1."""
    return min(Fraction(MOST_MONEY), 1 + Fraction(cents, wanted * CENTS_A_PERSON))
