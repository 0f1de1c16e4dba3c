"""Reads of payments; frozen facts come out."""

from academy.payments.queries.payments import my_payment, payment, payment_by_code, payments, payments_for
from academy.payments.queries.refunds import refund, refunds_of

__all__ = ["my_payment", "payment", "payment_by_code", "payments", "payments_for", "refund", "refunds_of"]
