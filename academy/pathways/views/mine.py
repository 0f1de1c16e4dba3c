"""The pathways of an account."""

from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, render
from academy.pathways.pages.building import mine_values
from academy.pathways.queries.aiming import titles_of
from academy.pathways.queries.pathways import pathways_of

blueprint = localized_blueprint("pathways_mine", __name__)


@blueprint.get("/my/routes")
def mine() -> ResponseReturnValue:
    with database().reading() as session:
        found = pathways_of(session, require_actor())
        titles = titles_of(session, found)
    return render("pathways/mine.html", routes=mine_values(found, titles))
