"""From when a class is decided about, and what the number of people says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from academy.enrolment.rules.deciding import Plan, Verdict, decided_from, verdict
from academy.kernel.clock import amsterdam_day

DECIDES_ON = date(2026, 9, 15)
MIDNIGHT = datetime(2026, 9, 14, 22, 0, tzinfo=UTC)  # as the fifteenth begins in Amsterdam
SECOND = timedelta(seconds=1)
PLAN = Plan(taken=7, min_seats=8, guaranteed=False, decides_on=DECIDES_ON, starts_on=date(2026, 9, 29))


@pytest.mark.parametrize(("plan", "today", "expected"), [
    (PLAN, DECIDES_ON, Verdict.UNDECIDED),
    (replace(PLAN, taken=8), DECIDES_ON, Verdict.GOES_AHEAD),
    (PLAN, DECIDES_ON - timedelta(days=1), None),
    (replace(PLAN, taken=8), DECIDES_ON - timedelta(days=1), None),
    (PLAN, PLAN.starts_on, Verdict.UNDECIDED),
    (PLAN, PLAN.starts_on + timedelta(days=1), None),
    (replace(PLAN, guaranteed=True), DECIDES_ON, None),
    (replace(PLAN, min_seats=0), DECIDES_ON, None),
    (replace(PLAN, decides_on=None), DECIDES_ON, None),
])
def test_a_class_is_decided_about_from_its_day_until_it_begins(plan: Plan, today: date, expected: Verdict | None) -> None:
    assert verdict(plan, today=today) is expected


@pytest.mark.parametrize(("day", "begins"), [
    (DECIDES_ON, MIDNIGHT), (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)), (date(2026, 3, 30), datetime(2026, 3, 29, 22, tzinfo=UTC)),
    (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC)), (date(2026, 10, 26), datetime(2026, 10, 25, 23, tzinfo=UTC)),
])
def test_the_day_of_deciding_begins_at_midnight_in_amsterdam_also_around_the_change_of_the_clock(day: date, begins: datetime) -> None:
    assert decided_from(day) == begins
    assert (amsterdam_day(begins), amsterdam_day(begins - SECOND)) == (day, day - timedelta(days=1))
