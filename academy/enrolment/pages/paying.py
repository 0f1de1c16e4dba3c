"""Finished values of what a seat costs: who pays what, the VAT in it, and how the learner's own payment stands."""

from datetime import datetime
from typing import Any, Final

from flask import url_for

from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.queries import EnrolmentFacts
from academy.enrolment.queries.paying import PaidSeat
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.figures import Rectangle, bar
from academy.kernel.formats import in_current_language, moment_text, money, short_day
from academy.kernel.money import FREE, Money
from academy.kernel.translation import _
from academy.payments.api import PaymentState

_LOOKS: Final = 3  # of the parts of others; more are seldom, and the lines tell them apart


def quote_values(quote: funding.Quote) -> dict[str, Any]:
    """Return who would pay what of a seat, in lines of (source, how much, what it hangs on, which part of the bar), and what remains for the learner."""
    looks = [str(place % _LOOKS) for place in range(len(quote.parts))]
    return {
        "lines": [(in_current_language(part.source_name), money(part.amount), _condition(part), look) for part, look in zip(quote.parts, looks, strict=True)],
        "own_line": (_("Jij"), _own_words(quote.own), "", "you"),
        "bar": _bar([*((look, part.amount) for part, look in zip(quote.parts, looks, strict=True)), ("you", quote.own)]) if quote.parts else (),
        "price": money(quote.price), "own": _own_words(quote.own), "is_free_for_me": quote.own.is_zero,
        "has_others": bool(quote.parts), "vat": vat_line(quote.vat), "asks_approval": any(part.needs_approval for part in quote.parts),
    }


def _bar(parts: list[tuple[str, Money]]) -> tuple[Rectangle, ...]:
    return bar([(look, amount.cents) for look, amount in parts], sum(amount.cents for _look, amount in parts))


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
        "employer": None if seat.ask is None else _employer_values(seat.ask, facts),
    }


def _employer_values(ask: funding.AskFacts, facts: EnrolmentFacts) -> dict[str, Any]:
    """Return how it stands with the employer whom the learner asked, and what they can do about it."""
    is_waiting = facts.waits_for is WaitsFor.EMPLOYER and ask.own_until is not None
    return {
        "words": _employer_words(ask, is_waiting=is_waiting), "reason": ask.reason, "own": money(ask.own), "own_cents": ask.own.cents,
        "until": moment_text(ask.own_until) if is_waiting and ask.own_until else "", "asks_me": is_waiting and ask.waits_for_learner,
        "pay_url": url_for("enrolment.pay_myself", code=facts.code) if is_waiting else "", "payers_url": url_for("situation.who_pays"),
    }


def _employer_words(ask: funding.AskFacts, *, is_waiting: bool) -> str:
    """Return what was asked and answered."""
    asked_on = short_day(amsterdam_day(ask.asked_at))
    match ask.state:
        case funding.AskState.APPROVED:
            return _("Je werkgever betaalt %(amount)s.", amount=money(ask.amount or FREE))
        case funding.AskState.PART:
            return _("Je werkgever betaalt %(amount)s. De rest is voor jou.", amount=money(ask.amount or FREE))
        case funding.AskState.REFUSED:
            return _("Je werkgever betaalt niet mee.")
        case funding.AskState.WITHDRAWN:
            return _("Je vroeg je werkgever op %(day)s. Daarna koos je om zelf te betalen.", day=asked_on)
        case _ if is_waiting:
            return _("We vroegen het je werkgever op %(day)s. Je hoort het per e-mail. Na 2 en na 5 dagen sturen we een herinnering.", day=asked_on)
        case _:
            return _("We vroegen het je werkgever op %(day)s. Er kwam geen antwoord.", day=asked_on)


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
