"""The page of the demo bank: pay, refuse, or walk away. What it tells goes the way of every notice: signed, and stored under its own id."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.kernel import formats
from academy.kernel.clock import utc_now
from academy.kernel.errors import NotFound
from academy.kernel.ids import id_in
from academy.kernel.web import ActForm, localized_blueprint, public_address, render, writing_for
from academy.kernel.web.security import is_same_site
from academy.payments import service
from academy.payments.demo_gateway import DemoGateway, SignedNotice

blueprint = localized_blueprint("demo_bank", __name__)


def page_of(visit_id: UUID, language: str) -> str:
    """Return the whole address of the page of a visit; also outside a request."""
    with writing_for("en" if language == "en" else "nl"):
        return public_address(url_for("demo_bank.visit", visit=visit_id))


def account_page_of(account: str, return_url: str) -> str:
    """Return the whole address of the page on which a provider says who it is, and from which it comes back."""
    return public_address(url_for("demo_bank.account", account=account, back=urlsplit(return_url).path))


def _bank() -> DemoGateway:
    bank = service.gateway()
    if not isinstance(bank, DemoGateway):
        raise NotFound
    return bank


def _tell(told: SignedNotice) -> None:
    service.store_notice(_bank().read_notice(*told), now=utc_now())


@blueprint.get("/demo-bank/<visit>")
def visit(visit: str) -> ResponseReturnValue:
    found = _bank().visit(id_in(visit))
    return render("payments/demo_bank.html", visit=found, amount=formats.money(found.amount), form=ActForm())


@blueprint.post("/demo-bank/<visit>/pay")
def pay(visit: str) -> ResponseReturnValue:
    visit_id = id_in(visit)
    _tell(_bank().pay(visit_id))
    return redirect(_bank().visit(visit_id).success_url, 303)


@blueprint.post("/demo-bank/<visit>/refuse")
def refuse(visit: str) -> ResponseReturnValue:
    visit_id = id_in(visit)
    _tell(_bank().refuse(visit_id))
    return redirect(_bank().visit(visit_id).cancel_url, 303)


@blueprint.route("/demo-bank/accounts/<account>", methods=["GET", "POST"])
def account(account: str) -> ResponseReturnValue:
    told = _bank().approve_account(account)
    if request.method == "GET":
        return render("payments/demo_account.html", form=ActForm())
    _tell(told)
    back = request.args.get("back", "")
    return redirect(back if is_same_site(back) else url_for("search.home"), 303)
