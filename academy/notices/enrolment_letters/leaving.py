"""Letters to who leaves: cancelled, called off, withdrawn from the contract."""

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.enrolment import api as enrolment
from academy.enrolment.api import EnrolmentState
from academy.kernel.translation import _
from academy.notices.enrolment_letters.shared import (
    Facts,
    class_facts,
    code_fact,
    title_of,
    to_enrolment,
    to_learner,
    to_module,
    to_person,
)
from academy.notices.gateway import Letter
from academy.notices.message import Said


def cancelled(session: Session, event: enrolment.EnrolmentCancelled, _now: datetime) -> list[Letter]:
    """Say that the place was given back."""
    def say(facts: Facts) -> Said:
        title, dates = title_of(facts.of), catalogue.dates_words(facts.of.offering)
        return Said(
            _("Je inschrijving is geannuleerd: %(title)s", title=title),
            (
                _("Je bent niet meer ingeschreven voor %(title)s (%(dates)s). Je plek is weer vrij.", title=title, dates=dates),
                _("Wil je iets anders leren? Zoek dan verder."),
            ),
            link=(_("Zoek een module"), url_for("search.results", _external=True)),
        )
    return to_learner(session, "enrolment-cancelled", event.enrolment_id, {EnrolmentState.CANCELLED}, say)


def called_off(session: Session, event: enrolment.SeatWithdrawn, _now: datetime) -> list[Letter]:
    """Say that the provider called a class off, and why."""
    def say(facts: Facts) -> Said:
        title, dates, provider = title_of(facts.of), catalogue.dates_words(facts.of.offering), facts.of.provider_name
        reason = catalogue.cancel_reason(session, facts.of.offering.id)
        return Said(
            _("Je groep gaat niet door: %(title)s", title=title),
            (
                _(
                    "%(provider)s heeft %(title)s (%(dates)s) afgezegd. Je bent niet meer ingeschreven.",
                    provider=provider, title=title, dates=dates,
                ),
                *([_("“%(reason)s”", reason=reason)] if reason else []),
                _("Misschien is er een ander startmoment. Kijk bij de module."),
            ),
            link=to_module(facts.of),
        )
    return to_learner(session, "class-called-off", event.enrolment_id, {EnrolmentState.CANCELLED}, say)


def withdrawn(session: Session, event: enrolment.EnrolmentWithdrawn, now: datetime) -> list[Letter]:
    """Acknowledge a withdrawal on a durable medium: what was stated, and when to the second (Directive 2011/83/EU, art. 11a(4))."""
    facts = enrolment.enrolment(session, event.enrolment_id)
    if facts is None:
        return []
    contract = enrolment.contract_of(session, facts, now=now)
    at = contract.withdrawn_at
    if at is None:
        return []
    person = accounts.person(session, facts.person_id)

    def say() -> Said:
        title, moment = title_of(facts.of), enrolment.exact_moment(at)
        cost = enrolment.owed_words(price=contract.price, owed=contract.owed, held=contract.held, meetings=contract.meetings)
        return Said(
            _("Je hebt je overeenkomst herroepen: %(title)s", title=title),
            (
                _("Je hebt ons op %(moment)s laten weten dat je deze overeenkomst herroept. Deze e-mail is je bewijs. Bewaar hem.", moment=moment),
            ),
            (
                (_("Module"), title), *class_facts(facts.of)[:2], code_fact(facts.code), (_("E-mailadres"), person.email),
                (_("Herroepen op"), moment),
            ),
            after=(_("Je bent niet meer ingeschreven. Je plek is weer vrij."), *([cost] if cost else [])),
        )
    return [to_person(person, "enrolment-withdrawn", facts.id, say)]


def withdrawal_refused(session: Session, event: enrolment.WithdrawalRefused, now: datetime) -> list[Letter]:
    """Say why a contract can not be withdrawn from, and what one can do."""
    facts = enrolment.enrolment(session, event.enrolment_id)
    if facts is None or facts.state is EnrolmentState.WITHDRAWN:
        return []
    contract = enrolment.contract_of(session, facts, now=now)

    def say() -> Said:
        return Said(
            _("Je herroeping kan niet: %(title)s", title=title_of(facts.of)),
            (_("Je wilde deze overeenkomst herroepen. Dat kan niet."), *enrolment.why_not_words(contract.right, contract.until)),
            (code_fact(facts.code),),
            to_enrolment(facts),
        )
    return [to_person(accounts.person(session, facts.person_id), "withdrawal-refused", facts.id, say)]
