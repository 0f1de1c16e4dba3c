"""The way in, information, health."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, open_to_all, render

blueprint = localized_blueprint("site", __name__)
root = Blueprint("root", __name__)


@root.get("/")
@open_to_all
def choose_language() -> ResponseReturnValue:
    """Send the visitor to the home page in the language the browser asks for."""
    response = redirect(url_for("search.home"), 302)
    response.headers["Vary"] = "Accept-Language"
    return response


@root.get("/health/live")
@open_to_all
def live() -> ResponseReturnValue:
    return {"status": "ok"}


@root.get("/health/ready")
@open_to_all
def ready() -> ResponseReturnValue:
    """Answer 200 when the database answers; a refusal (503) otherwise."""
    database().ping()
    return {"status": "ok"}


@blueprint.get("/about")
@open_to_all
def about() -> ResponseReturnValue:
    return render("site/about.html")


@blueprint.get("/accessibility")
@open_to_all
def accessibility() -> ResponseReturnValue:
    return render("site/accessibility.html")


@blueprint.get("/privacy")
@open_to_all
def privacy() -> ResponseReturnValue:
    return render("site/privacy.html")


@blueprint.get("/help", endpoint="help")
@open_to_all
def help_page() -> ResponseReturnValue:
    return render("site/help.html")
