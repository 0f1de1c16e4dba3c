"""The calendar file of an offering: what an agenda makes of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.calendar_file import CalendarWords, calendar_file
from academy.catalogue.facts import OfferingFacts, PlaceFacts, SessionFacts
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.text import Localized
from tests import builders

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
WORDS = CalendarWords("Netwerkbeheer", "Start", "Laatste dag", "https://academy.example/nl/modules/netwerkbeheer", "academy.example", "nl")
PLACE = PlaceFacts(
    UUID(int=1), "w", Localized("Windesheim"), catalogue.PlaceKind.CAMPUS, "Hospitaaldreef 5", "Almere", None, None, Localized(), 52.37, 5.22,
)
EVENING = SessionFacts(catalogue.PartOfDay.EVENING, "tue", None, time(19), time(21, 30), Localized(), None)
OFFERING = OfferingFacts(
    id=UUID(int=2), code="ABC123", module_id=UUID(int=3), state=catalogue.OfferingState.ACTIVE, starts_on=date(2026, 9, 28),
    ends_on=date(2026, 12, 4), flexible_from=None, flexible_until=None, weekdays=("tue",), part_of_day=catalogue.PartOfDay.EVENING,
    mode=catalogue.DeliveryMode.ON_CAMPUS, language="nl", min_seats=0, seats=20, decides_on=None, guaranteed=False, price=Money(0),
    price_note="", place=PLACE, periods=(), sessions=(EVENING,),
)


def calendar(offering: OfferingFacts = OFFERING, version: int = 1) -> Any:
    return Calendar.from_ical(calendar_file(offering, WORDS, version=version, now=NOW))


def events(offering: OfferingFacts = OFFERING, version: int = 1) -> list[Any]:
    return list(calendar(offering, version).walk("VEVENT"))


def test_a_weekly_meeting_repeats_on_its_day_and_hour_in_amsterdam_until_the_last_day() -> None:
    (event,) = events()
    start = event["DTSTART"].dt
    assert (start.date(), start.time(), str(start.tzinfo)) == (date(2026, 9, 29), time(19), "Europe/Amsterdam")
    assert event["DTEND"].dt - start == timedelta(hours=2, minutes=30)
    assert event["RRULE"]["BYDAY"] == ["TU"]
    assert event["RRULE"]["UNTIL"] == [datetime(2026, 12, 4, 22, 59, 59, tzinfo=UTC)]
    assert (event["LOCATION"], event["SUMMARY"]) == ("Windesheim, Hospitaaldreef 5, Almere", "Netwerkbeheer")


def test_the_file_brings_the_time_zone_with_summer_and_winter() -> None:
    (zone,) = calendar().walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Amsterdam"
    assert {part.name for part in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}


def test_a_meeting_on_one_day_is_one_event_at_its_own_place() -> None:
    exam = SessionFacts(
        catalogue.PartOfDay.MORNING, None, date(2026, 12, 4), time(9, 30), None, Localized("toets"), replace(PLACE, name=Localized("Aula")),
    )
    event = events(replace(OFFERING, sessions=(EVENING, exam)))[1]
    assert "RRULE" not in event
    assert event["DTSTART"].dt.date() == date(2026, 12, 4)
    assert event["SUMMARY"] == "Netwerkbeheer: toets"
    assert event["LOCATION"].startswith("Aula")


def test_without_hours_the_days_are_marked_and_stay_free() -> None:
    (event,) = events(replace(OFFERING, sessions=()))
    assert event["DTSTART"].dt == date(2026, 9, 29)
    assert event["RRULE"]["UNTIL"] == [date(2026, 12, 4)]
    assert event["TRANSP"] == "TRANSPARENT"


def test_in_ones_own_pace_there_are_a_first_and_a_last_day() -> None:
    first, last = events(replace(OFFERING, sessions=(), weekdays=(), part_of_day=catalogue.PartOfDay.ANY))
    assert [(event["SUMMARY"], event["DTSTART"].dt) for event in (first, last)] == [
        ("Start: Netwerkbeheer", OFFERING.starts_on), ("Laatste dag: Netwerkbeheer", OFFERING.ends_on),
    ]


@pytest.mark.parametrize(("start", "end"), [(time(22, 30), time(23, 30)), (time(23, 15), time(23, 59))])
def test_a_meeting_without_an_end_ends_on_the_same_day(start: time, end: time) -> None:
    (event,) = events(replace(OFFERING, sessions=(replace(EVENING, starts_at=start, ends_at=None),)))
    assert event["DTEND"].dt.time() == end


def test_a_new_version_replaces_the_same_events() -> None:
    before, after = events(version=1)[0], events(replace(OFFERING, sessions=(replace(EVENING, starts_at=time(18)),)), version=2)[0]
    assert before["UID"] == after["UID"] == "abc123-1@academy.example"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (1, 2)


def test_a_cancelled_offering_says_so() -> None:
    assert events(replace(OFFERING, state=catalogue.OfferingState.CANCELLED))[0]["STATUS"] == "CANCELLED"


def test_the_file_is_open_to_all_and_takes_four_statements(
    client: FlaskClient, database: Database, now: datetime, queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    with database.writing() as session:
        code = _evening_class(session, now)
    with queries(4):
        answer = client.get(f"/en/offerings/{code}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    found: Any = Calendar.from_ical(answer.data)
    (event,) = found.walk("VEVENT")
    assert event["SUMMARY"] == "Network management: practice"
    assert event["LOCATION"] == "Library, Almere"
    assert client.get("/en/offerings/NOPE00/calendar.ics").status_code == 404


def _evening_class(session: Session, now: datetime) -> str:
    provider_id = builders.provider(session)
    catalogue.register_place(session, catalogue.PlaceDraft("b", Localized("Bibliotheek", "Library"), catalogue.PlaceKind.MEETING_PLACE, city="Almere"))
    builders.module(session, now, provider_id=provider_id)
    meeting = catalogue.SessionDraft(
        catalogue.PartOfDay.EVENING, weekday="wed", starts_at=time(19), ends_at=time(21), place_key="b", about=Localized("oefenen", "practice"),
    )
    return catalogue.open_offering(session, provider_id=provider_id, module_external_id="NET-01", draft=catalogue.OfferingDraft(
        starts_on=date(2026, 9, 28), ends_on=date(2026, 12, 4), mode=catalogue.DeliveryMode.ON_CAMPUS, language="nl", seats=10,
        price=Money(0), periods=(), sessions=(meeting,),
    ))
