"""The payment service of this process, and what this installation agreed about it."""

from collections.abc import Callable
from typing import Final

from academy.payments.errors import PaymentsNotOpen
from academy.payments.gateway import PaymentGateway

ReturnPages = Callable[[str, str], tuple[str, str]]
"""From a payment's code and a language to where a payer comes back: after paying, and without having paid. Whole addresses."""

_gateways: list[PaymentGateway] = []
_return_pages: list[ReturnPages] = []
_fee_rates: Final[list[int]] = [0]


def set_gateway(chosen: PaymentGateway | None, *, fee_rate: int = 0) -> None:
    """Choose who takes the payments of this process (None: nobody), and what the platform keeps of each: hundredths of a per cent, VAT included."""
    _gateways[:] = [chosen] if chosen else []
    _fee_rates[:] = [fee_rate]


def gateway() -> PaymentGateway:
    """Return who takes the payments of this process. Raises PaymentsNotOpen when nobody does."""
    if not _gateways:
        raise PaymentsNotOpen
    return _gateways[0]


def is_open() -> bool:
    """Tell whether somebody takes the payments of this process."""
    return bool(_gateways)


def fee_rate() -> int:
    """Return what the platform keeps of a payment, in hundredths of a per cent, VAT included."""
    return _fee_rates[0]


def set_return_pages(pages: ReturnPages) -> None:
    """Choose where payers come back; the same payment always gets the same addresses, for they go under one idempotency key."""
    _return_pages[:] = [pages]


def return_pages(code: str, language: str) -> tuple[str, str]:
    """Return where the payer of a payment comes back: after paying, and without."""
    return _return_pages[0](code, language)
