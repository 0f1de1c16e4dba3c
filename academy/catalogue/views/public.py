"""Public pages of programmes and providers."""

from flask.typing import ResponseReturnValue

from academy.catalogue import queries
from academy.catalogue.pages import public as pages
from academy.catalogue.views.blueprint import blueprint
from academy.kernel.db import database
from academy.kernel.web import open_to_all, render


@blueprint.get("/programmes")
@open_to_all
def programmes() -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.programmes(session)
    return render("catalogue/programmes.html", programmes=[pages.programme_card(programme) for programme in found])


@blueprint.get("/programmes/<slug>")
@open_to_all
def programme_page(slug: str) -> ResponseReturnValue:
    with database().reading() as session:
        page = queries.programme_page(session, slug)
    return render(
        "catalogue/programme_page.html",
        programme=pages.programme_values(page),
        periods=pages.period_values(page),
    )


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
        page = queries.provider_page(session, slug)
    return render(
        "catalogue/provider_page.html",
        provider=pages.provider_values(page.provider),
        modules=[pages.module_row(module) for module in page.modules],
        programmes=[pages.programme_card(programme) for programme in page.programmes],
    )
