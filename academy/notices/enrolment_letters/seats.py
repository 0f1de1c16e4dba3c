"""Letters on the way to a seat: kept, waited for, offered, asked for, confirmed, run out."""

from datetime import datetime
from typing import Final

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.enrolment import api as enrolment
from academy.enrolment.api import EnrolmentState, WaitsFor
from academy.kernel.formats import day, moment_text
from academy.kernel.translation import _, _l
from academy.notices.enrolment_letters.drawing import entered
from academy.notices.enrolment_letters.shared import (
    Facts,
    class_facts,
    code_fact,
    contact_facts,
    leave_url,
    price_fact,
    title_of,
    to_enrolment,
    to_learner,
    to_module,
    to_person,
    to_planners,
    to_withdrawing,
)
from academy.notices.gateway import Letter
from academy.notices.message import Said

# Why a seat that was kept went on to others, by what it waited for; who did not end a form in a quarter of an hour knows it.
_RAN_OUT: Final = {
    "offer": _l("We boden je een plek aan. Je hebt hem niet op tijd aangenomen. De plek gaat nu naar de volgende."),
    WaitsFor.PROVIDER.value: _l("De aanbieder heeft niet op tijd beslist of je mee kunt doen. Daarom is je plek weer vrij. Je betaalt niets."),
    WaitsFor.PAYMENT.value: _l("We zagen je betaling niet op tijd. Daarom is je plek weer vrij. Komt er toch nog geld? Dan krijg je alsnog een plek, of je geld terug."),
    WaitsFor.EMPLOYER.value: _l("Wie zou meebetalen, doet dat niet. Daarom is je plek weer vrij. Je betaalt niets."),
}


def confirmed(session: Session, event: enrolment.EnrolmentConfirmed, now: datetime) -> list[Letter]:
    """Say that the seat is sure, and how to get out of it (BW 6:230v: confirmation of the contract on a durable medium)."""
    def say(facts: Facts) -> Said:
        title, contract = title_of(facts.of), enrolment.contract_of(session, facts, now=now)
        may_withdraw = contract.right is enrolment.Right.OPEN
        return Said(
            _("Je plek is bevestigd: %(title)s", title=title),
            (_("Je bent ingeschreven voor %(title)s. Dit staat vast:", title=title),),
            (*class_facts(facts.of), price_fact(facts.of), code_fact(facts.code)),
            to_enrolment(facts),
            (
                _("Kun je toch niet? Annuleer dan op tijd. Iemand anders krijgt dan jouw plek."),
                *([_(
                    "Je hebt 14 dagen bedenktijd: tot en met %(day)s kun je herroepen, zonder reden.", day=enrolment.last_moment_words(contract.until),
                )] if may_withdraw else []),
            ),
            to_withdrawing(facts) if may_withdraw else None,
        )
    return to_learner(session, "enrolment-confirmed", event.enrolment_id, {EnrolmentState.CONFIRMED}, say)


def put_in_line(session: Session, event: enrolment.PutInLine, _now: datetime) -> list[Letter]:
    """Say which place in line one has, and how to leave it; of seats that are yet to be drawn, when that is."""
    def say(facts: Facts) -> Said:
        lot = enrolment.my_lot(session, enrolment_id=facts.id, offering_id=facts.of.offering.id)
        if lot is not None and lot.draw.drawn_at is None:
            return entered(facts, lot)
        title, place = title_of(facts.of), enrolment.place_in_line(session, facts.id)
        return Said(
            _("Je staat op de wachtlijst: %(title)s", title=title),
            (
                _("Je bent nummer %(place)s op de wachtlijst voor %(title)s.", place=place, title=title),
                _("Komt er een plek vrij en ben jij aan de beurt? Dan krijg je een e-mail. Je hebt dan 48 uur om te kiezen."),
            ),
            class_facts(facts.of),
            to_enrolment(facts),
            (_("Wil je niet meer wachten? Ga dan van de lijst. Je hoeft niet in te loggen."),),
            (_("Ga van de wachtlijst"), leave_url(facts)),
        )
    return to_learner(session, "put-in-line", event.enrolment_id, {EnrolmentState.WAITING}, say)


def offered(session: Session, event: enrolment.SeatOffered, now: datetime) -> list[Letter]:
    """Offer the seat that came free: until when, and the way to take it or let it go; none when the offer is over."""
    def say(facts: Facts) -> Said | None:
        if facts.until is None or facts.until <= now:
            return None
        title, lot = title_of(facts.of), enrolment.my_lot(session, enrolment_id=facts.id, offering_id=facts.of.offering.id)
        return Said(
            _("Er is een plek voor je: %(title)s", title=title),
            (
                _("De plekken voor %(title)s zijn verloot. Jouw lot kreeg een plek.", title=title) if lot is not None and lot.has_won
                else _("Je stond op de wachtlijst voor %(title)s. Er is een plek vrij, en jij bent aan de beurt.", title=title),
                _("We houden hem voor je vast tot %(until)s. Daarna gaat hij naar de volgende.", until=moment_text(facts.until)),
            ),
            (*class_facts(facts.of), price_fact(facts.of)),
            (_("Neem de plek"), url_for("enrolment.check", code=facts.code, _external=True)),
            (_("Wil je de plek niet? Laat hem dan los. De volgende is je dankbaar."),),
            (_("Laat de plek los"), leave_url(facts)),
        )
    return to_learner(session, "seat-offered", event.enrolment_id, {EnrolmentState.OFFERED}, say)


def admission_asked(session: Session, event: enrolment.AdmissionAsked, _now: datetime) -> list[Letter]:
    """Tell the learner what happens now, and the provider's planners that somebody waits; neither when the provider has decided."""
    facts = enrolment.enrolment(session, event.enrolment_id)
    if facts is None or facts.state is not EnrolmentState.REQUESTED:
        return []

    def say_to_learner(facts: Facts) -> Said:
        title = title_of(facts.of)
        return Said(
            _("Je aanvraag is verstuurd: %(title)s", title=title),
            (
                _("%(provider)s kijkt of je mee kunt doen met %(title)s. Meestal hoor je het binnen één werkdag.", provider=facts.of.provider_name,
                  title=title),
                _("Je plek is zolang voor jou. Je betaalt nog niets."),
            ),
            (*class_facts(facts.of), code_fact(facts.code)),
            to_enrolment(facts),
        )

    def say_to_planner() -> Said:
        title = title_of(facts.of)
        return Said(
            _("Iemand vraagt toelating: %(title)s", title=title),
            (
                _("Iemand wil meedoen met %(title)s en wacht op jullie beslissing.", title=title),
                _("Beslis binnen één werkdag. De plek is zolang bezet."),
            ),
            class_facts(facts.of)[1:],
            (_("Bekijk de aanvragen"), url_for("admission.inbox", provider=facts.of.provider_slug, _external=True)),
        )
    return [
        *to_learner(session, "admission-asked", facts.id, {EnrolmentState.REQUESTED}, say_to_learner),
        *to_planners(session, "admission-waits", facts.id, facts.of, say_to_planner),
    ]


def admission_refused(session: Session, event: enrolment.AdmissionRefused, _now: datetime) -> list[Letter]:
    """Say that the provider does not admit the learner, why, and what one can do."""
    def say(facts: Facts) -> Said:
        title, reason = title_of(facts.of), enrolment.reason_for(session, facts.id)
        return Said(
            _("Je bent niet toegelaten: %(title)s", title=title),
            (
                _("%(provider)s heeft gekeken of je mee kunt doen met %(title)s. Dat kan nu niet.", provider=facts.of.provider_name, title=title),
                *([_("“%(reason)s”", reason=reason)] if reason else []),
                _("Je plek is weer vrij. Je betaalt niets."),
                _("Heb je een vraag over de reden? Neem contact op met de aanbieder. Of zoek een module die beter past."),
            ),
            contact_facts(session, facts.of),
            (_("Zoek een module"), url_for("search.results", _external=True)),
        )
    return to_learner(session, "admission-refused", event.enrolment_id, {EnrolmentState.REFUSED}, say)


def hold_expired(session: Session, event: enrolment.HoldExpired, _now: datetime) -> list[Letter]:
    """Say that a seat went on to others, and why."""
    if event.waited_for not in _RAN_OUT:
        return []

    def say(facts: Facts) -> Said:
        title = title_of(facts.of)
        return Said(
            _("Je plek is weer vrij: %(title)s", title=title),
            (str(_RAN_OUT[event.waited_for]), _("Wil je nog meedoen? Kijk bij de module of er plek is.")),
            class_facts(facts.of),
            to_module(facts.of),
        )
    return to_learner(session, "hold-expired", event.enrolment_id, {EnrolmentState.EXPIRED}, say)


def held_for_guest(session: Session, event: enrolment.SeatHeldForGuest, now: datetime) -> list[Letter]:
    """Give who filled in an address the way to the seat that is kept; none when the link is used or the seat gone on."""
    facts, link = enrolment.enrolment(session, event.enrolment_id), accounts.link_for_letter(session, event.link_id, now=now)
    if facts is None or link is None or facts.state is not EnrolmentState.HELD or facts.until is None:
        return []
    until = facts.until

    def say() -> Said:
        title = title_of(facts.of)
        return Said(
            _("Maak je inschrijving af: %(title)s", title=title),
            (
                _("Er is een plek voor je apart gezet voor %(title)s, tot %(until)s.", title=title, until=moment_text(until)),
                _("Klik op de knop om je inschrijving af te maken. De link werkt één keer."),
            ),
            (*class_facts(facts.of), price_fact(facts.of)),
            (_("Maak je inschrijving af"), url_for("accounts.open_link", token=accounts.token_for(event.link_id), _external=True)),
            (_("Heb jij dit niet gevraagd? Dan hoef je niets te doen. De plek gaat vanzelf weer weg."),),
        )
    return [to_person(accounts.person(session, facts.person_id), "seat-held", facts.id, say)]


def news_wanted(session: Session, event: enrolment.NewsWanted, now: datetime) -> list[Letter]:
    """Tell who asked for news of a module that there is room in a class; none when one can not enrol in it any more."""
    of = catalogue.offerings_by_id(session, [event.offering_id]).get(event.offering_id)
    if of is None or not of.offering.is_open(now):
        return []

    def say() -> Said:
        title = title_of(of)
        return Said(
            _("Er is plek: %(title)s", title=title),
            (
                _("Je vroeg om bericht over %(title)s. Je kunt je nu inschrijven. Wie het eerst komt, heeft de plek.", title=title),
                _("Je krijgt hierover geen e-mail meer."),
            ),
            (*class_facts(of), price_fact(of), (_("Schrijf je in tot en met"), _last_day(of))),
            (_("Schrijf je in"), url_for("enrolment.enrol", code=of.offering.code, _external=True)),
        )
    person = accounts.people(session, [event.person_id]).get(event.person_id)
    return [] if person is None else [to_person(person, "news-wanted", f"{event.offering_id.hex}-{event.person_id.hex}", say)]


def _last_day(of: catalogue.OfferingOfModule) -> str:
    return day(max(period.closes_on for period in of.offering.periods)) if of.offering.periods else ""
