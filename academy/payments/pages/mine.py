"""Finished values for the page of one's own payments."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import short_day
from academy.payments.facts import PaymentFacts
from academy.payments.kinds import PaymentState
from academy.payments.words import exact_money, method_word, payment_state

_RUNNING: Final = {PaymentState.OPEN, PaymentState.CLOSING}


def payment_row(found: PaymentFacts, suppliers: Mapping[UUID, str]) -> dict[str, Any]:
    """Return a payment as who pays it sees it in the list; `suppliers` are names."""
    label, state = payment_state(found)
    is_paid, is_running = found.state is PaymentState.SETTLED, found.state in _RUNNING
    return {
        "what": found.description, "supplier": suppliers[found.supplier_id], "on": short_day(amsterdam_day(found.settled_at or found.opened_at)),
        "amount": exact_money(found.amount), "method": method_word(found.method), "state_label": label, "state": state,
        "refunded": "" if found.refunded.is_zero else exact_money(found.refunded),
        "receipt_url": url_for("my_payments.receipt", code=found.code) if is_paid else "",
        "pay_url": url_for("payments.pay", code=found.code) if is_running else "",
    }
