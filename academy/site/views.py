"""The way in, information, health."""

from flask import Blueprint, Response, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from academy.catalogue import api as catalogue
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.errors import NotFound
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.site import pages

blueprint = localized_blueprint("site", __name__)
root = Blueprint("root", __name__)


@root.get("/")
@open_to_all
def choose_language() -> ResponseReturnValue:
    """Send the visitor to the home page in the language the browser asks for."""
    response = redirect(url_for("search.home"), 302)
    response.headers["Vary"] = "Accept-Language"
    return response


@root.get("/robots.txt")
@open_to_all
def robots() -> ResponseReturnValue:
    return Response(pages.robots(), mimetype="text/plain")


@root.get("/.well-known/security.txt")
@open_to_all
def security_txt() -> ResponseReturnValue:
    return Response(pages.security_txt(current_app.config["SECURITY_CONTACT"], now=utc_now()), mimetype="text/plain")


@root.get("/security.txt")
@open_to_all
def security_txt_at_the_top() -> ResponseReturnValue:
    return redirect(url_for("root.security_txt"), 301)


@root.get("/sitemap.xml")
@open_to_all
@throttled(a_minute=300)
def sitemap() -> ResponseReturnValue:
    with database().reading() as session:
        sizes = catalogue.sitemap_size(session)
    return Response(pages.sitemap_index(sizes), mimetype="application/xml")


@root.get("/sitemaps/<kind>-<int(min=1, max=100000):number>.xml")
@open_to_all
@throttled(a_minute=300)
def sitemap_part(kind: str, number: int) -> ResponseReturnValue:
    """Answer with one file of addresses, written while it is sent. Raises NotFound for a file that is not in the index."""
    if kind == pages.PAGES and number == 1:
        return Response(pages.standing_pages(), mimetype="application/xml")
    if kind not in pages.KINDS:
        raise NotFound
    with database().reading() as session:
        rows = catalogue.sitemap_part(session, kind, start=(number - 1) * pages.PER_FILE, limit=pages.PER_FILE)
    if not rows:
        raise NotFound
    return Response(pages.pages_of(kind, rows), mimetype="application/xml")


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
