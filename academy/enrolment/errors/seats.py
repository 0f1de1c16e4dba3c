"""Refusals about a seat: getting it, keeping it, leaving it."""

from typing_extensions import override

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.translation import _


class AboutModule(Refusal):
    """A refusal that knows the module, so that the visitor can choose another moment."""

    def __init__(self, module_slug: str) -> None:
        super().__init__(module_slug)
        self.module_slug = module_slug

    @override
    def links(self) -> list[Link]:
        return [
            Link(_("Bekijk alle startmomenten van deze module"), "enrolment.module_page", {"slug": self.module_slug}),
            Link(_("Zoek een andere module"), "search.results"),
        ]


class AboutOffering(AboutModule):
    """A refusal that knows the class, so that the visitor can try again or wait."""

    def __init__(self, module_slug: str, offering_code: str) -> None:
        super().__init__(module_slug)
        self.offering_code = offering_code

    @override
    def links(self) -> list[Link]:
        return [Link(_("Terug naar deze groep"), "enrolment.enrol", {"code": self.offering_code}), *super().links()]


class OfferingFull(AboutOffering):
    """No seat is left."""

    code = "offering-full"

    @override
    def sentence(self) -> str:
        return _("Deze groep is vol. Je bent niet ingeschreven.")

    @override
    def next_step(self) -> str:
        return _("Zet je op de wachtlijst: als iemand annuleert, krijg jij bericht. Of kies een ander startmoment.")


class EnrolmentClosed(AboutModule):
    """The last day to enrol has passed, or the offering is cancelled."""

    code = "enrolment-closed"

    @override
    def sentence(self) -> str:
        return _("Je kunt je voor deze groep niet meer inschrijven.")

    @override
    def next_step(self) -> str:
        return _("Kies een ander startmoment.")


class EnrolmentElsewhere(AboutModule):
    """The provider keeps the seats of this offering itself; its page on the platform has the way there."""

    code = "enrolment-elsewhere"

    @override
    def sentence(self) -> str:
        return _("Voor deze groep schrijf je je in bij de aanbieder zelf.")

    @override
    def next_step(self) -> str:
        return _("Op de pagina van de module staat de link naar de aanbieder.")


class PriceUnknown(AboutModule):
    """What it costs is not known, or not in euros, so nobody can agree to it here."""

    code = "price-unknown"

    @override
    def sentence(self) -> str:
        return _("We weten niet wat deze groep kost. Daarom kun je je hier niet inschrijven.")

    @override
    def next_step(self) -> str:
        return _("Vraag de prijs aan de aanbieder. Op de pagina van de module staat wie dat is.")


class HoldEnded(AboutOffering):
    """The seat that was kept has gone on to somebody else."""

    code = "hold-ended"

    @override
    def sentence(self) -> str:
        return _("De tijd is om. Je plek is aan een ander gegeven. Je hebt niets betaald.")

    @override
    def next_step(self) -> str:
        return _("Probeer het opnieuw. Is de groep vol? Zet je dan op de wachtlijst.")


class NoMoreTime(Refusal):
    """A seat was kept longer many times already."""

    code = "no-more-time"

    @override
    def sentence(self) -> str:
        return _("Je hebt je plek al vaak langer vastgehouden. Nog langer kan niet.")

    @override
    def next_step(self) -> str:
        return _("Rond je inschrijving nu af. Later opnieuw beginnen kan ook.")


class NotAdmitted(AboutModule):
    """What is asked for the module is out of reach of what the person says to have."""

    code = "not-admitted"

    @override
    def sentence(self) -> str:
        return _("Voor deze module heb je een hoger diploma nodig dan je invulde. Je bent niet ingeschreven.")

    @override
    def next_step(self) -> str:
        return _("Klopt je diploma niet? Verander het en probeer het opnieuw. Of kies een module die beter past.")


class SeatCodeUsed(AboutModule):
    """The code opens no seats of this class, or has been used as often as it may."""

    code = "seat-code-used"

    @override
    def sentence(self) -> str:
        return _("Deze code werkt niet voor deze groep, of is al gebruikt. Je bent niet ingeschreven.")

    @override
    def next_step(self) -> str:
        return _("Vraag een nieuwe code aan wie je deze gaf. Zonder code kun je je ook inschrijven.")


class OfferingNotFull(AboutModule):
    """There is a seat, so there is nothing to wait for."""

    code = "offering-not-full"

    @override
    def sentence(self) -> str:
        return _("Er is nog plek. Je hoeft niet op de wachtlijst.")

    @override
    def next_step(self) -> str:
        return _("Schrijf je meteen in.")


class AlreadyEnrolled(Refusal):
    """This person already has a live seat in this offering."""

    code = "already-enrolled"

    @override
    def sentence(self) -> str:
        return _("Je bent al ingeschreven voor deze groep.")

    @override
    def next_step(self) -> str:
        return _("Je plek blijft staan. Je vindt hem bij Mijn leren.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar Mijn leren"), "enrolment.my_learning")]


class TooLateToCancel(Refusal):
    """The offering has started; `contract` is the code of the enrolment while its learner can still withdraw from it."""

    code = "too-late-to-cancel"

    def __init__(self, contract: str | None = None) -> None:
        super().__init__(contract)
        self.contract = contract

    @override
    def sentence(self) -> str:
        return _("Deze module is al begonnen. Annuleren kan hier niet meer.")

    @override
    def next_step(self) -> str:
        if self.contract is None:
            return _("Neem contact op met de aanbieder.")
        return _("Je hebt nog bedenktijd. Herroep je overeenkomst: een reden is niet nodig.")

    @override
    def links(self) -> list[Link]:
        if self.contract is None:
            return [Link(_("Naar Mijn leren"), "enrolment.my_learning")]
        return [Link(_("Herroep hier je overeenkomst"), "leaving.withdraw", {"code": self.contract})]


class NotCancellable(Refusal):
    """The enrolment is not live: cancelled before, perhaps in another window."""

    code = "not-cancellable"

    @override
    def sentence(self) -> str:
        return _("Deze inschrijving is al geannuleerd.")

    @override
    def next_step(self) -> str:
        return _("Je hoeft niets te doen.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar Mijn leren"), "enrolment.my_learning")]


class EnrolmentNotFound(NotFound):
    """No such enrolment, or not this person's."""

    code = "enrolment-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze inschrijving vinden we niet bij jouw account.")

    @override
    def next_step(self) -> str:
        return _("Kijk bij Mijn leren.")


class SeatsTaken(Refusal):
    """More seats are taken than the class would have."""

    code = "seats-taken"

    @override
    def sentence(self) -> str:
        return _("Er zijn meer mensen ingeschreven dan het aantal plekken dat je invult. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Kies minstens zoveel plekken als er mensen zijn.")


class PeopleChanged(Refusal):
    """Someone enrolled or left between seeing how many there are and deciding about the class."""

    code = "people-changed"

    @override
    def sentence(self) -> str:
        return _("Het aantal mensen in deze groep is net veranderd. Er is niets gebeurd.")

    @override
    def next_step(self) -> str:
        return _("Bekijk opnieuw hoeveel mensen er zijn en beslis dan.")
