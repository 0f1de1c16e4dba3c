"""Public pages of programmes and providers, and the calendar file of an offering."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from academy.catalogue import queries
from academy.catalogue.pages import calendar as calendar_pages
from academy.catalogue.pages import programme as programme_pages
from academy.catalogue.pages import public as pages
from academy.catalogue.views.blueprint import blueprint
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.web import open_to_all, render, throttled


@blueprint.get("/programmes")
@open_to_all
def programmes() -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.programmes(session)
    return render(
        "catalogue/programmes.html",
        programmes=[pages.programme_card(programme) for programme in found],
        structured_data=pages.json_ld(pages.list_of_programmes(found)),
    )


@blueprint.get("/programmes/<slug>")
@open_to_all
def programme_page(slug: str) -> ResponseReturnValue:
    with database().reading() as session:
        page = queries.programme_page(session, slug)
    return render("catalogue/programme_page.html", programme=programme_pages.programme_values(page))


@blueprint.get("/providers")
@open_to_all
def providers() -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.providers(session)
    return render("catalogue/providers.html", providers=[pages.provider_values(provider) for provider in found])


@blueprint.get("/providers/<slug>")
@open_to_all
def provider_page(slug: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.provider_page(session, slug, page=request.args.get("page", 1, type=int))
        told = queries.told_of(session, found.provider.id, now=utc_now())
    return render("catalogue/provider_page.html", told=told, **pages.provider_page_values(found))


@blueprint.get("/offerings/<code>/calendar.ics")
@open_to_all
@throttled(a_minute=600)
def calendar(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.offering_for_calendar(session, code)
    answer = Response(calendar_pages.calendar(found, now=utc_now()), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.module_slug}-{found.offering.code.lower()}.ics"'
    return answer
