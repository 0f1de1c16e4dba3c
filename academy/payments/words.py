"""Amounts and states of payments and invoices, in the reader's words."""

from datetime import date
from decimal import Decimal
from typing import Final

from babel.numbers import format_currency, format_decimal

from academy.kernel.money import FREE, Money
from academy.kernel.translation import _, _l, reading_language
from academy.payments.facts import InvoiceFacts, PaymentFacts
from academy.payments.kinds import InvoiceKind, PaymentState

_STATES: Final = {
    PaymentState.OPEN: _l("Nog niet betaald"), PaymentState.CLOSING: _l("Wordt gestopt"), PaymentState.SETTLED: _l("Betaald"),
    PaymentState.ENDED: _l("Niet betaald"),
}
# As payment services call them. A name that is not here is shown as it is: which ones there are is their affair.
_METHODS: Final = {
    "card": _l("kaart"), "ideal": "iDEAL | Wero", "bancontact": "Bancontact", "sepa_debit": _l("automatische incasso"), "demo": _l("demobank"),
}


def exact_money(amount: Money) -> str:
    """Return an amount as papers have it, always with cents: `€ 1.250,00` in Dutch, `€1,250.00` in English."""
    is_dutch = reading_language() == "nl"
    pattern = "¤ #,##0.00" if is_dutch else "¤#,##0.00"
    text = format_currency(Decimal(abs(amount.cents)) / 100, "EUR", pattern, locale="nl" if is_dutch else "en", currency_digits=False)
    sign = "\N{MINUS SIGN}" if amount < FREE else ""  # unlike a hyphen it stays on the line of its number
    return sign + text.replace(" ", "\N{NO-BREAK SPACE}")


def rate_text(rate: int) -> str:
    """Return hundredths of a per cent as papers have them: `21%`, `9,5%` in Dutch."""
    return f"{format_decimal(Decimal(rate) / 100, '0.##', locale=reading_language())}%"


def method_word(code: str) -> str:
    """Return how was paid, by the code of the payment service."""
    return str(_METHODS.get(code, code))


def payment_state(found: PaymentFacts) -> tuple[str, str]:
    """Return how a payment stands in words, and the state that gives it its colour."""
    if found.state is PaymentState.SETTLED and found.refunded == found.amount:
        return _("Terugbetaald"), "finished"
    if found.state is PaymentState.SETTLED and not found.refunded.is_zero:
        return _("Deels terugbetaald"), "few"
    return str(_STATES[found.state]), {PaymentState.SETTLED: "open", PaymentState.ENDED: "finished"}.get(found.state, "few")


def invoice_state(found: InvoiceFacts, *, today: date) -> tuple[str, str]:
    """Return how an invoice stands in words, and the state that gives it its colour."""
    if found.kind is InvoiceKind.CREDIT_NOTE:
        return _("Creditfactuur"), "finished"
    if found.open < FREE:
        return _("Te veel betaald"), "few"
    if found.open == FREE:
        return (_("Vervallen"), "finished") if found.paid == FREE and found.gross == found.credited else (_("Betaald"), "open")
    return (_("Te laat"), "cancelled") if found.due_on < today else (_("Open"), "few")
