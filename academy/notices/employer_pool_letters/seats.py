"""Letters to somebody whose employer pays a seat: to take it with one click, and that it is taken back. Nothing that the employer typed goes along."""

from collections.abc import Callable
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.employers import api as employers
from academy.employers.api import GuestState
from academy.employers.errors import GuestNotFound
from academy.enrolment import api as enrolment
from academy.kernel.translation import _
from academy.kernel.web import writing_for
from academy.notices.enrolment_letters.shared import class_facts, title_of, to_module
from academy.notices.gateway import Letter
from academy.notices.message import Said, language_of, letter_saying


def invited(session: Session, event: employers.SeatInvited, now: datetime) -> list[Letter]:
    """Ask whether they take the seat; none when they answered, it was taken back, or the time is up."""
    def say(of: catalogue.OfferingOfModule, payer: str, guest: employers.GuestFacts) -> Said:
        title, url = title_of(of), url_for("seat_guests.answer", token=employers.guest_token_for(guest.id), _external=True)
        return Said(
            _("Herinnering: doe je mee met %(title)s?", title=title) if event.reminder else _("Je werkgever betaalt een plek voor je: %(title)s", title=title),
            (
                _("%(payer)s wil een plek voor je betalen bij %(title)s. Jij betaalt niets.", payer=payer, title=title),
                _("Klik op de knop en zeg of je meedoet. Je hoeft niet in te loggen."),
            ),
            (*class_facts(of), (_("Wie betaalt"), payer), (_("Antwoord uiterlijk"), enrolment.last_moment_words(guest.until))),
            (_("Zeg of je meedoet"), url),
            (_("Ken je deze organisatie niet? Dan hoef je niets te doen. Na die dag wissen we je e-mailadres."),),
        )
    return _to_guest(session, event, "seat-invited", say, GuestState.INVITED, version=str(event.reminder), now=now)


def cancelled(session: Session, event: employers.SeatCancelled, now: datetime) -> list[Letter]:
    """Tell that the seat is not theirs to take any more; none where nobody knows their address any more."""
    def say(of: catalogue.OfferingOfModule, payer: str, _guest: employers.GuestFacts) -> Said:
        title = title_of(of)
        return Said(
            _("De uitnodiging is ingetrokken: %(title)s", title=title),
            (_("%(payer)s heeft je uitnodiging voor %(title)s ingetrokken. Je hoeft niets te doen.", payer=payer, title=title),),
            link=to_module(of), after=(_("Klopt dit niet? Vraag het aan je werkgever."),),
        )
    return _to_guest(session, event, "seat-cancelled", say, GuestState.CANCELLED, version="", now=now)


def _to_guest(
    session: Session, event: employers.SeatInvited | employers.SeatCancelled, kind: str,
    say: Callable[[catalogue.OfferingOfModule, str, employers.GuestFacts], Said], state: GuestState, *, version: str, now: datetime,
) -> list[Letter]:
    """Return a letter to somebody in this state, in the language of who invited them; `version` tells letters of one kind to one person apart."""
    try:
        guest = employers.guest_by_id(session, event.guest_id)
    except GuestNotFound:
        return []
    if guest.state is not state or not guest.email or (state is GuestState.INVITED and now >= guest.until):
        return []
    of, payer, _payer_id = employers.offered_to(session, guest)
    with writing_for(language_of(guest.language)):
        return [letter_saying(say(of, payer, guest), kind, f"{guest.id}-{version}" if version else guest.id, guest.email, guest.language)]
