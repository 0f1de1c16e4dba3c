"""One start moment on the page of its module: when, where, what it costs, whether there is room, whether it goes ahead."""

from datetime import datetime
from typing import Any

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.pages.drawing import ahead_words, draw_note, told_values
from academy.enrolment.pages.enrolments import seats_label
from academy.enrolment.pages.paying import quote_values
from academy.enrolment.queries import Seats
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import number_text, short_day, shown
from academy.kernel.translation import _, ngettext


def offering_row(
    offering: catalogue.OfferingFacts, *, module_slug: str, seats: Seats, hours: int | None, my_code: str | None, quote: funding.Quote | None,
    now: datetime,
) -> dict[str, Any]:
    """Return the start moment; `hours` of study are those of the whole module, `my_code` is that of the visitor's own enrolment here.

    `quote` is who pays along for this visitor, None where nobody is known to.
    """
    website = offering.enrolment_website if not my_code and offering.is_open(now) else ""
    obstacle = None if my_code or website else _obstacle(offering, seats, module_slug=module_slug, now=now)
    may_enrol = not (my_code or website or obstacle)
    return {
        "code": offering.code,
        "dates": catalogue.dates_words(offering),
        "starts": short_day(offering.starts_on),
        "schedule": catalogue.schedule_words(offering.weekdays, offering.part_of_day),
        "when": _weekly(offering),
        "meetings": [_meeting(meeting) for meeting in offering.sessions],
        "step_in": _step_in(offering),
        "hours": _hours_per_week(offering, hours),
        "mode_label": catalogue.mode_word(offering.mode),
        "place": None if offering.place is None else _place(offering.place),
        "place_label": catalogue.place_words(offering),
        "language_label": catalogue.language_word(offering.language),
        "price": catalogue.price_words(offering.price, offering.price_note) or _("Prijs nog niet bekend"),
        "price_note": offering.price_note if offering.price is not None else "", "cost": None if quote is None else quote_values(quote),
        "seats_label": "" if offering.enrolment_website else draw_note(seats.draw) or seats_label(seats.left),
        "seats_state": "few" if draw_note(seats.draw) else rules.seats_state(seats.left), "draw": told_values(seats.draw, offering),
        "certain": rules.goes_ahead(taken=seats.taken, min_seats=offering.min_seats, guaranteed=offering.guaranteed),
        "decision": _decision(offering, seats.taken),
        "enrol_until": _enrol_until(offering, now),
        "others": list(_other_groups(offering, now)),
        "obstacle": obstacle,
        "enrol_url": url_for("enrolment.enrol", code=offering.code) if may_enrol else None,
        "buy_url": url_for("firm_seats.buy", code=offering.code) if may_enrol else "",
        "website": website,
        "mine_url": url_for("enrolment.enrolment_page", code=my_code) if my_code else None,
        "calendar_url": url_for("catalogue.calendar", code=offering.code),
    }


def _place(place: catalogue.PlaceFacts) -> dict[str, Any]:
    address = ", ".join(part for part in (place.street_address, place.city) if part)
    return {
        "name": shown(place.name),
        "address": address if address != str(shown(place.name)) else "",
        "step_free": catalogue.step_free_words(place),
        "accessibility": shown(place.accessibility),
    }


def _weekly(offering: catalogue.OfferingFacts) -> str:
    """Return when it meets every week, with hours where they are known."""
    weekly = [catalogue.meeting_words(meeting) for meeting in offering.sessions if meeting.weekday]
    return ", ".join(weekly) or catalogue.schedule_words(offering.weekdays, offering.part_of_day)


def _meeting(meeting: catalogue.SessionFacts) -> dict[str, Any]:
    return {
        "when": catalogue.meeting_words(meeting),
        "about": shown(meeting.about),
        "place": None if meeting.place is None else shown(meeting.place.name),
    }


def _hours_per_week(offering: catalogue.OfferingFacts, hours: int | None) -> str:
    if not hours:
        return ""
    each = catalogue.hours_per_week(hours, starts_on=offering.starts_on, ends_on=offering.ends_on)
    return ngettext("ongeveer %(num)s uur", "ongeveer %(num)s uur", each)


def _step_in(offering: catalogue.OfferingFacts) -> str:
    """Return between which days one may begin later than the others; empty when all begin together."""
    if offering.flexible_from is None or offering.flexible_until is None:
        return ""
    return _("Instappen kan van %(first)s tot en met %(last)s.", first=short_day(offering.flexible_from),
             last=short_day(offering.flexible_until))


def _decision(offering: catalogue.OfferingFacts, taken: int) -> str:
    """Return how far it is from going ahead, and when that is decided; empty when there is nothing to decide."""
    if rules.goes_ahead(taken=taken, min_seats=offering.min_seats, guaranteed=offering.guaranteed) or not offering.min_seats:
        return ""
    count = {"taken": number_text(taken), "needed": number_text(offering.min_seats)}
    if offering.decides_on is None:
        return _("%(taken)s van %(needed)s aanmeldingen die nodig zijn", **count)
    return _("%(taken)s van %(needed)s aanmeldingen, besluit op %(day)s", day=short_day(offering.decides_on), **count)


def _public_periods(offering: catalogue.OfferingFacts) -> list[catalogue.PeriodFacts]:
    return [period for period in offering.periods if period.target_group is catalogue.TargetGroup.PUBLIC]


def _opens_later(offering: catalogue.OfferingFacts, now: datetime) -> str:
    """Return the day on which enrolling begins, when that is still to come."""
    ahead = [day for period in _public_periods(offering) if (day := period.opens_on) and day > amsterdam_day(now)]
    return short_day(min(ahead)) if ahead else ""


def _obstacle(offering: catalogue.OfferingFacts, seats: Seats, *, module_slug: str, now: datetime) -> dict[str, str] | None:
    """Return why one can not enrol here, and what one can do instead; None when one can."""
    if not offering.is_open(now):
        opens = _opens_later(offering, now)
        news = {"label": _("Laat het me weten"), "url": url_for("waiting.news", slug=module_slug)}
        return {"reason": _("Inschrijven kan vanaf %(day)s.", day=opens) if opens else _("De inschrijving is gesloten."), **news}
    if offering.price is None:
        return {"reason": _("We weten niet wat deze groep kost."), "label": _("Vraag de prijs aan de aanbieder"), "url": "#aanbieder"}
    if seats.draw is not None and seats.draw.drawn_at is None:
        return {"reason": ahead_words(seats.draw), "label": _("Doe mee aan de loting"), "url": url_for("waiting.line", code=offering.code)}
    if seats.left <= 0:
        return {
            "reason": _("Deze groep is vol."), "label": _("Zet je op de wachtlijst"), "url": url_for("waiting.line", code=offering.code),
        }
    return None


def _enrol_until(offering: catalogue.OfferingFacts, now: datetime) -> str:
    if offering.enrol_until is None or not offering.is_open(now):
        return ""
    return _("Inschrijven tot en met %(day)s", day=short_day(offering.enrol_until))


def _other_groups(offering: catalogue.OfferingFacts, now: datetime) -> list[str]:
    """Return the periods of groups that enrol in their own time, such as employers, as far as they are not over."""
    return [
        _("Voor %(group)s: tot en met %(day)s", group=catalogue.target_group_word(period.target_group), day=short_day(period.closes_on))
        for period in offering.periods
        if period.target_group is not catalogue.TargetGroup.PUBLIC and period.closes_on >= amsterdam_day(now)
    ]
