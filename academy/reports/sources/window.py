"""The time over which is counted: twelve quarters, up to midnight in Amsterdam."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from academy.kernel.clock import amsterdam_day, begin_of_day
from academy.reports.rules.quarters import QUARTERS_KEPT, first_day, quarter_of, quarters_until


@dataclass(frozen=True)
class Window:
    """What happened from `since` and before `until`, moments in UTC, falls in `quarters`, the oldest first. `first` is the first day, `as_of` the day after the last."""

    quarters: tuple[str, ...]
    first: date
    as_of: date
    since: datetime
    until: datetime

    def quarter(self, moment: datetime) -> str:
        """Return the quarter that a moment falls in, in Amsterdam."""
        return quarter_of(amsterdam_day(moment))

    def standing(self, begun: datetime, ended: datetime | None) -> list[str]:
        """Return the quarters in which something stood that began before `until`; `ended` None: it still stands."""
        first = self.quarter(begun)
        last = self.quarters[-1] if ended is None else max(first, self.quarter(ended))
        return [each for each in self.quarters if first <= each <= last]


def window_of(as_of: date) -> Window:
    """Return the window of what happened before midnight in Amsterdam that begins `as_of`."""
    last = as_of - timedelta(days=1)
    quarters = tuple(quarters_until(quarter_of(last), number=QUARTERS_KEPT))
    first = first_day(quarters[0])
    return Window(quarters, first, as_of, begin_of_day(first), begin_of_day(as_of))
