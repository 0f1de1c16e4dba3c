"""Refusals of payments."""

from typing_extensions import override

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.translation import _


class PaymentNotFound(NotFound):
    """No such payment, or not one of this visitor."""

    code = "payment-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze betaling vinden we niet bij jou.")

    @override
    def next_step(self) -> str:
        return _("Kijk of je bent ingelogd met het account waarmee je je inschreef.")


class _AboutPayment(Refusal):
    """A refusal that knows the payment, so that the visitor can see how it stands."""

    def __init__(self, payment_code: str) -> None:
        super().__init__(payment_code)
        self.payment_code = payment_code

    @override
    def links(self) -> list[Link]:
        return [Link(_("Bekijk deze betaling"), "payments.pay", {"code": self.payment_code})]


class PaymentOver(_AboutPayment):
    """It was paid, or no more money is taken for it."""

    code = "payment-over"

    @override
    def sentence(self) -> str:
        return _("Voor deze betaling nemen we geen geld meer aan. Er is nu niets afgeschreven.")

    @override
    def next_step(self) -> str:
        return _("Bekijk de betaling: daar staat of er betaald is.")


class PaymentRunning(_AboutPayment):
    """A payment of another amount for the same thing is still at the bank."""

    code = "payment-running"
    retry_after_seconds = 60

    @override
    def sentence(self) -> str:
        return _("Er loopt nog een andere betaling hiervoor. We vragen je bank om die te stoppen.")

    @override
    def next_step(self) -> str:
        return _("Wacht een minuut en probeer het opnieuw.")


class BankAway(_AboutPayment):
    """The payment service did not answer: it is not known whether it made a visit, but nobody was sent to it."""

    code = "bank-away"
    status = 503
    retry_after_seconds = 30

    @override
    def sentence(self) -> str:
        return _("De betaaldienst antwoordt nu niet. Er is niets afgeschreven.")

    @override
    def next_step(self) -> str:
        return _("Probeer het over een minuut opnieuw.")


class BankSaidNo(_AboutPayment):
    """The payment service will not take this payment."""

    code = "bank-said-no"

    @override
    def sentence(self) -> str:
        return _("De betaaldienst neemt deze betaling niet aan. Er is niets afgeschreven.")

    @override
    def next_step(self) -> str:
        return _("Probeer het nog een keer. Lukt het weer niet, vraag dan de opleider om hulp.")


class NothingToRefund(Refusal):
    """The payment was not paid, so nothing can go back."""

    code = "nothing-to-refund"

    @override
    def sentence(self) -> str:
        return _("Deze betaling is niet betaald. Er gaat niets terug.")

    @override
    def next_step(self) -> str:
        return _("Bekijk eerst hoe de betaling ervoor staat.")


class RefundTooHigh(Refusal):
    """More would go back than came in."""

    code = "refund-too-high"

    @override
    def sentence(self) -> str:
        return _("Er kan niet meer terug dan er betaald is. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoeveel er van deze betaling al terugging.")


class AmountStillWrong(Refusal):
    """The bank does not have the amount that was asked, so that nothing can be booked."""

    code = "amount-still-wrong"

    @override
    def sentence(self) -> str:
        return _("De betaaldienst heeft nog steeds een ander bedrag. Er is niets geboekt.")

    @override
    def next_step(self) -> str:
        return _("Stuur het geld terug, of kijk bij de betaaldienst wat er misging.")


class BankNotReached(Refusal):
    """The payment service did not answer when somebody wanted to know how a payment stands there."""

    code = "bank-not-reached"
    status = 503
    retry_after_seconds = 60

    @override
    def sentence(self) -> str:
        return _("De betaaldienst antwoordt nu niet. Er is niets geboekt.")

    @override
    def next_step(self) -> str:
        return _("Probeer het over een minuut opnieuw.")


class NotForThisFinding(Refusal):
    """What is asked is no way out of this finding."""

    code = "not-for-this-finding"

    @override
    def sentence(self) -> str:
        return _("Dat kan niet bij deze melding. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Bekijk bij de melding wat je wel kunt doen.")


class InvoiceNotFound(NotFound):
    """No such invoice, or not one of an organisation of this visitor."""

    code = "invoice-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze factuur vinden we niet bij jouw organisatie.")


class BillingDetailsMissing(Refusal):
    """An invoice can not be made while its supplier or buyer has not said what the law wants to read on it."""

    code = "billing-details-missing"

    def __init__(self, organisation_name: str) -> None:
        super().__init__(self.code)
        self._name = organisation_name

    @override
    def sentence(self) -> str:
        return _("De factuurgegevens van %(name)s zijn nog niet compleet.", name=self._name)

    @override
    def next_step(self) -> str:
        return _("Vraag de eigenaar van %(name)s om ze in te vullen, bij “Je organisaties”.", name=self._name)


class CreditTooHigh(Refusal):
    """More would be credited of an invoice than stands on it."""

    code = "credit-too-high"

    @override
    def sentence(self) -> str:
        return _("Er kan niet meer af dan er op de factuur staat. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoeveel er al van de factuur af is.")


class InvoiceSettled(Refusal):
    """There is nothing, or less, to pay of the invoice."""

    code = "invoice-settled"

    @override
    def sentence(self) -> str:
        return _("Zoveel staat er niet meer open van deze factuur. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Bekijk in de lijst wat er nog openstaat.")


class PaymentsNotOpen(Refusal):
    """This installation has no payment service, and is no demo."""

    code = "payments-not-open"
    status = 503

    @override
    def sentence(self) -> str:
        return _("Betalen kan op deze website nog niet. Er is niets afgeschreven.")

    @override
    def next_step(self) -> str:
        return _("Vraag de opleider hoe je je nu kunt inschrijven.")


class DemoVisitOver(_AboutPayment):
    """A visit to the demo bank that was expired, or whose time is up."""

    code = "demo-visit-over"

    @override
    def sentence(self) -> str:
        return _("Deze betaling bij de demobank is voorbij. Er is niets betaald.")

    @override
    def next_step(self) -> str:
        return _("Begin opnieuw met betalen als dat nog nodig is.")


class PayoutsNotReached(Refusal):
    """The payment service did not answer, or would not have this provider."""

    code = "payouts-not-reached"
    status = 503
    retry_after_seconds = 60

    @override
    def sentence(self) -> str:
        return _("Dit lukt nu niet bij de betaaldienst. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Probeer het over een minuut opnieuw. Lukt het weer niet, vraag dan AD Academy om hulp.")
