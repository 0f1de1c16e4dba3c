"""The credits of a degree as a picture, for a learner and for a talk with an adviser."""

from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.pathways.pages import progress as pages
from academy.pathways.queries import progress as queries
from academy.pathways.queries.advising import advice_of
from academy.pathways.queries.pathways import pathway_to_change
from academy.pathways.views import gone
from academy.pathways.views.reading import note_look, private

blueprint = localized_blueprint("pathways_progress", __name__)
gone.answer_on(blueprint)


@blueprint.get("/route/<key>/progress")
@open_to_all
@throttled(a_minute=300)
def of_pathway(key: str) -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        pathway = pathway_to_change(session, key)
        found = queries.progress_of_pathway(session, pathway, now=now)
        advice = advice_of(session, pathway.id)
        contact = queries.contact_of(session, found)
    note_look(key, now=now)
    return private(render("pathways/progress.html", **pages.pathway_values(pathway, found, advice, contact, now=now)))


@blueprint.get("/my/progress")
def mine() -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.my_programmes(session, require_actor())
    return render("pathways/my_progress.html", mine=pages.mine_values(found))


@blueprint.get("/my/progress/<slug>")
def of_programme(slug: str) -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        found = queries.progress_in_programme(session, require_actor(), slug, now=now)
    return render("pathways/progress.html", **pages.programme_values(found, now=now))
