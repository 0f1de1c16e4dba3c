"""What stands in the way of routes, and what learners plan: for providers and the programme office."""

from flask import Response
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, render, throttled
from academy.pathways.pages import blocked as blocked_pages
from academy.pathways.pages import planned as planned_pages
from academy.pathways.queries.blocked import BlockedRoutes, blocked_routes
from academy.pathways.queries.planned import planned_at

blueprint = localized_blueprint("pathways_demand", __name__)


def _found() -> BlockedRoutes:
    with database().reading() as session:
        return blocked_routes(session, require_actor(), now=utc_now())


@blueprint.get("/office/blocked-routes")
def blocked() -> ResponseReturnValue:
    return render("pathways/blocked.html", blocked=blocked_pages.blocked_values(_found()))


@blueprint.get("/office/blocked-routes.csv")
@throttled(a_minute=60)
def blocked_file() -> ResponseReturnValue:
    answer = Response(blocked_pages.blocked_file(_found()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="vastgelopen-routes.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/provider/<provider>/planned")
def planned(provider: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = planned_at(session, require_actor(), provider, now=utc_now())
    return render("pathways/planned.html", demand=planned_pages.demand_values(found))
