"""Refusals of accounts."""

from collections.abc import Iterable

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


class InvitationNotValid(Refusal):
    """The invitation expired, was used or taken back, or was never ours: the answer is the same."""

    code = "invitation-not-valid"
    status = 410

    @override
    def sentence(self) -> str:
        return _("Deze uitnodiging werkt niet meer.")

    @override
    def next_step(self) -> str:
        return _("Een uitnodiging werkt 14 dagen en één keer. Doe je al mee? Kijk dan bij je organisaties. Vraag anders om een nieuwe.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Je organisaties"), "organisations.mine")]


class InvitationForSomeoneElse(Refusal):
    """The invitation was sent to another address than that of who is signed in; `email` is masked already."""

    code = "invitation-for-someone-else"
    status = 403

    def __init__(self, email: str) -> None:
        super().__init__(email)
        self.email = email

    @override
    def sentence(self) -> str:
        return _("Deze uitnodiging is voor iemand anders: %(email)s.", email=self.email)

    @override
    def next_step(self) -> str:
        return _("Log uit en log in met dat e-mailadres. Of vraag om een uitnodiging op het adres dat je hier gebruikt.")


class TooManyInvitations(Refusal):
    """The organisation, or the network, has sent its number of this day."""

    code = "too-many-invitations"
    status = 429
    retry_after_seconds = 86_400

    @override
    def sentence(self) -> str:
        return _("Er zijn vandaag te veel uitnodigingen verstuurd.")

    @override
    def next_step(self) -> str:
        return _("Probeer het morgen opnieuw.")


class NumberTaken(Refusal):
    """Another organisation has this KvK number or VAT id; nothing of it is told."""

    code = "number-taken"

    @override
    def sentence(self) -> str:
        return _("Er is al een organisatie met dit nummer.")

    @override
    def next_step(self) -> str:
        return _("Vraag een collega om je uit te nodigen.")


class LastOwner(Refusal):
    """An organisation keeps at least one owner."""

    code = "last-owner"

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug

    @override
    def sentence(self) -> str:
        return _("Een organisatie heeft altijd een eigenaar. Dit is de enige.")

    @override
    def next_step(self) -> str:
        return _("Draag het eigendom eerst over aan een collega. Is er niemand meer? Sluit dan de organisatie.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar de organisatie"), "organisations.organisation", {"slug": self.slug})]


class OrganisationInUse(Refusal):
    """There is work that closing would leave without an owner; `reasons` are sentences for the visitor."""

    code = "organisation-in-use"

    def __init__(self, slug: str, reasons: list[str]) -> None:
        super().__init__(slug, reasons)
        self.slug, self.reasons = slug, reasons

    @override
    def sentence(self) -> str:
        return _("Deze organisatie kan nog niet dicht. %(reasons)s", reasons=" ".join(self.reasons))

    @override
    def next_step(self) -> str:
        return _("Rond dit eerst af, of draag de organisatie over aan een collega.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar de organisatie"), "organisations.organisation", {"slug": self.slug})]


class CannotLeaveYet(Refusal):
    """Something must be settled before the account can be erased; `obstacles` say what and where."""

    code = "cannot-leave-yet"

    def __init__(self, obstacles: Iterable[tuple[str, Link]]) -> None:
        super().__init__()
        self.obstacles = list(obstacles)

    @override
    def sentence(self) -> str:
        return _("Je account kan nog niet weg. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return " ".join(what for what, _link in self.obstacles)

    @override
    def links(self) -> list[Link]:
        return [link for _what, link in self.obstacles]


class FreshSignInNeeded(Refusal):
    """What can not be undone asks for a sign-in of the last quarter of an hour."""

    code = "fresh-sign-in-needed"
    status = 403

    @override
    def sentence(self) -> str:
        return _("Log eerst opnieuw in. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Zo weten we zeker dat jij het bent. Daarna heb je een kwartier.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar Verwijder mijn account"), "privacy.erase")]


class RecentSignInNeeded(FreshSignInNeeded):
    """Changing a way in asks for the same, so that an open screen can not be made someone's own; `back` is the path to come back to."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back

    @override
    def links(self) -> list[Link]:
        return [Link(_("Log opnieuw in"), "accounts.sign_in", {"again": "yes", "next": self.back})]


class SecondStepNeeded(Refusal):
    """Signed in by one proof, and this asks for two."""

    code = "second-step-needed"
    status = 403

    @override
    def sentence(self) -> str:
        return _("Je bent nog niet helemaal ingelogd.")

    @override
    def next_step(self) -> str:
        return _("Doe eerst de tweede stap: een code uit je app of een toegangssleutel.")


class TooManyCodes(TooManyAttempts):
    """Too many wrong codes for the second step."""

    @override
    def next_step(self) -> str:
        return _("Wacht een kwartier en probeer het opnieuw.")

    @override
    def links(self) -> list[Link]:
        return []


class PasskeyRefused(Refusal):
    """A passkey that is not ours, not well signed, too late, or used before: the answer is the same."""

    code = "passkey-refused"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Dit lukte niet met je toegangssleutel.")

    @override
    def next_step(self) -> str:
        return _("Probeer het binnen vijf minuten opnieuw, of kies een andere manier.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar Inloggen"), "accounts.sign_in")]


class TooManyPasskeys(Refusal):
    """Nobody needs so many devices."""

    code = "too-many-passkeys"

    @override
    def sentence(self) -> str:
        return _("Je hebt al 20 toegangssleutels.")

    @override
    def next_step(self) -> str:
        return _("Verwijder er eerst een die je niet meer gebruikt.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar Inloggen en beveiliging"), "factors.security")]


class NoSecondFactor(Refusal):
    """Recovery codes stand in for a second factor, and there is none."""

    code = "no-second-factor"

    @override
    def sentence(self) -> str:
        return _("Herstelcodes hebben nu geen zin.")

    @override
    def next_step(self) -> str:
        return _("Stel eerst een app of een toegangssleutel in.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar Inloggen en beveiliging"), "factors.security")]


class LastFactor(Refusal):
    """Who decides on diplomas, money or everybody's supply keeps something to give a second proof with."""

    code = "last-factor"

    @override
    def sentence(self) -> str:
        return _("Dit is je laatste tweede stap, en met jouw rol heb je er een nodig.")

    @override
    def next_step(self) -> str:
        return _("Voeg eerst een andere toegangssleutel of een app toe. Daarna kun je deze verwijderen.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar Inloggen en beveiliging"), "factors.security")]


class ApprovalNeeded(Refusal):
    """Who is younger than sixteen enrols after a parent, guardian or dean said yes."""

    code = "approval-needed"
    status = 403

    @override
    def sentence(self) -> str:
        return _("Je bent jonger dan 16. Voor inschrijven heb je toestemming nodig van je ouder, voogd of decaan.")

    @override
    def next_step(self) -> str:
        return _("Vraag die toestemming. Zodra iemand ja zegt, kun je je inschrijven.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Vraag toestemming"), "privacy.approval")]


class ApprovalGone(Refusal):
    """The link of the letter is older than thirty days, answered already, or was never ours."""

    code = "approval-gone"
    status = 410

    @override
    def sentence(self) -> str:
        return _("Deze vraag om toestemming is al beantwoord of te oud.")

    @override
    def next_step(self) -> str:
        return _("Je hoeft niets te doen. Wil je toch antwoorden? Laat je kind of leerling de vraag opnieuw sturen.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar de voorpagina"), "search.home")]
