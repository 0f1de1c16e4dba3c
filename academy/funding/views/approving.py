"""Pages on which somebody says yes or no to a share of a seat."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.funding import service
from academy.funding.forms.sources import ApproveForm, RefuseForm
from academy.funding.pages.shares import asked_values
from academy.funding.pages.sources import keeper_values
from academy.funding.queries import pages_shares as queries
from academy.funding.queries.pages_sources import Keeper
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.ids import id_in
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("approving", __name__)


@blueprint.get("/funding/<organisation>/asked")
def asked(organisation: str) -> ResponseReturnValue:
    with database().reading() as session:
        there = queries.keeper_for_approving(session, require_actor(), organisation)
        found = queries.asked_shares(session, there)
    return render("funding/asked.html", keeper=keeper_values(there), shares=[asked_values(there, one) for one in found])


def _found(organisation: str, share: str) -> tuple[Keeper, queries.AskedShare]:
    with database().reading() as session:
        there = queries.keeper_for_approving(session, require_actor(), organisation)
        return there, queries.asked_share(session, there, id_in(share))


def _page(there: Keeper, share: queries.AskedShare, yes: ApproveForm | None, no: RefuseForm | None) -> str:
    yes = yes or ApproveForm(formdata=None)
    if "seen" in yes:
        yes.offer(share.evidence)
    return render(
        "funding/share.html", keeper=keeper_values(there), share=asked_values(there, share), yes=yes, no=no or RefuseForm(formdata=None),
    )


@blueprint.get("/funding/<organisation>/asked/<share>")
def share(organisation: str, share: str) -> ResponseReturnValue:
    return _page(*_found(organisation, share), None, None)


@blueprint.post("/funding/<organisation>/asked/<share>/approve")
def approve(organisation: str, share: str) -> ResponseReturnValue:
    there, found = _found(organisation, share)
    form = ApproveForm()
    form.offer(found.evidence)
    if not form.is_in_order(found.evidence):
        return _page(there, found, form, None), 422
    with database().writing() as session:
        service.approve_share(session, actor=require_actor(), share_id=found.id, seen=form.chosen, now=utc_now())
    flash(_("Toegezegd. %(who)s krijgt een e-mail.", who=found.who), "success")
    return redirect(url_for("approving.asked", organisation=organisation), 303)


@blueprint.post("/funding/<organisation>/asked/<share>/refuse")
def refuse(organisation: str, share: str) -> ResponseReturnValue:
    there, found = _found(organisation, share)
    form = RefuseForm()
    if not form.validate():
        return _page(there, found, None, form), 422
    with database().writing() as session:
        service.refuse_share(session, actor=require_actor(), share_id=found.id, reason=form.reason.data or "", now=utc_now())
    flash(_("Niet toegezegd. %(who)s krijgt een e-mail met jouw uitleg.", who=found.who), "success")
    return redirect(url_for("approving.asked", organisation=organisation), 303)
