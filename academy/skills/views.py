"""The page about the classification in use."""

from flask.typing import ResponseReturnValue

from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, open_to_all, render
from academy.skills import pages, queries

blueprint = localized_blueprint("skills", __name__)


@blueprint.get("/skills")
@open_to_all
def classification() -> ResponseReturnValue:
    with database().reading() as session:
        version = queries.current_version(session)
        changes = () if version is None else queries.changes(session, version)
    shown = None if version is None else pages.classification_values(version, changes)
    return render("skills/classification.html", classification=shown)
