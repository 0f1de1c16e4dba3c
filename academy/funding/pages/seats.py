"""Finished values for who keeps money: whose seats are on which invoice."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from flask import url_for

from academy.funding.kinds import ShareState
from academy.funding.pages.sources import euros
from academy.funding.queries.pages_seats import SeatOnInvoice, SeatsOnInvoices
from academy.funding.queries.pages_sources import Keeper
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import short_day
from academy.kernel.money import FREE
from academy.kernel.translation import _

_TO_NEXT_MONTH: Final = timedelta(days=4)


def seats_values(there: Keeper, found: SeatsOnInvoices, *, today: date) -> dict[str, Any]:
    """Return both lists; what was sure before this month is invoiced within the hour, unless the address is missing."""
    first = today.replace(day=1)
    next_month = (today.replace(day=28) + _TO_NEXT_MONTH).replace(day=1)
    late = [one for one in found.coming if amsterdam_day(one.confirmed_at) < first]
    return {
        "coming": [_seat(there, one) for one in found.coming], "coming_total": _sum(found.coming), "on": short_day(next_month),
        "is_late": bool(late) and not found.has_details, "has_details": found.has_details,
        "invoiced": [_seat(there, one) for one in found.invoiced], "billing_url": url_for("invoices.billing", slug=there.slug),
    }


def _sum(seats: Iterable[SeatOnInvoice]) -> str:
    return euros(sum((one.amount - one.refunded for one in seats), FREE))


def _seat(there: Keeper, one: SeatOnInvoice) -> dict[str, Any]:
    return {
        "who": one.who or (_("Heeft geen account meer") if one.has_name else _("Zonder naam")), "what": one.what, "supplier": one.supplier, "from": short_day(one.delivered_from),
        "amount": euros(one.amount), "refunded": "" if one.refunded.is_zero else euros(one.refunded), "invoice": one.invoice,
        "state": {ShareState.PAID: _("Betaald"), ShareState.RECLAIMED: _("Teruggekregen")}.get(one.state, _("Op een factuur")),
        "look": {ShareState.PAID: "open", ShareState.RECLAIMED: "finished"}.get(one.state, "few"),
        "url": url_for("invoices.invoice", slug=there.slug, code=one.invoice) if one.invoice else "",
    }
