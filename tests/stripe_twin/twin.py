"""Stripe on this machine, over HTTP: it remembers, replays what was asked under a key before, and can be told to fail in many ways."""

import hashlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask, Response, request
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.stripe_twin.contract import Plain, Wrong, params_of
from tests.stripe_twin.state import State

KEY: Final = "sk_test_twin"
_STATUSES: Final = {"resource_missing": 404, "card_declined": 402}


@dataclass
class Twin(State):
    """The state, with what was asked and how the next requests fail."""

    faults: list[str] = field(default_factory=list)  # of the next requests, one each: see `_fail`
    asked: list[tuple[str, str]] = field(default_factory=list)  # method and path
    slow_seconds: float = 1.0
    _done: dict[str, tuple[str, int, Plain]] = field(default_factory=dict)  # by idempotency key: of what, and the answer

    def __post_init__(self) -> None:
        State.__init__(self)

    def answer(self, method: str, pattern: str, ids: list[str]) -> tuple[int, Plain]:
        """Do what is asked, or replay it."""
        encoded = request.get_data(as_text=True) if method == "POST" else request.query_string.decode()
        key = request.headers.get("Idempotency-Key", "") if method == "POST" else ""
        print_of = hashlib.sha256(f"{request.path}\n{encoded}".encode()).hexdigest()
        if key in self._done:
            of, status, content = self._done[key]
            if of != print_of:
                return 400, _error("idempotency_error", "", "", "Keys for idempotent requests can only be used with the same parameters.")
            return status, content
        try:
            if "Stripe-Version" not in request.headers:  # then it is the account's, from before this was taken away
                encoded = "&".join(each for each in encoded.split("&") if not each.startswith("payment_method_types"))
            params = params_of(method, pattern, encoded)
            found = self.expanded(self._do(method, pattern, ids, params), params.get("expand", []))
            found |= {"url": request.path} if found["object"] == "list" else {}
            status = 200
        except Wrong as wrong:
            kind = "card_error" if wrong.code == "card_declined" else "invalid_request_error"
            status, found = _STATUSES.get(wrong.code, 400), _error(kind, wrong.code, wrong.param, wrong.message)
        if key:
            self._done[key] = print_of, status, found
        return status, found

    def _do(self, method: str, pattern: str, ids: list[str], params: Plain) -> Plain:  # noqa: C901, PLR0911, PLR0912 - a table with arguments
        match method, pattern:
            case "POST", "checkout/sessions":
                return self.create_session(params, request.host_url.rstrip("/"))
            case "GET", "checkout/sessions/<id>":
                return self.of("checkout.session", ids[0], "session")
            case "POST", "checkout/sessions/<id>/expire":
                return self.expire_session(ids[0])
            case "POST", "refunds":
                return self.refund(params)
            case "POST", "transfers":
                return self.transfer(params)
            case "POST", "transfers/<id>/reversals":
                return self.reverse(ids[0], params)
            case "GET", "transfers/<id>/reversals":
                return self.listed("transfer_reversal", params, transfer=ids[0])
            case "GET", "payment_pages/<id>":  # what Stripe's own pay page asks, and its command line
                return self.of("checkout.session", ids[0], "session")
            case "POST", "payment_pages/<id>/confirm":
                return self.pay(ids[0], method="card")
            case "POST", "accounts/<id>":
                return self.change_account(ids[0], params)
            case "POST", "accounts":
                return self.open_account(params)
            case "POST", "account_links":
                self.of("account", params["account"], "account")
                return {"object": "account_link", "url": f"{request.host_url}setup/{params['account']}", "created": 0, "expires_at": 300}
            case "POST", "payment_intents":
                return self._pay_at_once(params)
            case "POST", "products" | "prices" | "payment_methods":
                return self.add(pattern[:4], object=pattern[:-1], **{name: params[name] for name in ("currency", "unit_amount", "type") if name in params})
            case _:
                return self.listed(pattern[:-1], params)

    def _pay_at_once(self, params: Plain) -> Plain:
        intent = self.add(
            "pi", object="payment_intent", amount=params["amount"], amount_received=0, currency=params["currency"], latest_charge=None,
            status="requires_payment_method", metadata=params.get("metadata", {}), transfer_group=params.get("transfer_group"),
        )
        self.tell("payment_intent.created", intent)
        if params.get("payment_method") == "pm_card_chargeDeclined":
            self.tell("payment_intent.payment_failed", intent)
            raise Wrong("card_declined", "", "Your card was declined.")
        return self.confirmed(intent) if params.get("confirm") else intent


def _error(kind: str, code: str, param: str, message: str) -> Plain:
    return {"error": {"type": kind, "code": code or None, "param": param or None, "message": message}}


def twin_app(twin: Twin) -> Flask:
    """Return the application of a twin."""
    app = Flask("stripe-twin")
    patterns = {
        "checkout/sessions": ("GET", "POST"), "checkout/sessions/<id>": ("GET",), "checkout/sessions/<id>/expire": ("POST",),
        "refunds": ("GET", "POST"), "transfers": ("GET", "POST"), "transfers/<id>/reversals": ("GET", "POST"), "charges": ("GET",),
        "payment_intents": ("GET", "POST"), "accounts": ("POST",), "accounts/<id>": ("POST",), "account_links": ("POST",), "products": ("POST",), "prices": ("POST",),
        "payment_methods": ("POST",), "payment_pages/<id>": ("GET",), "payment_pages/<id>/confirm": ("POST",),
    }

    def add(pattern: str, methods: tuple[str, ...]) -> None:
        def view(**ids: str) -> Response:
            return _answered(twin, pattern, list(ids.values()))

        app.add_url_rule(f"/v1/{pattern}", pattern, view, methods=methods)

    for pattern, methods in patterns.items():
        add(pattern, methods)
    return app


def _answered(twin: Twin, pattern: str, ids: list[str]) -> Response:
    with twin.guard:
        twin.asked.append((request.method, request.path))
        fault = twin.faults.pop(0) if twin.faults else ""
    if fault == "500":
        return _said(500, _error("api_error", "", "", "Something went wrong on Stripe's end."))
    if fault == "busy":
        return _said(429, _error("invalid_request_error", "lock_timeout", "", "This object cannot be accessed right now."))
    if request.headers.get("Authorization") != f"Bearer {KEY}":
        return _said(401, _error("invalid_request_error", "", "", "Invalid API Key provided."))
    with twin.guard:
        status, content = twin.answer(request.method, pattern, ids)
    return _failing(fault, status, content, twin.slow_seconds)


def _failing(fault: str, status: int, content: Plain, seconds: float) -> Response:
    """Answer, or lose the answer to what was done."""
    whole = json.dumps(content)
    match fault:
        case "slow":
            time.sleep(seconds)
        case "dripping":
            return Response(_dripping(whole, seconds), status, mimetype="application/json", headers={"Content-Length": str(len(whole))})
        case "half":  # the line breaks in the middle
            return Response(iter([whole[: len(whole) // 2]]), status, mimetype="application/json", headers={"Content-Length": str(len(whole))})
        case "half-json":
            return Response(whole[: len(whole) // 2], status, mimetype="application/json")
        case "no-fields":
            return Response('{"object": "nothing"}', status, mimetype="application/json")
        case "hung-up":
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return _said(status, content)


def _dripping(whole: str, seconds: float) -> Iterator[str]:
    for letter in whole:
        time.sleep(seconds / 20)
        yield letter


def _said(status: int, content: Plain) -> Response:
    return Response(json.dumps(content), status, mimetype="application/json", headers={"Request-Id": "req_twin"})


class _Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - its own name
        """Write nothing."""


@contextmanager
def serving(twin: Twin) -> Iterator[str]:
    """Serve a twin on this machine; gives its address."""
    server = make_server("127.0.0.1", 0, twin_app(twin), threaded=True, request_handler=_Silent)
    server.daemon_threads = True  # type: ignore[attr-defined] # werkzeug types less than it has
    server.block_on_close = False  # type: ignore[attr-defined] # werkzeug types less than it has
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
