"""The home page and the page of results: drawn from the index alone."""

from flask import request
from flask.typing import ResponseReturnValue

from academy.kernel.translation import reading_language
from academy.kernel.web import localized_blueprint, open_to_all, render
from academy.search import forms, pages, queries, service

blueprint = localized_blueprint("search", __name__)


@blueprint.get("/")
@open_to_all
def home() -> ResponseReturnValue:
    front = queries.front(service.engine(), reading_language())
    return render("search/home.html", **pages.home_values(front))


@blueprint.get("/search")
@open_to_all
def results() -> ResponseReturnValue:
    engine, form = service.engine(), forms.read_address(request.args)
    found = queries.search(engine, form.query(reading_language()))
    return render("search/results.html", form=form, page=pages.search_view(engine, form, found))
