"""The clock of a provider's answers: hours at which people work, and what nine in ten waited."""

from datetime import UTC, datetime, timedelta

import pytest

from academy.enrolment.rules.working_time import nine_in_ten, working_days, working_time

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("since", "until", "hours"), [
    ((1, 9, 0), (1, 12, 0), 3), ((1, 16, 0), (2, 10, 0), 2), ((4, 16, 0), (7, 10, 0), 2), ((5, 12, 0), (6, 12, 0), 0), ((1, 3, 0), (1, 8, 0), 0),
    ((1, 9, 0), (8, 9, 0), 40), ((1, 20, 0), (1, 19, 0), 0),
])
def test_time_of_work_is_monday_to_friday_from_nine_to_five_in_amsterdam(
    since: tuple[int, int, int], until: tuple[int, int, int], hours: int,
) -> None:
    """1 September 2026 is a Tuesday; in Amsterdam it is two hours later than in UTC."""
    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 9, day, hour, minute, tzinfo=UTC) - timedelta(hours=2)

    assert working_time(at(*since), at(*until)) == timedelta(hours=hours)


def test_public_holidays_are_no_time_of_work() -> None:
    """From Thursday 2 April 2026, 9:00, over Good Friday and Easter Monday, until Tuesday 7 April, 9:00; and over Christmas."""
    assert working_time(datetime(2026, 4, 2, 7, tzinfo=UTC), datetime(2026, 4, 7, 7, tzinfo=UTC)) == 8 * HOUR
    assert working_time(datetime(2025, 12, 25, 8, tzinfo=UTC), datetime(2025, 12, 26, 16, tzinfo=UTC)) == timedelta()


@pytest.mark.parametrize("day", [datetime(2026, 3, 27, 8, tzinfo=UTC), datetime(2026, 10, 23, 7, tzinfo=UTC)])
def test_the_night_of_summer_time_adds_no_time_of_work(day: datetime) -> None:
    """Friday 9:00 in Amsterdam until three days later, over the change of the clock: one day of work."""
    assert working_time(day, day + timedelta(days=2, hours=22)) == timedelta(hours=8)


def test_what_nine_in_ten_waited_is_told_from_ten_answers_on() -> None:
    answers = [timedelta(hours=hours) for hours in (1, 2, 3, 4, 5, 6, 7, 7, 9, 40)]
    assert nine_in_ten(answers[:9]) is None
    assert nine_in_ten(answers) == 9 * HOUR
    assert [working_days(timedelta(hours=hours)) for hours in (0, 8, 9, 16, 17)] == [1, 1, 2, 2, 3]
