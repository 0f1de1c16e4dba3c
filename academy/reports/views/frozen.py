"""Reports that are frozen, and their files."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.errors import NotFound
from academy.kernel.translation import _, reading_language
from academy.kernel.web import in_sitemap, localized_blueprint, open_to_all, render, throttled
from academy.reports import freezing
from academy.reports.errors import NothingCounted
from academy.reports.forms.frozen import MakeForm
from academy.reports.pages import frozen as pages
from academy.reports.queries import snapshots as queries
from academy.reports.queries.cells import last_run
from academy.reports.queries.reach import require_office
from academy.reports.service import freezing as service

blueprint = localized_blueprint("frozen_reports", __name__)


@blueprint.get("/office/reports/frozen")
def overview() -> ResponseReturnValue:
    return _overview(MakeForm(formdata=None))


def _overview(form: MakeForm) -> ResponseReturnValue:
    with database().reading() as session:
        found, run = queries.snapshots(session, require_actor()), last_run(session)
    if run is not None:
        form.offer(run.as_of)
    page = render("reports/frozen.html", reports=pages.overview_values(found), form=form, is_counted=run is not None)
    return page, 422 if form.errors else 200


@blueprint.post("/office/reports/frozen/make")
@throttled(a_minute=20)
def make() -> ResponseReturnValue:
    form = MakeForm()
    with database().reading() as session:
        require_office(session, require_actor())
        run = last_run(session)
    if run is None:
        raise NothingCounted
    form.offer(run.as_of)
    if not form.validate():
        return _overview(form)
    kind, view = form.chosen
    facts = freezing.freeze(actor=require_actor(), kind=kind, view=view, now=utc_now())
    flash(_("Het rapport is vastgelegd."), "success")
    return redirect(url_for("frozen_reports.show", code=facts.code), 303)


@blueprint.get("/office/reports/frozen/<code>")
def show(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.snapshot(session, require_actor(), code)
    return render("reports/frozen_show.html", report=pages.show_values(found, is_public=False))


@blueprint.get("/office/reports/frozen/<code>.<kind>")
@throttled(a_minute=60)
def file(code: str, kind: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.snapshot(session, require_actor(), code)
    return _file(found, kind)


@blueprint.post("/office/reports/frozen/<code>/publish")
def publish(code: str) -> ResponseReturnValue:
    with database().writing() as session:
        service.publish(session, actor=require_actor(), code=code, now=utc_now())
    flash(_("Het rapport is nu openbaar."), "success")
    return redirect(url_for("frozen_reports.show", code=code), 303)


@blueprint.post("/office/reports/frozen/<code>/take-back")
def take_back(code: str) -> ResponseReturnValue:
    with database().writing() as session:
        service.take_back(session, actor=require_actor(), code=code, now=utc_now())
    flash(_("Het rapport is niet meer openbaar."), "success")
    return redirect(url_for("frozen_reports.show", code=code), 303)


@blueprint.get("/reports")
@open_to_all
@in_sitemap(lambda: ({},))
def public() -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.published_snapshots(session)
    return render("reports/published.html", reports=pages.public_values(found))


@blueprint.get("/reports/<code>")
@open_to_all
def public_show(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.published_snapshot(session, code)
    return render("reports/published_show.html", report=pages.show_values(found, is_public=True))


@blueprint.get("/reports/<code>.<kind>")
@open_to_all
@throttled(a_minute=30)
def public_file(code: str, kind: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.published_snapshot(session, code)
    return _file(found, kind)


def _file(found: queries.Frozen, kind: str) -> Response:
    """Answer with a file, made again of what was frozen; one that the reader has already is not made again."""
    if kind not in pages.MEDIA:
        raise NotFound
    answer = Response(content_type=pages.MEDIA[kind])
    answer.set_etag(pages.hash_of(found, reading_language(), kind))
    answer.headers["Content-Disposition"] = f'attachment; filename="{pages.filename(found.facts, kind)}"'
    answer.headers["Cache-Control"] = "no-cache"  # it may have been taken back
    answer.make_conditional(request)
    if answer.status_code == Response.default_status:
        answer.set_data(pages.file_of(found.report, reading_language(), kind))
    return answer
