"""Until when guides, assessors and boards act, and when a file that nobody touches ends: whole days, as people in Amsterdam count them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.working_days import public_holidays, working_day_after
from academy.recognition.kinds import STANDING, FileState, Who
from academy.recognition.rules import clocks

F = FileState
moments = st.datetimes(datetime(2025, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def last_day(until: datetime | None) -> date:
    """Return the day that ends at this moment, which is midnight in Amsterdam."""
    assert until is not None
    local = until.astimezone(AMSTERDAM)
    assert local.time() == time()
    return local.date() - timedelta(days=1)


@pytest.mark.parametrize(("state", "since", "last"), [
    (F.INTAKE_PLANNED, "2026-09-01 00:00", "2026-09-08"),
    (F.INTAKE_PLANNED, "2026-09-01 23:59", "2026-09-08"),  # the day of the question does not count, from its first minute to its last
    (F.EXEMPTION_REQUESTED, "2026-09-01 12:00", "2026-09-15"),
    (F.EXEMPTION_REQUESTED, "2026-09-05 12:00", "2026-09-18"),  # a Saturday
    (F.PORTFOLIO_SUBMITTED, "2026-09-04 12:00", "2026-09-07"),
    (F.APPEALED, "2026-12-18 12:00", "2027-01-05"),  # Christmas and New Year's Day
])
def test_somebody_has_so_many_working_days(state: FileState, since: str, last: str) -> None:
    assert last_day(clocks.due(state, at(since))) == date.fromisoformat(last)


def test_a_guide_has_five_working_days_and_a_board_ten() -> None:
    assert clocks.CLOCKS[F.INTAKE_PLANNED] == clocks.Clock(Who.GUIDE, 5)
    assert clocks.CLOCKS[F.EXEMPTION_REQUESTED] == clocks.Clock(Who.EXAM_BOARD, 10)
    assert clocks.due(F.PORTFOLIO_OPEN, at("2026-09-01 12:00")) is None


@given(moments)
def test_who_chose_a_day_for_the_interview_when_sending_has_a_decision_within_thirty_days_and_holidays(sent: datetime) -> None:
    """A holiday puts the thirty days off, and by not more than five days in all."""
    day = amsterdam_day(sent)
    for state in (F.INTAKE_PLANNED, F.PORTFOLIO_SUBMITTED, F.ASSESSMENT_PLANNED, F.SECOND_DONE, F.EXEMPTION_REQUESTED):
        day = working_day_after(day, clocks.CLOCKS[state].days)
    taken = (day - amsterdam_day(sent)).days
    holidays = public_holidays(day.year) | public_holidays(amsterdam_day(sent).year)
    assert taken <= clocks.DECISION_DAYS or any(amsterdam_day(sent) < holiday <= day for holiday in holidays)
    assert taken <= clocks.DECISION_DAYS + 5


def test_what_was_decided_before_is_answered_within_a_day() -> None:
    assert clocks.repeat_due(at("2026-10-24 12:00")) == at("2026-10-25 11:00")  # hours, also when the clocks go back


@given(moments)
def test_appeal_and_objection_last_six_weeks_also_over_summer_time(moment: datetime) -> None:
    for until in (clocks.appeal_until(moment), clocks.contest_until(moment)):
        assert (last_day(until) - amsterdam_day(moment)).days == 42
        assert not clocks.is_over(until, until - timedelta(microseconds=1))
        assert clocks.is_over(until, until)


@given(moments)
def test_silence_is_told_twice_before_a_file_ends_and_never_less_than_two_weeks(idle: datetime) -> None:
    told = clocks.told_at(idle)
    assert [(last_day(each) - amsterdam_day(idle)).days for each in told] == [30, 60]
    assert clocks.lapses_at(idle, told[:1]) is None
    assert clocks.lapses_at(idle, ()) is None
    ends = clocks.lapses_at(idle, told)
    assert (last_day(ends) - amsterdam_day(idle)).days == 90


@given(moments, st.integers(0, 400))
def test_a_letter_that_was_late_puts_the_end_off(idle: datetime, late: int) -> None:
    first, second = clocks.told_at(idle)
    sent = second + timedelta(days=late)
    ends = clocks.lapses_at(idle, (first, sent))
    assert (last_day(ends) - amsterdam_day(sent)).days >= clocks.NOTICE_DAYS
    assert (last_day(ends) - amsterdam_day(idle)).days >= clocks.LAPSE_DAYS


@given(moments)
def test_evidence_outlasts_an_appeal_and_goes_at_once_when_it_is_taken_back(moment: datetime) -> None:
    for state in (*STANDING, F.REPORT_ISSUED):
        ends = clocks.archives_at(state, moment)
        assert ends is not None
        assert ends > clocks.appeal_until(moment)
    assert clocks.archives_at(F.WITHDRAWN, moment) == moment
    assert clocks.archives_at(F.LAPSED, moment) == clocks.contest_until(moment)
    for state in set(F) - {*STANDING, F.REPORT_ISSUED, F.WITHDRAWN, F.LAPSED}:
        assert clocks.archives_at(state, moment) is None
