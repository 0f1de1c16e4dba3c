"""The calendar file of an offering, in the reader's language."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import url_for

from academy.catalogue import facts
from academy.catalogue.calendar_file import CalendarWords, calendar_file
from academy.kernel.formats import in_current_language
from academy.kernel.translation import _, reading_language
from academy.kernel.web import public_address


def calendar(found: facts.OfferingOfModule, *, now: datetime) -> bytes:
    """Return the file for an offering whose sessions have been read."""
    address = public_address(url_for("enrolment.module_page", slug=found.module_slug))
    words = CalendarWords(
        title=in_current_language(found.module_title), begins=_("Start"), ends=_("Laatste dag"), address=address,
        host=urlsplit(address).hostname or "", language=reading_language(),
    )
    return calendar_file(found.offering, words, version=found.version, now=now)
