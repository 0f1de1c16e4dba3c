"""Use cases of payments."""

from academy.payments.service.bank import gateway, set_gateway, set_return_pages
from academy.payments.service.notices import store_notice
from academy.payments.service.opening import close_payment, open_payment
from academy.payments.service.paying import start_checkout
from academy.payments.service.refunds import ask_refund
from academy.payments.service.transfers import payout_url

__all__ = [
    "ask_refund", "close_payment", "gateway", "open_payment", "payout_url", "set_gateway", "set_return_pages", "start_checkout", "store_notice",
]
