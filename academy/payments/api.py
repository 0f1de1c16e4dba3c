"""What higher rooms may call of payments."""

from academy.payments.errors import (
    BillingDetailsMissing,
    CreditTooHigh,
    NothingToRefund,
    PaymentNotFound,
    PaymentRunning,
    RefundTooHigh,
)
from academy.payments.events import (
    AttentionNeeded,
    InvoiceIssued,
    PaymentEnded,
    PaymentSettled,
    RefundDone,
    RefundFailed,
)
from academy.payments.facts import InvoiceFacts, LineDraft, Payer, PaymentFacts, RefundFacts
from academy.payments.invoice_pdf import invoice_pdf
from academy.payments.kinds import InvoiceKind, PaymentState, VatCategory
from academy.payments.queries import payment, payments, payments_for, refund
from academy.payments.queries.attention import count_open
from academy.payments.queries.billing import BillingFacts, Party, billing_details_of
from academy.payments.queries.invoices import document as invoice_document
from academy.payments.queries.invoices import invoices
from academy.payments.service import ask_refund, close_payment, open_payment
from academy.payments.service.invoicing import credit_invoice, issue_invoice
from academy.payments.service.invoicing_details import note_billing_details
from academy.payments.service.invoicing_payments import note_payment
from academy.payments.service.past import settle_in_past

__all__ = [
    "AttentionNeeded", "BillingDetailsMissing", "BillingFacts", "CreditTooHigh", "InvoiceFacts", "InvoiceIssued", "InvoiceKind", "LineDraft", "NothingToRefund",
    "Party", "Payer", "PaymentEnded", "PaymentFacts", "PaymentNotFound", "PaymentRunning", "PaymentSettled", "PaymentState", "RefundDone",
    "RefundFacts", "RefundFailed", "RefundTooHigh", "VatCategory", "ask_refund", "billing_details_of", "close_payment", "count_open", "credit_invoice",
    "invoice_document", "invoice_pdf", "invoices", "issue_invoice", "note_billing_details", "note_payment", "open_payment", "payment", "payments",
    "payments_for", "refund", "settle_in_past",
]
