"""Providers are asked to fill a gap, and what does what exists already do."""

from datetime import datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.api import Actor
from academy.accounts.login import require_actor
from academy.employers import api as employers
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.formats import shown
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render, throttled
from academy.reports.errors import CommissionUnderWay
from academy.reports.forms import commissioning as forms
from academy.reports.kinds import CommissionInviteState
from academy.reports.pages import commissioning as pages
from academy.reports.pages import complementing as beside_pages
from academy.reports.queries import commissions as queries
from academy.reports.queries import complementing as beside
from academy.reports.queries.fitting import fits, gap_to_fill
from academy.reports.service import commissioning as service
from academy.reports.views.files import csv_answer

blueprint = localized_blueprint("commissions", __name__)


# For the programme office


@blueprint.get("/office/commissions")
def overview() -> ResponseReturnValue:
    now, has_ended = utc_now(), request.args.get("show") == "ended"
    with database().reading() as session:
        rows = queries.commissions(session, require_actor(), has_ended=has_ended, today=amsterdam_day(now))
        to_call = employers.number_to_call(session, now=now)
    return render("reports/commissions.html", found=pages.list_values(rows, to_call, has_ended=has_ended, now=now))


@blueprint.route("/office/commissions/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    subject, view = forms.gap_in(request.args, today=amsterdam_day(now))
    with database().reading() as session:
        gap, able = gap_to_fill(session, actor, subject, view), fits(session, subject)
    form = forms.NewForm.beginning(pages.proposed(able), today=amsterdam_day(now)) if request.method == "GET" else forms.NewForm()
    form.offer([(each.provider.slug, each.provider.name) for each in able])
    if request.method == "GET" or not form.validate():
        values = pages.new_values(shown(gap.label), view, gap.wanted, able, form.providers.data or ())
        return render("reports/commission_new.html", form=form, new=values), 422 if form.errors else 200
    draft = service.CommissionDraft(subject, view, gap.wanted, form.chosen(pages.chosen_ids(able)), form.until, form.note.data or "")
    code = _started(actor, draft, now=now)
    flash(_("De aanvraag is verstuurd. Wie je vroeg krijgt een e-mail."), "success")
    return redirect(url_for(".show", code=code), 303)


def _started(actor: Actor, draft: service.CommissionDraft, *, now: datetime) -> str:
    """Start a commission and return its code; a second click gives what the first one started. Raises CommissionUnfit, CommissionUnderWay."""
    try:
        with database().writing() as session:
            return service.start_commission(session, actor=actor, draft=draft, now=now)
    except CommissionUnderWay as there:
        if there.is_second_click:
            return there.commission
        raise


def _show_page(code: str, inviting: forms.InviteForm, closing: forms.CloseForm) -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        found = queries.commission(session, require_actor(), code, today=amsterdam_day(now))
        able = fits(session, found.facts.skill)
    page = pages.show_values(found, able, inviting.providers.data or (), now=now)
    return render("reports/commission.html", commission=page, inviting=inviting, closing=closing), 422 if inviting.errors or closing.errors else 200


@blueprint.get("/office/commissions/<code>")
def show(code: str) -> ResponseReturnValue:
    return _show_page(code, forms.InviteForm(formdata=None), forms.CloseForm(formdata=None))


@blueprint.post("/office/commissions/<code>/invite")
def invite(code: str) -> ResponseReturnValue:
    actor, now, form = require_actor(), utc_now(), forms.InviteForm()
    with database().reading() as session:
        able = fits(session, queries.commission(session, actor, code, today=amsterdam_day(now)).facts.skill)
    form.offer([(each.provider.slug, each.provider.name) for each in able])
    if not form.validate():
        return _show_page(code, form, forms.CloseForm(formdata=None))
    with database().writing() as session:
        service.invite_more(session, actor=actor, code=code, provider_ids=form.chosen(pages.chosen_ids(able)), now=now)
    flash(_("Gevraagd. Zij krijgen een e-mail."), "success")
    return redirect(url_for(".show", code=code), 303)


@blueprint.post("/office/commissions/<code>/close")
def close(code: str) -> ResponseReturnValue:
    actor, form = require_actor(), forms.CloseForm()
    if not form.validate():
        return _show_page(code, forms.InviteForm(formdata=None), form)
    with database().writing() as session:
        service.close_commission(session, actor=actor, code=code, reason=form.reason.data or "", now=utc_now())
    flash(_("De aanvraag is gestopt."), "success")
    return redirect(url_for(".show", code=code), 303)


# For a provider


@blueprint.get("/provider/<provider>/commissions")
def asked(provider: str) -> ResponseReturnValue:
    with database().reading() as session:
        there, found = queries.asked_at(session, require_actor(), provider)
    return render("reports/asked.html", asked=pages.asked_values(there.provider.name, there.provider.slug, found, now=utc_now()))


@blueprint.route("/provider/<provider>/commissions/<code>", methods=["GET", "POST"])
def answer(provider: str, code: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().reading() as session:
        found = queries.to_answer(session, actor, provider, code)
    form = forms.answer_form(found.modules, before=found.asked, is_new=request.method == "GET")
    if request.method == "GET" or not form.validate():
        return render("reports/answer.html", form=form, asked=pages.answer_values(found)), 422 if form.errors else 200
    with database().writing() as session:
        service.answer_commission(
            session, actor=actor, provider_slug=provider, code=code, answer=CommissionInviteState(form.answer.data), module_id=form.module_id,
            note=form.note.data or "", now=utc_now(),
        )
    flash(_("Dank je wel. Het programmabureau leest jullie antwoord."), "success")
    return redirect(url_for(".answer", provider=provider, code=code), 303)


# Beside what the anchors offer


@blueprint.get("/office/complementarity")
def complementarity() -> ResponseReturnValue:
    show, page = beside_pages.chosen(request.args.get("show", "")), min(max(request.args.get("page", 1, type=int), 1), 1_000)
    with database().reading() as session:
        found = beside.complementarity(session, require_actor())
        names = beside.names_of_skills(session, beside_pages.lines_of(found, show=show, page=page))
    return render("reports/complementarity.html", found=beside_pages.page_values(found, names, show=show, page=page))


@blueprint.get("/office/complementarity.csv")
@throttled(a_minute=60)
def complementarity_file() -> ResponseReturnValue:
    with database().reading() as session:
        found = beside.complementarity(session, require_actor())
    return csv_answer(beside_pages.file_of(found), "aanvullend")
