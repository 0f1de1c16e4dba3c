"""Finished values for the page of what a provider receives."""

from collections.abc import Iterable
from typing import Any, Final

from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import short_day
from academy.kernel.money import FREE, Money
from academy.kernel.translation import _, _l
from academy.payments.kinds import Booked, SendState
from academy.payments.pages.invoices import plain_amount
from academy.payments.queries.ledger import Statement
from academy.payments.queries.payouts import Totals, TransferFacts
from academy.payments.words import exact_money

_STATES: Final = {
    SendState.ASKED: (_l("Wacht"), "few"), SendState.SENT: (_l("Overgemaakt"), "open"), SendState.DONE: (_l("Overgemaakt"), "open"),
    SendState.FAILED: (_l("Niet gelukt, we kijken ernaar"), "cancelled"),
}
_BOOKED: Final = {
    Booked.SALE: _l("Verkocht"), Booked.SALE_REVERSED: _l("Verkoop teruggedraaid"), Booked.PAID: _l("Zelf ontvangen"),
    Booked.REFUNDED: _l("Terugbetaald"), Booked.FEE: _l("Bijdrage aan het platform"), Booked.FEE_REVERSED: _l("Bijdrage aan het platform terug"),
    Booked.TRANSFERRED: _l("Overgemaakt"), Booked.TRANSFER_REVERSED: _l("Teruggehaald"),
}


def numbers(totals: Totals, *, open_invoices: Money, owed: Money) -> list[tuple[str, str]]:
    """Return the four numbers at the top; `owed` is what the ledger says that the provider still gets, invoices that are open included."""
    return [
        (_("Overgemaakt"), exact_money(totals.sent)), (_("Wacht op overmaken"), exact_money(totals.waiting)),
        (_("Open facturen"), exact_money(open_invoices)), (_("Nog te krijgen, alles samen"), exact_money(owed)),
    ]


def transfer_row(found: TransferFacts) -> dict[str, Any]:
    """Return what is received of one payment."""
    label, state = _STATES[found.state]
    return {
        "what": found.description, "code": found.code, "on": short_day(amsterdam_day(found.at)), "paid": exact_money(found.paid),
        "fee": exact_money(found.fee), "amount": exact_money(found.amount), "reversed": "" if found.reversed == FREE else exact_money(found.reversed),
        "state_label": str(label), "state": state,
    }


def statement_heading() -> tuple[str, ...]:
    """Return the first line of the statement."""
    return (_("Datum"), _("Wat"), _("Kenmerk"), _("Erbij"), _("Eraf"), _("Tegoed daarna"))


def statement_rows(found: Statement) -> Iterable[tuple[str, ...]]:
    """Yield the statement of a provider: what it began with, each entry, and what it ended with. A credit there is what the provider gets."""
    yield ("", _("Begin"), "", "", "", plain_amount(-found.opening))
    for line in found.lines:
        more, less = ("", plain_amount(line.amount)) if line.amount > FREE else (plain_amount(-line.amount), "")
        yield (amsterdam_day(line.at).isoformat(), str(_BOOKED[line.kind]), line.note, more, less, plain_amount(-line.balance))
    yield ("", _("Einde"), "", "", "", plain_amount(-found.closing))
