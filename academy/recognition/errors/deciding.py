"""Refusals to who decides."""

from typing_extensions import override

from academy.kernel.errors import NotFound, Refusal
from academy.kernel.translation import _


class DecisionNotFound(NotFound):
    """There is no such decision, or it is not for this reader."""

    code = "recognition-decision-not-found"


class ChangedMeanwhile(Refusal):
    """The file, its evidence or its draft is not what the page showed."""

    code = "recognition-changed-meanwhile"

    @override
    def sentence(self) -> str:
        return _("De aanvraag is veranderd terwijl je keek. Er is niets besloten.")

    @override
    def next_step(self) -> str:
        return _("Open de aanvraag opnieuw en kijk wat er anders is.")


class SignedAlready(Refusal):
    """Who made a draft does not give the second signature too."""

    code = "recognition-signed-already"

    @override
    def sentence(self) -> str:
        return _("Jij hebt dit besluit al getekend.")

    @override
    def next_step(self) -> str:
        return _("Een ander lid van de examencommissie tekent als tweede.")


class SignerLeft(Refusal):
    """Who made the draft is no member of the exam board any more: their signature does not count."""

    code = "recognition-signer-left"

    @override
    def sentence(self) -> str:
        return _("Wie dit besluit maakte, zit niet meer in de examencommissie.")

    @override
    def next_step(self) -> str:
        return _("Haal het concept weg en maak het besluit opnieuw.")
