"""The meetings of offerings as a calendar file (RFC 5545), for the reader's own agenda; pure.

Weekly meetings repeat until the last day. Holidays are not guessed: the file says what the provider says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from icalendar import Calendar, Event, vRecur

from academy.catalogue.facts import OfferingFacts, PlaceFacts, SessionFacts
from academy.catalogue.models import OfferingState, PartOfDay
from academy.catalogue.rules import WEEKDAYS
from academy.kernel.clock import AMSTERDAM, end_of_day
from academy.kernel.text import Language, Localized

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class CalendarWords:
    """What the file says besides the facts: title of the module, words for its first and last day, its page and our name there."""

    title: str
    begins: str
    ends: str
    address: str
    host: str
    language: Language


@dataclass(frozen=True)
class CalendarPart:
    """An offering with what the file says of it; `version` is the module's."""

    offering: OfferingFacts
    words: CalendarWords
    version: int


def calendar_file(offering: OfferingFacts, words: CalendarWords, *, version: int, now: datetime) -> bytes:
    """Return the file of one offering. An event keeps its name (UID) as long as its place in the row of meetings; `version` is the module's."""
    return calendar_of([CalendarPart(offering, words, version)], title=words.title, now=now)


def calendar_of(parts: Sequence[CalendarPart], *, title: str, now: datetime) -> bytes:
    """Return one file of several offerings; each event has the name (UID) that it has in the file of its own offering."""
    calendar = Calendar()
    calendar.add("prodid", "-//AD Academy//Catalogue//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    for part in parts:
        for number, event in enumerate(_events(part.offering, part.words), start=1):
            event.add("uid", f"{part.offering.code.lower()}-{number}@{part.words.host}")
            event.add("dtstamp", now)
            event.add("sequence", part.version)
            event.add("url", part.words.address)
            event.add("status", "CANCELLED" if part.offering.state is OfferingState.CANCELLED else "CONFIRMED")
            calendar.add_component(event)
    if parts:
        calendar.add_missing_timezones(
            first_date=min(part.offering.starts_on for part in parts), last_date=max(part.offering.ends_on for part in parts) + _DAY,
        )
    found: bytes = calendar.to_ical()
    return found


def _events(offering: OfferingFacts, words: CalendarWords) -> Iterator[Event]:
    meetings = offering.sessions or tuple(
        SessionFacts(offering.part_of_day, day, None, None, None, Localized(), None)
        for day in offering.weekdays
        if day in WEEKDAYS and offering.part_of_day is not PartOfDay.ANY
    )
    for meeting in meetings:
        first = meeting.on_date or _first(meeting.weekday, offering.starts_on)
        if first is not None and (meeting.on_date or first <= offering.ends_on):
            yield _meeting(offering, meeting, words, first)
    if not meetings:
        yield _whole_day(f"{words.begins}: {words.title}", offering.starts_on)
        if offering.ends_on > offering.starts_on:
            yield _whole_day(f"{words.ends}: {words.title}", offering.ends_on)


def _first(weekday: str | None, start: date) -> date | None:
    if weekday not in WEEKDAYS:
        return None
    return start + timedelta(days=(WEEKDAYS.index(weekday) - start.weekday()) % 7)


def _meeting(offering: OfferingFacts, meeting: SessionFacts, words: CalendarWords, first: date) -> Event:
    about = meeting.about.in_language(words.language)
    event = _whole_day(f"{words.title}: {about}" if about else words.title, first)
    if meeting.starts_at is not None:
        event = Event()
        event.add("summary", f"{words.title}: {about}" if about else words.title)
        event.add("dtstart", _moment(first, meeting.starts_at))
        event.add("dtend", _moment(first, meeting.ends_at or _an_hour_after(meeting.starts_at)))
    if meeting.weekday and meeting.on_date is None:
        # A rule on hours ends at a moment in UTC, one on days at a day (RFC 5545, 3.3.10).
        until = end_of_day(offering.ends_on) - timedelta(seconds=1) if meeting.starts_at is not None else offering.ends_on
        event.add("rrule", vRecur({"FREQ": "WEEKLY", "BYDAY": meeting.weekday[:2].upper(), "UNTIL": until}))
    _at(event, meeting.place or offering.place, words.language)
    return event


def _an_hour_after(start: time) -> time:
    """Return an end for a meeting whose end is not known: within the same day."""
    return time(start.hour + 1, start.minute) if start.hour < 23 else time(23, 59)  # noqa: PLR2004 - hours of a day


def _whole_day(summary: str, day: date) -> Event:
    event = Event()
    event.add("summary", summary)
    event.add("dtstart", day)
    event.add("dtend", day + _DAY)
    event.add("transp", "TRANSPARENT")  # the hour is not known, so the day stays free
    return event


def _at(event: Event, place: PlaceFacts | None, language: Language) -> None:
    if place is None:
        return
    event.add("location", ", ".join(filter(None, (place.name.in_language(language), place.street_address, place.city))))
    if place.latitude is not None and place.longitude is not None:
        event.add("geo", (place.latitude, place.longitude))


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, AMSTERDAM)
