"""Refusals about agreements on modules elsewhere."""

from typing_extensions import override

from academy.kernel.errors import NotFound, Refusal
from academy.kernel.translation import _


class AgreementNotFound(NotFound):
    """There is no such agreement, or it is not for this reader."""

    code = "learning-agreement-not-found"


class AgreementThere(Refusal):
    """This person has an agreement for this module already; `agreement` is its code."""

    code = "learning-agreement-there"

    def __init__(self, agreement: str) -> None:
        super().__init__(agreement)
        self.agreement = agreement

    @override
    def sentence(self) -> str:
        return _("Je hebt voor deze module al een afspraak lopen.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe die afspraak ervoor staat, of stop haar eerst.")


class AgreementClosed(Refusal):
    """It was signed, refused or ended meanwhile, or the time to sign is over."""

    code = "learning-agreement-closed"

    @override
    def sentence(self) -> str:
        return _("Deze afspraak is intussen veranderd. Dit kan nu niet meer.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe de afspraak er nu voor staat.")


class AgreementWrong(Refusal):
    """What is asked does not fit: no outcome, one of another module, or a module of the same provider."""

    code = "learning-agreement-wrong"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Kies leeruitkomsten van je eigen module, en een module bij een andere opleider.")

    @override
    def next_step(self) -> str:
        return _("Ga terug en kies opnieuw.")


class HostIsLearner(Refusal):
    """The address of the school elsewhere is the learner's own: nobody signs for two."""

    code = "host-is-learner"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Dit is je eigen e-mailadres. Je kunt niet tekenen voor de school.")

    @override
    def next_step(self) -> str:
        return _("Vul het adres in van de examencommissie of de inschrijving van de school.")


class TooManyAgreements(Refusal):
    """More letters in thirty days than one learner sends to schools of their own choice."""

    code = "learning-agreements-too-many"

    def __init__(self, most: int) -> None:
        super().__init__(self.code)
        self._most = most

    @override
    def sentence(self) -> str:
        return _("Je vroeg de laatste 30 dagen al %(most)s afspraken met scholen buiten dit platform.", most=self._most)

    @override
    def next_step(self) -> str:
        return _("Wacht tot de scholen antwoorden. Daarna kun je weer een afspraak vragen.")


class NothingToEarn(Refusal):
    """All of these outcomes count for this person already."""

    code = "nothing-to-earn"

    @override
    def sentence(self) -> str:
        return _("Deze leeruitkomsten tellen al voor jou.")

    @override
    def next_step(self) -> str:
        return _("Kijk bij Mijn leren wat je al hebt.")


class NobodySigns(Refusal):
    """Nobody here can sign for this provider: it has no exam board, or as a host no one at all."""

    code = "nobody-signs"

    @override
    def sentence(self) -> str:
        return _("Voor deze opleider kan hier nog niemand tekenen.")

    @override
    def next_step(self) -> str:
        return _("Volg je de module bij deze opleider? Vul hem dan in als school buiten dit platform.")


class NotTheirSignature(Refusal):
    """The learner does not sign as another party, and nobody signs for two."""

    code = "not-their-signature"

    @override
    def sentence(self) -> str:
        return _("Jij kunt hier niet tekenen: je bent zelf de cursist, of je tekende al voor de andere opleider.")

    @override
    def next_step(self) -> str:
        return _("Vraag een collega om te tekenen.")


class OutcomesReworded(Refusal):
    """The outcomes at home are not any more what the learner, or the board, agreed on."""

    code = "outcomes-reworded"

    @override
    def sentence(self) -> str:
        return _("De leeruitkomsten van de module zijn intussen veranderd.")

    @override
    def next_step(self) -> str:
        return _("Maak dit opnieuw, met de leeruitkomsten van nu.")
