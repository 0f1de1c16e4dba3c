"""What the twin knows and does: visits, payments, refunds, transfers and accounts, as Stripe has them."""

import itertools
import json
import threading
import time
from typing import Any, Final

import stripe

from tests.stripe_twin.contract import Plain, Wrong, known

_SHORTEST, _LONGEST = 30 * 60, 24 * 60 * 60  # seconds that a visit can last
_SLACK: Final = 60  # seconds
_PAGE: Final = 10


class State:
    """Objects by their ids, in the order in which they were made, and the events of what happened to them."""

    def __init__(self, *, offers: tuple[str, ...] = ("card", "ideal")) -> None:
        self.objects: dict[str, Plain] = {}
        self.events: list[Plain] = []
        self.offers = offers  # ways to pay, as chosen in the dashboard
        self.refunds_wait = False  # for the bank, until `finish_refund`
        self.guard = threading.RLock()
        self._intents: dict[str, Plain] = {}  # what a visit says of the payment that comes of it
        self._numbers = itertools.count(1)

    # Requests

    def create_session(self, params: Plain, base: str) -> Plain:
        now = int(time.time())
        items = params.get("line_items") or []
        if not items:
            raise Wrong("parameter_missing", "line_items", "You must say what is bought.")
        if "cancel_url" in params and "success_url" not in params:
            raise Wrong("parameter_missing", "success_url", "You must say where the payer comes back.")
        until = params.get("expires_at", now + _LONGEST)
        if not now + _SHORTEST - _SLACK <= until <= now + _LONGEST + _SLACK:
            raise Wrong("parameter_invalid", "expires_at", "The `expires_at` timestamp must be between 30 minutes and 24 hours ahead.")
        prices = [item.get("price_data") or self.of("price", item["price"], "line_items[0][price]") for item in items]
        takes_euros = all(price["currency"] == "eur" for price in prices)
        methods = params.get("allowed_payment_method_types") or [each for each in self.offers if takes_euros or each != "ideal"]
        if "ideal" in methods and not takes_euros:
            raise Wrong("parameter_invalid", "currency", "iDEAL takes euros only.")
        made = self.add(
            "cs", object="checkout.session", status="open", payment_status="unpaid", expires_at=until, currency=prices[0]["currency"],
            amount_total=sum(price["unit_amount"] * item.get("quantity", 1) for price, item in zip(prices, items, strict=True)),
            mode=params["mode"], payment_method_types=methods, payment_intent=None, metadata=params.get("metadata", {}),
            client_reference_id=params.get("client_reference_id"), customer_email=params.get("customer_email"), locale=params.get("locale"),
            success_url=params.get("success_url"), cancel_url=params.get("cancel_url"),
        )
        made["url"] = f"{base}/c/pay/{made['id']}"
        self._intents[made["id"]] = params.get("payment_intent_data", {})
        return made

    def expire_session(self, session_id: str) -> Plain:
        session = self.of("checkout.session", session_id, "session")
        if session["status"] != "open":
            raise Wrong("", "session", f"Only Checkout Sessions with a status of open can be expired; this one is {session['status']}.")
        session.update(status="expired", url=None)
        self.tell("checkout.session.expired", session)
        return session

    def refund(self, params: Plain) -> Plain:
        charge = self._charge_of(params)
        amount = params.get("amount", charge["amount"] - charge["amount_refunded"])
        if charge["amount_refunded"] == charge["amount"]:
            raise Wrong("charge_already_refunded", "", "This charge has already been refunded.")
        if not 0 < amount <= charge["amount"] - charge["amount_refunded"]:
            raise Wrong("", "amount", "The refund is greater than what is left of the charge.")
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        made = self.add(
            "re", object="refund", amount=amount, currency=charge["currency"], charge=charge["id"], payment_intent=charge["payment_intent"],
            status="pending" if self.refunds_wait else "succeeded", metadata=params.get("metadata", {}),
        )
        self.tell("refund.created", made)
        self.tell("charge.refunded", charge)
        return made

    def transfer(self, params: Plain) -> Plain:
        account = self.of("account", params["destination"], "destination")
        if account["capabilities"].get("transfers") != "active":
            raise Wrong("insufficient_capabilities_for_transfer", "destination", "The account can not receive transfers yet.")
        source = params.get("source_transaction")
        if source is None:
            raise Wrong("balance_insufficient", "", "You have insufficient available funds.")
        charge = self.of("charge", source, "source_transaction")
        sent = sum(each["amount"] for each in self.all("transfer") if each["source_transaction"] == source)
        if sent + params["amount"] > charge["amount"]:
            raise Wrong("", "amount", "Transfers using this transaction as a source must not exceed its amount.")
        made = self.add(
            "tr", object="transfer", amount=params["amount"], amount_reversed=0, currency=params["currency"], destination=account["id"],
            source_transaction=source, transfer_group=params.get("transfer_group"), metadata=params.get("metadata", {}), reversed=False,
        )
        self.tell("transfer.created", made)
        return made

    def reverse(self, transfer_id: str, params: Plain) -> Plain:
        transfer = self.of("transfer", transfer_id, "id")
        amount = params.get("amount", transfer["amount"])
        if amount > transfer["amount"] - transfer["amount_reversed"]:
            raise Wrong("", "amount", "The reversal is greater than what is left of the transfer.")
        transfer["amount_reversed"] += amount
        made = self.add(
            "trr", object="transfer_reversal", amount=amount, currency=transfer["currency"], transfer=transfer_id, metadata=params.get("metadata", {}),
        )
        self.tell("transfer.reversed", transfer)
        return made

    def open_account(self, params: Plain) -> Plain:
        return self.add(
            "acct", object="account", country=params.get("country", "US"), email=params.get("email"), business_profile=params.get("business_profile"),
            capabilities=dict.fromkeys(list(params.get("capabilities", {})), "inactive"), payouts_enabled=False, charges_enabled=False,
        )

    def change_account(self, account_id: str, params: Plain) -> Plain:
        account = self.of("account", account_id, "account")
        account["metadata"] = params.get("metadata", {})
        self.tell("account.updated", account, account=account_id)
        return account

    def listed(self, kind: str, params: Plain, **of: Any) -> Plain:
        """Return a page of objects of a kind, the newest first, with `of` and what the parameters name."""
        wanted = {name: params[name] for name in ("payment_intent", "charge", "transfer_group", "destination") if name in params} | of
        since = (params.get("created") or {}).get("gte", 0)
        found = [
            each for each in reversed(self.all(kind))
            if each["created"] >= since and all(each.get(name) == value for name, value in wanted.items())
        ]
        after = params.get("starting_after")
        ids = [each["id"] for each in found]
        rest = found[ids.index(after) + 1 if after else 0 :]
        size = params.get("limit", _PAGE)
        return {"object": "list", "data": rest[:size], "has_more": len(rest) > size}

    # What people and banks do

    def pay(self, session_id: str, *, method: str = "ideal", is_slow: bool = False) -> Plain:
        """Pay at a visit; a slow way to pay brings the money later, by `money_comes`."""
        session = self.of("checkout.session", session_id, "session")
        if session["status"] != "open":
            raise Wrong("", "session", "This visit is over.")
        intent = self._intent(session)
        session.update(status="complete", payment_intent=intent["id"], url=None)
        if is_slow:
            intent["status"] = "processing"
            self.tell("checkout.session.completed", session)
        else:
            self._charge(intent, method)
            session["payment_status"] = "paid"
            self.tell("checkout.session.completed", session)
        return session

    def money_comes(self, session_id: str, *, method: str = "sepa_debit") -> None:
        session = self.of("checkout.session", session_id, "session")
        self._charge(self.of("payment_intent", session["payment_intent"], ""), method)
        session["payment_status"] = "paid"
        self.tell("checkout.session.async_payment_succeeded", session)

    def money_stays_away(self, session_id: str) -> None:
        session = self.of("checkout.session", session_id, "session")
        self.of("payment_intent", session["payment_intent"], "")["status"] = "requires_payment_method"
        self.tell("checkout.session.async_payment_failed", session)

    def refuse(self, session_id: str) -> None:
        """Let the payer's bank say no; the visit goes on."""
        intent = self._intent(self.of("checkout.session", session_id, "session"))
        self.tell("payment_intent.payment_failed", intent)

    def finish_refund(self, refund_id: str, *, fails: bool = False) -> None:
        refund = self.of("refund", refund_id, "")
        refund["status"] = "failed" if fails else "succeeded"
        if fails:
            charge = self.of("charge", refund["charge"], "")
            charge["amount_refunded"] -= refund["amount"]
        self.tell("refund.failed" if fails else "refund.updated", refund)

    def approve(self, account_id: str) -> None:
        """Know who a provider is."""
        account = self.of("account", account_id, "")
        account.update(capabilities=dict.fromkeys(account["capabilities"], "active"), payouts_enabled=True)
        self.tell("account.updated", account, account=account_id)

    def _intent(self, session: Plain) -> Plain:
        about = self._intents[session["id"]]
        made = self.add(
            "pi", object="payment_intent", amount=session["amount_total"], amount_received=0, currency=session["currency"], latest_charge=None,
            status="requires_payment_method", metadata=about.get("metadata", {}), transfer_group=about.get("transfer_group"),
        )
        self.tell("payment_intent.created", made)
        return made

    def _charge(self, intent: Plain, method: str) -> Plain:
        charge = self.add(
            "ch", object="charge", amount=intent["amount"], amount_refunded=0, refunded=False, currency=intent["currency"], status="succeeded", paid=True,
            payment_intent=intent["id"], metadata=intent["metadata"], transfer_group=intent["transfer_group"], payment_method_details={"type": method},
        )
        intent.update(status="succeeded", latest_charge=charge["id"], amount_received=intent["amount"])
        self.tell("charge.succeeded", charge)
        self.tell("payment_intent.succeeded", intent)
        return charge

    def confirmed(self, intent: Plain, method: str = "card") -> Plain:
        """Pay a payment that no visit belongs to."""
        self._charge(intent, method)
        return intent

    def _charge_of(self, params: Plain) -> Plain:
        if "charge" in params:
            return self.of("charge", params["charge"], "charge")
        intent = self.of("payment_intent", params["payment_intent"], "payment_intent")
        if intent["latest_charge"] is None:
            raise Wrong("", "payment_intent", "This PaymentIntent does not have a successful charge to refund.")
        return self.of("charge", intent["latest_charge"], "charge")

    # Objects

    def add(self, prefix: str, **values: Any) -> Plain:
        made = {"id": f"{prefix}_{next(self._numbers):06}", "created": int(time.time()), "livemode": False, **values}
        if made["object"] in {"refund", "transfer_reversal", "account"}:
            del made["livemode"]
        self.objects[made["id"]] = known(made)
        return made

    def of(self, kind: str, object_id: str, param: str) -> Plain:
        """Return an object. Raises Wrong when there is none of that kind."""
        found = self.objects.get(object_id)
        if found is None or found["object"] != kind:
            raise Wrong("resource_missing", param, f"No such {kind}: '{object_id}'")
        return found

    def all(self, kind: str) -> list[Plain]:
        return [each for each in self.objects.values() if each["object"] == kind]

    def tell(self, kind: str, about: Plain, **more: Any) -> None:
        """Note an event, with the object as it is at this moment."""
        self.events.append(known({
            "id": f"evt_{next(self._numbers):06}", "object": "event", "api_version": stripe.api_version, "created": int(time.time()), "livemode": False,
            "pending_webhooks": 1, "type": kind, "data": {"object": json.loads(json.dumps(known(about)))}, "request": None, **more,
        }))

    def expanded(self, answer: Plain, paths: list[str]) -> Plain:
        """Return an answer with the objects in place of the ids that `paths` name."""
        found: Plain = json.loads(json.dumps(answer))
        for path in paths:
            self._expand(found, path.split("."))
        return found

    def _expand(self, inside: Any, path: list[str]) -> None:
        if isinstance(inside, list):
            for each in inside:
                self._expand(each, path)
        elif path and inside.get(path[0]) is not None:
            if isinstance(inside[path[0]], str):
                inside[path[0]] = json.loads(json.dumps(self.objects[inside[path[0]]]))
            self._expand(inside[path[0]], path[1:])


