"""Decisions of the catalogue: plain values in, plain answers out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from academy.kernel.clock import end_of_day

HOURS_PER_EC = 28  # OOAPI v6, studyLoad: 60 EC is 1,680 hours
AD_CREDITS = Decimal(120)  # Wet invoering associate degree-opleiding, Stb. 2017, 390: two years of 60 EC

SECTORS = (
    "ict", "techniek", "bouw", "handel", "agrofood", "zorg", "welzijn", "educatie", "zakelijk", "duurzaam", "media", "taal",
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LEVELS = ("1", "2", "3", "4", "4+", "5", "6", "7", "8")  # NLQF


def hours_of_study(ec: Decimal) -> int:
    """Return the hours of study in `ec` credits, rounded to whole hours."""
    return int((ec * HOURS_PER_EC).to_integral_value())


def is_open(*, enrol_until: date, now: datetime) -> bool:
    """Tell whether enrolment is open at `now`: until midnight in Amsterdam at the end of the last day."""
    return now < end_of_day(enrol_until)


@dataclass(frozen=True)
class CreditsGap:
    """How far the modules of a programme are from what the degree asks."""

    asked: Decimal
    found: Decimal


def credits_gap(asked: Decimal, parts: Iterable[Decimal]) -> CreditsGap | None:
    """Return the gap when the parts do not add up to the credits asked, else None."""
    found = sum(parts, Decimal(0))
    return None if found == asked else CreditsGap(asked, found)
