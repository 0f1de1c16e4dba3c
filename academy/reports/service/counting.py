"""Counting because somebody asks for it, at most once at a time."""

from datetime import datetime
from threading import Lock
from typing import Final

from academy.kernel.clock import amsterdam_day
from academy.reports.errors import CountingAlready
from academy.reports.facts import RunFacts
from academy.reports.service.rolling import count

AT_WORK: Final = Lock()  # of this process: of two processes the database keeps one


def count_now(now: datetime) -> RunFacts:
    """Count up to the midnight that was, in transactions of its own. Raises CountingAlready while somebody else does, DatabaseBusy."""
    if not AT_WORK.acquire(blocking=False):
        raise CountingAlready
    try:
        return count(as_of=amsterdam_day(now), now=now)
    finally:
        AT_WORK.release()
