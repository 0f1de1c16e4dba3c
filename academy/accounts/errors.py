"""Refusals of accounts."""


from typing_extensions import override

from academy.kernel.errors import Link, Refusal
from academy.kernel.translation import _


class SignInNeeded(Refusal):
    """The page is for people who are signed in."""

    code = "sign-in-needed"
    status = 401

    @override
    def sentence(self) -> str:
        return _("Log eerst in.")

    @override
    def next_step(self) -> str:
        return _("Log in of maak een account, dan kom je hier terug.")


class LinkNotValid(Refusal):
    """The e-mailed link is expired, used, or was never ours: the answer is the same."""

    code = "link-not-valid"
    status = 410

    @override
    def sentence(self) -> str:
        return _("Deze link werkt niet meer.")

    @override
    def next_step(self) -> str:
        return _("Een link werkt 15 minuten en één keer. Vraag een nieuwe aan op de pagina Inloggen.")


class TooManyAttempts(Refusal):
    """The throttle is full."""

    code = "too-many-attempts"
    status = 429
    retry_after_seconds = 900

    @override
    def sentence(self) -> str:
        return _("Je hebt dit te vaak geprobeerd.")

    @override
    def next_step(self) -> str:
        return _("Wacht een kwartier en probeer het opnieuw. Wachtwoord vergeten? Vraag dan een link per e-mail.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar Inloggen"), "accounts.sign_in")]
