"""Letters about an employer that is asked by mail: to it, twice again as a reminder, and to the learner what it answered."""

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.enrolment import api as enrolment
from academy.funding import api as funding
from academy.funding.api import AskState
from academy.kernel.formats import moment_text, money, short_day
from academy.kernel.money import FREE
from academy.kernel.translation import _
from academy.kernel.web import writing_for
from academy.notices.enrolment_letters.shared import class_facts, code_fact, title_of, to_enrolment, to_person
from academy.notices.gateway import Letter
from academy.notices.message import Said, language_of, letter_saying
from academy.payments import api as payments


def employer_asked(session: Session, event: funding.EmployerAsked, now: datetime) -> list[Letter]:
    """Ask an employer to decide, or remind it; none when it has, or can not any more.

    Of who asks, only the masked address of their account goes along, and nothing that they typed: that stands behind the link.
    """
    found = _found(session, event)
    person = None if found is None else accounts.people(session, [found.person_id]).get(found.person_id)
    if found is None or person is None or not found.is_open(now) or found.own_until is None:
        return []
    with writing_for(language_of(found.language)):
        title, until = found.description, moment_text(found.own_until)
        said = Said(
            _("Herinnering: betalen jullie mee? %(title)s", title=title) if event.reminder else _("Betaal je mee? %(title)s", title=title),
            (
                _("Iemand met het e-mailadres %(address)s wil %(title)s volgen, en vraagt je als werkgever om te betalen.",
                  address=accounts.masked(person.email), title=title),
                _("Kies: alles, een deel of niets. Je hoeft niet in te loggen. Antwoord voor %(until)s. Zo lang houden we de plek vast.", until=until),
            ),
            (
                (_("Aan jullie gevraagd"), money(found.own)), (_("De prijs"), money(found.price)), (_("Anderen betalen"), money(found.others) if found.others > FREE else ""),
                (_("Van"), short_day(found.delivered_from)), (_("Tot en met"), short_day(found.delivered_until)),
            ),
            (_("Bekijk en beslis"), url_for("by_letter.answer", token=funding.ask_token_for(found.id), _external=True)),
            (_("Ken je deze persoon niet? Dan hoef je niets te doen: zonder ja betaal je niets."),),
        )
        return [letter_saying(said, "employer-asked", f"{found.id.hex}-{event.reminder}", found.email, found.language)]


def _found(session: Session, event: funding.EmployerAsked) -> funding.AskFacts | None:
    try:
        return funding.ask(session, event.ask_id)
    except funding.AskGone:  # erased meanwhile
        return None


def employer_answered(session: Session, event: funding.EmployerAnswered, _now: datetime) -> list[Letter]:
    """Tell the learner what their employer answered, and what they can do now."""
    try:
        found = funding.ask(session, event.ask_id)
    except funding.AskGone:
        return []
    facts = enrolment.enrolment(session, found.seat_id)
    if facts is None:
        return []

    def say() -> Said:
        title = title_of(facts.of)
        heading, sentences = _answer_words(found, title)
        return Said(heading, sentences, (*class_facts(facts.of), code_fact(facts.code)), to_enrolment(facts))
    return [to_person(accounts.person(session, found.person_id), "employer-answered", event.ask_id, say)]


def _answer_words(found: funding.AskFacts, title: str) -> tuple[str, tuple[str, ...]]:
    paid, left = money(found.amount or FREE), money(found.own)
    until = moment_text(found.own_until) if found.own_until else ""
    if found.state is AskState.APPROVED:
        return _("Je werkgever betaalt: %(title)s", title=title), (_("Je werkgever betaalt %(amount)s. Jij betaalt niets.", amount=paid),)
    agree = _("Wil je dat? Zeg het voor %(until)s bij je inschrijving. Anders vervalt je plek en betaal je niets.", until=until) if until else ""
    if found.state is AskState.PART:
        words = _("Je werkgever betaalt %(amount)s. Er blijft %(left)s over voor jou.", amount=paid, left=left) if until else _(
            "Je werkgever betaalt %(amount)s.", amount=paid,
        )
        return _("Je werkgever betaalt een deel: %(title)s", title=title), tuple(each for each in (words, agree) if each)
    return _("Je werkgever betaalt niet: %(title)s", title=title), tuple(each for each in (
        _("Je werkgever betaalt niet mee. De uitleg lees je bij je inschrijving."),
        _("Je kunt %(left)s zelf betalen.", left=left) if until else "", agree,
        _("Kijk ook bij “Wie betaalt mee?” of een fonds of je gemeente je helpt."),
    ) if each)


def invoice_by_letter(session: Session, invoice: payments.InvoiceFacts) -> list[Letter]:
    """Tell who agreed by letter, for a firm for which nobody has an account, of its invoice: it lies behind the same link. One letter per mailbox."""
    agreed = {one.email: one for one in funding.approvals_of(session, [invoice.id])}
    return [_invoice_letter(invoice, one) for one in agreed.values()]


def _invoice_letter(invoice: payments.InvoiceFacts, found: funding.AskFacts) -> Letter:
    with writing_for(language_of(found.language)):
        said = Said(
            _("Factuur %(code)s van %(name)s", code=invoice.code, name=invoice.supplier_name),
            (_("Je zei ja tegen betalen voor een plek. Er ligt een factuur voor je klaar."),),
            (
                (_("Voor"), found.description), (_("Nummer"), invoice.code), (_("Bedrag met btw"), money(invoice.gross)),
                (_("Betalen voor"), short_day(invoice.due_on)),
            ),
            (_("Bekijk de factuur"), url_for("by_letter.answer", token=funding.ask_token_for(found.id), _external=True)),
        )
        return letter_saying(said, "invoice-by-letter", f"{invoice.id.hex}-{found.id.hex}", found.email, found.language)
