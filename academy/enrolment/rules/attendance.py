"""Who was there: until when it can be said, and when the two sides differ."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from academy.enrolment.rules.meetings import Meeting

CORRECTIONS: Final = timedelta(days=30)  # after the last day of the class; then attendance stays as it is


def can_be_said(*, ends_on: date, today: date) -> bool:
    """Tell whether attendance can still be noted and corrected."""
    return today <= ends_on + CORRECTIONS


def differs(*, by_provider: bool | None, by_learner: bool | None) -> bool:
    """Tell whether both sides have spoken and do not say the same."""
    return by_provider is not None and by_learner is not None and by_provider != by_learner


def to_show(found: Sequence[Meeting], *, asked: date | None, today: date) -> int | None:
    """Return the place in the row of the meeting to open: the day asked for, else the newest that has come, else the first; None without meetings."""
    days = [meeting.day for meeting in found]
    if asked in days:
        return days.index(asked)
    return max(sum(day <= today for day in days) - 1, 0) if days else None
