"""Pages on which the programme office looks at money that is not right, and sets it right."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.errors import DatabaseBusy, StorageUnavailable
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render
from academy.payments.errors import BankNotReached
from academy.payments.facts import FindingFacts
from academy.payments.forms.attention import CloseForm
from academy.payments.gateway import BankRefused, BankUnavailable
from academy.payments.kinds import FindingState
from academy.payments.pages import attention as pages
from academy.payments.queries import attention as queries
from academy.payments.rules import MAY_GO_BACK
from academy.payments.service import mending

blueprint: Blueprint = localized_blueprint("attention", __name__)


@blueprint.app_context_processor
def _menu() -> dict[str, object]:
    return {"money_to_check": _count_open}


def _count_open() -> int:
    """Return how much is open, for the menu of the programme office; a page that tells of a database that is away shows none."""
    try:
        with database().reading() as session:
            return queries.count_open(session)
    except (DatabaseBusy, StorageUnavailable):
        return 0


@blueprint.get("/office/payments")
def overview() -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.open_findings(session, require_actor(), page=request.args.get("page", 1, type=int))
    return render("payments/attention.html", money=pages.list_values(found, now=utc_now()))


def _found(code: str) -> FindingFacts:
    with database().reading() as session:
        return queries.finding(session, require_actor(), code)


@blueprint.get("/office/payments/<code>")
def look(code: str) -> ResponseReturnValue:
    return render("payments/finding.html", finding=pages.finding_values(_found(code)), form=CloseForm(formdata=None))


@blueprint.get("/office/payments/<code>/give-back")
def give_back(code: str) -> ResponseReturnValue:
    found = _found(code)
    if found.state is not FindingState.OPEN or found.kind not in MAY_GO_BACK:
        return redirect(url_for("attention.look", code=code), 303)
    return render("payments/give_back.html", finding=pages.finding_values(found))


@blueprint.post("/office/payments/<code>/give-back")
def give_back_now(code: str) -> ResponseReturnValue:
    with database().writing() as session:
        is_done = mending.give_back(session, actor=require_actor(), code=code, now=utc_now())
    return _answer(code, _("We sturen het geld terug. Lukt dat niet, dan zie je het hier."), is_done=is_done)


@blueprint.post("/office/payments/<code>/settle")
def settle(code: str) -> ResponseReturnValue:
    try:
        is_done = mending.settle_after_all(actor=require_actor(), code=code, now=utc_now())
    except (BankUnavailable, BankRefused) as error:
        raise BankNotReached from error
    return _answer(code, _("De betaling is geboekt. De betaler krijgt een e-mail."), is_done=is_done)


@blueprint.post("/office/payments/<code>/again")
def try_again(code: str) -> ResponseReturnValue:
    with database().writing() as session:
        is_done = mending.try_again(session, actor=require_actor(), code=code, now=utc_now())
    return _answer(code, _("We proberen het opnieuw. Lukt het weer niet, dan zie je het hier."), is_done=is_done)


@blueprint.post("/office/payments/<code>/close")
def close(code: str) -> ResponseReturnValue:
    found, form = _found(code), CloseForm()
    if not form.validate():
        return render("payments/finding.html", finding=pages.finding_values(found), form=form), 422
    with database().writing() as session:
        is_done = mending.close(session, actor=require_actor(), code=code, reason=form.said, now=utc_now())
    return _answer(code, _("Afgesloten."), is_done=is_done)


def _answer(code: str, said: str, *, is_done: bool) -> ResponseReturnValue:
    """Go back to the list; to the finding itself when somebody, perhaps the same person, saw to it before."""
    if is_done:
        flash(said, "success")
        return redirect(url_for("attention.overview"), 303)
    flash(_("Dit was al gedaan."), "info")
    return redirect(url_for("attention.look", code=code), 303)
