"""The home page and the page of results: drawn from the index alone, from the database when there is none."""

from flask import request
from flask.typing import ResponseReturnValue

from academy.kernel.clock import utc_now
from academy.kernel.translation import reading_language
from academy.kernel.web import localized_blueprint, open_to_all, render
from academy.search import forms, pages, service

blueprint = localized_blueprint("search", __name__)


@blueprint.get("/")
@open_to_all
def home() -> ResponseReturnValue:
    front = service.front(reading_language())
    return render("search/home.html", **pages.home_values(front))


@blueprint.get("/modules/<slug>/similar")
@open_to_all
def similar(slug: str) -> ResponseReturnValue:
    found = service.similar(slug, reading_language())
    return render("search/similar.html", **pages.similar_values(slug, found))


@blueprint.get("/search")
@open_to_all
def results() -> ResponseReturnValue:
    form = forms.read_address(request.args)
    found = service.find(form.query(reading_language()), now=utc_now())
    return render("search/results.html", form=form, page=pages.search_view(service.engine(), form, found))
