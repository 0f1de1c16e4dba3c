"""What higher rooms may call of payments."""

from academy.payments.errors import (
    BillingDetailsMissing,
    CreditTooHigh,
    NothingToRefund,
    PaymentNotFound,
    PaymentRunning,
    RefundTooHigh,
)
from academy.payments.events import InvoiceIssued, PaymentEnded, PaymentSettled, RefundDone, RefundFailed
from academy.payments.facts import InvoiceFacts, LineDraft, Payer, PaymentFacts, RefundFacts
from academy.payments.kinds import InvoiceKind, PaymentState, VatCategory
from academy.payments.queries import payment, payments, payments_for, refund
from academy.payments.queries.billing import BillingFacts, billing_details_of
from academy.payments.queries.invoices import invoices
from academy.payments.service import ask_refund, close_payment, open_payment
from academy.payments.service.invoicing import credit_invoice, issue_invoice

__all__ = [
    "BillingDetailsMissing", "BillingFacts", "CreditTooHigh", "InvoiceFacts", "InvoiceIssued", "InvoiceKind", "LineDraft", "NothingToRefund", "Payer",
    "PaymentEnded", "PaymentFacts", "PaymentNotFound", "PaymentRunning", "PaymentSettled", "PaymentState", "RefundDone", "RefundFacts",
    "RefundFailed", "RefundTooHigh", "VatCategory", "ask_refund", "billing_details_of", "close_payment", "credit_invoice", "invoices",
    "issue_invoice", "open_payment", "payment", "payments", "payments_for", "refund",
]
