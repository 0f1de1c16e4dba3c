"""The page of an occupation: drawn from the two indexes alone."""

from flask import redirect
from flask.typing import ResponseReturnValue

from academy.kernel.clock import utc_now
from academy.kernel.errors import NotFound
from academy.kernel.translation import reading_language
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.search import occupations, service
from academy.search.pages import occupations as pages

blueprint = localized_blueprint("occupations", __name__)


@blueprint.get("/occupations/<slug>")
@open_to_all
@throttled(a_minute=1_200)
def occupation_page(slug: str) -> ResponseReturnValue:
    """Answer with an occupation; a former name leads to its present one. Raises NotFound and OccupationsAway."""
    language = reading_language()
    card = occupations.occupation_at(slug, language)
    if card is None:
        raise NotFound
    if card["slug"] != slug:
        return redirect(pages.occupation_url(card), 301)
    found = occupations.learnable(service.engine(), card, language, now=utc_now())
    return render("search/occupation.html", occupation=pages.occupation_values(card, found))
