"""Refusals about seats that an employer buys, and the people for whom they are."""

from datetime import datetime

from typing_extensions import override

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.formats import moment_text
from academy.kernel.translation import _, ngettext


class FirmNotFound(NotFound):
    """There is no such firm, or not one for which this visitor acts."""

    code = "firm-not-found"


class BlockNotFound(NotFound):
    """There are no such seats, or not of this firm."""

    code = "block-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze plekken vinden we niet.")

    @override
    def next_step(self) -> str:
        return _("Kijk bij de plekken van je bedrijf.")


class GuestNotFound(NotFound):
    """There is no such person with a seat or an invitation of this firm, or the link is not one of ours."""

    code = "guest-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze uitnodiging vinden we niet.")

    @override
    def next_step(self) -> str:
        return _("Gebruik de link uit onze e-mail. Of vraag je werkgever om een nieuwe uitnodiging.")


class GuestOver(Refusal):
    """The invitation was answered with no, taken back, or nobody answered in time."""

    code = "guest-over"
    status = 410

    @override
    def sentence(self) -> str:
        return _("Deze uitnodiging geldt niet meer.")

    @override
    def next_step(self) -> str:
        return _("Wil je toch meedoen? Vraag je werkgever om een nieuwe uitnodiging.")


class SeatsWrong(Refusal):
    """Nobody buys so many seats at once."""

    code = "seats-wrong"

    @override
    def sentence(self) -> str:
        return _("Zoveel plekken kun je niet in één keer kopen.")

    @override
    def next_step(self) -> str:
        return _("Kies een lager aantal, of bel ons.")


class BillingNeeded(Refusal):
    """Nothing is sold on invoice to who has not said where that goes."""

    code = "billing-needed"

    def __init__(self, organisation: str) -> None:
        super().__init__(organisation)
        self._organisation = organisation

    @override
    def sentence(self) -> str:
        return _("We weten nog niet waar de factuur heen moet. Er is niets besteld.")

    @override
    def next_step(self) -> str:
        return _("Vul één keer de factuurgegevens in. Bestel daarna opnieuw.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Vul de factuurgegevens in"), "invoices.billing", {"slug": self._organisation})]


class NamesOver(Refusal):
    """The day has passed on which names must be known; from then on people are only replaced."""

    code = "names-over"

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self._until = until

    @override
    def sentence(self) -> str:
        return _("Namen doorgeven kon tot %(moment)s.", moment=moment_text(self._until))

    @override
    def next_step(self) -> str:
        return _("Je kunt wel iemand vervangen, tot de eerste dag.")


class TooManyNames(Refusal):
    """More people than there are seats left to give out."""

    code = "too-many-names"

    def __init__(self, room: int) -> None:
        super().__init__(room)
        self._room = room

    @override
    def sentence(self) -> str:
        return ngettext("Er is nog %(num)s plek te vergeven.", "Er zijn nog %(num)s plekken te vergeven.", self._room)

    @override
    def next_step(self) -> str:
        return _("Nodig minder mensen uit, of koop er plekken bij.")


class AlreadyInvited(Refusal):
    """This address has an invitation or a seat of these already."""

    code = "already-invited"

    @override
    def sentence(self) -> str:
        return _("Voor dit adres is er al een plek of een uitnodiging.")

    @override
    def next_step(self) -> str:
        return _("Kies een ander adres. Of stuur een herinnering.")


class NotOpenToThis(Refusal):
    """The person is not in a state in which this can be done: somebody was quicker, or the class has begun."""

    code = "guest-not-open"

    @override
    def sentence(self) -> str:
        return _("Dit kan nu niet meer voor deze persoon.")

    @override
    def next_step(self) -> str:
        return _("Open de pagina opnieuw. Dan zie je hoe het ervoor staat.")


class RemindedToday(Refusal):
    """One letter a day is enough."""

    code = "reminded-today"
    status = 429
    retry_after_seconds = 86_400

    @override
    def sentence(self) -> str:
        return _("Deze persoon kreeg vandaag al een e-mail.")

    @override
    def next_step(self) -> str:
        return _("Wacht een dag, of bel even.")
