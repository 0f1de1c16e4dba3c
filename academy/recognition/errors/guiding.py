"""Refusals to who guides, and to who sets the terms."""

from typing_extensions import override

from academy.kernel.errors import Refusal
from academy.kernel.translation import _


class GuideTaken(Refusal):
    """A colleague guides this file already, or was a moment earlier."""

    code = "recognition-guide-taken"

    @override
    def sentence(self) -> str:
        return _("Een collega begeleidt deze aanvraag al.")

    @override
    def next_step(self) -> str:
        return _("Kies een andere aanvraag.")


class CannotGuide(Refusal):
    """Who judges here, or acts for an employer of the learner, does not guide."""

    code = "recognition-cannot-guide"

    @override
    def sentence(self) -> str:
        return _("Je kunt hier niet begeleiden: je beoordeelt in deze aanvraag, of je werkt voor de werkgever van de cursist.")

    @override
    def next_step(self) -> str:
        return _("Laat deze aanvraag aan een collega.")


class AdvisedAlready(Refusal):
    """Who advised stays the guide: they would be able to judge what they helped to make."""

    code = "recognition-advised-already"

    @override
    def sentence(self) -> str:
        return _("Je gaf hier al advies. Daarom blijf je de begeleider, ook voor wie straks beoordeelt.")

    @override
    def next_step(self) -> str:
        return _("Lukt het niet meer? Vraag de eigenaar om je rol weg te halen. Dan kan een collega het overnemen.")


class ReasonMissing(Refusal):
    """An advice against says why."""

    code = "recognition-reason-missing"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Bij een negatief advies hoort een reden.")

    @override
    def next_step(self) -> str:
        return _("Schrijf in een paar zinnen waarom.")


class OutcomesChanged(Refusal):
    """The module has other outcomes than those that were weighed."""

    code = "recognition-outcomes-changed"

    @override
    def sentence(self) -> str:
        return _("De leeruitkomsten van deze module zijn intussen veranderd.")

    @override
    def next_step(self) -> str:
        return _("Open de pagina opnieuw en vul de gewichten nog eens in.")
