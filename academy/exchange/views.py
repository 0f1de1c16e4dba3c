"""Pages of a provider's feeds and imports."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.exchange import feeds as service
from academy.exchange import pages, queries
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render, throttled

blueprint = localized_blueprint("exchange", __name__)


@blueprint.get("/provider/<slug>/feeds")
def feeds(slug: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().reading() as session:
        provider = queries.provider_for_importing(session, actor, slug)
        found = queries.feeds(session, provider_id=provider.id)
        runs = queries.latest_runs(session, provider_id=provider.id)
    return render(
        "exchange/feeds.html", provider_name=provider.name, workspace_url=url_for("workspace.home", provider=provider.slug),
        feeds=[pages.feed_card(feed, provider) for feed in found], runs=[pages.run_row(run, provider) for run in runs],
    )


@blueprint.post("/provider/<slug>/feeds/<code>/run")
def ask_for_run(slug: str, code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().writing() as session:
        provider = queries.provider_for_importing(session, actor, slug)
        feed = queries.feed_by_code(session, code, provider_id=provider.id)
        service.ask_for_run(session, feed.code, now=now)
    flash(_("Het ophalen begint binnen een minuut."), "success")
    return redirect(url_for("exchange.feeds", slug=slug), 303)


@blueprint.post("/provider/<slug>/feeds/<code>/resume")
def resume(slug: str, code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().writing() as session:
        provider = queries.provider_for_importing(session, actor, slug)
        feed = queries.feed_by_code(session, code, provider_id=provider.id)
        service.resume_feed(session, feed.code, now=now)
    flash(_("De koppeling staat weer aan. Het ophalen begint binnen een minuut."), "success")
    return redirect(url_for("exchange.feeds", slug=slug), 303)


@blueprint.get("/provider/<slug>/imports/<code>")
def import_log(slug: str, code: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().reading() as session:
        provider = queries.provider_for_importing(session, actor, slug)
        run = queries.run_by_code(session, code, provider_id=provider.id)
    return render("exchange/import_log.html", provider_name=provider.name, run=pages.run_page(run, provider))


@blueprint.get("/provider/<slug>/imports/<code>/problems.csv")
@throttled(a_minute=60)
def import_problems(slug: str, code: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().reading() as session:
        provider = queries.provider_for_importing(session, actor, slug)
        run = queries.run_by_code(session, code, provider_id=provider.id)
    return Response(
        pages.problems_csv(run.problems), mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="import-{run.code}.csv"'},
    )
