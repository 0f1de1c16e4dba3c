"""Finished values for the pages about who was there, of both sides, and for the calendar of all one's classes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment.policy import Rights
from academy.enrolment.queries import EnrolmentFacts
from academy.enrolment.queries.attending import Learner, RunningClass, Said
from academy.enrolment.queries.study_groups import StudyGroupFacts
from academy.enrolment.rules.attendance import can_be_said, differs
from academy.enrolment.rules.meetings import Meeting
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import clock_text, day, in_current_language
from academy.kernel.text import Localized
from academy.kernel.translation import _, ngettext, reading_language
from academy.kernel.web import public_address

_NOTHING = Said()


def running_class(found: RunningClass) -> dict[str, Any]:
    """Return a class with the ways to its pages, as far as its reader may go there."""
    offering = found.of.offering
    at: dict[str, Any] = {"provider": found.of.provider_slug, "code": offering.code}
    if found.rights.teach:
        trail = class_trail(found.of)
    else:
        trail = [(_("Resultaten van %(name)s", name=found.of.provider_name), url_for("results.board", provider=found.of.provider_slug))]
    return {
        "title": in_current_language(found.of.module_title), "dates": catalogue.dates_words(offering), "trail": trail,
        "attendance_url": url_for("attending.attendance", **at), "csv_url": url_for("attending.attendance_csv", **at),
        "results_url": url_for("results.results", **at), "edit_url": url_for("workspace.edit_offering", **at), "people": len(found.learners),
    }


def class_trail(of: catalogue.OfferingOfModule) -> list[tuple[str, str]]:
    """Return the way back from a page of a class, for who works at its provider."""
    class_url = url_for("workspace.offering", provider=of.provider_slug, code=of.offering.code)
    return [(of.provider_name, url_for("workspace.home", provider=of.provider_slug)), (catalogue.dates_words(of.offering), class_url)]


def ways_from(work: catalogue.OfferingInWork, rights: Rights) -> list[tuple[str, str]]:
    """Return where its reader can go from the page of a class: who was there, the results, the study group."""
    at: dict[str, Any] = {"provider": work.workspace.provider.slug, "code": work.offering.code}
    is_online = work.offering.mode is catalogue.DeliveryMode.ONLINE and work.offering.state is catalogue.OfferingState.ACTIVE
    possible = (
        (rights.teach, _("Wie was er?"), "attending.attendance"), (rights.teach or rights.decide, _("Resultaten"), "results.results"),
        (rights.arrange and is_online, _("Studiegroep"), "study_groups.arrange"),
    )
    return [(label, url_for(endpoint, **at)) for is_possible, label, endpoint in possible if is_possible]


def meeting_words(meeting: Meeting) -> str:
    """Return `di 6 oktober 2026, 19:00–21:30`, without hours where they are not known."""
    hours = "–".join(clock_text(hour) for hour in (meeting.starts_at, meeting.ends_at) if hour)
    return f"{day(meeting.day)}, {hours}" if hours else day(meeting.day)


def attendance_values(
    found: RunningClass, said: Mapping[tuple[UUID, date], Said], place: int, *, now: datetime,
) -> dict[str, Any]:
    """Return one meeting, the one at `place` in the row, with what both sides say of everybody."""
    meeting, today = found.meetings[place], amsterdam_day(now)
    told = [(each, said.get((each.enrolment_id, meeting.day), _NOTHING)) for each in found.learners]
    left = sum(answer.by_provider is None for _each, answer in told)
    is_open = can_be_said(ends_on=found.of.offering.ends_on, today=today)
    return {
        "day": meeting.day.isoformat(), "when": meeting_words(meeting), "is_to_come": meeting.day > today, "is_open": is_open,
        "number": _("Les %(number)s van %(count)s", number=place + 1, count=len(found.meetings)),
        "previous_url": _at(found, found.meetings[place - 1]) if place else "",
        "next_url": _at(found, found.meetings[place + 1]) if place + 1 < len(found.meetings) else "",
        "rows": [_row(each, answer) for each, answer in told],
        "can_tap": is_open and meeting.day <= today,
        "rest": "" if not left else _("Iedereen was er") if left == len(told) else _("De rest was er"),
        "left": ngettext("Van %(num)s persoon is nog niets gezegd.", "Van %(num)s mensen is nog niets gezegd.", left) if left else "",
    }


def _at(found: RunningClass, meeting: Meeting) -> str:
    return url_for("attending.attendance", provider=found.of.provider_slug, code=found.of.offering.code, day=meeting.day.isoformat())


def _row(each: Learner, answer: Said) -> dict[str, Any]:
    differing = ""
    if differs(by_provider=answer.by_provider, by_learner=answer.by_learner):
        differing = _("Zegt zelf: ik was er.") if answer.by_learner else _("Zegt zelf: ik was er niet.")
    return {
        "code": each.code, "name": each.name, "was_there": answer.by_provider is True, "was_away": answer.by_provider is False,
        "is_unsaid": answer.by_provider is None, "label": _provider_words(answer.by_provider), "differs": differing,
    }


def _provider_words(answer: bool | None) -> str:  # noqa: FBT001 - a value, not a switch
    return _("nog niet gezegd") if answer is None else _("was er") if answer else _("was er niet")


def attendance_heading(meetings: Sequence[Meeting]) -> tuple[str, ...]:
    """Return the heads of the columns of the file: a name, and each meeting as both sides say it."""
    days = [meeting.day.isoformat() for meeting in meetings]
    return (_("Naam"), *(text for each in days for text in (each, _("%(day)s, zegt de cursist", day=each))))


def attendance_line(each: Learner, meetings: Sequence[Meeting], said: Mapping[tuple[UUID, date], Said]) -> tuple[str, ...]:
    """Return the cells of one person, all text; empty for what was not said."""
    answers = [said.get((each.enrolment_id, meeting.day), _NOTHING) for meeting in meetings]
    return (each.name, *(_cell(answer) for pair in answers for answer in (pair.by_provider, pair.by_learner)))


def _cell(answer: bool | None) -> str:  # noqa: FBT001 - a value, not a switch
    return "" if answer is None else _("ja") if answer else _("nee")


def my_attendance_values(
    facts: EnrolmentFacts, meetings: Sequence[Meeting], said: Mapping[tuple[UUID, date], Said], *, now: datetime,
) -> dict[str, Any]:
    """Return the meetings that have been, the newest first, with what both sides say."""
    been = [meeting for meeting in meetings if meeting.has_begun(now)]
    return {
        "title": in_current_language(facts.of.module_title), "url": url_for("enrolment.enrolment_page", code=facts.code),
        "is_open": can_be_said(ends_on=facts.of.offering.ends_on, today=amsterdam_day(now)),
        "next": next((meeting_words(meeting) for meeting in meetings if not meeting.has_begun(now)), ""),
        "rows": [_my_row(meeting, said.get((facts.id, meeting.day), _NOTHING)) for meeting in reversed(been)],
    }


def _my_row(meeting: Meeting, answer: Said) -> dict[str, Any]:
    differing = ""
    if differs(by_provider=answer.by_provider, by_learner=answer.by_learner):
        differing = _("De docent zegt: je was er.") if answer.by_provider else _("De docent zegt: je was er niet.")
    return {
        "day": meeting.day.isoformat(), "when": meeting_words(meeting), "was_there": answer.by_learner is True,
        "was_away": answer.by_learner is False, "differs": differing,
    }


def my_calendar(
    facts: Iterable[tuple[EnrolmentFacts, catalogue.OfferingOfModule]], groups: Iterable[StudyGroupFacts], *, now: datetime,
) -> bytes:
    """Return one calendar file of all these classes, read with their sessions, and of the study groups beside them."""
    parts = [_part(of, url_for("enrolment.enrolment_page", code=each.code)) for each, of in facts]
    once = {group.of.offering.id: group for group in groups}
    parts += [_part(_as_class(group), url_for("enrolment.my_learning")) for group in once.values()]
    return catalogue.calendar_of(parts, title=_("Mijn leren bij AD Academy"), now=now)


def _part(of: catalogue.OfferingOfModule, path: str) -> catalogue.CalendarPart:
    address = public_address(path)
    words = catalogue.CalendarWords(
        title=in_current_language(of.module_title), begins=_("Start"), ends=_("Laatste dag"), address=address,
        host=urlsplit(address).hostname or "", language=reading_language(),
    )
    return catalogue.CalendarPart(of.offering, words, of.version)


def _as_class(group: StudyGroupFacts) -> catalogue.OfferingOfModule:
    """Return a study group as a calendar reads a class: every week, in its room."""
    offering, booking = group.of.offering, group.booking
    room = catalogue.PlaceFacts(
        offering.id, "", Localized(booking.room), catalogue.PlaceKind.MEETING_PLACE, "", "", None, None, Localized(), None, None,
    )
    meets = catalogue.SessionFacts(
        catalogue.PartOfDay.ANY, booking.weekday, None, booking.starts_at, booking.ends_at, Localized("studiegroep", "study group"), room,
    )
    weekly = replace(offering, code=f"{offering.code}-group", starts_on=booking.first_on, ends_on=booking.last_on, sessions=(meets,))
    return replace(group.of, offering=weekly)
