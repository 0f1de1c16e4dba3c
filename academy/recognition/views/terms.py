"""Pages about what a provider asks and allows in recognition."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render
from academy.recognition.forms.terms import TermsForm, weights_form
from academy.recognition.forms.terms import terms_form as form_of
from academy.recognition.pages import terms as pages
from academy.recognition.pages.desk import menu
from academy.recognition.queries import terms as queries
from academy.recognition.service import terms as service

blueprint = localized_blueprint("recognition_terms", __name__)


def _page(found: queries.TermsThere, form: TermsForm) -> ResponseReturnValue:
    page = render("recognition/terms.html", menu=menu(found.desk), form=form, terms=pages.terms_values(found))
    return page, 422 if form.errors else 200


@blueprint.route("/provider/<provider>/recognition/terms", methods=["GET", "POST"])
def terms(provider: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.terms_there(session, require_actor(), provider, page=request.args.get("page", 1, type=int))
    form = form_of(found.terms)
    if request.method == "GET" or not form.validate():
        return _page(found, form)
    with database().writing() as session:
        service.set_terms(session, actor=require_actor(), provider_slug=provider, terms=form.terms, now=utc_now())
    flash(_("De voorwaarden zijn bewaard."), "success")
    return redirect(url_for("recognition_terms.terms", provider=provider), 303)


@blueprint.route("/provider/<provider>/recognition/terms/<module>", methods=["GET", "POST"])
def weights(provider: str, module: str) -> ResponseReturnValue:
    with database().reading() as session:
        desk, found = queries.module_to_weigh(session, require_actor(), provider, module)
    form = weights_form(found.outcomes)
    is_sent = request.method == "POST" and request.form.get("act") != "show"
    if not is_sent or not form.validate():
        page = render("recognition/weights.html", menu=menu(desk), form=form, module=pages.weights_values(provider, found, form))
        return page, 422 if form.errors else 200
    with database().writing() as session:
        service.weigh_outcomes(session, actor=require_actor(), provider_slug=provider, module_slug=module, weights=form.weights, now=utc_now())
    flash(_("De gewichten zijn bewaard. Ze gelden voor nieuwe aanvragen."), "success")
    return redirect(url_for("recognition_terms.terms", provider=provider, _anchor="modules"), 303)


@blueprint.post("/provider/<provider>/recognition/terms/<module>/shares")
def shares(provider: str, module: str) -> ResponseReturnValue:
    """Answer with what each outcome would be worth with the weights that stand in the form now; keeps nothing."""
    with database().reading() as session:
        _desk, found = queries.module_to_weigh(session, require_actor(), provider, module)
    return render("recognition/_shares.html", module=pages.weights_values(provider, found, weights_form(found.outcomes)))
