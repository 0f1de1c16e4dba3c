"""Time: one function reads the clock; everywhere else `now` is an argument."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def utc_now() -> datetime:
    """Return this moment as an aware UTC datetime; the only reader of the clock."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place


def amsterdam_day(moment: datetime) -> date:
    """Return the calendar day on which `moment` falls in Amsterdam."""
    return moment.astimezone(AMSTERDAM).date()


def begin_of_day(day: date) -> datetime:
    """Return the UTC moment at which `day` begins in Amsterdam."""
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return the UTC moment at which `day` ends in Amsterdam: the midnight that starts the next day."""
    return begin_of_day(day + timedelta(days=1))
