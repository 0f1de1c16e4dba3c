"""The desk of a firm: what it has, what is to be done, its people, its seats and its questions. Only for who acts for it."""

from flask import Response
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.employers.pages import demands as demand_pages
from academy.employers.pages import desk as pages
from academy.employers.pages import request_lists
from academy.employers.pages.seats import firm_values
from academy.employers.queries import desk as queries
from academy.employers.queries.guests import blocks_of_firm, firm_to_act_for
from academy.employers.queries.matching import pools_joined
from academy.employers.queries.request_pages import requests_of_firm
from academy.kernel.clock import utc_now
from academy.kernel.csv_file import as_csv
from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, render, throttled

blueprint = localized_blueprint("desk", __name__)


@blueprint.get("/employer/<organisation>")
def home(organisation: str) -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        found = queries.desk_of(session, require_actor(), organisation, now=now)
        progress = queries.progress_in(session, found.firm, found.blocks)
        requests = requests_of_firm(session, found.firm, now=now)
    return render("employers/desk.html", **pages.desk_values(found, progress, requests, now=now))


@blueprint.get("/employer/<organisation>/people")
def people(organisation: str) -> ResponseReturnValue:
    with database().reading() as session:
        firm = firm_to_act_for(session, require_actor(), organisation)
        blocks = blocks_of_firm(session, firm)
        progress = queries.progress_in(session, firm, blocks)
    return render("employers/people.html", **pages.people_values(firm, blocks, progress, now=utc_now()))


@blueprint.get("/employer/<organisation>/people.csv")
@throttled(a_minute=60)
def people_csv(organisation: str) -> ResponseReturnValue:
    with database().reading() as session:
        firm = firm_to_act_for(session, require_actor(), organisation)
        blocks = blocks_of_firm(session, firm)
        progress = queries.progress_in(session, firm, blocks)
    rows = [pages.people_line(row) for row in pages.people_values(firm, blocks, progress, now=utc_now())["people"]]
    answer = Response(as_csv(pages.people_heading(), rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{firm.slug}-people.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/employer/<organisation>/seats")
def seats(organisation: str) -> ResponseReturnValue:
    with database().reading() as session:
        firm = firm_to_act_for(session, require_actor(), organisation)
        blocks = blocks_of_firm(session, firm)
    return render("employers/seats.html", **pages.seats_values(firm, blocks, now=utc_now()))


@blueprint.get("/employer/<organisation>/demand")
def demand(organisation: str) -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        firm, found = queries.demands_of_firm(session, require_actor(), organisation)
        joined, requests = pools_joined(session, [each.id for each in found]), requests_of_firm(session, firm, now=now)
    return render(
        "employers/demand.html", firm=firm_values(firm), demands=demand_pages.list_values(found, joined), requests=request_lists.firm_values(requests, now=now),
    )
