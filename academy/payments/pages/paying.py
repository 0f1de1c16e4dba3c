"""What the pages of paying say: finished values."""

from datetime import datetime

from flask import url_for

from academy.accounts.api import OrganisationFacts
from academy.kernel import formats
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.translation import _
from academy.payments.facts import PaymentFacts
from academy.payments.kinds import PaymentState

_RUNNING = {PaymentState.OPEN, PaymentState.CLOSING}


def pay_values(
    paid: PaymentFacts, *, supplier: str, payer: OrganisationFacts | None, was_refused: bool, is_demo: bool, now: datetime,
) -> dict[str, object]:
    """Return the page on which somebody decides to pay."""
    return {
        "description": paid.description,
        "supplier": supplier,
        "amount": formats.money(paid.amount),
        "until": _until_words(paid.pay_until, now=now),
        "was_refused": was_refused,
        "is_demo": is_demo,
        "place": _place(payer),
    }


def returned_values(paid: PaymentFacts, *, payer: OrganisationFacts | None) -> dict[str, object]:
    """Return the page to which somebody comes back from the bank: how the payment stands here, whatever the bank's page said."""
    return {
        "description": paid.description,
        "amount": formats.money(paid.amount),
        "refunded": "" if paid.refunded.is_zero else formats.money(paid.refunded),
        "is_paid": paid.state is PaymentState.SETTLED,
        "is_waiting": paid.state in _RUNNING,
        "look_again_url": url_for("payments.returned", code=paid.code),
        "pay_url": url_for("payments.pay", code=paid.code) if paid.state is PaymentState.OPEN else "",
        "place": _place(payer),
    }


def _place(payer: OrganisationFacts | None) -> tuple[str, str]:
    """Return where somebody goes on from a payment, in words and as an address: an organisation pays invoices, a person what they learn."""
    if payer is not None:
        return _("Facturen"), url_for("invoices.bought", slug=payer.slug)
    return _("Mijn leren"), url_for("enrolment.my_learning")


def _until_words(until: datetime, *, now: datetime) -> str:
    time = _("%(time)s uur", time=formats.clock_text(until.astimezone(AMSTERDAM).time()))
    if amsterdam_day(until) == amsterdam_day(now):
        return time
    return _("%(day)s, %(time)s", day=formats.day(amsterdam_day(until)), time=time)
