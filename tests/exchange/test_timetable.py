"""Days and meetings in the forms in which schools write them."""

from datetime import date, time

import pytest

from academy.catalogue.api import PartOfDay, SessionDraft
from academy.exchange import timetable, values
from academy.exchange.values import BadValue


@pytest.mark.parametrize("text", ["2026-09-01", "01-09-2026", "1/9/2026", "1.9.2026", "2026-09-01 00:00:00", "2026-09-01T00:00:00Z"])
def test_a_day_is_read_with_the_day_before_the_month(text: str) -> None:
    assert timetable.parse_date(text) == date(2026, 9, 1)


@pytest.mark.parametrize("text", ["31-02-2026", "9/13/2026", "2026-09-01 14:00", "september", "1-9-26", ""])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        timetable.parse_date(text)


@pytest.mark.parametrize("text", ["di|do", "donderdag, dinsdag", "Thursday; tue", "tue thu tue"])
def test_weekdays_stand_in_the_order_of_the_week(text: str) -> None:
    assert timetable.parse_weekdays(text) == ("tue", "thu")


def test_a_meeting_has_a_day_hours_and_a_place() -> None:
    assert timetable.parse_meetings("di 19.00 - 21:30 @flevo | 2026-11-05") == (
        SessionDraft(PartOfDay.EVENING, weekday="tue", starts_at=time(19), ends_at=time(21, 30), place_key="flevo"),
        SessionDraft(PartOfDay.ANY, on_date=date(2026, 11, 5)),
    )
    for wrong in ("di 25:00-26:00", "di 19:00", "di flevo", "xx 19:00-20:00"):
        with pytest.raises(BadValue):
            timetable.parse_meetings(wrong)


@pytest.mark.parametrize(("begins", "ends", "part"), [
    (time(9), time(12), PartOfDay.MORNING), (time(9), time(16), PartOfDay.DAY), (time(13), time(17), PartOfDay.AFTERNOON),
    (time(17, 30), time(21), PartOfDay.EVENING), (None, None, PartOfDay.ANY),
])
def test_hours_say_which_part_of_the_day_it_is(begins: time | None, ends: time | None, part: PartOfDay) -> None:
    assert timetable.part_of_day(begins, ends) is part


@pytest.mark.parametrize(("text", "hours"), [
    ("Less Than 2 Hours", 2), ("8 uur", 8), ("1 hour", 1), ("1 - 4 Weeks", None), ("2–4 hours per week", None), ("", None),
])
def test_hours_are_known_where_a_study_load_says_them(text: str, hours: int | None) -> None:
    assert values.hours_in(text) == hours
