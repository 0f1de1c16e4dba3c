"""Refusals to who asks for recognition."""

from typing_extensions import override

from academy.kernel.errors import Refusal
from academy.kernel.translation import _


class NothingLeft(Refusal):
    """Every outcome of the module counts for this person already."""

    code = "recognition-nothing-left"

    @override
    def sentence(self) -> str:
        return _("Alle leeruitkomsten van deze module tellen al voor je mee.")

    @override
    def next_step(self) -> str:
        return _("Kijk bij je erkenningen wat er al meetelt.")


class AnswersMissing(Refusal):
    """The self-scan does not answer every outcome, or gives no example where something can be done."""

    code = "recognition-answers-missing"

    @override
    def sentence(self) -> str:
        return _("Je hebt nog niet bij elke leeruitkomst gezegd wat je kunt.")

    @override
    def next_step(self) -> str:
        return _("Geef overal een antwoord. Schrijf er een voorbeeld bij als je het kunt, of deels.")


class NothingToProve(Refusal):
    """Every answer is no: there is nothing that an assessor could judge."""

    code = "recognition-nothing-to-prove"

    @override
    def sentence(self) -> str:
        return _("Je hebt overal nee gezegd. Dan is er niets om te beoordelen.")

    @override
    def next_step(self) -> str:
        return _("We bewaren je antwoorden. Kun je later meer? Pas ze dan aan. Of volg de module.")


class NothingShown(Refusal):
    """There is no evidence in the file: it can not be sent to be judged."""

    code = "recognition-nothing-shown"

    @override
    def sentence(self) -> str:
        return _("Er zit nog geen bewijs in je aanvraag.")

    @override
    def next_step(self) -> str:
        return _("Voeg minstens één bewijs toe. Daarna kun je versturen.")


class ReasonMissing(Refusal):
    """An appeal without a reason."""

    code = "recognition-reason-missing"

    @override
    def sentence(self) -> str:
        return _("Schrijf waarom je het niet eens bent met het besluit.")

    @override
    def next_step(self) -> str:
        return _("Een paar zinnen zijn genoeg.")
