"""Finished values for the pages of enrolment: facts in the reader's words and links."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import url_for

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.models import EnrolmentState
from academy.enrolment.queries import EnrolmentFacts
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import credits_text, in_current_language, money, paragraphs, short_day
from academy.kernel.translation import _, ngettext


def seats_label(left: int) -> str:
    """Return how many seats are free, in words."""
    if left <= 0:
        return _("Vol")
    if left <= rules.FEW_SEATS:
        return ngettext("Nog %(num)s plek", "Nog %(num)s plekken", left)
    return ngettext("%(num)s plek vrij", "%(num)s plekken vrij", left)


def _address(offering: catalogue.OfferingFacts) -> str:
    place = offering.place
    return "" if place is None else ", ".join(part for part in (place.street_address, place.city) if part)


def _why_not(offering: catalogue.OfferingFacts, left: int, now: datetime) -> str:
    """Return why one can not enrol here, with what to do; empty when one can."""
    if not offering.is_open(now):
        return _("De inschrijving is gesloten.")
    if left <= 0:
        return _("Vol. Kies een ander startmoment.")
    if offering.price is None or not offering.price.is_zero:
        return _("Online betalen kan hier nog niet. Schrijf je in bij de aanbieder.")
    return ""


def offering_row(
    offering: catalogue.OfferingFacts, *, left: int, my_code: str | None, now: datetime,
) -> dict[str, Any]:
    """Return one start moment for the module page."""
    why_not = "" if my_code else _why_not(offering, left, now)
    return {
        "code": offering.code,
        "dates": catalogue.dates_words(offering),
        "starts": short_day(offering.starts_on),
        "schedule": catalogue.schedule_words(offering.weekdays, offering.part_of_day),
        "mode_label": catalogue.mode_word(offering.mode),
        "place": catalogue.place_words(offering) if offering.place else "",
        "address": _address(offering),
        "language_label": catalogue.language_word(offering.language),
        "price": catalogue.price_words(offering.price, offering.price_note),
        "seats_label": seats_label(left),
        "seats_state": rules.seats_state(left),
        "why_not": why_not,
        "enrol_url": None if why_not or my_code else url_for("enrolment.enrol", code=offering.code),
        "mine_url": url_for("enrolment.enrolment_page", code=my_code) if my_code else None,
    }


def module_values(
    page: catalogue.ModulePage, *, left: dict[UUID, int], mine: dict[UUID, str], now: datetime,
) -> dict[str, Any]:
    """Return what the module page shows."""
    module = page.module
    offerings = [
        offering_row(offering, left=left.get(offering.id, offering.seats), my_code=mine.get(offering.id), now=now)
        for offering in module.offerings
    ]
    sector = module.sectors[0] if module.sectors else ""
    return {
        "title": in_current_language(module.title),
        "summary": in_current_language(module.summary),
        "description": paragraphs(in_current_language(module.description)),
        "kind_label": catalogue.kind_word(module.kind),
        "code": module.code,
        "ec": credits_text(module.ec) if module.ec else "",
        "hours": module.hours or (catalogue.hours_of_study(module.ec) if module.ec else None),
        "level_label": catalogue.level_word(module.nlqf),
        "languages_label": ", ".join(catalogue.language_word(language) for language in module.languages),
        "sector_label": catalogue.sector_word(sector),
        "sector_url": url_for("search.results", sector=sector) if sector else url_for("search.results"),
        "provider_name": module.provider.name,
        "provider_url": url_for("catalogue.provider_page", slug=module.provider.slug),
        "provider_city": module.provider.city,
        "institution": module.institution,
        "website": module.website,
        "price": "" if module.price is None else money(module.price),
        "price_note": module.price_note,
        "outcomes": [in_current_language(outcome.text) for outcome in module.outcomes],
        "programmes": [
            {"title": in_current_language(title), "url": url_for("catalogue.programme_page", slug=slug)}
            for slug, title in page.programmes
        ],
        "entry": in_current_language(module.entry),
        "offerings": offerings,
        "first": next((row for row in offerings if row["enrol_url"]), None),
    }


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
        "confirmed_on": short_day(amsterdam_day(facts.confirmed_at)),
        "cancel_url": url_for("enrolment.cancel", code=facts.code) if can_cancel else None,
    }


def _state_words(facts: EnrolmentFacts, today: date) -> tuple[str, str, str]:
    """Return the state for the eye, in words, and the one thing to do now."""
    offering = facts.of.offering
    if facts.state is EnrolmentState.CANCELLED:
        return "cancelled", _("Geannuleerd"), _("Je plek is vrijgegeven. Je hoeft niets te doen.")
    if offering.ends_on < today:
        return "finished", _("Afgelopen"), ""
    if offering.starts_on <= today:
        return "confirmed", _("Bezig"), _("Deze module loopt.")
    return "confirmed", _("Ingeschreven"), _("Je plek is zeker. Je begint op %(day)s.", day=short_day(offering.starts_on))
