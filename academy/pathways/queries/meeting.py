"""When and where a class meets, by period, and how far that is; pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from academy.catalogue.api import WEEKDAYS, DeliveryMode, OfferingFacts, PartOfDay, PlaceFacts
from academy.pathways.problem import Meeting
from academy.pathways.rules.periods import last_day

_PARTS: Final = {PartOfDay.MORNING: (0,), PartOfDay.AFTERNOON: (1,), PartOfDay.DAY: (0, 1), PartOfDay.EVENING: (2,), PartOfDay.ANY: ()}
_EARTH: Final = 6_371.0  # km from its middle to its face
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Point:
    """A place on earth, in degrees."""

    latitude: float
    longitude: float


def kilometres(one: Point, other: Point) -> int:
    """Return how far it is as the crow flies, in whole kilometres."""
    north, east = math.radians(other.latitude - one.latitude), math.radians(other.longitude - one.longitude)
    half = math.sin(north / 2) ** 2 + math.cos(math.radians(one.latitude)) * math.cos(math.radians(other.latitude)) * math.sin(east / 2) ** 2
    return round(2 * _EARTH * math.asin(math.sqrt(half)))


def weeks(starts_on: date, ends_on: date) -> int:
    """Return how many weeks a class takes; a part of a week counts as one."""
    return max(1, math.ceil(((ends_on - starts_on).days + 1) / _WEEK))


def meetings(of: OfferingFacts, periods: Sequence[int], first_on: Sequence[date], *, later: timedelta = timedelta(0)) -> frozenset[Meeting]:
    """Return the times that a class takes every week in these periods, if it is given so much later; one that meets once is there in its period alone."""
    return frozenset(_meetings(of, periods, first_on, later))


def _meetings(of: OfferingFacts, periods: Sequence[int], first_on: Sequence[date], later: timedelta) -> Iterator[Meeting]:
    for each in of.sessions:
        for part in _PARTS[each.part_of_day]:
            if each.weekday is not None:
                yield from (Meeting(period, WEEKDAYS.index(each.weekday), part) for period in periods)
            elif each.on_date is not None and periods:
                day = each.on_date + later
                within = (period for period in periods if first_on[period] <= day <= last_day(first_on[period]))
                yield Meeting(next(within, periods[0] if day < first_on[periods[0]] else periods[-1]), day.weekday(), part)
    if not of.sessions:
        for weekday in of.weekdays:
            yield from (Meeting(period, WEEKDAYS.index(weekday), part) for part in _PARTS[of.part_of_day] for period in periods)


def distances(of: OfferingFacts, home: Point | None) -> tuple[int, int] | None:
    """Return km one way, to the farthest place, and km there and back for all meetings together; None where that is not known. Online it is none at all."""
    if of.mode is DeliveryMode.ONLINE:
        return 0, 0
    if home is None:
        return None
    trips = [(each.place or of.place, weeks(of.starts_on, of.ends_on) if each.weekday is not None else 1) for each in of.sessions]
    trips = trips or [(of.place, weeks(of.starts_on, of.ends_on) * max(1, len(of.weekdays)))]
    far = [(kilometres(home, point), times) for place, times in trips if (point := _point(place)) is not None]
    return (max(km for km, _times in far), sum(2 * km * times for km, times in far)) if far else None


def _point(place: PlaceFacts | None) -> Point | None:
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Point(place.latitude, place.longitude)
