"""Until when providers, firms and the office can answer: whole days, as people in Amsterdam count them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.employers.rules import (
    NAMES_DAYS,
    demand_answered_until,
    firm_confirms_until,
    is_over,
    names_until,
    provider_answers_until,
)
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.working_days import is_working_day, public_holidays

moments = st.datetimes(datetime(2025, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
days = st.dates(date(2025, 1, 1), date(2045, 1, 1))


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def last_day(until: datetime) -> date:
    """Return the day that ends at this moment, which is midnight in Amsterdam."""
    local = until.astimezone(AMSTERDAM)
    assert local.time() == time()
    return local.date() - timedelta(days=1)


@pytest.mark.parametrize(("asked", "last", "why"), [
    ("2026-09-01 11:00", "2026-09-03", "a Tuesday"),
    ("2026-09-01 00:00", "2026-09-03", "the day of the question does not count, from its first minute"),
    ("2026-09-01 23:59", "2026-09-03", "to its last"),
    ("2026-09-03 11:00", "2026-09-07", "Thursday: a weekend comes between"),
    ("2026-09-04 11:00", "2026-09-08", "Friday"),
    ("2026-09-05 11:00", "2026-09-08", "Saturday is as Friday"),
    ("2026-04-02 11:00", "2026-04-08", "Good Friday, a weekend, Easter Monday"),
    ("2026-04-24 11:00", "2026-04-29", "the King's birthday is a Monday"),
    ("2025-04-24 11:00", "2025-04-28", "and a Saturday when the 27th is a Sunday"),
    ("2030-05-03 11:00", "2030-05-07", "Liberation Day on a Sunday takes no working day"),
    ("2027-05-04 11:00", "2027-05-11", "Liberation Day, Ascension Day, the Friday after and a weekend"),
    ("2026-12-23 11:00", "2026-12-28", "Christmas and a weekend"),
    ("2026-12-30 11:00", "2027-01-04", "New Year's Day and a weekend"),
    ("2026-10-23 11:00", "2026-10-27", "over the end of summer time"),
])
def test_a_provider_answers_within_two_working_days_and_so_does_the_office(asked: str, last: str, why: str) -> None:
    assert last_day(provider_answers_until(at(asked))) == date.fromisoformat(last), why
    assert last_day(demand_answered_until(at(asked))) == date.fromisoformat(last), why


def test_a_firm_confirms_within_five_days_whatever_days_they_are() -> None:
    assert last_day(firm_confirms_until(at("2026-12-23 23:59"))) == date(2026, 12, 28)
    assert last_day(firm_confirms_until(at("2026-03-27 09:00"))) == date(2026, 4, 1)  # over the beginning of summer time


def test_names_come_until_two_weeks_before_the_class_begins() -> None:
    assert last_day(names_until(date(2026, 10, 20))) == date(2026, 10, 6)
    assert last_day(names_until(date(2026, 11, 3))) == date(2026, 10, 20)  # over the end of summer time


def test_the_last_day_counts_whole_and_is_over_at_midnight() -> None:
    until = names_until(date(2026, 10, 20))
    assert not is_over(until, at("2026-10-06 23:59"))
    assert is_over(until, at("2026-10-07 00:00"))


@given(moments, moments)
def test_who_is_asked_later_can_answer_at_least_as_late(one: datetime, other: datetime) -> None:
    early, late = sorted((one, other))
    assert provider_answers_until(early) <= provider_answers_until(late)
    assert firm_confirms_until(early) <= firm_confirms_until(late)


@given(moments)
def test_everybody_has_two_whole_working_days_and_the_last_one_is_a_working_day(asked: datetime) -> None:
    last = last_day(provider_answers_until(asked))
    first = amsterdam_day(asked)
    between = [first + timedelta(days=number) for number in range(1, (last - first).days + 1)]
    assert sum(is_working_day(day) for day in between) == 2
    assert is_working_day(last)
    assert last not in public_holidays(last.year)


@given(moments)
def test_a_firm_has_five_whole_days(asked: datetime) -> None:
    assert (last_day(firm_confirms_until(asked)) - amsterdam_day(asked)).days == 5
    assert firm_confirms_until(asked) - asked > timedelta(days=4, hours=23)  # a night of summer time is an hour short


@given(days, days)
def test_names_come_earlier_for_an_earlier_class(one: date, other: date) -> None:
    assert (names_until(one) <= names_until(other)) == (one <= other)
    assert last_day(names_until(one)) + timedelta(days=NAMES_DAYS) == one
