"""The round of the hour: what starts, opens or closes with the day changes no row, so no event tells the index.

A piece at a time, because the worker that goes round also brings letters.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from academy.search import service

_EVERY: Final = timedelta(hours=1)
PIECE: Final = 200  # modules: a fifth of a second


class Round:
    """Compares the whole index with the catalogue every hour, one piece per turn."""

    def __init__(self) -> None:
        self._next: datetime | None = None
        self._waiting: list[UUID] = []
        self._known: Mapping[str, str] = {}

    @property
    def is_under_way(self) -> bool:
        return bool(self._waiting)

    def turn(self, now: datetime) -> None:
        """Begin when the hour has passed, or do the next piece. Raises EngineUnavailable, and then the same piece comes again."""
        if self._waiting:
            service.refresh_differing(self._waiting[-PIECE:], self._known, now=now)
            del self._waiting[-PIECE:]
        elif self._next is None or now >= self._next:
            self._known, self._waiting = service.refresh_programmes_and_gone(now=now)
            self._next = now + _EVERY
