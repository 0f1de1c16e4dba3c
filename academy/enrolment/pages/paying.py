"""Finished values of what a seat costs: who pays what, the VAT in it, and how the learner's own payment stands."""

from datetime import datetime
from typing import Any

from flask import url_for

from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.queries import EnrolmentFacts
from academy.enrolment.queries.paying import PaidSeat
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import in_current_language, money, short_day
from academy.kernel.money import Money
from academy.kernel.translation import _
from academy.payments.api import PaymentState


def quote_values(quote: funding.Quote) -> dict[str, Any]:
    """Return who would pay what of a seat, in lines of (source, how much, what it hangs on), and what remains for the learner."""
    return {
        "lines": [(in_current_language(part.source_name), money(part.amount), _condition(part)) for part in quote.parts],
        "price": money(quote.price), "own": _own_words(quote.own), "is_free_for_me": quote.own.is_zero,
        "has_others": bool(quote.parts), "vat": vat_line(quote.vat), "asks_approval": any(part.needs_approval for part in quote.parts),
    }


def _own_words(own: Money) -> str:
    return _("niets") if own.is_zero else money(own)


def _condition(part: funding.Part) -> str:
    """Return what has to happen before a source pays, and who pays when it does not."""
    if not part.needs_approval:
        return ""
    otherwise = {
        funding.Fallback.LEARNER: _("Betalen ze niet? Dan betaal jij dit deel, als je dan nog wilt."),
        funding.Fallback.EMPLOYER: _("Betalen ze niet? Dan betaalt je werkgever dit deel."),
        funding.Fallback.NOBODY: _("Betalen ze niet? Dan vervalt je plek. Je betaalt niets."),
    }[part.fallback]
    asked = [_("Ze moeten het nog goedkeuren."), *([_("Ze willen zien: %(evidence)s.", evidence=", ".join(part.evidence))] if part.evidence else [])]
    return " ".join([*asked, otherwise])


def vat_line(vat: funding.VatDecision | None) -> str:
    """Return the VAT that is in a price, and why: consumers see prices with VAT, and what part of it that is; "" where nobody decided it yet."""
    if vat is None:
        return ""
    reason = funding.reason_words(vat.reason)
    if vat.amount.is_zero:
        return _("Vrij van btw. %(reason)s", reason=reason)
    return _("Daarin zit %(amount)s btw (%(rate)s). %(reason)s", amount=money(vat.amount), rate=funding.percentage_text(vat.rate), reason=reason)


def paid_values(seat: PaidSeat, facts: EnrolmentFacts) -> dict[str, Any]:
    """Return what the page of an enrolment shows of its money; `lines` are empty where there is nothing to show."""
    split, payment = seat.split, seat.payment
    shares = () if split is None else split.shares
    return {
        "lines": [_share_line(share) for share in shares if share.state is not funding.ShareState.RELEASED],
        "vat": "" if split is None else vat_line(split.vat),
        "state": "" if payment is None else _payment_words(payment.state, payment.settled_at, payment.amount, payment.refunded, facts),
        "receipt_url": url_for("payments.pay", code=payment.code) if payment is not None and payment.state is PaymentState.SETTLED else "",
    }


def _share_line(share: funding.ShareFacts) -> tuple[str, str, str]:
    who = _("Jij") if share.organisation_id is None else in_current_language(share.source_name)
    return who, money(share.amount), funding.state_word(share.state)


def _payment_words(state: PaymentState, settled_at: datetime | None, amount: Money, refunded: Money, facts: EnrolmentFacts) -> str:
    """Return how the learner's own payment stands."""
    if settled_at is not None and not refunded.is_zero:
        return _("Je betaalde %(amount)s. Daarvan krijg je %(refunded)s terug.", amount=money(amount), refunded=money(refunded))
    if settled_at is not None:
        return _("Betaald op %(day)s: %(amount)s.", day=short_day(amsterdam_day(settled_at)), amount=money(amount))
    if state is PaymentState.CLOSING and facts.state is EnrolmentState.HELD:
        return _("We vragen je bank of je hebt betaald. Dat duurt meestal minder dan een minuut.")
    return _("Je hebt nog niet betaald.") if state is PaymentState.OPEN else ""
