"""Stripe as our payment service: separate charges and transfers (Connect). The only file that knows its SDK, its words and its line."""

import io
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final, Literal
from uuid import UUID

import requests
import structlog
from requests.adapters import HTTPAdapter
from stripe import (
    APIConnectionError,
    APIError,
    AuthenticationError,
    InvalidRequestError,
    RateLimitError,
    RequestsClient,
    SignatureVerificationError,
    StripeClient,
    StripeError,
    StripeObject,
)
from stripe import (
    PermissionError as KeyMayNotError,
)
from stripe.params import PaymentIntentListParams
from stripe.params.checkout import SessionCreateParams
from typing_extensions import override

from academy.kernel.money import Money
from academy.payments.gateway import (
    AccountTold,
    BankRefused,
    BankUnavailable,
    CheckoutOrder,
    CheckoutOutcome,
    CheckoutTold,
    KnownPayment,
    Notice,
    NoticeForged,
    RefundTold,
    StartedCheckout,
)

_CONNECT, _READ, _WHOLE = 3.05, 8.0, 15.0  # seconds: for a line, for the next bytes, for a whole answer
_LARGEST: Final = 4 * 1024 * 1024  # bytes of an answer
_MOST_NAME: Final = 250  # characters of what is bought
_PAGE: Final = 100  # the most that Stripe gives at once
_CURRENCY: Final = "eur"

# Stripe is away, is in trouble, or our key is not in order: all of that passes, and the same key may be asked again.
_AWAY: Final = (APIConnectionError, APIError, RateLimitError, AuthenticationError, KeyMayNotError)
_PASSES: Final = frozenset({"balance_insufficient", "lock_timeout"})  # codes of refusals that later are none
_UNDER_WAY: Final = frozenset({"processing", "requires_action", "requires_capture"})  # a payment whose money may still come
_REFUND_WORDS: Final[Mapping[str, Literal["done", "failed", "sent"]]] = {
    "succeeded": "done", "failed": "failed", "canceled": "failed", "pending": "sent", "requires_action": "sent",
}

_log = structlog.get_logger(__name__)
_Told = CheckoutTold | RefundTold | AccountTold
_Found = Mapping[str, Any]  # an object of Stripe, as plain values


class _Bounded(HTTPAdapter):
    """Reads an answer whole, within limits of time and size: bytes that keep dripping in are no answer."""

    @override
    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        deadline = time.monotonic() + _WHOLE
        answer = super().send(request, **{**options, "stream": True})
        body = bytearray()
        while piece := answer.raw.read1(_LARGEST, decode_content=True):
            body += piece
            if len(body) > _LARGEST or time.monotonic() > deadline:
                answer.close()
                raise requests.Timeout
        answer.raw = io.BytesIO(body)
        return answer


def _line() -> requests.Session:
    line = requests.Session()
    line.trust_env = False  # a netrc file of the machine has no say in who we are
    line.max_redirects = 0
    line.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # threads share the line, and nothing else
    for scheme in ("https://", "http://"):
        line.mount(scheme, _Bounded())
    return line


class StripeGateway:
    """An account at Stripe: its key, the secrets of its notices, and which ways to pay it offers (none: as set at Stripe)."""

    name = "stripe"
    notice_header = "Stripe-Signature"

    def __init__(self, key: str, *, notice_secrets: Sequence[str], methods: Sequence[str] = (), api_base: str = "") -> None:
        logging.getLogger("stripe").setLevel(logging.ERROR)  # its lines quote what was wrong, which may be somebody's address
        self._client = StripeClient(
            key, max_network_retries=0, http_client=RequestsClient(timeout=(_CONNECT, _READ), session=_line()),
            base_addresses={"api": api_base} if api_base else None,
        )
        self._secrets = tuple(notice_secrets)
        self._methods = tuple(methods)
        self.page_origins: tuple[str, ...] = (api_base,) if api_base else ("https://checkout.stripe.com", "https://connect.stripe.com")

    # Visits to the bank

    def start_checkout(self, order: CheckoutOrder) -> StartedCheckout:
        """Open a page at Stripe. `expires_at` must lie 30 minutes to 24 hours ahead (Stripe's own limits): else BankRefused."""
        with _asking("start-checkout"):
            made = _plain(self._client.v1.checkout.sessions.create(self._params(order), {"idempotency_key": str(order.key)}))
            return StartedCheckout(made["id"], made["url"], _moment(made["expires_at"]))

    def _params(self, order: CheckoutOrder) -> SessionCreateParams:
        mark = {"payment": str(order.payment_id)}
        params: dict[str, Any] = {
            "mode": "payment",
            "submit_type": "pay",
            "client_reference_id": order.reference,
            "metadata": mark,
            "locale": order.language,
            "line_items": [{"quantity": 1, "price_data": {
                "currency": _CURRENCY, "unit_amount": order.amount.cents, "product_data": {"name": order.description[:_MOST_NAME]},
            }}],
            "adaptive_pricing": {"enabled": False},  # we owe in euros, so we ask euros
            "payment_intent_data": {"metadata": mark, "transfer_group": order.reference},
            "success_url": order.success_url,
            "cancel_url": order.cancel_url,
            "expires_at": int(order.expires_at.timestamp()),
        }
        if order.email:
            params["customer_email"] = order.email
        if self._methods:
            params["allowed_payment_method_types"] = list(self._methods)
        return params  # type: ignore[return-value]  # tests/stripe_twin holds every request against the SDK's own types

    def checkout(self, vendor_session: str) -> CheckoutOutcome:
        with _asking("checkout"):
            return _outcome(_plain(self._client.v1.checkout.sessions.retrieve(vendor_session, {"expand": ["payment_intent.latest_charge"]})))

    def expire_checkout(self, vendor_session: str) -> CheckoutOutcome:
        """Take no more money for a visit; one that ended already stays as it ended."""
        with _asking("expire-checkout"):
            try:
                return _outcome(_plain(self._client.v1.checkout.sessions.expire(vendor_session)))
            except InvalidRequestError as error:  # it is over already, or unknown: looking tells which
                _log.info("bank.visit-was-over", code=error.code)
        return self.checkout(vendor_session)

    # Money that goes back and on. Stripe remembers an idempotency key for a day; what an older one made is found by our mark on it.

    def refund(self, *, key: UUID, vendor_payment: str, amount: Money) -> tuple[str, bool]:
        mark = {"refund": str(key)}
        refunds = self._client.v1.refunds
        with _asking("refund"):
            made = _marked(refunds.list({"payment_intent": vendor_payment, "limit": _PAGE}).auto_paging_iter(), mark) or _plain(refunds.create(
                {"payment_intent": vendor_payment, "amount": amount.cents, "metadata": mark}, {"idempotency_key": str(key)},
            ))
            state = _REFUND_WORDS[made["status"]]
            if state == "failed":
                raise BankRefused(f"refund {made.get('failure_reason') or made['status']}")
            return made["id"], state == "done"

    def transfer(self, *, key: UUID, vendor_account: str, vendor_charge: str, amount: Money, group: str) -> str:
        """Send money on to a provider, of the money of one charge: so it need not wait until that is in our balance. `group` is the payment's code."""
        mark = {"transfer": str(key)}
        transfers = self._client.v1.transfers
        with _asking("transfer"):
            made = _marked(transfers.list({"transfer_group": group, "limit": _PAGE}).auto_paging_iter(), mark) or _plain(transfers.create(
                {
                    "amount": amount.cents, "currency": _CURRENCY, "destination": vendor_account, "transfer_group": group, "metadata": mark,
                    "source_transaction": vendor_charge or self._charge_of(group),
                },
                {"idempotency_key": str(key)},
            ))
            return str(made["id"])

    def _charge_of(self, group: str) -> str:
        """Return the charge of a payment: the notice that a visit was paid does not name it."""
        for found in map(_plain, self._client.v1.charges.list({"transfer_group": group, "limit": _PAGE}).auto_paging_iter()):
            if found["status"] == "succeeded":
                return str(found["id"])
        raise BankUnavailable("no charge yet")

    def reverse_transfer(self, *, key: UUID, vendor_transfer: str, amount: Money) -> str:
        mark = {"reversal": str(key)}
        reversals = self._client.v1.transfers.reversals
        with _asking("reverse-transfer"):
            made = _marked(reversals.list(vendor_transfer, {"limit": _PAGE}).auto_paging_iter(), mark) or _plain(reversals.create(
                vendor_transfer, {"amount": amount.cents, "metadata": mark}, {"idempotency_key": str(key)},
            ))
            return str(made["id"])

    # Accounts of providers

    def open_account(self, *, key: UUID, name: str, email: str, country: str) -> str:
        """Open an account that only receives; Stripe asks its holder who they are. `country` by ISO 3166-1: "NL"."""
        with _asking("open-account"):
            made = _plain(self._client.v1.accounts.create(
                {
                    "country": country, "email": email, "business_profile": {"name": name}, "capabilities": {"transfers": {"requested": True}},
                    "controller": {
                        "stripe_dashboard": {"type": "express"}, "fees": {"payer": "application"}, "losses": {"payments": "application"},
                        "requirement_collection": "stripe",
                    },
                },
                {"idempotency_key": str(key)},
            ))
            return str(made["id"])

    def account_url(self, vendor_account: str, *, return_url: str) -> str:
        with _asking("account-url"):
            made = _plain(self._client.v1.account_links.create(
                {"account": vendor_account, "type": "account_onboarding", "return_url": return_url, "refresh_url": return_url},
            ))
            return str(made["url"])

    # What Stripe tells

    def read_notice(self, body: bytes, signature: str) -> Notice:
        """Return what a notice says, signed with any of our secrets: while one is replaced there are two, and Connect has its own."""
        for secret in self._secrets:
            try:
                event = _plain(self._client.construct_event(body, signature, secret))
                kind: str = event["type"]
                return Notice(event["id"], kind, _told(kind, event["data"]["object"], account=event.get("account") or ""))
            except SignatureVerificationError:
                continue
            except (ValueError, KeyError, TypeError, AttributeError) as error:  # signed, and yet no event of theirs
                raise NoticeForged(type(error).__name__) from error
        raise NoticeForged("signature")

    def payments_since(self, since: datetime, *, after: str = "") -> Iterator[KnownPayment]:
        params: PaymentIntentListParams = {"created": {"gte": int(since.timestamp())}, "limit": _PAGE, "expand": ["data.latest_charge"]}
        if after:
            params["starting_after"] = after
        with _asking("payments-since"):
            for found in self._client.v1.payment_intents.list(params).auto_paging_iter():
                intent = _plain(found)
                if intent["status"] == "succeeded" and intent["currency"] == _CURRENCY:
                    yield KnownPayment(
                        intent["id"], _id_in(intent, "payment"), Money(intent["amount_received"]),
                        Money(intent["latest_charge"]["amount_refunded"]), _moment(intent["created"]),
                    )


@contextmanager
def _asking(what: str) -> Iterator[None]:
    """Turn what goes wrong at Stripe into our words; never its message, which may quote a person."""
    try:
        yield
    except StripeError as error:
        code = error.code or type(error).__name__
        _log.warning("bank.no", asked=what, error=type(error).__name__, code=code, status=error.http_status, request=error.request_id)
        if isinstance(error, _AWAY) or code in _PASSES:
            raise BankUnavailable(code) from error
        raise BankRefused(f"{code} {getattr(error, 'param', None) or ''}".strip()) from error
    except KeyError as error:  # half an answer
        _log.warning("bank.half-an-answer", asked=what, lacks=str(error))
        raise BankUnavailable("half an answer") from error


def _plain(found: StripeObject) -> dict[str, Any]:
    """Return an object of the SDK, which is no dict, as one."""
    return found.to_dict()


def _marked(found: Iterable[StripeObject], mark: Mapping[str, str]) -> dict[str, Any] | None:
    ((name, value),) = mark.items()
    return next((each for each in map(_plain, found) if (each.get("metadata") or {}).get(name) == value), None)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _id_in(found: _Found, name: str) -> UUID | None:
    """Return our own id as Stripe kept it; None on what somebody made there by hand."""
    try:
        return UUID((found.get("metadata") or {})[name])
    except (KeyError, ValueError):
        return None


def _outcome(session: _Found) -> CheckoutOutcome:
    intent: _Found = session["payment_intent"] if isinstance(session.get("payment_intent"), dict) else {}
    if session["payment_status"] != "paid":
        is_open = session["status"] == "open" or intent.get("status") in _UNDER_WAY
        return CheckoutOutcome(session["id"], is_open=is_open)
    charge = intent["latest_charge"]
    return CheckoutOutcome(
        session["id"], is_open=False, vendor_payment=intent["id"], vendor_charge=charge["id"], amount=Money(intent["amount_received"]),
        method=_method(charge),
    )


def _method(charge: _Found) -> str:
    return str((charge.get("payment_method_details") or {}).get("type") or "")


def _told(kind: str, found: _Found, *, account: str) -> _Told | None:
    reader = _READERS.get(kind)
    if reader is not None and found.get("currency", _CURRENCY) == _CURRENCY:
        return reader(found)
    if kind == "account.application.deauthorized":  # a provider threw us out; the notice itself is about the application
        return AccountTold(account, is_ready=False)
    return None


def _session_paid(session: _Found) -> CheckoutTold | None:
    if session["payment_status"] != "paid":  # a slow way to pay: the money is still to come, and another notice with it
        return None
    methods = session.get("payment_method_types") or []
    return CheckoutTold(
        session["id"], _id_in(session, "payment"), "paid", vendor_payment=session["payment_intent"], cents=session["amount_total"],
        method=methods[0] if len(methods) == 1 else "",  # of several that were offered, only the charge knows which
    )


def _session_over(session: _Found) -> CheckoutTold:
    return CheckoutTold(session["id"], _id_in(session, "payment"), "expired")


def _refused(intent: _Found) -> CheckoutTold:
    return CheckoutTold("", _id_in(intent, "payment"), "refused")


def _refund(refund: _Found) -> RefundTold | None:
    if refund.get("payment_intent") is None:
        return None
    return RefundTold(refund["id"], _id_in(refund, "refund"), refund["payment_intent"], refund["amount"], _REFUND_WORDS[refund["status"]])


def _account(account: _Found) -> AccountTold:
    may_receive = (account.get("capabilities") or {}).get("transfers") == "active"
    return AccountTold(account["id"], is_ready=may_receive and account.get("payouts_enabled", False))


_READERS: Final[Mapping[str, Callable[[_Found], _Told | None]]] = {
    "checkout.session.completed": _session_paid,
    "checkout.session.async_payment_succeeded": _session_paid,
    "checkout.session.async_payment_failed": _session_over,
    "checkout.session.expired": _session_over,
    "payment_intent.payment_failed": _refused,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "account.updated": _account,
}
