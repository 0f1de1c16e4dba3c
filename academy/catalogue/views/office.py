"""The desk of the programme office: the first modules of a provider, looked at before they go public."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.catalogue import forms
from academy.catalogue.pages import workspace as pages
from academy.catalogue.queries import publication, workspace
from academy.catalogue.service import publishing
from academy.catalogue.views.blueprint import blueprint
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import render


@blueprint.get("/office/checks")
def checks() -> ResponseReturnValue:
    with database().reading() as session:
        found = publication.checks(session, require_actor())
    return render("catalogue/workspace/checks.html", checks=[pages.check_row(check) for check in found], approvals=publication.APPROVALS)


def _check_page(work: workspace.ModuleInWork, form: forms.ReasonForm) -> str:
    with database().reading() as session:
        resembling = publication.resembling(session, work)
        steps = publication.history(session, work).steps
    return render(
        "catalogue/workspace/check.html", module=pages.module_values(work, resembling, today=amsterdam_day(utc_now())), form=form,
        provider=work.workspace.provider.name, said=[step.facts.reason for step in steps if step.facts.reason][:1],
        approve_url=url_for("catalogue.approve_module", module=work.slug), back_url=url_for("catalogue.send_back_module", module=work.slug),
        seen_form=forms.PublishForm(formdata=None, data={"seen": work.digest}),
    )


@blueprint.get("/office/checks/<module>")
def check(module: str) -> ResponseReturnValue:
    with database().reading() as session:
        work = publication.module_for_check(session, require_actor(), module)
    return _check_page(work, forms.ReasonForm(formdata=None))


@blueprint.post("/office/checks/<module>/approve")
def approve_module(module: str) -> ResponseReturnValue:
    seen = forms.PublishForm().seen.data or ""
    with database().writing() as session:
        publishing.approve(session, actor=require_actor(), module_slug=module, seen=seen, now=utc_now())
    flash(_("Goedgekeurd. De module staat online en de aanbieder krijgt een e-mail."), "success")
    return redirect(url_for("catalogue.checks"), 303)


@blueprint.post("/office/checks/<module>/send-back")
def send_back_module(module: str) -> ResponseReturnValue:
    actor, form = require_actor(), forms.ReasonForm()
    with database().reading() as session:
        work = publication.module_for_check(session, actor, module)
    if not form.validate():
        return _check_page(work, form), 422
    with database().writing() as session:
        publishing.send_back(session, actor=actor, module_slug=module, reason=form.reason.data or "", now=utc_now())
    flash(_("Teruggestuurd. De aanbieder krijgt een e-mail met jouw uitleg."), "success")
    return redirect(url_for("catalogue.checks"), 303)
