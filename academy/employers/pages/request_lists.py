"""Finished values for lists of requests: at the programme office with how long they took, and at a firm with what waits for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from flask import url_for

from academy.employers.kinds import RequestState
from academy.employers.pages.provider_pools import until_words
from academy.employers.pages.request_facts import state_values
from academy.employers.pages.requests import days_between
from academy.employers.queries.request_pages import RequestLine
from academy.employers.queries.requests import RequestTimes
from academy.kernel.clock import amsterdam_day
from academy.kernel.csv_file import as_csv
from academy.kernel.formats import number_text, short_day
from academy.kernel.translation import _, ngettext

_ONE_DAY: Final = timedelta(days=1)


def line_values(line: RequestLine, *, now: datetime) -> dict[str, Any]:
    """Return a request in a list: where it stands, until when, and what waits for who asked."""
    request = line.request
    return {
        "code": request.code, "title": request.title, "url": url_for("requests.show", code=request.code), "owner": line.owner,
        **state_values(request.state), "made": short_day(amsterdam_day(request.made_at)), "clock": clock_words(line, now=now), "is_late": is_late(line, now),
        "numbers": numbers_words(line), "todo": todo_words(line), "is_open": request.state is RequestState.OPEN,
    }


def is_late(line: RequestLine, now: datetime) -> bool:
    """Tell whether who asked keeps others waiting: a question past the last day to ask, or proposals past the last day to propose."""
    request = line.request
    if request.state is not RequestState.OPEN:
        return False
    return (line.questions > 0 and now >= request.questions_until) or now >= request.proposals_until


def _next_clock(line: RequestLine, now: datetime) -> datetime:
    return line.request.proposals_until if now < line.request.proposals_until and not line.may_choose else line.request.choose_until


def clock_words(line: RequestLine, *, now: datetime) -> str:
    """Return until when one can propose or choose; "" once it ended."""
    if line.request.state is not RequestState.OPEN:
        return ""
    last = until_words(_next_clock(line, now))
    return _("voorstellen tot en met %(day)s", day=last) if not line.may_choose else _("kiezen tot en met %(day)s", day=last)


def numbers_words(line: RequestLine) -> str:
    """Return how many were asked and how many of them proposed."""
    asked = ngettext("%(num)s aanbieder gevraagd", "%(num)s aanbieders gevraagd", line.invited)
    return ", ".join((asked, ngettext("%(num)s voorstel", "%(num)s voorstellen", line.proposed)))


def todo_words(line: RequestLine) -> str:
    """Return what waits for who asked; "" where nothing does."""
    if line.may_choose:
        return ngettext("Kies uit %(num)s voorstel", "Kies uit %(num)s voorstellen", line.proposed) if line.proposed else _("Niemand deed een voorstel")
    return ngettext("Beantwoord %(num)s vraag", "Beantwoord %(num)s vragen", line.questions) if line.questions else ""


def firm_values(lines: Iterable[RequestLine], *, now: datetime) -> list[dict[str, Any]]:
    """Return the requests of a firm, the newest first."""
    return [line_values(one, now=now) for one in lines]


def tasks_of(lines: Iterable[RequestLine]) -> list[dict[str, str]]:
    """Return what waits for a firm because of its requests, as its desk lists it."""
    return [
        {"label": _("Op maat"), "title": f"{todo_words(one)}: {one.request.title}", "url": url_for("requests.show", code=one.request.code)}
        for one in lines if todo_words(one)
    ]


def office_values(lines: Sequence[RequestLine], times: RequestTimes, *, now: datetime) -> dict[str, Any]:
    """Return all requests, late ones first, then those that are open by their next day, then those that ended, the newest first."""
    is_open = [one for one in lines if one.request.state is RequestState.OPEN]
    ended = [one for one in lines if one.request.state is not RequestState.OPEN]
    in_order = sorted(is_open, key=lambda one: (not is_late(one, now), _next_clock(one, now), one.request.code))
    return {
        "open": [line_values(one, now=now) for one in in_order], "ended": [line_values(one, now=now) for one in ended],
        "times": [
            (_("Van vraag naar eerste voorstel"), _time_words(times.to_answer)), (_("Van vraag naar les"), _time_words(times.to_class)),
        ],
        "of": ngettext("Van %(num)s aanvraag in het laatste jaar.", "Van %(num)s aanvragen in het laatste jaar.", times.number, num=number_text(times.number)),
        "csv_url": url_for("requests.office_file"),
    }


def _time_words(time: timedelta | None) -> str:
    """Return a median in days, rounded up."""
    if time is None:
        return _("nog te weinig om te zeggen")
    return ngettext("de helft binnen %(num)s dag", "de helft binnen %(num)s dagen", max(1, -(-time // _ONE_DAY)))


def requests_file(lines: Iterable[RequestLine], *, now: datetime) -> bytes:
    """Return all requests as a file for a spreadsheet."""
    heading = (
        _("Nummer"), _("Aanvraag"), _("Wie vraagt"), _("Status"), _("Te laat"), _("Aanbieders gevraagd"), _("Voorstellen"), _("Vragen zonder antwoord"),
        _("Gevraagd op"), _("Voorstellen tot en met"), _("Kiezen tot en met"), _("Dagen tot eerste voorstel"), _("Dagen tot de les"),
    )
    return as_csv(heading, [_cells(one, now) for one in lines])


def _cells(line: RequestLine, now: datetime) -> tuple[str, ...]:
    request, moments = line.request, line.moments
    chosen_at = moments.ended_at if request.state is RequestState.CHOSEN else None
    return (
        request.code, request.title, line.owner, state_values(request.state)["state_label"], _("ja") if is_late(line, now) else "", str(line.invited),
        str(line.proposed), str(line.questions), amsterdam_day(request.made_at).isoformat(), _last_day(request.proposals_until), _last_day(request.choose_until),
        "" if moments.answered_at is None else str(days_between(moments.asked_at, moments.answered_at)),
        "" if chosen_at is None else str(days_between(moments.asked_at, chosen_at)),
    )


def _last_day(until: datetime) -> str:
    return (amsterdam_day(until) - _ONE_DAY).isoformat()
