"""Finished values for the way to a seat: the class asked for, and the check before the last press of the button."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.pages.drawing import ahead_words, draw_note
from academy.enrolment.pages.enrolments import class_values, payer_words, seats_label, until_words
from academy.enrolment.pages.module import leaf_words
from academy.enrolment.pages.paying import quote_values
from academy.enrolment.queries import AdmissionFacts, EnrolmentFacts, Seats
from academy.enrolment.queries.clashes import Clash
from academy.enrolment.rules.states import EARLY_WARNING
from academy.enrolment.rules.withdrawing import withdraw_until
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import in_current_language, money, paragraphs, short_day, shown
from academy.kernel.translation import _


def class_asked(found: catalogue.OfferingOfModule, seats: Seats) -> dict[str, Any]:
    """Return the class that a visitor asks a seat of; one of which the seats are yet to be drawn gives none either."""
    return {
        **class_values(found), "seats_label": draw_note(seats.draw) or seats_label(seats.left), "full": seats.left <= 0,
        "draw": ahead_words(seats.draw) if seats.draw is not None and seats.draw.drawn_at is None else "",
        "waiting_url": url_for("waiting.line", code=found.offering.code),
        "group_url": url_for("together.group", code=found.offering.code),
        "similar_url": url_for("search.similar", slug=found.module_slug),
        "sign_in_url": url_for("accounts.sign_in", next=url_for("enrolment.enrol", code=found.offering.code)),
    }


def needs_level(admission: AdmissionFacts) -> bool:
    """Tell whether the diploma is still to be asked."""
    return admission.asks_level and not admission.claimed_level


def refused_words(admission: AdmissionFacts) -> str:
    """Return why somebody can not have a seat with the diploma they say to have, and what to do."""
    asked = ", ".join(asked_words(each) for each in admission.unmet)
    return _("Voor deze module heb je dit nodig: %(asked)s. Je bent niet ingeschreven. Klopt je diploma niet? Verander het.", asked=asked)


def fields_asked(facts: EnrolmentFacts, admission: AdmissionFacts, *, now: datetime) -> list[str]:
    """Return which fields of the check matter here, so that nobody fills in what nobody needs."""
    offering = facts.of.offering
    is_free = offering.price is not None and offering.price.is_zero
    begins_early = offering.starts_on < amsterdam_day(withdraw_until(now))
    asked = {
        "statement": admission.needs_decision,
        "asks_early_start": begins_early and not facts.is_business and not is_free,
        "wants_study_group": offering.mode is catalogue.DeliveryMode.ONLINE,
    }
    return [name for name, matters in asked.items() if matters]


def own_cents(quote: funding.Quote | None) -> str:
    """Return what the learner is shown to pay, to go along with the form; "" where it is not decided here."""
    return "" if quote is None else str(quote.own.cents)


def check_values(
    facts: EnrolmentFacts, admission: AdmissionFacts, clashes: Iterable[Clash], quote: funding.Quote | None, *, now: datetime,
    payer: str = "",
) -> dict[str, Any]:
    """Return the seat that is kept, until when, what stands in the way, who pays what (`quote`, where it is paid here), and what the button says.

    `payer` is the name of who bought the seat before it was known who comes.
    """
    values = class_values(facts.of)
    cost = None if quote is None else quote_values(quote)
    learner_pays = not (values["is_free"] or facts.is_business) if quote is None else not quote.own.is_zero
    return {
        **values,
        "code": facts.code,
        "can_change_level": admission.asks_level,
        "admission": admission.outcome.value,
        "refused": refused_words(admission) if admission.outcome is rules.Admission.REFUSED else "",
        "unmet": [asked_words(each) for each in admission.unmet],
        "entry": shown(facts.of.entry), "entry_paragraphs": paragraphs(in_current_language(facts.of.entry)),
        "hold": _hold(facts, now),
        "clashes": [
            {"title": in_current_language(clash.title), "provider": clash.provider_name, "day": short_day(clash.day)} for clash in clashes
        ],
        "payers_url": url_for("situation.who_pays"), "cost": cost, "total": cost["own"] if cost is not None else _("niets") if facts.is_business else values["price"],
        "payer": payer_words(payer),
        "button": _button(admission, learner_pays=learner_pays),
        "cancel": _cancel_words(facts, now),
        "may_withdraw": not facts.is_business and learner_pays,
        "similar_url": url_for("search.similar", slug=facts.of.module_slug),
        "cancel_url": url_for("enrolment.cancel", code=facts.code),
    }


def _cancel_words(facts: EnrolmentFacts, now: datetime) -> str:
    """Return what giving the seat back will cost; "" where one can not any more."""
    today = amsterdam_day(now)
    terms = facts.cancel_terms(today)
    if today > terms.last_day:
        return ""
    if facts.block_id is not None:
        return _("Annuleren kan tot en met %(day)s. Dat kost jou niets.", day=short_day(terms.last_day))
    if today > terms.free_until:
        return _("Annuleren kan tot en met %(day)s en kost %(cost)s.", day=short_day(terms.last_day), cost=money(terms.late_cost))
    if terms.late_cost.is_zero:
        return _("Annuleren is gratis tot en met %(day)s. Dat doe je zelf bij “Mijn leren”.", day=short_day(terms.free_until))
    return _(
        "Annuleren is gratis tot en met %(day)s. Daarna kost het %(cost)s. Dat doe je zelf bij “Mijn leren”.",
        day=short_day(terms.free_until), cost=money(terms.late_cost),
    )


def _hold(facts: EnrolmentFacts, now: datetime) -> dict[str, Any]:
    """Return until when the seat is kept; `more_url` where its reader can have more time."""
    until = facts.until or now
    is_short = facts.waits_for is WaitsFor.LEARNER
    return {
        "until": until_words(until, now=now), "iso": until.isoformat(), "is_over": until <= now, "is_offer": facts.state is EnrolmentState.OFFERED,
        "seconds": max(0, int((until - now) / timedelta(seconds=1))), "warn": int(EARLY_WARNING / timedelta(seconds=1)),
        "more_url": url_for("enrolment.more_time", code=facts.code) if is_short and rules.may_extend(facts.extended) else None,
    }


def _button(admission: AdmissionFacts, *, learner_pays: bool) -> str:
    if learner_pays:
        return _("Inschrijven met betaalverplichting")  # says that it makes a duty to pay (BW 6:230v)
    return _("Vraag toelating aan") if admission.needs_decision else _("Schrijf je in")


def asked_words(asked: catalogue.Prerequisite) -> str:
    """Return what is asked for a module, on one line."""
    match asked:
        case catalogue.AllOf(items):
            return (" " + _("en") + " ").join(asked_words(item) for item in items)
        case catalogue.AnyOf(items):
            return (" " + _("of") + " ").join(asked_words(item) for item in items)
        case _:
            return leaf_words(asked)


def done_words(state: EnrolmentState) -> str:
    """Return what to say after the last press of the button; of a seat that is still kept, its page and that of its payment say more."""
    if state is EnrolmentState.CONFIRMED:
        return _("Gelukt! Je bent ingeschreven. We sturen je een bevestiging per e-mail.")
    return _("Je aanvraag is verstuurd. De aanbieder antwoordt meestal binnen één werkdag.")
