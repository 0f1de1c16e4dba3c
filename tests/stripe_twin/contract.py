"""What the pinned SDK says a request may hold and an answer may hold: the contract between our gateway and its twin.

The SDK's parameter types become strict pydantic types: no unknown names, no words outside a list of words. So a parameter that was removed or
misspelled fails here as it would at Stripe.
"""

import importlib
import re
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl

import pydantic
import stripe
import typing_extensions as te

_OPTIONS: Final = {
    "api_key", "stripe_version", "stripe_account", "stripe_context", "idempotency_key", "headers", "max_network_retries", "content_type",
}
_UNIONS: Final[set[Any]] = {typing.Union, types.UnionType}
_NESTED: Final = re.compile(r"\[([^\]]*)\]")
Plain = dict[str, Any]

# By method and the pattern of a path: the module and the type of its parameters.
REQUESTS: Final = {
    ("POST", "checkout/sessions"): ("checkout._session_create_params", "SessionCreateParams"),
    ("GET", "checkout/sessions/<id>"): ("checkout._session_retrieve_params", "SessionRetrieveParams"),
    ("POST", "checkout/sessions/<id>/expire"): ("checkout._session_expire_params", "SessionExpireParams"),
    ("POST", "refunds"): ("_refund_create_params", "RefundCreateParams"),
    ("GET", "refunds"): ("_refund_list_params", "RefundListParams"),
    ("POST", "transfers"): ("_transfer_create_params", "TransferCreateParams"),
    ("GET", "transfers"): ("_transfer_list_params", "TransferListParams"),
    ("POST", "transfers/<id>/reversals"): ("_transfer_reversal_create_params", "TransferReversalCreateParams"),
    ("GET", "transfers/<id>/reversals"): ("_transfer_reversal_list_params", "TransferReversalListParams"),
    ("GET", "charges"): ("_charge_list_params", "ChargeListParams"),
    ("GET", "payment_intents"): ("_payment_intent_list_params", "PaymentIntentListParams"),
    ("POST", "payment_intents"): ("_payment_intent_create_params", "PaymentIntentCreateParams"),
    ("POST", "accounts/<id>"): ("_account_update_params", "AccountUpdateParams"),
    ("POST", "accounts"): ("_account_create_params", "AccountCreateParams"),
    ("POST", "account_links"): ("_account_link_create_params", "AccountLinkCreateParams"),
    ("POST", "products"): ("_product_create_params", "ProductCreateParams"),
    ("POST", "prices"): ("_price_create_params", "PriceCreateParams"),
    ("POST", "payment_methods"): ("_payment_method_create_params", "PaymentMethodCreateParams"),
}
_ANSWERS: Final[Mapping[str, type]] = {
    "checkout.session": stripe.checkout.Session, "payment_intent": stripe.PaymentIntent, "charge": stripe.Charge, "refund": stripe.Refund,
    "transfer": stripe.Transfer, "transfer_reversal": stripe.TransferReversal, "account": stripe.Account, "account_link": stripe.AccountLink,
    "product": stripe.Product, "price": stripe.Price, "payment_method": stripe.PaymentMethod, "list": stripe.ListObject, "event": stripe.Event,
}


class Wrong(Exception):
    """A request that Stripe would not take: as code, parameter and sentence."""

    def __init__(self, code: str, param: str, message: str) -> None:
        super().__init__(message)
        self.code, self.param, self.message = code, param, message


def params_of(method: str, pattern: str, encoded: str) -> Plain:
    """Return the parameters of a request, each of its right type; as they came for what the SDK does not ask. Raises Wrong."""
    if (method, pattern) not in REQUESTS:
        return decoded(encoded)
    try:
        return typing.cast("Plain", _checker(*REQUESTS[method, pattern]).validate_python(decoded(encoded)))
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        path = [str(part) for part in first["loc"] if not str(part).startswith(("function-", "list[", "literal[", "dict["))]
        param = path[0] + "".join(f"[{part}]" for part in path[1:]) if path else ""
        code = {"extra_forbidden": "parameter_unknown", "missing": "parameter_missing", "int_parsing": "parameter_invalid_integer"}
        raise Wrong(code.get(first["type"], "parameter_invalid"), param, f"{first['msg']}: {param}") from error


def decoded(encoded: str) -> Plain:
    """Return form fields with brackets as dicts and lists."""
    found: Plain = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        keys = [name.partition("[")[0], *_NESTED.findall(name)]
        inner = found
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        inner[keys[-1] or str(len(inner))] = value
    return {key: _listed(value) for key, value in found.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_listed(value[key]) for key in sorted(value, key=int)]
    return {key: _listed(each) for key, each in value.items()}


def known(answer: Plain) -> Plain:
    """Return an answer of the twin. Raises AssertionError when it has a field that the SDK has never heard of."""
    kind = _ANSWERS[answer["object"]]
    assert set(answer) <= _fields(kind), f"{kind.__name__} has no {set(answer) - _fields(kind)}"
    return answer


@cache
def _fields(kind: type) -> set[str]:
    return {name for each in kind.__mro__ for name in getattr(each, "__annotations__", {})} | {"object"}


@cache
def _checker(module_name: str, name: str) -> pydantic.TypeAdapter[Any]:
    module = importlib.import_module(f"stripe.params.{module_name}")
    return pydantic.TypeAdapter(_strict(getattr(module, name), module, {}))


def _strict(kind: Any, module: types.ModuleType, seen: dict[Any, Any]) -> Any:
    """Return a type of the SDK that takes no unknown names and, where it has a list of words, no others."""
    origin: Any = te.get_origin(kind)
    inside = te.get_args(kind)
    if origin in {te.NotRequired, te.Required}:
        return origin[_strict(inside[0], module, seen)]
    if origin in _UNIONS:
        has_words = any(_is_words(each) for each in inside)
        return typing.Union[tuple(_strict(each, module, seen) for each in inside if not (has_words and each is str))]  # noqa: UP007 - made of what is found
    if origin in {list, dict}:
        return origin[tuple(_strict(each, module, seen) for each in inside)]
    if not te.is_typeddict(kind):
        return kind
    if kind not in seen:
        seen[kind] = Any  # a type within itself
        hints = te.get_type_hints(kind, {**vars(module), "StripeContext": object, "Mapping": Mapping}, None, include_extras=True)
        fields = {name: _strict(hint, module, seen) for name, hint in hints.items() if name not in _OPTIONS}
        made: Any = te.TypedDict(kind.__name__, fields, total=kind.__total__)  # type: ignore[misc] # made from what the SDK says at run time
        setattr(made, "__pydantic_config__", pydantic.ConfigDict(extra="forbid", arbitrary_types_allowed=True))  # noqa: B010 - no attribute it declares
        seen[kind] = made
    return seen[kind]


def _is_words(kind: Any) -> bool:
    """Tell whether a type is a list of words; the empty text alone is none: it takes a value away."""
    origin: Any = te.get_origin(kind)
    return origin is te.Literal and te.get_args(kind) != ("",)
