"""What there is to learn as courses for one life: with its times by period, what it would cost after funding, and how far it is; remembered with the supply."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from academy.catalogue.api import WEEKDAYS, DeliveryMode, OfferingFacts, hours_of_study
from academy.funding import api as funding
from academy.funding.api import Situation, Sold
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import Money
from academy.pathways.facts import CourseFacts
from academy.pathways.problem import Course
from academy.pathways.queries.goals import tenths
from academy.pathways.queries.meeting import Point, distances, meetings, weeks
from academy.pathways.queries.supply import Given, Supply

_MOST_REMEMBERED: Final = 4  # lives, of one goal
_NONE: Final = Decimal(0)
_NEXT_DOOR: Final = 1  # km to go for what is not online, however near it is and also where that is not known: who travels no kilometre gets what is online

_Offer = tuple[Given, Money | None, tuple[int, int] | None]  # what it costs the learner, where known; km one way, and in all


class CourseWords(Mapping[str, CourseFacts]):
    """Courses to be shown, by key; one is put in words when it is asked for, for a page shows twenty of what may be thousands."""

    def __init__(self, offers: Mapping[str, _Offer]) -> None:
        self._offers = offers

    def __getitem__(self, key: str) -> CourseFacts:
        return _in_words(*self._offers[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._offers)

    def __len__(self) -> int:
        return len(self._offers)


def courses_of(
    session: Session, supply: Supply, situation: Situation, home: Point | None, first_on: Sequence[date], *, now: datetime,
) -> tuple[tuple[Course, ...], CourseWords]:
    """Return all that can be taken in these periods, the earliest first, and the same in words."""
    key = (situation, home, tuple(first_on), amsterdam_day(now))
    kept: tuple[tuple[Course, ...], CourseWords] | None = supply.courses.get(key)
    if kept is not None:
        return kept
    given = list(supply.given(first_on, today=amsterdam_day(now)))
    prices = _prices(session, situation, given, first_on, now=now)
    away = {each.of.id: distances(each.of, home) for each in given if each.of is not None}
    offers = {each.key: (each, prices.get(_sold(each, first_on)), None if each.of is None else away[each.of.id]) for each in given}
    courses = tuple(sorted((_course(*each, first_on) for each in offers.values()), key=lambda each: (each.first, each.key)))
    found = courses, CourseWords(offers)
    if len(supply.courses) >= _MOST_REMEMBERED:
        supply.courses.clear()
    supply.courses[key] = found
    return found


def weekly_hours(hours: int | None, ec: Decimal | None, starts_on: date, ends_on: date) -> int:
    """Return the hours a week of a module between two days, rounded up: those it says, else 28 for an EC."""
    whole = hours if hours is not None else hours_of_study(ec or _NONE)
    return -(-whole // weeks(starts_on, ends_on))


def _prices(session: Session, situation: Situation, given: Iterable[Given], first_on: Sequence[date], *, now: datetime) -> dict[Sold | None, Money]:
    """Return what the learner would pay of each, after what others pay."""
    sold = list(dict.fromkeys(found for each in given if (found := _sold(each, first_on)) is not None))
    quoted = funding.quotes(session, sold, situation=situation, is_business=False, now=now)
    return {each: quote.own for each, quote in zip(sold, quoted, strict=True)}


def _sold(each: Given, first_on: Sequence[date]) -> Sold | None:
    """Return what is sold, None without a known price; an expected class is priced like the one it is like, what begins at any time as if it were at once."""
    price = each.module.price if each.of is None else each.of.price
    if price is None:
        return None
    return Sold(each.module.id, each.module.kind.value, each.module.provider_id, price, first_on[0] if each.of is None else each.of.starts_on)


def _course(each: Given, price: Money | None, far: tuple[int, int] | None, first_on: Sequence[date]) -> Course:
    periods = range(each.first, each.last + 1)
    distance, travel = far or (0, 0)
    if each.of is not None and each.of.mode is not DeliveryMode.ONLINE:
        distance = max(distance, _NEXT_DOOR)
    return Course(
        each.key, each.module.slug, each.module.provider_slug, tenths(each.module.ec), each.first, each.last,
        (weekly_hours(each.module.hours, each.module.ec, each.starts_on, each.ends_on),) * len(periods),
        frozenset() if each.of is None else meetings(each.of, periods, first_on, later=each.later), 0 if price is None else price.cents, distance, travel,
        is_expected=each.is_expected, seats=each.seats_left,
    )


def _in_words(each: Given, price: Money | None, far: tuple[int, int] | None) -> CourseFacts:
    of, module = each.of, each.module
    planned = None if each.is_expected else of
    return CourseFacts(
        each.key, module.id, module.slug, module.title, module.provider_slug, module.provider_name, None if planned is None else planned.id,
        "" if planned is None else planned.code, each.starts_on, each.ends_on, module.ec or _NONE, price, module.price if of is None else of.price,
        None if far is None else far[0], "" if of is None or of.place is None else of.place.city, () if of is None else _weekdays(of),
        "" if of is None else of.part_of_day.value, DeliveryMode.ONLINE.value if of is None else of.mode.value, each.seats_left, each.is_expected,
    )


def _weekdays(of: OfferingFacts) -> tuple[str, ...]:
    """Return the days on which a class usually is, Monday first."""
    weekly = {each.weekday for each in of.sessions if each.weekday is not None} or set(of.weekdays)
    return tuple(day for day in WEEKDAYS if day in weekly)
