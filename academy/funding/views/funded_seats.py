"""The page of who keeps money for learning: whose seats are on which invoice, and on the next."""

from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.funding.pages.seats import seats_values
from academy.funding.pages.sources import keeper_values
from academy.funding.queries import pages_seats as queries
from academy.funding.queries.pages_sources import keeper_for_changing
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("funded_seats", __name__)


@blueprint.get("/funding/<organisation>/seats")
def overview(organisation: str) -> ResponseReturnValue:
    with database().reading() as session:
        there = keeper_for_changing(session, require_actor(), organisation)
        found = queries.seats_on_invoices(session, there)
    return render("funding/funded_seats.html", keeper=keeper_values(there), seats=seats_values(there, found, today=amsterdam_day(utc_now())))
