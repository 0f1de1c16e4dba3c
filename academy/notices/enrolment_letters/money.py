"""Letters about money: to be paid, asked of who pays along, refused by them, paid, given back, on an invoice."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.enrolment import api as enrolment
from academy.enrolment.api import EnrolmentState, WaitsFor
from academy.funding import api as funding
from academy.kernel.formats import in_current_language, moment_text, money, short_day
from academy.kernel.translation import _, _l, ngettext
from academy.notices.enrolment_letters.employers import invoice_by_letter
from academy.notices.enrolment_letters.shared import (
    Facts,
    class_facts,
    code_fact,
    contact_facts,
    price_fact,
    title_of,
    to_enrolment,
    to_learner,
    to_person,
    to_withdrawing,
)
from academy.notices.gateway import Letter
from academy.notices.message import Said
from academy.payments import api as payments

# Who says yes to a share, and who gets the invoices, at an organisation that pays.
_APPROVERS: Final = (Role.OWNER, Role.APPROVER, Role.FUND_MANAGER, Role.OFFICE)
_BUYERS: Final = (Role.OWNER, Role.BUYER, Role.FUND_MANAGER, Role.OFFICE)
_PAYS_INSTEAD: Final = {
    funding.Fallback.LEARNER: _l("Zoals afgesproken betaal je dit deel nu zelf, als je nog wilt. Wil je dat niet? Geef je plek dan terug. Dat kost niets."),
    funding.Fallback.EMPLOYER: _l("Zoals afgesproken betaalt je werkgever dit deel nu."),
    funding.Fallback.NOBODY: _l("Zoals afgesproken vervalt je plek. Je betaalt niets."),
}


def payment_promised(session: Session, event: enrolment.PaymentPromised, _now: datetime) -> list[Letter]:
    """Say what is to be paid, where, and until when the seat is kept for it; none when it is paid."""
    def say(facts: Facts) -> Said | None:
        if facts.waits_for is not WaitsFor.PAYMENT or facts.until is None:
            return None
        if facts.is_paid_elsewhere:
            return _to_be_paid_there(session, facts, facts.until)
        payment = enrolment.payment_to_make(session, facts)
        return None if payment is None else _to_be_paid(facts, payment, facts.until)
    return to_learner(session, "payment-promised", event.enrolment_id, {EnrolmentState.HELD}, say)


def _to_be_paid(facts: Facts, payment: payments.PaymentFacts, until: datetime) -> Said:
    return Said(
        _("Betaal om je plek zeker te maken: %(title)s", title=title_of(facts.of)),
        (_kept_words(facts, until),),
        ((_("Jij betaalt"), money(payment.amount)), *class_facts(facts.of), code_fact(facts.code)),
        (_("Betaal nu"), url_for("payments.pay", code=payment.code, _external=True)),
        (_("Bedenk je je? Je kunt je plek zonder reden teruggeven."),),
        to_withdrawing(facts),
    )


def _to_be_paid_there(session: Session, facts: Facts, until: datetime) -> Said:
    title = title_of(facts.of)
    return Said(
        _("Je plek is zeker als hij is betaald: %(title)s", title=title),
        (
            _("Je hebt een plek voor %(title)s. Wie je plek regelde, betaalt bij de aanbieder.", title=title),
            _kept_words(facts, until),
        ),
        (price_fact(facts.of), *contact_facts(session, facts.of), *class_facts(facts.of)[1:], code_fact(facts.code)),
        to_enrolment(facts),
        (_("Bedenk je je? Je kunt je plek zonder reden teruggeven."),),
        None if facts.is_business else to_withdrawing(facts),
    )


def _kept_words(facts: Facts, until: datetime) -> str:
    return _(
        "We houden je plek voor %(title)s vast tot %(until)s. Is er dan niet betaald? Dan gaat je plek naar iemand anders.",
        title=title_of(facts.of), until=moment_text(until),
    )


def share_asked(session: Session, event: funding.ShareAsked, _now: datetime) -> list[Letter]:
    """Ask who approves for a source to answer; nothing of who the learner is goes along: that stands behind signing in."""
    found = funding.share_for_letter(session, event.share_id)
    if found is None or found.share.approve_until is None:
        return []
    amount, until, slug = found.share.amount, found.share.approve_until, accounts.organisation(session, found.owner_id).slug

    def say() -> Said:
        return Said(
            _("Betalen jullie mee? %(title)s", title=found.description),
            (
                _("Iemand wil %(title)s volgen en vraagt of jullie meebetalen.", title=found.description),
                _("Antwoord voor %(until)s. Zo lang houden we de plek vast.", until=moment_text(until)),
            ),
            (
                (_("Regeling"), in_current_language(found.share.source_name)), (_("Jullie deel"), money(amount)), (_("De prijs"), money(found.price)),
                (_("Van"), short_day(found.delivered_from)), (_("Tot en met"), short_day(found.delivered_until)),
            ),
            (_("Bekijk en beslis"), url_for("approving.asked", organisation=slug, _external=True)),
        )
    return _to_each(session, _APPROVERS, found.owner_id, kind="share-asked", about=event.share_id.hex, say=say)


def share_refused(session: Session, event: funding.ShareRefused, _now: datetime) -> list[Letter]:
    """Tell the learner that a source does not pay, and who pays now, as was agreed."""
    found = funding.share_for_letter(session, event.share_id)
    facts = None if found is None else enrolment.enrolment(session, found.share.seat_id)
    if found is None or facts is None:
        return []
    instead, reason = _PAYS_INSTEAD[found.share.fallback or funding.Fallback.LEARNER], funding.refusal_of(session, event.share_id)

    def say() -> Said:
        source = in_current_language(found.share.source_name)
        return Said(
            _("%(source)s betaalt niet mee: %(title)s", source=source, title=title_of(facts.of)),
            (
                _("%(source)s betaalt %(amount)s niet.", source=source, amount=money(found.share.amount)),
                *([_("“%(reason)s”", reason=reason)] if reason else []),
                str(instead),
            ),
            (*class_facts(facts.of), code_fact(facts.code)),
            to_enrolment(facts),
        )
    return [to_person(accounts.person(session, facts.person_id), "share-refused", event.share_id, say)]


def paid(session: Session, event: payments.PaymentSettled, _now: datetime) -> list[Letter]:
    """Acknowledge a payment: the receipt, with the page on which it stays."""
    found = payments.payment(session, event.payment_id)
    if found is None or found.settled_at is None:
        return []
    at, supplier = found.settled_at, accounts.organisation(session, found.supplier_id).name

    def say() -> Said:
        return Said(
            _("Betaald: %(what)s", what=found.description),
            (_("We hebben je betaling ontvangen. Deze e-mail is je bewijs van betaling. Bewaar hem."),),
            (
                (_("Bedrag"), money(found.amount)), (_("Voor"), found.description), (_("Aan"), supplier), (_("Betaald op"), moment_text(at)),
                (_("Nummer van de betaling"), found.code),
            ),
            (_("Bekijk je betaling"), url_for("payments.pay", code=found.code, _external=True)),
        )
    return _to_payer(session, found.payer, "paid", event.payment_id.hex, say)


def refunded(session: Session, event: payments.RefundDone, _now: datetime) -> list[Letter]:
    """Say that money went back to the account that it came from."""
    refund = payments.refund(session, event.refund_id)
    found = None if refund is None else payments.payment(session, refund.payment_id)
    if refund is None or found is None:
        return []

    def say() -> Said:
        return Said(
            _("Je krijgt geld terug: %(what)s", what=found.description),
            (_("We hebben %(amount)s teruggestuurd naar de rekening waarmee je betaalde. Het kan een paar dagen duren.", amount=money(refund.amount)),),
            ((_("Terug"), money(refund.amount)), (_("Betaald"), money(found.amount)), (_("Nummer van de betaling"), found.code)),
            (_("Bekijk je betaling"), url_for("payments.pay", code=found.code, _external=True)),
        )
    return _to_payer(session, found.payer, "refunded", event.refund_id.hex, say)


def refund_failed(session: Session, event: payments.RefundFailed, _now: datetime) -> list[Letter]:
    """Ask the programme office to look at money that could not go back; of whose it is only the number goes along."""
    refund = payments.refund(session, event.refund_id)
    found = None if refund is None else payments.payment(session, refund.payment_id)
    if refund is None or found is None:
        return []

    def say() -> Said:
        return Said(
            _("Terugbetalen is niet gelukt: %(code)s", code=found.code),
            (
                _("De betaaldienst kon %(amount)s niet terugsturen. De betaler heeft er recht op, binnen 14 dagen.", amount=money(refund.amount)),
                _("Probeer het opnieuw bij “Geld om na te kijken”. Lukt het weer niet, betaal het dan op een andere manier terug."),
            ),
            ((_("Nummer van de betaling"), found.code), (_("Wat de betaaldienst zegt"), refund.problem)),
        )
    return [
        to_person(person, "refund-failed", f"{event.refund_id.hex}-{person.id.hex}", say) for person in accounts.people_in_role(session, Role.OFFICE)
    ]


def attention_needed(session: Session, event: payments.AttentionNeeded, _now: datetime) -> list[Letter]:
    """Ask the programme office to look at money that is not right; only how much there is of it goes along. None when all is seen to by now."""
    number = payments.count_open(session)
    if not number:
        return []

    def say() -> Said:
        return Said(
            _("Er is geld om na te kijken"),
            (
                ngettext("Bij %(num)s betaling klopt iets niet.", "Bij %(num)s betalingen klopt iets niet.", number),
                _("Kijk wat er is gebeurd en los het op. Wie te veel betaalde wacht op zijn geld."),
            ),
            (),
            (_("Geld om na te kijken"), url_for("attention.overview", _external=True)),
        )
    return [
        to_person(person, "money-to-check", f"{event.day}-{person.id.hex}", say) for person in accounts.people_in_role(session, Role.OFFICE)
    ]


def invoice_issued(session: Session, event: payments.InvoiceIssued, _now: datetime) -> list[Letter]:
    """Tell a buyer of an invoice or credit note and where it lies; nothing is attached, for it names people."""
    found = payments.invoices(session, [event.invoice_id]).get(event.invoice_id)
    if found is None:
        return []
    is_credit, buyer = found.kind is payments.InvoiceKind.CREDIT_NOTE, found.buyer.organisation_id
    if buyer is None:
        return []  # a person has a receipt of each payment
    slug = accounts.organisation(session, buyer).slug

    def say() -> Said:
        what = _("Creditfactuur %(code)s van %(name)s", code=found.code, name=found.supplier_name) if is_credit else _(
            "Factuur %(code)s van %(name)s", code=found.code, name=found.supplier_name,
        )
        return Said(
            what,
            (_("Er ligt een creditfactuur voor je klaar.") if is_credit else _("Er ligt een factuur voor je klaar."),),
            (
                (_("Nummer"), found.code), (_("Bedrag met btw"), money(found.gross)), (_("Btw"), money(found.vat)), (_("Datum"), short_day(found.issued_on)),
                (_("Betalen voor"), "" if is_credit else short_day(found.due_on)), (_("Hoort bij factuur"), found.credits_code),
            ),
            (_("Bekijk de factuur"), url_for("invoices.invoice", slug=slug, code=found.code, _external=True)),
        )
    told = _to_each(session, _BUYERS, buyer, kind="invoice-issued", about=event.invoice_id.hex, say=say)
    return told or invoice_by_letter(session, found)


def _to_payer(session: Session, payer: payments.Payer, kind: str, about: str, say: Callable[[], Said]) -> list[Letter]:
    """Return a letter to the person who pays, or to each who buys for the organisation that does."""
    if payer.organisation_id is not None:
        return _to_each(session, _BUYERS, payer.organisation_id, kind=kind, about=about, say=say)
    found = None if payer.person_id is None else accounts.people(session, [payer.person_id]).get(payer.person_id)
    return [] if found is None else [to_person(found, kind, about, say)]


def _to_each(session: Session, roles: tuple[Role, ...], organisation_id: UUID, *, kind: str, about: str, say: Callable[[], Said]) -> list[Letter]:
    readers = accounts.people_in_role(session, *roles, organisation_id=organisation_id)
    return [to_person(person, kind, f"{about}-{person.id.hex}", say) for person in readers]
