"""Refusals about patterns that go by themselves, and about equivalences."""

from typing_extensions import override

from academy.kernel.errors import NotFound, Refusal
from academy.kernel.translation import _


class PatternNotFound(NotFound):
    """There is no such approval here."""

    code = "pattern-not-found"


class PatternUnfit(Refusal):
    """This can not go by itself: people decided otherwise too, or it does not rest on papers only."""

    code = "pattern-unfit"

    @override
    def sentence(self) -> str:
        return _("Dit kan niet vanzelf gaan: er werd niet elke keer ja gezegd, of er hoort eigen werk bij.")

    @override
    def next_step(self) -> str:
        return _("Blijf het per aanvraag bekijken.")


class PatternThere(Refusal):
    """This pattern goes by itself already."""

    code = "pattern-there"

    @override
    def sentence(self) -> str:
        return _("Dit patroon gaat al vanzelf.")

    @override
    def next_step(self) -> str:
        return _("Stop het eerst. Daarna kun je het met andere grenzen opnieuw laten gaan.")


class PatternClosed(Refusal):
    """Somebody ended or signed it meanwhile, or this member signed it before."""

    code = "pattern-closed"

    @override
    def sentence(self) -> str:
        return _("Dit is intussen gestopt of getekend, of je tekende het zelf al.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe het er nu voor staat.")


class EquivalenceNotFound(NotFound):
    """There is no such equivalence, or it is not public yet."""

    code = "equivalence-not-found"


class EquivalenceWrong(Refusal):
    """Not a module of one's own, no outcomes of it, or a last day that is past."""

    code = "equivalence-wrong"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Kies leeruitkomsten van een eigen module, een bron met een code, en een einddatum die nog komt.")

    @override
    def next_step(self) -> str:
        return _("Ga terug en kies opnieuw.")


class EquivalenceClosed(Refusal):
    """It was changed meanwhile, or this member signed it before."""

    code = "equivalence-closed"

    @override
    def sentence(self) -> str:
        return _("Deze regel is intussen gestopt of getekend, of je tekende haar zelf al.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe de regel er nu voor staat.")


class EquivalenceOver(Refusal):
    """It does not count today: it has ended, or has not begun."""

    code = "equivalence-over"

    @override
    def sentence(self) -> str:
        return _("Deze regel geldt vandaag niet (meer).")

    @override
    def next_step(self) -> str:
        return _("Je kunt met dit bewijs wel een aanvraag doen.")


class EquivalenceReworded(Refusal):
    """An outcome has other words than the board read: it waits until the board looks again."""

    code = "equivalence-reworded"

    @override
    def sentence(self) -> str:
        return _("De leeruitkomsten van deze module zijn veranderd. De examencommissie kijkt eerst of de regel nog klopt.")

    @override
    def next_step(self) -> str:
        return _("Probeer het later opnieuw, of doe met dit bewijs een aanvraag.")


class EvidenceUnlike(Refusal):
    """The evidence is not what the equivalence is about."""

    code = "evidence-unlike"

    @override
    def sentence(self) -> str:
        return _("Dit bewijs is van een andere soort, bron of code dan waar deze regel over gaat.")

    @override
    def next_step(self) -> str:
        return _("Kijk of bron en code van je bewijs kloppen.")


class PaperMissing(Refusal):
    """A name alone proves nothing: the paper itself has to be there, as a file or a link."""

    code = "paper-missing"

    @override
    def sentence(self) -> str:
        return _("Het papier zelf ontbreekt nog: alleen een naam en een code zijn geen bewijs.")

    @override
    def next_step(self) -> str:
        return _("Voeg je bewijs opnieuw toe, met het bestand of een link erbij.")


class CountsAlready(Refusal):
    """All that it grants counts for this learner already."""

    code = "counts-already"

    @override
    def sentence(self) -> str:
        return _("Deze leeruitkomsten tellen al voor jou.")

    @override
    def next_step(self) -> str:
        return _("Kijk bij Mijn leren wat je al hebt.")


class TakenBack(Refusal):
    """The board took back what this learner got by it before."""

    code = "equivalence-taken-back"

    @override
    def sentence(self) -> str:
        return _("De examencommissie trok eerder in wat je met deze regel kreeg.")

    @override
    def next_step(self) -> str:
        return _("Vraag de examencommissie waarom, of doe met je bewijs een aanvraag. Dan kijken er mensen naar.")


class OwnSignature(Refusal):
    """A member of the board does not grant themselves what they signed."""

    code = "own-signature"

    @override
    def sentence(self) -> str:
        return _("Je tekende deze regel zelf, dus je kunt haar niet voor jezelf gebruiken.")

    @override
    def next_step(self) -> str:
        return _("Doe met dit bewijs een aanvraag. Andere leden van de examencommissie beslissen.")


class DecisionStands(Refusal):
    """There is no such decision on an equivalence that still counts."""

    code = "decision-stands"

    @override
    def sentence(self) -> str:
        return _("Dit besluit is al vervangen, of jij mag het niet vervangen.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe het besluit er nu voor staat.")
