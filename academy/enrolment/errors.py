"""Refusals of enrolment."""


from typing_extensions import override

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.translation import _


class _AboutModule(Refusal):
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


class OfferingFull(_AboutModule):
    """No seat is left."""

    code = "offering-full"

    @override
    def sentence(self) -> str:
        return _("Deze groep is vol. Je bent niet ingeschreven.")

    @override
    def next_step(self) -> str:
        return _("Kies een ander startmoment of zoek een module die erop lijkt. Als iemand annuleert, komt de plek hier vrij.")


class EnrolmentClosed(_AboutModule):
    """The last day to enrol has passed, or the offering is cancelled."""

    code = "enrolment-closed"

    @override
    def sentence(self) -> str:
        return _("Je kunt je voor deze groep niet meer inschrijven.")

    @override
    def next_step(self) -> str:
        return _("Kies een ander startmoment.")


class EnrolmentElsewhere(_AboutModule):
    """The provider keeps the seats of this offering itself; its page on the platform has the way there."""

    code = "enrolment-elsewhere"

    @override
    def sentence(self) -> str:
        return _("Voor deze groep schrijf je je in bij de aanbieder zelf.")

    @override
    def next_step(self) -> str:
        return _("Op de pagina van de module staat de link naar de aanbieder.")


class PaymentNotPossible(_AboutModule):
    """The offering costs money and paying through the platform does not exist yet (issue 7)."""

    code = "payment-not-possible"

    @override
    def sentence(self) -> str:
        return _("Online betalen kan hier nog niet.")

    @override
    def next_step(self) -> str:
        return _("Schrijf je in bij de aanbieder zelf. Op de pagina van de module staat wie dat is.")


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
    """The offering has started."""

    code = "too-late-to-cancel"

    @override
    def sentence(self) -> str:
        return _("Deze module is al begonnen. Annuleren kan hier niet meer.")

    @override
    def next_step(self) -> str:
        return _("Neem contact op met de aanbieder.")


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
    """Someone enrolled or left between seeing how many there are and calling the class off."""

    code = "people-changed"

    @override
    def sentence(self) -> str:
        return _("Het aantal ingeschreven mensen is net veranderd. De groep is niet afgezegd.")

    @override
    def next_step(self) -> str:
        return _("Bekijk opnieuw hoeveel mensen er zijn en beslis dan.")
