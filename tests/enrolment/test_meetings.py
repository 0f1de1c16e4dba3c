"""A class meets on the days of its calendar file, and on no others."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from academy.catalogue.calendar_file import CalendarWords, calendar_file
from academy.catalogue.facts import OfferingFacts, SessionFacts
from academy.catalogue.models import DeliveryMode, OfferingState, PartOfDay
from academy.enrolment.queries.attending import meetings_of
from academy.enrolment.rules.attendance import can_be_said, differs, to_show
from academy.enrolment.rules.meetings import Meeting
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.text import Localized

WORDS = CalendarWords("Netwerkbeheer", "Start", "Laatste dag", "https://academy.example/nl", "academy.example", "nl")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFERING = OfferingFacts(
    id=new_id(), code="ABC123", module_id=new_id(), state=OfferingState.ACTIVE, starts_on=date(2026, 9, 28), ends_on=date(2026, 10, 25),
    flexible_from=None, flexible_until=None, weekdays=("tue",), part_of_day=PartOfDay.EVENING, mode=DeliveryMode.ON_CAMPUS, language="nl",
    min_seats=0, seats=20, decides_on=None, guaranteed=False, price=Money(0), price_note="", place=None, periods=(),
)


def line(weekday: str | None = None, on: date | None = None, starts: time | None = None, ends: time | None = None) -> SessionFacts:
    return SessionFacts(PartOfDay.EVENING, weekday, on, starts, ends, Localized(), None)


def days(**changes: object) -> list[date]:
    return [meeting.day for meeting in meetings_of(replace(OFFERING, **changes))]  # type: ignore[arg-type]


def test_a_weekday_repeats_from_the_first_day_to_the_last_both_included() -> None:
    assert days() == [date(2026, 9, 29), date(2026, 10, 6), date(2026, 10, 13), date(2026, 10, 20)]
    assert days(weekdays=("mon",))[0] == date(2026, 9, 28)
    assert days(weekdays=("sun",))[-1] == date(2026, 10, 25)


def test_a_timetable_of_its_own_counts_instead_of_the_weekdays() -> None:
    assert days(sessions=(line("wed", ends=time(21)), line(on=date(2026, 12, 1)))) == [
        date(2026, 9, 30), date(2026, 10, 7), date(2026, 10, 14), date(2026, 10, 21), date(2026, 12, 1),
    ]


def test_two_lines_on_one_day_are_one_meeting_from_the_first_hour_to_the_last() -> None:
    lines = (line(on=date(2026, 10, 3), starts=time(13, 30), ends=time(16)), line(on=date(2026, 10, 3), starts=time(9), ends=time(12)))
    assert meetings_of(replace(OFFERING, sessions=lines)) == (Meeting(date(2026, 10, 3), time(9), time(16)),)


def test_who_learns_at_the_own_pace_meets_on_no_day() -> None:
    assert days(part_of_day=PartOfDay.ANY) == []
    assert days(weekdays=()) == []


_LINES = st.lists(
    st.one_of(
        st.builds(line, weekday=st.sampled_from(DAYS), starts=st.none() | st.just(time(19))),
        st.builds(line, on=st.dates(date(2026, 9, 1), date(2026, 12, 31)), starts=st.none() | st.just(time(9))),
    ),
    max_size=4,
)


@given(
    sessions=_LINES, weekdays=st.lists(st.sampled_from(DAYS), unique=True, max_size=3), length=st.integers(0, 40),
    part=st.sampled_from(PartOfDay),
)
def test_the_days_are_those_that_an_agenda_makes_of_the_calendar_file(
    sessions: list[SessionFacts], weekdays: list[str], length: int, part: PartOfDay,
) -> None:
    offering = replace(
        OFFERING, sessions=tuple(sessions), weekdays=tuple(weekdays), part_of_day=part, ends_on=OFFERING.starts_on + timedelta(days=length),
    )
    shown: set[date] = set()
    file: Any = Calendar.from_ical(calendar_file(offering, WORDS, version=1, now=datetime(2026, 9, 1, tzinfo=UTC)))
    for event in file.walk("VEVENT"):
        start = event["DTSTART"].dt
        if event["SUMMARY"].startswith(("Start", "Laatste dag")):
            continue  # of a class without meetings the file shows its first and last day
        if "RRULE" in event:
            begins = start if isinstance(start, datetime) else datetime(start.year, start.month, start.day)  # noqa: DTZ001 - a day
            shown |= {each.date() for each in rrulestr(event["RRULE"].to_ical().decode(), dtstart=begins)}
        else:
            shown.add(start.date() if isinstance(start, datetime) else start)
    assert [meeting.day for meeting in meetings_of(offering)] == sorted(shown)


def test_a_meeting_has_begun_from_its_hour_in_amsterdam() -> None:
    evening = Meeting(date(2026, 9, 29), time(19), time(21))  # 17:00 in UTC, summer time
    assert not evening.has_begun(datetime(2026, 9, 29, 16, 59, tzinfo=UTC))
    assert evening.has_begun(datetime(2026, 9, 29, 17, 0, tzinfo=UTC))
    assert Meeting(date(2026, 9, 29), None, None).has_begun(datetime(2026, 9, 28, 22, 0, tzinfo=UTC))


def test_attendance_can_be_said_until_thirty_days_after_the_class() -> None:
    assert can_be_said(ends_on=date(2026, 10, 1), today=date(2026, 10, 31))
    assert not can_be_said(ends_on=date(2026, 10, 1), today=date(2026, 11, 1))


def test_the_two_sides_differ_when_both_have_spoken_and_say_otherwise() -> None:
    three = (True, False, None)
    assert [(one, other) for one in three for other in three if differs(by_provider=one, by_learner=other)] == [(True, False), (False, True)]


def test_the_page_opens_at_the_newest_meeting_that_has_come() -> None:
    found = [Meeting(date(2026, 10, day), None, None) for day in (6, 13, 20)]
    assert to_show(found, asked=None, today=date(2026, 10, 1)) == 0
    assert to_show(found, asked=None, today=date(2026, 10, 13)) == 1
    assert to_show(found, asked=None, today=date(2026, 12, 1)) == 2
    assert to_show(found, asked=date(2026, 10, 20), today=date(2026, 10, 1)) == 2
    assert to_show(found, asked=date(2026, 10, 21), today=date(2026, 10, 7)) == 0
    assert to_show([], asked=None, today=date(2026, 10, 1)) is None
