"""Tables of payments."""

from academy.payments.models.attention import BankComparison, Finding, MoneyReturn
from academy.payments.models.demo_bank import DemoCheckout, DemoRefund
from academy.payments.models.invoices import BillingDetails, Invoice, InvoiceLine, InvoicePayment, InvoiceSeries
from academy.payments.models.ledger import LedgerAccount, LedgerEntry, LedgerTransaction
from academy.payments.models.payments import (
    Checkout,
    Payment,
    PayoutAccount,
    ReceivedNotice,
    Refund,
    Transfer,
    TransferReversal,
)

__all__ = [
    "BankComparison", "BillingDetails", "Checkout", "DemoCheckout", "DemoRefund", "Finding", "Invoice", "InvoiceLine", "InvoicePayment", "InvoiceSeries",
    "LedgerAccount", "LedgerEntry", "LedgerTransaction", "MoneyReturn", "Payment", "PayoutAccount", "ReceivedNotice", "Refund", "Transfer",
    "TransferReversal",
]
