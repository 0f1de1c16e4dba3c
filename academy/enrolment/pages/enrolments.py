"""Finished values of an enrolment: its state in words, the one next step, and what it is for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.queries import EnrolmentFacts
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.formats import (
    clock_text,
    day,
    in_current_language,
    moment_text,
    money,
    number_text,
    short_day,
)
from academy.kernel.translation import _, ngettext


class Part(StrEnum):
    """Where an enrolment stands on the page of one's own learning."""

    TO_DO = "to-do"
    RUNNING = "running"
    WAITING = "waiting"
    PAST = "past"


@dataclass(frozen=True)
class Standing:
    """A state for the eye (`kind` names a colour) and in words, what happens next, and the one button."""

    part: Part
    kind: str
    label: str
    next_step: str
    action: tuple[str, str] | None = None


def seats_label(left: int) -> str:
    """Return how many seats are free, in words."""
    if left <= 0:
        return _("Vol")
    if left <= rules.FEW_SEATS:
        return ngettext("Nog %(num)s plek", "Nog %(num)s plekken", left)
    return ngettext("%(num)s plek vrij", "%(num)s plekken vrij", left, num=number_text(left))


def until_words(until: datetime, *, now: datetime) -> str:
    """Return an end as one says it: `14:32 uur` today, `do 24 september 2026, 14:32 uur` on another day."""
    time = _("%(time)s uur", time=clock_text(until.astimezone(AMSTERDAM).time()))
    if amsterdam_day(until) == amsterdam_day(now):
        return time
    return _("%(day)s, %(time)s", day=day(amsterdam_day(until)), time=time)


def class_values(of: catalogue.OfferingOfModule) -> dict[str, Any]:
    """Return what a class is, when, where and by whom."""
    offering = of.offering
    return {
        "title": in_current_language(of.module_title),
        "module_url": url_for("enrolment.module_page", slug=of.module_slug),
        "provider": of.provider_name,
        "provider_url": url_for("catalogue.provider_page", slug=of.provider_slug),
        "dates": catalogue.dates_words(offering),
        "schedule": catalogue.schedule_words(offering.weekdays, offering.part_of_day),
        "place": catalogue.place_words(offering),
        "price": catalogue.price_words(offering.price, offering.price_note),
        "is_free": offering.price is not None and offering.price.is_zero,
    }


def payer_words(payer: str) -> str:
    """Return who pays a seat that an organisation bought; "" for every other."""
    return _("%(name)s betaalt deze plek. Jij betaalt niets.", name=payer) if payer else ""


def enrolment_values(
    facts: EnrolmentFacts, *, now: datetime, place: int | None = None, draw_at: datetime | None = None, is_my_turn: bool = False, payer: str = "",
) -> dict[str, Any]:
    """Return an enrolment for its card and page.

    `place` is the one in line of who waits, from 1, `draw_at` when it is drawn; `is_my_turn`: the employer answered, and left something; `payer` bought the seat, whoever came.
    """
    standing = _my_turn(facts, now) if is_my_turn else standing_of(facts, now=now, place=place, draw_at=draw_at)
    return {
        **class_values(facts.of),
        "code": facts.code,
        "url": url_for("enrolment.enrolment_page", code=facts.code),
        "part": standing.part,
        "state": standing.kind,
        "state_label": standing.label,
        "next_step": standing.next_step,
        "payer": payer_words(payer) if standing.part is not Part.PAST else "",
        "action": standing.action,
        "confirmed_on": short_day(amsterdam_day(facts.confirmed_at)) if facts.confirmed_at else "",
        "calendar_url": url_for("catalogue.calendar", code=facts.of.offering.code) if standing.part is not Part.PAST else None,
    }


def standing_of(facts: EnrolmentFacts, *, now: datetime, place: int | None, draw_at: datetime | None = None) -> Standing:
    """Return where an enrolment stands, in plain words."""
    match facts.state:
        case EnrolmentState.HELD | EnrolmentState.REQUESTED:
            return _kept(facts, now)
        case EnrolmentState.OFFERED:
            return _offered(facts, now)
        case EnrolmentState.WAITING:
            return _in_line(place) if draw_at is None else _in_draw(draw_at)
        case EnrolmentState.CONFIRMED | EnrolmentState.FINISHED:
            return _sure(facts, now)
        case _:
            return _over(facts, now)


def _check(facts: EnrolmentFacts, label: str) -> tuple[str, str]:
    return label, url_for("enrolment.check", code=facts.code)


def _until(facts: EnrolmentFacts, now: datetime) -> str:
    return until_words(facts.until, now=now) if facts.until else ""


def _kept(facts: EnrolmentFacts, now: datetime) -> Standing:
    match facts.waits_for:
        case WaitsFor.LEARNER:
            return _to_finish(facts, now)
        case WaitsFor.PAYMENT:
            return _to_pay(facts, now)
        case _:
            return _somebody_decides(facts, now)


def _to_finish(facts: EnrolmentFacts, now: datetime) -> Standing:
    if facts.until is not None and facts.until <= now:
        words = _("De tijd is om. Rond je inschrijving nu af: misschien is je plek er nog.")
    else:
        words = _("Rond je inschrijving af voor %(until)s. Anders komt je plek vrij.", until=_until(facts, now))
    return Standing(Part.TO_DO, "few", _("Nog niet klaar"), words, _check(facts, _("Maak je inschrijving af")))


def _to_pay(facts: EnrolmentFacts, now: datetime) -> Standing:
    if not facts.is_paid_elsewhere:
        words = _("Betaal voor %(until)s. Dan is je plek zeker.", until=_until(facts, now))
        return Standing(Part.TO_DO, "few", _("Nog te betalen"), words, (_("Betaal nu"), url_for("enrolment.pay", code=facts.code)))
    price = facts.of.offering.price
    words = _(
        "Er moet nog %(price)s bij %(provider)s worden betaald, voor %(until)s. Dat doet wie je plek regelde. Je plek is zeker als zij de betaling doorgeven.",
        price=money(price) if price is not None else "", provider=facts.of.provider_name, until=_until(facts, now),
    )
    where = url_for("catalogue.provider_page", slug=facts.of.provider_slug)
    return Standing(Part.TO_DO, "few", _("Nog te betalen"), words, (_("Bekijk hoe je de aanbieder bereikt"), where))


def _offered(facts: EnrolmentFacts, now: datetime) -> Standing:
    words = _("Er is een plek voor je vrij. Neem hem aan voor %(until)s. Daarna is de volgende aan de beurt.", until=_until(facts, now))
    return Standing(Part.TO_DO, "few", _("Plek voor jou"), words, _check(facts, _("Neem de plek aan")))


def _my_turn(facts: EnrolmentFacts, now: datetime) -> Standing:
    words = _("Je werkgever gaf antwoord. Betaal je zelf wat overblijft? Zeg het voor %(until)s. Anders vervalt je plek.", until=_until(facts, now))
    answer = (_("Bekijk het antwoord"), url_for("enrolment.enrolment_page", code=facts.code))
    return Standing(Part.TO_DO, "few", _("Wacht op jou"), words, answer)


def _somebody_decides(facts: EnrolmentFacts, now: datetime) -> Standing:
    if facts.waits_for is WaitsFor.EMPLOYER:
        words = _("Wie meebetaalt, beslist nu. Je krijgt een e-mail. Je plek staat vast tot %(until)s.", until=_until(facts, now))
        return Standing(Part.WAITING, "open", _("Wacht op wie meebetaalt"), words)
    words = _(
        "%(provider)s beslist of je kunt meedoen, meestal binnen één werkdag. Je krijgt een e-mail. Je plek staat vast tot %(until)s.",
        provider=facts.of.provider_name, until=_until(facts, now),
    )
    return Standing(Part.WAITING, "open", _("De aanbieder beslist"), words)


def _in_line(place: int | None) -> Standing:
    if place is None:
        words = _("Komt er een plek vrij? Dan krijg je een e-mail.")
    else:
        words = _("Je bent nummer %(place)s in de rij. Komt er een plek voor je vrij? Dan krijg je een e-mail.", place=number_text(place))
    return Standing(Part.WAITING, "open", _("Op de wachtlijst"), words)


def _in_draw(draw_at: datetime) -> Standing:
    words = _("Je doet mee aan de loting op %(moment)s. Daarna krijg je een e-mail. Je hoeft nu niets te doen.", moment=moment_text(draw_at))
    return Standing(Part.WAITING, "open", _("In de loting"), words)


def _sure(facts: EnrolmentFacts, now: datetime) -> Standing:
    offering, today = facts.of.offering, amsterdam_day(now)
    if facts.state is EnrolmentState.FINISHED:
        return Standing(Part.PAST, "finished", _("Afgerond"), _("Je hebt deze module gevolgd."))
    if offering.ends_on < today:
        return Standing(Part.PAST, "finished", _("Afgelopen"), "")
    if offering.starts_on <= today:
        return Standing(Part.RUNNING, "confirmed", _("Bezig"), _("Deze module loopt tot en met %(day)s.", day=short_day(offering.ends_on)))
    return Standing(
        Part.RUNNING, "confirmed", _("Ingeschreven"), _("Je plek is zeker. Je begint op %(day)s.", day=short_day(offering.starts_on)),
    )


def _over(facts: EnrolmentFacts, now: datetime) -> Standing:
    offering = facts.of.offering
    elsewhere = _("Bekijk andere startmomenten"), url_for("enrolment.module_page", slug=facts.of.module_slug)
    again = (_("Probeer het opnieuw"), url_for("enrolment.enrol", code=offering.code)) if offering.is_open(now) else elsewhere
    match facts.state:
        case EnrolmentState.CANCELLED if offering.state is catalogue.OfferingState.CANCELLED:
            words = _("De aanbieder heeft deze groep afgezegd. Kijk bij de module of er een ander startmoment is.")
            return Standing(Part.PAST, "cancelled", _("Gaat niet door"), words, elsewhere)
        case EnrolmentState.REFUSED:
            words = _("De aanbieder laat je niet toe tot deze groep. De reden lees je bij je inschrijving.")
            similar = _("Bekijk wat erop lijkt"), url_for("search.similar", slug=facts.of.module_slug)
            return Standing(Part.PAST, "cancelled", _("Niet toegelaten"), words, similar)
        case EnrolmentState.WITHDRAWN:
            return Standing(Part.PAST, "cancelled", _("Herroepen"), _("Je hebt je overeenkomst herroepen. Je plek is vrijgegeven."))
        case EnrolmentState.EXPIRED:
            return Standing(Part.PAST, "cancelled", _("Verlopen"), _("De tijd was om. Je plek is vrijgegeven."), again)
        case _:
            return Standing(Part.PAST, "cancelled", _("Geannuleerd"), _("Je plek is vrijgegeven. Je hoeft niets te doen."))
