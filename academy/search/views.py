"""Pages of search: drawn from the index alone, from the database when there is none."""

from collections.abc import Mapping
from datetime import datetime

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from academy.accounts.login import current_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.errors import NotFound
from academy.kernel.money import Money
from academy.kernel.translation import reading_language
from academy.kernel.web import in_sitemap, localized_blueprint, open_to_all, render, throttled
from academy.search import forms, queries, service, topics
from academy.search.gateway import SearchResult
from academy.search.memory.recording import record_search
from academy.search.pages import home as home_pages
from academy.search.pages import results as results_pages
from academy.search.pages import suggestions as suggestion_pages
from academy.search.pages import topics as topic_pages

_SUGGESTIONS_KEPT = "public, max-age=60"

blueprint = localized_blueprint("search", __name__)


@blueprint.get("/")
@open_to_all
def home() -> ResponseReturnValue:
    front = service.front(reading_language())
    return render("search/home.html", **home_pages.home_values(front))


@blueprint.get("/modules/<slug>/similar")
@open_to_all
@throttled(a_minute=1_200)
def similar(slug: str) -> ResponseReturnValue:
    found = service.similar(slug, reading_language())
    return render("search/similar.html", **home_pages.similar_values(slug, found))


@blueprint.get("/search")
@open_to_all
@throttled(a_minute=1_200)
def results() -> ResponseReturnValue:
    """Answer with the results; an address with empty fields becomes a clean one first, for htmx without asking twice."""
    form = forms.read_address(request.args)
    is_littered, by_htmx = forms.has_empty_fields(request.args), "HX-Request" in request.headers
    if is_littered and not by_htmx:
        return redirect(results_pages.clean_address(form))
    now, language = utc_now(), reading_language()
    found = service.find(form.query(language), now=now)
    if form.page == 1 and not found.degraded:
        record_search(
            text=form.q, filters=form.question(), total=found.total, looser=found.looser, language=language, now=now, sort=form.sort,
        )
    answer = make_response(render("search/results.html", page=results_pages.search_view(service.engine(), form, found, _own_prices(found, now))))
    if is_littered:
        answer.headers["HX-Push-Url"] = results_pages.clean_address(form)
    answer.headers["Vary"] = "HX-Request"
    return answer


def _own_prices(found: SearchResult, now: datetime) -> Mapping[str, Money]:
    """Return what the visitor pays, by hit; who is not signed in costs no statement."""
    actor = current_actor()
    if actor is None:
        return {}
    with database().reading() as session:
        return queries.own_prices(session, actor, found.hits, now=now)


@blueprint.get("/search/suggestions")
@open_to_all
@throttled(a_minute=6_000)
def suggestions() -> ResponseReturnValue:
    """Answer with rows for under the search box."""
    form = forms.read_address(request.args)
    answer = make_response(render("search/suggestions.html", **suggestion_pages.suggestion_values(service.engine(), form)))
    answer.headers["Cache-Control"] = _SUGGESTIONS_KEPT
    return answer


@blueprint.get("/search/how-we-rank")
@open_to_all
def how_we_rank() -> ResponseReturnValue:
    return render("search/how_we_rank.html")


@blueprint.get("/topics")
@open_to_all
def all_topics() -> ResponseReturnValue:
    return render("search/topics.html", **topic_pages.topics_values(service.engine()))


@blueprint.get("/topics/<slug>")
@open_to_all
@in_sitemap(lambda: ({"slug": each.slug} for each in (*topics.of_sectors(), *topics.curated())))
@throttled(a_minute=1_200)
def topic(slug: str) -> ResponseReturnValue:
    """Answer with a topic. Raises NotFound."""
    found = topics.topic(slug)
    if found is None:
        raise NotFound
    return render("search/topic.html", **topic_pages.topic_values(service.engine(), found))
