"""How long what is agreed beforehand waits: ends of days in Amsterdam; the day of asking or signing does not count."""

from datetime import datetime, timedelta
from typing import Final

from academy.kernel.clock import amsterdam_day, end_of_day

SIGN_DAYS: Final = 30  # for the two others to sign what a learner asked
RESULT_DAYS: Final = 730  # for the result, once all three signed: two school years


def sign_by(asked_at: datetime) -> datetime:
    """Return until when the board at home and the host can sign."""
    return _after(asked_at, SIGN_DAYS)


def result_by(signed_at: datetime) -> datetime:
    """Return until when a result counts, from the last signature."""
    return _after(signed_at, RESULT_DAYS)


def _after(moment: datetime, days: int) -> datetime:
    return end_of_day(amsterdam_day(moment) + timedelta(days=days))
