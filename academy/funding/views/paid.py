"""The programme office reads who paid what."""

from collections.abc import Sequence

from flask import Response
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.funding.pages import paid as pages
from academy.funding.queries.pages_dearer import dearer_with_money
from academy.funding.queries.pages_paid import Paid, paid_by_category
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, render, throttled

blueprint = localized_blueprint("paid", __name__)


def _found() -> Sequence[Paid]:
    with database().reading() as session:
        return paid_by_category(session, require_actor(), today=amsterdam_day(utc_now()), quarters=pages.QUARTERS)


@blueprint.get("/office/paid")
def paid() -> ResponseReturnValue:
    with database().reading() as session:
        dearer = dearer_with_money(session, require_actor(), now=utc_now())
    return render("funding/paid.html", paid=pages.paid_values(_found()), dearer=pages.dearer_values(dearer))


@blueprint.get("/office/paid.csv")
@throttled(a_minute=60)
def paid_file() -> ResponseReturnValue:
    answer = Response(pages.paid_file(_found()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="wie-betaalde-wat.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
