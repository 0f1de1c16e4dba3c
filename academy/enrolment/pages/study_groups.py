"""Finished values for the pages about study groups."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment.pages.attending import class_trail
from academy.enrolment.queries import EnrolmentFacts
from academy.enrolment.queries.study_groups import ClassToMeet, StudyGroupFacts
from academy.enrolment.rules.study_groups import ENOUGH, Booking
from academy.kernel.formats import clock_text, in_current_language, short_day
from academy.kernel.translation import _, ngettext


def booking_values(booking: Booking) -> dict[str, str]:
    """Return where and when a study group meets."""
    return {
        "room": booking.room,
        "when": _(
            "elke %(day)s van %(start)s tot %(end)s", day=catalogue.weekday_word(booking.weekday), start=clock_text(booking.starts_at),
            end=clock_text(booking.ends_at),
        ),
        "dates": _("%(first)s tot en met %(last)s", first=short_day(booking.first_meeting), last=short_day(booking.last_on)),
    }


def my_groups_values(mine: Iterable[EnrolmentFacts], groups: Mapping[UUID, StudyGroupFacts]) -> list[dict[str, Any]]:
    """Return the study groups beside enrolments of mine, each with the way out of it."""
    return [
        {
            "code": each.code, "title": in_current_language(each.of.module_title), "leave_url": url_for("study_groups.leave", code=each.code),
            **booking_values(groups[each.id].booking),
        }
        for each in mine if each.id in groups
    ]


def arranging_values(found: ClassToMeet) -> dict[str, Any]:
    """Return a class whose study group gets a room."""
    return {
        "title": in_current_language(found.of.module_title), "dates": catalogue.dates_words(found.of.offering),
        "trail": class_trail(found.of) if found.rights.teach else [],
        "group": None if found.group is None else booking_values(found.group), "is_enough": found.wanting >= ENOUGH,
        "wanting": ngettext(
            "%(num)s cursist van deze module wil een studiegroep.", "%(num)s cursisten van deze module willen een studiegroep.", found.wanting,
        ),
        "enough": _("Vanaf %(number)s cursisten is een studiegroep de moeite waard.", number=ENOUGH),
    }
