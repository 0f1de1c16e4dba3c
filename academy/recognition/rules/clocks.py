"""Until when who has to act, and when a file that nobody touches ends: moments at the end of a day in Amsterdam, as people count days.

The day of the question does not count.
Nothing of these clocks decides about a claim: an assessor or a board that is late is shown first, and only the learner's own silence ends a file, told before
and open to objection.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from academy.kernel.clock import amsterdam_day, end_of_day
from academy.kernel.working_days import working_day_after
from academy.recognition.kinds import STANDING, FileState, Who

_DAY: Final = timedelta(days=1)
DECISION_DAYS: Final = 30  # from sending to decision (journey J5); the working days below fit in it where no holiday comes between
REPEAT: Final = timedelta(hours=24)  # for what was decided before in the same way (product.md, B8)
APPEAL_DAYS: Final = 42  # six weeks, to the board of appeal for exams (WHW 7.60)
TOLD_AFTER_DAYS: Final = (30, 60)  # that a file is still, to its learner (journey J5)
LAPSE_DAYS: Final = 90
NOTICE_DAYS: Final = 14  # between the last letter and the end, however late that letter was
CONTEST_DAYS: Final = 42  # as long as one can appeal
EVIDENCE_DAYS: Final = 84  # after the decision: twice the time of an appeal


@dataclass(frozen=True)
class Clock:
    """Whose turn it is, and for how many working days."""

    who: Who
    days: int


CLOCKS: Final = {
    FileState.INTAKE_PLANNED: Clock(Who.GUIDE, 5),
    FileState.PORTFOLIO_SUBMITTED: Clock(Who.ASSESSOR, 1),
    FileState.ASSESSMENT_PLANNED: Clock(Who.ASSESSOR, 2),
    FileState.SECOND_DONE: Clock(Who.ASSESSOR, 2),
    FileState.EXEMPTION_REQUESTED: Clock(Who.EXAM_BOARD, 10),
    FileState.APPEALED: Clock(Who.EXAM_BOARD, 10),
}


def due(state: FileState, since: datetime) -> datetime | None:
    """Return until when somebody must act on a file that is in this state since then; None where no clock runs against anybody but the learner."""
    clock = CLOCKS.get(state)
    return None if clock is None else end_of_day(working_day_after(amsterdam_day(since), clock.days))


def repeat_due(requested_at: datetime) -> datetime:
    """Return until when a request is answered that is the same as what was decided before."""
    return requested_at + REPEAT


def appeal_until(decided_at: datetime) -> datetime:
    """Return until when a learner can appeal against a decision that was told at this moment."""
    return _after(decided_at, APPEAL_DAYS)


def contest_until(lapsed_at: datetime) -> datetime:
    """Return until when a learner can have a file that lapsed go on."""
    return _after(lapsed_at, CONTEST_DAYS)


def told_at(idle_since: datetime) -> tuple[datetime, ...]:
    """Return when a learner is told that nothing happened since then; the last letter names the day on which the file would end."""
    return tuple(_after(idle_since, days) for days in TOLD_AFTER_DAYS)


def lapses_at(idle_since: datetime, told: Sequence[datetime]) -> datetime | None:
    """Return when a file ends in which nothing happened since then; None as long as not every letter has gone out, for it never ends silently.

    `told` are the moments at which they were sent since then. A letter that was late puts the end off.
    """
    if len(told) < len(TOLD_AFTER_DAYS):
        return None
    return max(_after(idle_since, LAPSE_DAYS), _after(max(told), NOTICE_DAYS))


def archives_at(state: FileState, since: datetime) -> datetime | None:
    """Return when the evidence of a file goes that is in this state since then; None as long as it is needed.

    After a decision or a certificate it stays for twice the time of an appeal. What was taken back goes at once, what lapsed when that can not be
    contested any more.
    """
    if state is FileState.WITHDRAWN:
        return since
    if state is FileState.LAPSED:
        return contest_until(since)
    return _after(since, EVIDENCE_DAYS) if state in {*STANDING, FileState.REPORT_ISSUED} else None


def is_over(until: datetime, now: datetime) -> bool:
    """Tell whether the time is up: a day that ends at midnight is over at midnight."""
    return now >= until


def _after(moment: datetime, days: int) -> datetime:
    return end_of_day(amsterdam_day(moment) + days * _DAY)
