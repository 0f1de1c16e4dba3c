"""Finished values for the pages about a seat: what is checked before enrolling, and one's own enrolments."""

from datetime import date, datetime
from typing import Any

from flask import url_for

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.models import EnrolmentState
from academy.enrolment.queries import EnrolmentFacts
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import credits_text, in_current_language, number_text, short_day
from academy.kernel.translation import _, ngettext


def seats_label(left: int) -> str:
    """Return how many seats are free, in words."""
    if left <= 0:
        return _("Vol")
    if left <= rules.FEW_SEATS:
        return ngettext("Nog %(num)s plek", "Nog %(num)s plekken", left)
    return ngettext("%(num)s plek vrij", "%(num)s plekken vrij", left, num=number_text(left))


def check_values(found: catalogue.OfferingOfModule, actor: Actor, left: int) -> dict[str, Any]:
    """Return what the visitor checks before enrolling."""
    offering = found.offering
    return {
        "module_title": in_current_language(found.module_title),
        "module_url": url_for("enrolment.module_page", slug=found.module_slug),
        "provider": found.provider_name,
        "dates": catalogue.dates_words(offering),
        "schedule": catalogue.schedule_words(offering.weekdays, offering.part_of_day),
        "place": catalogue.place_words(offering),
        "price": catalogue.price_words(offering.price, offering.price_note),
        "seats_label": seats_label(left),
        "full": left <= 0,
        "person_name": actor.name,
        "person_email": actor.email,
    }


def enrolment_values(facts: EnrolmentFacts, *, now: datetime) -> dict[str, Any]:
    """Return an enrolment for its card and page."""
    offering, today = facts.of.offering, amsterdam_day(now)
    state, label, next_step = _state_words(facts, today)
    can_cancel = state == "confirmed" and rules.may_cancel(starts_on=offering.starts_on, today=today)
    return {
        "code": facts.code,
        "title": in_current_language(facts.of.module_title),
        "url": url_for("enrolment.enrolment_page", code=facts.code),
        "module_url": url_for("enrolment.module_page", slug=facts.of.module_slug),
        "provider": facts.of.provider_name,
        "dates": catalogue.dates_words(offering),
        "schedule": catalogue.schedule_words(offering.weekdays, offering.part_of_day),
        "place": catalogue.place_words(offering),
        "state": state,
        "state_label": label,
        "next_step": next_step,
        "confirmed_on": short_day(amsterdam_day(facts.confirmed_at)) if facts.confirmed_at else "",
        "cancel_url": url_for("enrolment.cancel", code=facts.code) if can_cancel else None,
    }


def _state_words(facts: EnrolmentFacts, today: date) -> tuple[str, str, str]:
    """Return the state for the eye, in words, and the one thing to do now."""
    offering = facts.of.offering
    if facts.state is EnrolmentState.CANCELLED and offering.state is catalogue.OfferingState.CANCELLED:
        return "cancelled", _("Gaat niet door"), _("De aanbieder heeft deze groep afgezegd. Kijk bij de module of er een ander startmoment is.")
    if facts.state is EnrolmentState.CANCELLED:
        return "cancelled", _("Geannuleerd"), _("Je plek is vrijgegeven. Je hoeft niets te doen.")
    if offering.ends_on < today:
        return "finished", _("Afgelopen"), ""
    if offering.starts_on <= today:
        return "confirmed", _("Bezig"), _("Deze module loopt.")
    return "confirmed", _("Ingeschreven"), _("Je plek is zeker. Je begint op %(day)s.", day=short_day(offering.starts_on))


def version_values(mine: catalogue.ModuleVersionFacts | None) -> dict[str, Any] | None:
    """Return what the module said when its reader enrolled; None when it says so still."""
    if mine is None:
        return None
    return {
        "number": mine.number, "ec": credits_text(mine.content.ec) if mine.content.ec else "",
        "outcomes": [in_current_language(outcome.text) for outcome in mine.content.outcomes],
    }
