"""The door where the bank brings its notices. Who knocks proves with a signature who they are, so there is no token and no session."""

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from academy.kernel.clock import utc_now
from academy.kernel.web import open_to_all
from academy.payments import service
from academy.payments.gateway import NoticeForged

blueprint = Blueprint("bank_notices", __name__, url_prefix="/payments")


@blueprint.record
def _without_token(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(blueprint)


@blueprint.post("/notices")
@open_to_all
def notice() -> ResponseReturnValue:
    bank = service.gateway()
    told = bank.read_notice(request.get_data(cache=False), request.headers.get(bank.notice_header, ""))
    service.store_notice(told, now=utc_now())
    return _plain("accepted", 200)


@blueprint.errorhandler(NoticeForged)
def _forged(_error: NoticeForged) -> Response:
    return _plain("not signed by the payment service, or too old", 400)


def _plain(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")
