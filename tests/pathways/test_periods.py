"""Periods of the year, and the classes that are of them."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.pathways.problem import PERIODS
from academy.pathways.rules.periods import (
    LEAST_DAYS,
    STARTS,
    beginning_of,
    first_days,
    last_day,
    periods_ahead,
    periods_of,
    periods_taken,
)

DAYS = st.dates(date(2024, 1, 1), date(2034, 12, 31))
YEARS = first_days(date(2026, 9, 1))


@given(DAYS)
def test_sixteen_periods_follow_each_other_without_a_gap_from_the_first_that_begins_on_or_after_the_day(day: date) -> None:
    found = first_days(day)
    assert len(found) == PERIODS
    assert found[0] >= day
    assert (found[0] - day).days < 140
    for one, other in itertools.pairwise(found):
        assert last_day(one) + timedelta(days=1) == other
    assert all((each.month, each.day) in STARTS for each in found)


@given(DAYS)
def test_a_class_begins_in_the_period_under_way_unless_less_than_two_weeks_of_it_are_left(day: date) -> None:
    begins = beginning_of(day)
    if begins <= day:
        assert (last_day(begins) - day).days + 1 >= LEAST_DAYS
    else:
        assert (begins - day).days < LEAST_DAYS


@given(DAYS, st.integers(0, 400))
def test_a_class_is_of_the_periods_of_which_it_takes_two_weeks_and_of_that_in_which_it_begins(day: date, length: int) -> None:
    ends_on = day + timedelta(days=length)
    found = periods_of(day, ends_on, first_days(date(2024, 1, 1), 48))
    taken = periods_taken(day, ends_on, first_days(date(2024, 1, 1), 48))
    if found is not None:
        first, last = found
        assert set(taken) <= set(range(first, last + 1))
        assert set(range(first + 1, last + 1)) <= set(taken)


@pytest.mark.parametrize(("starts_on", "ends_on", "expected"), [
    (date(2026, 9, 7), date(2026, 11, 9), (0, 0)),
    (date(2026, 9, 7), date(2026, 11, 27), (0, 0)),  # thirteen days of the next one
    (date(2026, 9, 7), date(2026, 11, 28), (0, 1)),
    (date(2026, 8, 24), date(2026, 11, 9), (0, 0)),  # eight days before the first: not a class of the summer
    (date(2026, 8, 10), date(2026, 11, 9), None),  # begun before the first
    (date(2027, 2, 1), date(2027, 8, 31), (2, 3)),
    (date(2030, 9, 1), date(2030, 10, 1), None),  # after the last
])
def test_which_periods_a_class_takes(starts_on: date, ends_on: date, expected: tuple[int, int] | None) -> None:
    assert periods_of(starts_on, ends_on, YEARS) == expected


def test_a_class_that_has_begun_takes_time_of_the_periods_that_are_left_of_it() -> None:
    assert list(periods_taken(date(2026, 6, 1), date(2026, 12, 31), YEARS)) == [0, 1]
    assert list(periods_taken(date(2026, 6, 1), date(2026, 9, 10), YEARS)) == []


@pytest.mark.parametrize(("hours", "ec", "years"), [(40, 1_200, 4), (25, 1_200, 4), (24, 1_200, 6), (8, 1_200, 6), (8, 300, 4), (1, 0, 4)])
def test_who_has_few_hours_a_week_is_looked_ahead_for_six_years(hours: int, ec: int, years: int) -> None:
    assert periods_ahead(hours, ec) == years * 4
