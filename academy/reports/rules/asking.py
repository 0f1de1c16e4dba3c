"""The monitor of experience: who is asked what, when, and when somebody is reminded (requirement R24)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from academy.reports.kinds import Side

# Five statements at most; each is answered with 1 (not at all) to 5 (completely). The last one of each side is the opinion as a whole.
QUESTIONS: Final[Mapping[Side, tuple[str, ...]]] = {
    Side.LEARNER: ("content", "teaching", "organised", "use", "overall"),
    Side.INSTITUTION: ("level", "group", "organised", "again", "overall"),
    Side.FIRM: ("needed", "work", "planned", "again", "overall"),
}
OVERALL: Final = "overall"
LOWEST: Final = 1
HIGHEST: Final = 5
WAVES: Final = (1, 2)  # shortly after the start, and when it is over
ANCHOR: Final = 75  # per cent that should answer, and attend
LEAST: Final[Mapping[Side, int]] = {Side.LEARNER: 10, Side.INSTITUTION: 3, Side.FIRM: 3}  # different people, institutions and firms that an opinion is told of

_AFTER_START: Final = timedelta(weeks=2)
_STILL_NEW: Final = timedelta(weeks=2)  # a class that was over long before anybody could be asked is left alone
_OPEN: Final = timedelta(weeks=3)
_REMINDED_AFTER: Final = timedelta(weeks=1)


def asked_on(wave: int, *, starts_on: date, ends_on: date) -> date | None:
    """Return the day on which a wave of a class is asked; None where the class is over before the first wave could say anything."""
    if wave == WAVES[-1]:
        return ends_on + timedelta(days=1)
    first = starts_on + _AFTER_START
    return first if first < ends_on else None


def is_due(wave: int, *, starts_on: date, ends_on: date, today: date) -> bool:
    """Tell whether a wave of a class is to be asked now."""
    begin = asked_on(wave, starts_on=starts_on, ends_on=ends_on)
    return begin is not None and begin <= today < begin + _STILL_NEW


def days_with_a_wave(today: date) -> tuple[date, date]:
    """Return between which days, both included, a class starts or ends of which a wave may be due: for a first look in the database."""
    return today - _AFTER_START - _STILL_NEW, today


def last_day(opened_on: date) -> date:
    """Return the last day on which can be answered."""
    return opened_on + _OPEN


def remind_before(today: date) -> date:
    """Return the last day on which somebody was asked who is reminded today."""
    return today - _REMINDED_AFTER


def are_good(side: Side, scores: Mapping[str, int]) -> bool:
    """Tell whether these are answers to all questions of a side."""
    return set(scores) == set(QUESTIONS[side]) and all(LOWEST <= each <= HIGHEST for each in scores.values())
