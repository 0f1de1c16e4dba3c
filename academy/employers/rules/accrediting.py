"""How a company's own course gets a level of the Dutch qualifications framework (NLQF), step by step; pure.

The level of training outside the regular schools is set by NCP NLQF: Wet NLQF (Kamerstuk 36 341), Besluit NLQF (Stcrt 2024, 34408) and its
policy rule (Stcrt 2024, 37955). Step 1 is the validity of who gives it (legal status, ownership, continuity, examination, quality), step 2 the
level of the qualification (descriptors, 400 hours or labour-market relevance, an independent exam). A level is valid for six years, and is then
assessed again.
"""

from datetime import date
from typing import Final

from academy.employers.kinds import CourseStage

LEVELS: Final = ("1", "2", "3", "4", "4+", "5", "6", "7", "8")  # of NLQF; EQF has no 4+
YEARS_VALID: Final = 6
REMINDED_YEARS: Final = 1  # before the end: an assessment takes months
_LEAP_DAY: Final = (2, 29)

# From a stage, those that can follow. Who is refused may ask again; a level that ends is asked for again (herbeoordeling).
COURSE_WAYS: Final[dict[CourseStage, tuple[CourseStage, ...]]] = {
    CourseStage.PREPARING: (CourseStage.VALIDITY_ASKED,),
    CourseStage.VALIDITY_ASKED: (CourseStage.VALIDITY_GRANTED, CourseStage.VALIDITY_REFUSED),
    CourseStage.VALIDITY_REFUSED: (CourseStage.VALIDITY_ASKED,),
    CourseStage.VALIDITY_GRANTED: (CourseStage.LEVEL_ASKED,),
    CourseStage.LEVEL_ASKED: (CourseStage.LEVEL_GRANTED, CourseStage.LEVEL_REFUSED),
    CourseStage.LEVEL_REFUSED: (CourseStage.LEVEL_ASKED,),
    CourseStage.LEVEL_GRANTED: (CourseStage.LEVEL_ASKED,),
}


def may_become(was: CourseStage, becomes: CourseStage) -> bool:
    """Tell whether one stage follows another."""
    return becomes in COURSE_WAYS[was]


def valid_until(level_from: date) -> date:
    """Return the last day on which a level counts that was granted from this day: the day before it is six years old."""
    return date.fromordinal(_years_later(level_from, YEARS_VALID).toordinal() - 1)


def reminded_from(level_until: date) -> date:
    """Return the day from which its keeper is reminded that a level ends: a year before."""
    return _years_later(level_until, -REMINDED_YEARS)


def is_valid(level_from: date | None, level_until: date | None, on_day: date) -> bool:
    """Tell whether a level counts on a day."""
    return level_from is not None and level_until is not None and level_from <= on_day <= level_until


def whole_months(first: date, last: date) -> int:
    """Return how many whole months lie between two days, of which the first is the earlier; 0 for less than one."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months - (last.day < first.day))


def _years_later(day: date, years: int) -> date:
    if (day.month, day.day) == _LEAP_DAY:
        day = date(day.year, 2, 28)  # not every year has the day
    return day.replace(year=day.year + years)
