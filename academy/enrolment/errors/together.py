"""Refusals about waiting, enrolling together, sending somebody else, and seats kept apart."""

from typing_extensions import override

from academy.enrolment.errors.seats import AboutModule, AboutOffering
from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.translation import _


class NotInLine(Refusal):
    """The person does not wait for this class any more, and no seat is offered to them."""

    code = "not-in-line"

    @override
    def sentence(self) -> str:
        return _("Je staat niet meer op de wachtlijst van deze groep.")

    @override
    def next_step(self) -> str:
        return _("Je hoeft niets te doen. Heb je een plek en wil je ervan af? Annuleer hem bij Mijn leren.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar Mijn leren"), "enrolment.my_learning")]


class RoomNow(AboutModule):
    """A class has room, so there is nothing to wait for."""

    code = "room-now"

    @override
    def sentence(self) -> str:
        return _("Er is nu plek in deze module. Je hoeft niet op bericht te wachten.")

    @override
    def next_step(self) -> str:
        return _("Kies een startmoment en schrijf je in.")


class NotEnoughSeats(AboutOffering):
    """Fewer seats are free than there are people in the group."""

    code = "not-enough-seats"

    @override
    def sentence(self) -> str:
        return _("Er is niet genoeg plek voor jullie allemaal. Niemand is ingeschreven.")

    @override
    def next_step(self) -> str:
        return _("Kies een ander startmoment, of schrijf minder mensen in.")


class BlockTooLarge(NotEnoughSeats):
    """Fewer seats are free than an organisation wants to buy."""

    code = "block-too-large"

    @override
    def sentence(self) -> str:
        return _("Zoveel plekken zijn er niet vrij. Je hebt niets gekocht.")

    @override
    def next_step(self) -> str:
        return _("Kies minder plekken, of een ander startmoment.")


class SomeoneCanNot(AboutModule):
    """One of the others can not be enrolled. Who, and which of the reasons, is theirs to tell."""

    code = "someone-can-not"

    @override
    def sentence(self) -> str:
        return _("Een van deze mensen kan hier niet worden ingeschreven. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _(
            "Misschien heeft iemand hier al een plek, of is iemand jonger dan 16 en is er nog geen toestemming. "
            "Of iemand heeft niet wat je vooraf nodig hebt. Vraag het aan elkaar.",
        )


class GroupWrong(AboutModule):
    """Nobody, too many at once, or the same address twice."""

    code = "group-wrong"

    @override
    def sentence(self) -> str:
        return _("Je kunt 1 tot en met 20 mensen tegelijk inschrijven, ieder met een eigen e-mailadres.")

    @override
    def next_step(self) -> str:
        return _("Controleer de lijst. Met meer mensen? Schrijf ze in twee keer in.")


class TooManyGroups(Refusal):
    """Letters go to addresses of somebody's choice, so one person makes a limited number of groups a day."""

    code = "too-many-groups"
    status = 429

    @override
    def sentence(self) -> str:
        return _("Je hebt vandaag al veel groepen ingeschreven. Deze groep is niet ingeschreven.")

    @override
    def next_step(self) -> str:
        return _("Probeer het morgen opnieuw, of vraag de aanbieder om een lijst met plekken.")


class NoSeatToPass(Refusal):
    """The person has no seat here that somebody else can take: not sure yet, given back, or the class has begun."""

    code = "no-seat-to-pass"

    @override
    def sentence(self) -> str:
        return _("Je hebt hier geen plek die je kunt doorgeven.")

    @override
    def next_step(self) -> str:
        return _("Doorgeven kan met een zekere plek, tot de dag van de eerste les. Neem anders contact op met de aanbieder.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar Mijn leren"), "enrolment.my_learning")]


class PoolNotFound(NotFound):
    """No such seats that are kept apart in this class."""

    code = "pool-not-found"


class SeatsNotFree(Refusal):
    """Fewer seats are free than were to be moved."""

    code = "seats-not-free"

    @override
    def sentence(self) -> str:
        return _("Zoveel plekken zijn er niet vrij. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Ga terug en kies minder plekken.")


class PoolNameTaken(Refusal):
    """Seats are kept apart under this name already."""

    code = "pool-name-taken"

    @override
    def sentence(self) -> str:
        return _("Er zijn in deze groep al plekken apart gezet onder deze naam.")

    @override
    def next_step(self) -> str:
        return _("Ga terug. Geef die groep er plekken bij, of kies een andere naam.")
