"""Pages of a provider's workspace about modules; those about classes show seats and live in `enrolment`."""

from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.catalogue import forms
from academy.catalogue.models import PublicationState
from academy.catalogue.pages import history as history_pages
from academy.catalogue.pages import outcomes as outcome_pages
from academy.catalogue.pages import workspace as pages
from academy.catalogue.queries import choosing, publication, workspace
from academy.catalogue.service import publishing
from academy.catalogue.views.blueprint import blueprint
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.translation import _, reading_language
from academy.kernel.web import ActForm, render, throttled


def _module_form(form: forms.ModuleForm, there: workspace.Workspace, work: workspace.ModuleInWork | None) -> str:
    with database().reading() as session:
        choices = choosing.skill_choices(session, form.asked_skills(), reading_language())
    return render(
        "catalogue/workspace/module_form.html", form=form, outcomes=outcome_pages.outcome_rows(form, choices),
        workspace=pages.workspace_values(there), module=pages.module_head(work) if work else None,
        more_is_open=outcome_pages.more_is_open(form) or "more" in request.args,
    )


def _after_saving(provider: str, module: str, act: str) -> ResponseReturnValue:
    if act == "later":
        flash(_("Bewaard. Je vindt de module terug in deze lijst."), "success")
        return redirect(url_for("workspace.home", provider=provider), 303)
    if act == "plan":
        return redirect(url_for("workspace.plan", provider=provider, module=module), 303)
    return redirect(url_for("catalogue.module_in_work", provider=provider, module=module), 303)


@blueprint.route("/provider/<provider>/modules/new", methods=["GET", "POST"])
def new_module(provider: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().reading() as session:
        there = workspace.workspace_for_editing(session, actor, provider)
    if request.method == "GET":
        return _module_form(forms.ModuleForm(formdata=None, data={"languages": ["nl"], "kind": "loose_module"}), there, None)
    form = forms.ModuleForm()
    if outcome_pages.asks_for_help(form):
        return _module_form(form, there, None)
    if not form.validate():
        return _module_form(form, there, None), 422
    with database().writing() as session:
        slug = publishing.start_module(session, actor=actor, provider_slug=provider, draft=form.draft(None), now=utc_now())
    return _after_saving(provider, slug, form.act.data or "plan")


@blueprint.route("/provider/<provider>/modules/<module>/edit", methods=["GET", "POST"])
def edit_module(provider: str, module: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().reading() as session:
        work = workspace.module_for_editing(session, actor, provider, module)
    if request.method == "GET":
        values = forms.module_values(work.content) | {"seen": work.digest}
        return _module_form(forms.ModuleForm(formdata=None, data=values), work.workspace, work)
    form = forms.ModuleForm()
    if outcome_pages.asks_for_help(form):
        return _module_form(form, work.workspace, work)
    if not form.validate() or not form.stands_on(work.digest):
        return _module_form(form, work.workspace, work), 409 if form.form_errors else 422
    with database().writing() as session:
        publishing.save_module(
            session, actor=actor, provider_slug=provider, module_slug=module, draft=form.draft(work.content), seen=work.digest, now=utc_now(),
        )
    return _after_saving(provider, module, form.act.data or "look")


@blueprint.get("/outcomes/skills")
@throttled(a_minute=6_000)
def suggest_skills() -> ResponseReturnValue:
    require_actor()
    row = request.args.get("row", 0, type=int)
    words = request.args.get("q", request.args.get(f"outcomes-{row}-find", ""))
    chosen = request.args.getlist(f"outcomes-{row}-skills")
    with database().reading() as session:
        choices = choosing.skill_choices(session, [(words, chosen)], reading_language())
    outcome = outcome_pages.choice_values(row, choices[0] if choices else None, asked=bool(words.strip()))
    return render("catalogue/workspace/skills.html", outcome=outcome)


def _module_page(work: workspace.ModuleInWork, form: forms.PublishForm) -> str:
    with database().reading() as session:
        resembling = publication.resembling(session, work)
    module = pages.module_values(work, resembling, today=amsterdam_day(utc_now()))
    form.seen.data = module["digest"]
    return render(
        "catalogue/workspace/module.html", module=module, form=form, workspace=pages.workspace_values(work.workspace), act=ActForm(),
    )


@blueprint.get("/provider/<provider>/modules/<module>")
def module_in_work(provider: str, module: str) -> ResponseReturnValue:
    with database().reading() as session:
        work = workspace.module_in_work(session, require_actor(), provider, module)
    return _module_page(work, forms.PublishForm(formdata=None))


@blueprint.post("/provider/<provider>/modules/<module>/publish")
def publish_module(provider: str, module: str) -> ResponseReturnValue:
    actor, form = require_actor(), forms.PublishForm()
    with database().reading() as session:
        work = workspace.module_for_editing(session, actor, provider, module)
    if not form.validate():
        return _module_page(work, form), 422
    with database().writing() as session:
        state = publishing.publish(
            session, actor=actor, provider_slug=provider, module_slug=module, seen=form.seen.data or "", reason=form.reason.data or "",
            now=utc_now(),
        )
    flash(_("Gepubliceerd! Binnen een paar tellen staat de module in de zoekresultaten.") if state is PublicationState.PUBLISHED
          else _("Verstuurd. Het programmabureau kijkt de module na. Je krijgt een e-mail als dat klaar is."), "success")
    return redirect(url_for("catalogue.module_in_work", provider=provider, module=module), 303)


@blueprint.route("/provider/<provider>/modules/<module>/archive", methods=["GET", "POST"])
def archive_module(provider: str, module: str) -> ResponseReturnValue:
    actor, form = require_actor(), forms.ArchiveForm()
    with database().reading() as session:
        work = workspace.module_for_editing(session, actor, provider, module)
    if request.method == "GET" or not form.validate():
        page = render("catalogue/workspace/archive.html", form=form, module=pages.module_head(work),
                      workspace=pages.workspace_values(work.workspace))
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        publishing.archive(
            session, actor=actor, provider_slug=provider, module_slug=module, reason=form.reason.data or "", now=utc_now(),
        )
    flash(_("De module staat in het archief. Je kunt hem altijd terughalen."), "success")
    return redirect(url_for("catalogue.module_in_work", provider=provider, module=module), 303)


@blueprint.post("/provider/<provider>/modules/<module>/restore")
def restore_module(provider: str, module: str) -> ResponseReturnValue:
    with database().writing() as session:
        publishing.restore(session, actor=require_actor(), provider_slug=provider, module_slug=module, now=utc_now())
    flash(_("De module is terug."), "success")
    return redirect(url_for("catalogue.module_in_work", provider=provider, module=module), 303)


@blueprint.post("/provider/<provider>/modules/<module>/discard")
def discard_changes(provider: str, module: str) -> ResponseReturnValue:
    with database().writing() as session:
        publishing.discard_changes(session, actor=require_actor(), provider_slug=provider, module_slug=module)
    flash(_("Je wijzigingen zijn weggegooid. Online is niets veranderd."), "success")
    return redirect(url_for("catalogue.module_in_work", provider=provider, module=module), 303)


@blueprint.get("/provider/<provider>/modules/<module>/history")
def module_history(provider: str, module: str) -> ResponseReturnValue:
    with database().reading() as session:
        work = workspace.module_in_work(session, require_actor(), provider, module)
        found = publication.history(session, work)
    return render(
        "catalogue/workspace/history.html", module=pages.module_head(work), workspace=pages.workspace_values(work.workspace),
        **history_pages.history_values(found),
    )


def _prerequisites_page(work: workspace.ModuleInWork, form: forms.PrerequisitesForm) -> str:
    return render(
        "catalogue/workspace/prerequisites.html", form=form, module=pages.module_head(work), workspace=pages.workspace_values(work.workspace),
    )


@blueprint.route("/provider/<provider>/modules/<module>/prerequisites", methods=["GET", "POST"])
def prerequisites(provider: str, module: str) -> ResponseReturnValue:
    actor, is_new = require_actor(), request.method == "GET"
    with database().reading() as session:
        work = workspace.module_for_editing(session, actor, provider, module)
        choices = publication.module_choices(session, work.workspace.provider.id, besides=work.id)
    shown = forms.prerequisite_values(work.content.prerequisites) | {"seen": work.digest}
    form = forms.PrerequisitesForm(formdata=None, data=shown) if is_new else forms.PrerequisitesForm()
    asks_for_room = not is_new and form.make_room()
    form.offer(choices)
    if is_new or asks_for_room:
        return _prerequisites_page(work, form)
    if not form.validate() or not form.stands_on(work.digest):
        return _prerequisites_page(work, form), 409 if form.form_errors else 422
    draft = replace(work.content, prerequisites=form.prerequisite())
    with database().writing() as session:
        publishing.save_module(
            session, actor=actor, provider_slug=provider, module_slug=module, draft=draft, seen=work.digest, now=utc_now(),
        )
    flash(_("De instapeisen zijn bewaard."), "success")
    return redirect(url_for("catalogue.module_in_work", provider=provider, module=module), 303)
