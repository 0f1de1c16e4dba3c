"""Pages about leaving: one click for what is not sure yet, and the withdrawal function, which asks nobody to sign in (docs/withdrawal.md)."""

from datetime import datetime

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.errors import TooManyAttempts
from academy.accounts.login import attempts, current_actor, require_actor
from academy.enrolment import service
from academy.enrolment.forms.leaving import WithdrawForm
from academy.enrolment.pages import leaving as pages
from academy.enrolment.queries import leaving as queries
from academy.enrolment.service import withdrawing
from academy.enrolment.words import exact_moment
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled

blueprint = localized_blueprint("leaving", __name__)


@blueprint.post("/my/enrolments/<code>/leave")
def leave(code: str) -> ResponseReturnValue:
    with database().writing() as db_session:
        service.cancel(db_session, actor=require_actor(), code=code, now=utc_now())
    flash(_("Gelukt. Je plek is teruggegeven."), "success")
    return redirect(url_for("enrolment.my_learning"), 303)


@blueprint.route("/withdraw", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=300)
def withdraw() -> ResponseReturnValue:
    form = _form()
    if request.method == "GET" or not form.validate():
        return _statement_page(form), 200 if request.method == "GET" else 422
    code, email = form.contract
    return render("enrolment/withdraw_confirm.html", form=form, code=code, email=email, contract=_own(code, email, utc_now()))


@blueprint.post("/withdraw/confirm")
@open_to_all
@throttled(a_minute=300)
def confirm_withdrawal() -> ResponseReturnValue:
    form, actor, now = _form(), current_actor(), utc_now()
    if not form.validate():
        return _statement_page(form), 422
    code, email = form.contract
    if (actor is None or actor.email != email) and attempts("withdrawal", email, now=now).too_many_links:
        raise TooManyAttempts
    with database().writing() as db_session:
        withdrawing.withdraw(db_session, actor=actor, code=code, email=email, now=now)
    session["withdrawal"] = {"code": code, "email": email, "at": now.isoformat()}
    return redirect(url_for("leaving.received"), 303)


@blueprint.get("/withdraw/received")
@open_to_all
def received() -> ResponseReturnValue:
    stated = session.get("withdrawal")
    if stated is None:
        return redirect(url_for("leaving.withdraw"))
    at = datetime.fromisoformat(stated["at"])
    contract = _own(stated["code"], stated["email"], at)
    return render("enrolment/withdraw_received.html", contract=contract, code=stated["code"], at=exact_moment(at))


def _form() -> WithdrawForm:
    actor = current_actor()
    if request.method == "POST":
        return WithdrawForm()
    known = {"code": request.args.get("code", "")[:20]}
    return WithdrawForm(formdata=None, data=known if actor is None else known | {"name": actor.name, "email": actor.email})


def _statement_page(form: WithdrawForm) -> str:
    actor, now = current_actor(), utc_now()
    with database().reading() as db_session:
        mine = queries.contracts_of(db_session, actor, now=now) if actor and not form.code.data else []
    return render("enrolment/withdraw.html", form=form, contracts=[pages.contract_values(contract) for contract in mine])


def _own(code: str, email: str, now: datetime) -> dict[str, object] | None:
    """Return the contract for who is signed in and has it; nobody else learns whether it exists."""
    actor = current_actor()
    if actor is None or actor.email != email:
        return None
    with database().reading() as db_session:
        contract = queries.contract_named(db_session, code=code, email=email, now=now)
    return None if contract is None else pages.contract_values(contract)
