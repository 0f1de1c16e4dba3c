"""What credits must be to count for a programme, kept by its exam board."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render
from academy.pathways.forms.credit_rules import credit_rule_form
from academy.pathways.pages import credit_rules as pages
from academy.pathways.queries import credit_rules as queries
from academy.pathways.service import credit_rules as service

blueprint = localized_blueprint("pathways_credit_rules", __name__)


@blueprint.get("/provider/<provider>/programmes/credits")
def overview(provider: str) -> ResponseReturnValue:
    with database().reading() as session:
        board = queries.board_at(session, require_actor(), provider)
    return render("pathways/credit_rules.html", board=pages.board_values(board))


@blueprint.route("/provider/<provider>/programmes/<slug>/credits", methods=["GET", "POST"])
def credit_rule(provider: str, slug: str) -> ResponseReturnValue:
    with database().reading() as session:
        board, programme = queries.programme_to_rule(session, require_actor(), provider, slug)
    form = credit_rule_form(programme.rule)
    if request.method == "GET" or not form.validate():
        page = render("pathways/credit_rule.html", form=form, programme=pages.programme_values(board, programme))
        return page, 422 if form.errors else 200
    with database().writing() as session:
        service.set_credit_rule(session, actor=require_actor(), provider_slug=provider, programme_slug=slug, rule=form.rule, now=utc_now())
    flash(_("Bewaard. Dit geldt vanaf nu voor elke route naar deze opleiding."), "success")
    return redirect(url_for("pathways_credit_rules.overview", provider=provider), 303)
