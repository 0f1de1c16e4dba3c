"""Pages of what a provider receives: what was sent on to it, and its statement from the ledger."""

from datetime import UTC, date, datetime, time
from typing import Final

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import AMSTERDAM, amsterdam_day, utc_now
from academy.kernel.csv_file import as_csv
from academy.kernel.db import database
from academy.kernel.money import FREE
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render, throttled
from academy.payments import rules
from academy.payments.pages import payouts as pages
from academy.payments.queries import invoices, ledger, payouts, visits
from academy.payments.service.booking import account_id
from academy.payments.views.files import CSV, as_attachment

blueprint = localized_blueprint("payouts", __name__)

_FIRST_YEAR: Final = 2026  # the platform took no money before
_MOST_LINES: Final = 100_000  # of a year's statement


def _year() -> int:
    """Return the year that is asked for; the present one where it is none of ours."""
    now = amsterdam_day(utc_now()).year
    asked = request.args.get("year", type=int)
    return asked if asked is not None and _FIRST_YEAR <= asked <= now else now


def _bounds(year: int) -> tuple[datetime, datetime]:
    first, next_first = (datetime.combine(date(one, 1, 1), time(), AMSTERDAM).astimezone(UTC) for one in (year, year + 1))
    return first, next_first


@blueprint.get("/providers/<slug>/payouts")
def overview(slug: str) -> ResponseReturnValue:
    year = _year()
    since, until = _bounds(year)
    with database().reading() as session:
        there = visits.earning_provider(session, require_actor(), slug)
        is_ready = visits.payout_readiness(session, there.organisation_id)
        found = payouts.transfers_of(session, there.organisation_id, since=since, until=until)
        totals = payouts.transfer_totals(session, there.organisation_id)
        owed = -ledger.balance(session, account_id(rules.provider_account(there.organisation_id)))
        open_invoices = sum((one.open for one in invoices.sold(session, there.organisation_id)), FREE)
    years = range(amsterdam_day(utc_now()).year, _FIRST_YEAR - 1, -1)
    return render(
        "payments/payouts.html", organisation=there, is_ready=is_ready, numbers=pages.numbers(totals, open_invoices=open_invoices, owed=owed),
        transfers=[pages.transfer_row(one) for one in found], year=year, csv_url=url_for("payouts.statement", slug=slug, year=year),
        years=[{"label": str(one), "url": url_for("payouts.overview", slug=slug, year=one), "is_current": one == year} for one in years],
    )


@blueprint.get("/providers/<slug>/payouts.csv")
@throttled(a_minute=60)
def statement(slug: str) -> Response:
    year = _year()
    since, until = _bounds(year)
    with database().reading() as session:
        there = visits.earning_provider(session, require_actor(), slug)
        account = account_id(rules.provider_account(there.organisation_id))
        found = ledger.statement(session, account, since=since, until=until, most=_MOST_LINES)
    name = _("afschrift")
    return as_attachment(as_csv(pages.statement_heading(), pages.statement_rows(found)), filename=f"{name}-{year}.csv", media_type=CSV)
