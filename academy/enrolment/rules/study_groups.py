"""Study groups in the region of who learns the same module at a distance: from how many on, and whether a room is free."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

ENOUGH: Final = 6  # learners of one online module who want to meet, from the programme document of the academy
USUAL_DAYS: Final = ("fri", "sat")  # the days that the programme names for study groups
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Booking:
    """A room, every week on one day from hour to hour, from the first day to the last, both included."""

    room: str
    weekday: str
    starts_at: time
    ends_at: time
    first_on: date
    last_on: date

    @property
    def first_meeting(self) -> date:
        """The first day on or after `first_on` that is its weekday."""
        return self.first_on + timedelta(days=(_WEEKDAYS.index(self.weekday) - self.first_on.weekday()) % 7)

    @property
    def has_a_day(self) -> bool:
        """Whether its weekday comes between its first day and its last."""
        return self.first_meeting <= self.last_on

    def meets_with(self, other: "Booking") -> bool:
        """Tell whether both want the same room at the same moment; hours that touch do not meet.

        A room is the same whatever its capitals and spaces.
        """
        first = max(self.first_meeting, other.first_meeting)
        return (
            same_room(self.room) == same_room(other.room) and self.weekday == other.weekday
            and self.starts_at < other.ends_at and other.starts_at < self.ends_at
            and first <= min(self.last_on, other.last_on)
        )


def same_room(room: str) -> str:
    """Return what two ways to write one room have in common."""
    return " ".join(room.casefold().split())
