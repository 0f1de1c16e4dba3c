"""Decisions of the catalogue: plain values in, plain answers out."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from academy.kernel.clock import begin_of_day, end_of_day

HOURS_PER_EC = 28  # OOAPI v6, studyLoad: 60 EC is 1,680 hours
AD_MONTHS = 24
AD_LEVEL = "5"  # NLQF and EQF
AD_CREDITS = Decimal(120)  # Wet invoering associate degree-opleiding, Stb. 2017, 390: two years of 60 EC

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
VARIANTS = ("voltijd", "deeltijd", "duaal")


def hours_of_study(ec: Decimal) -> int:
    """Return the hours of study in `ec` credits, rounded to whole hours."""
    return int((ec * HOURS_PER_EC).to_integral_value())


def hours_per_week(hours: int, *, starts_on: date, ends_on: date) -> int:
    """Return the hours of study per week between two days, rounded up; a part of a week counts as one."""
    weeks = max(1, math.ceil(((ends_on - starts_on).days + 1) / 7))
    return math.ceil(hours / weeks)


def eqf_of(nlqf: str) -> str:
    """Return the EQF level of an NLQF level: the same, but for vwo, which is 4+ here and 4 in Europe (NCP NLQF)."""
    return nlqf.removesuffix("+")


def is_open(*, enrol_until: date, now: datetime, opens_on: date | None = None) -> bool:
    """Tell whether enrolment is open at `now`: from the first moment of `opens_on` until midnight in Amsterdam at the end of the last day."""
    return now < end_of_day(enrol_until) and (opens_on is None or now >= begin_of_day(opens_on))


@dataclass(frozen=True)
class CreditsGap:
    """How far the modules of a programme are from what the degree asks."""

    asked: Decimal
    found: Decimal


def credits_gap(asked: Decimal, parts: Iterable[Decimal]) -> CreditsGap | None:
    """Return the gap when the parts do not add up to the credits asked, else None."""
    found = sum(parts, Decimal(0))
    return None if found == asked else CreditsGap(asked, found)


@dataclass(frozen=True)
class Part:
    """A node of a requirement tree for counting: `kind` as in `RequirementKind`, `ec` what a leaf gives or CREDITS_OF asks."""

    kind: str
    ec: Decimal | None = None
    number: int | None = None
    items: tuple["Part", ...] = ()


def credits_asked(part: Part) -> Decimal | None:
    """Return the EC that meeting this part brings at least; None when it can not be known, as a module's EC is not.

    Of `number_of` the smallest modules count: whoever chooses those meets it too.
    """
    if part.kind == "module":
        return part.ec
    if part.kind == "credits_of":
        return part.ec
    below = [credits_asked(item) for item in part.items]
    known = [ec for ec in below if ec is not None]
    if len(known) < len(below):
        return None
    if part.kind == "number_of":
        known = sorted(known)[: part.number]
    return sum(known, Decimal(0))


def credits_offered(part: Part) -> Decimal:
    """Return the EC that one can take in this part at most; unknown ones count for nothing."""
    if part.kind == "module":
        return part.ec or Decimal(0)
    return sum((credits_offered(item) for item in part.items), Decimal(0))
