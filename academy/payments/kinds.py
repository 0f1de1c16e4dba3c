"""The kinds that payments, bookings and invoices come in; plain words, so that rules can use them."""

from enum import StrEnum


class PaymentState(StrEnum):
    """Where a payment stands. `settled` and `ended` are for ever; money that comes for an ended one settles it all the same."""

    OPEN = "open"
    CLOSING = "closing"  # no more money is wanted; the bank is asked to take none, and has not answered yet
    SETTLED = "settled"
    ENDED = "ended"  # known to be unpaid


class CheckoutState(StrEnum):
    """Where one visit to the bank stands."""

    STARTING = "starting"  # the bank is being asked; the same idempotency key finds what it made
    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class NoticeState(StrEnum):
    WAITING = "waiting"  # to be acted on, or about something we do not know yet
    DONE = "done"
    IGNORED = "ignored"  # of a kind that changes nothing here


class SendState(StrEnum):
    """Where an order to the bank stands: a refund, a transfer, the reversal of one."""

    ASKED = "asked"
    SENT = "sent"  # the bank took it; a refund has not arrived yet
    DONE = "done"
    FAILED = "failed"  # a person has to look


class FindingKind(StrEnum):
    """What is not right about money, so that a person has to look."""

    UNKNOWN_MONEY = "unknown-money"  # the bank has it, and it is for nothing here
    WRONG_AMOUNT = "wrong-amount"  # another amount than was asked came in; it is booked nowhere
    PAID_TWICE = "paid-twice"  # booked nowhere
    UNKNOWN_VISIT = "unknown-visit"  # the amount that was asked came in, by a way that is not known here
    NOT_AT_BANK = "not-at-bank"  # paid here, unknown there
    AMOUNTS_DIFFER = "amounts-differ"  # paid here and there, not the same
    REFUNDS_DIFFER = "refunds-differ"
    REFUND_FAILED = "refund-failed"
    RETURN_FAILED = "return-failed"  # of money that is booked nowhere
    TRANSFER_FAILED = "transfer-failed"
    REVERSAL_FAILED = "reversal-failed"
    NOTICE_WAITS = "notice-waits"


class FindingState(StrEnum):
    """What became of a finding. Seen again, it is open again, unless a person closed it with a reason."""

    OPEN = "open"
    GONE = "gone"  # by itself
    GIVEN_BACK = "given-back"
    SETTLED = "settled"
    TRIED_AGAIN = "tried-again"
    CLOSED = "closed"


class AccountKind(StrEnum):
    """What a ledger account is for. Debit on `clearing` is money that we have; credit on `provider` is money that we owe."""

    CLEARING = "clearing"  # at the payment service
    PAYER = "payer"  # what a person or an organisation owes us
    PROVIDER = "provider"  # what we owe an institution
    FEES = "fees"  # what the platform earns
    VAT = "vat"  # on those fees


class Booked(StrEnum):
    """What a ledger transaction is about."""

    SALE = "sale"
    SALE_REVERSED = "sale-reversed"
    PAID = "paid"
    REFUNDED = "refunded"
    FEE = "fee"
    FEE_REVERSED = "fee-reversed"
    TRANSFERRED = "transferred"
    TRANSFER_REVERSED = "transfer-reversed"


class InvoiceKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit-note"


class VatCategory(StrEnum):
    """UNCL 5305, as EN 16931 (BT-151) writes it."""

    STANDARD = "S"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
