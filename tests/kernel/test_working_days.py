"""On which days people work: no weekend, no holiday, and the nth of them after a day."""

from datetime import date, timedelta

import pytest
from dateutil import easter as others  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from academy.kernel.working_days import easter, is_working_day, public_holidays, working_day_after

days = st.dates(date(2025, 1, 1), date(2045, 1, 1))


def test_easter_is_when_others_say_it_is() -> None:
    assert [easter(year) for year in range(1900, 2200)] == [others.easter(year) for year in range(1900, 2200)]


@pytest.mark.parametrize(("year", "holidays"), [
    (2025, "01-01 04-18 04-21 04-26 05-05 05-29 05-30 06-09 12-25 12-26"),  # 27 April is a Sunday: the King has his birthday a day earlier
    (2026, "01-01 04-03 04-06 04-27 05-05 05-14 05-15 05-25 12-25 12-26"),
    (2027, "01-01 03-26 03-29 04-27 05-05 05-06 05-07 05-17 12-25 12-26"),
    (2038, "01-01 04-23 04-26 04-27 05-05 06-03 06-04 06-14 12-25 12-26"),  # the latest Easter
])
def test_holidays_are_those_of_the_law_and_the_friday_after_ascension_day(year: int, holidays: str) -> None:
    assert sorted(f"{day:%m-%d}" for day in public_holidays(year)) == holidays.split()


@pytest.mark.parametrize(("day", "works"), [
    ("2026-09-04", True),  # a Friday
    ("2026-09-05", False),
    ("2026-09-06", False),
    ("2026-09-07", True),
    ("2026-04-03", False),  # Good Friday
    ("2026-12-24", True),
    ("2026-12-25", False),
    ("2026-12-31", True),
    ("2027-01-01", False),
])
def test_people_work_from_monday_to_friday_apart_from_holidays(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(("day", "number", "found"), [
    ("2026-09-01", 1, "2026-09-02"),
    ("2026-09-04", 1, "2026-09-07"),  # a Friday
    ("2026-09-05", 1, "2026-09-07"),  # and the Saturday after it
    ("2026-12-23", 3, "2026-12-29"),  # Christmas and a weekend
    ("2026-12-30", 2, "2027-01-04"),  # over the end of the year
])
def test_the_day_itself_does_not_count(day: str, number: int, found: str) -> None:
    assert working_day_after(date.fromisoformat(day), number) == date.fromisoformat(found)


@given(days, st.integers(1, 30))
def test_there_are_so_many_working_days_after_a_day_and_the_last_is_one(day: date, number: int) -> None:
    last = working_day_after(day, number)
    between = [day + timedelta(days=each) for each in range(1, (last - day).days + 1)]
    assert sum(each.weekday() < 5 and each not in public_holidays(each.year) for each in between) == number
    assert is_working_day(last)


def test_no_working_day_is_asked_after_none() -> None:
    with pytest.raises(ValueError, match="not 0"):
        working_day_after(date(2026, 9, 1), 0)
