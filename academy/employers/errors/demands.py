"""Refusals about demand."""

from typing_extensions import override

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.translation import _


class DemandNotFound(NotFound):
    """There is no such demand, or not for this visitor."""

    code = "demand-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze vraag vinden we niet.")

    @override
    def next_step(self) -> str:
        return _("Kijk bij je vragen, of stel een nieuwe vraag.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Stel een vraag"), "demands.post")]


class DemandGone(Refusal):
    """The demand was taken back or has ended."""

    code = "demand-gone"
    status = 410

    @override
    def sentence(self) -> str:
        return _("Deze vraag is gesloten.")

    @override
    def next_step(self) -> str:
        return _("Zoek je nog steeds? Stel dan een nieuwe vraag.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Stel een vraag"), "demands.post")]


class DemandPromised(Refusal):
    """Seats were confirmed for the demand, or a class was chosen: a provider and others count on it."""

    code = "demand-promised"

    @override
    def sentence(self) -> str:
        return _("Voor deze vraag zijn al plekken bevestigd. Je kunt hem niet meer intrekken.")

    @override
    def next_step(self) -> str:
        return _("Bekijk bij je vragen wat er is afgesproken.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Mijn vragen"), "demands.my_demands")]


class DemandNotYours(Refusal):
    """The demand was written with another address than that of who is signed in."""

    code = "demand-not-yours"
    status = 403

    @override
    def sentence(self) -> str:
        return _("Deze vraag is met een ander e-mailadres gesteld.")

    @override
    def next_step(self) -> str:
        return _("Log in met dat adres. De link in onze e-mail doet dat voor je.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar Inloggen"), "accounts.sign_in")]


class FirmNeeded(Refusal):
    """Who asks for a firm has yet to say which."""

    code = "firm-needed"

    @override
    def sentence(self) -> str:
        return _("We weten nog niet voor welk bedrijf je dit doet.")

    @override
    def next_step(self) -> str:
        return _("Voeg je bedrijf één keer toe. Daarna ga je hier verder.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Voeg je bedrijf toe"), "organisations.new")]


class FirmElsewhere(Refusal):
    """The number is that of a firm for which others act here; nothing of it is told."""

    code = "firm-elsewhere"

    @override
    def sentence(self) -> str:
        return _("Met dit KvK-nummer doet al iemand anders mee.")

    @override
    def next_step(self) -> str:
        return _("Vraag een collega om je uit te nodigen. Je vraag blijft staan.")


class TooManyDemands(Refusal):
    """This address has as many demands open as anybody needs."""

    code = "too-many-demands"
    status = 429
    retry_after_seconds = 86_400

    @override
    def sentence(self) -> str:
        return _("Er staan al veel vragen open op dit e-mailadres.")

    @override
    def next_step(self) -> str:
        return _("Sluit eerst een vraag die je niet meer nodig hebt.")
