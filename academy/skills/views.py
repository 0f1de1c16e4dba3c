"""Suggestions while tagging, and the page about the classification in use."""

from flask import request
from flask.typing import ResponseReturnValue

from academy.kernel.db import database
from academy.kernel.translation import reading_language
from academy.kernel.web import localized_blueprint, open_to_all, render
from academy.kernel.web.refusals import wants_json
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


@blueprint.get("/skills/suggest")
def suggest() -> ResponseReturnValue:
    """Answer a fragment with options to tick, or JSON to who prefers that; `q` beyond the longest label is not looked at."""
    text = request.args.get("q", "")
    with database().reading() as session:
        version = queries.current_version(session)
        found = queries.suggest(session, text, reading_language())
    if wants_json():
        return pages.suggestions_as_json(version, found)
    return render("skills/suggestions.html", is_loaded=version is not None, q=text.strip(), groups=pages.suggestion_groups(found))
