"""An identity provider in our words: where people prove who they are, what it then tells of them, and what is refused then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from typing_extensions import override

from academy.kernel.errors import Link, Refusal
from academy.kernel.translation import _


@dataclass(frozen=True)
class Departure:
    """What only the browser in which someone leaves for the provider knows when they come back."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)  # RFC 7636: the secret half of the code challenge


@dataclass(frozen=True)
class Proof:
    """What a provider tells of someone who proved there who they are.

    Issuer and subject are who it is; `email` is "" when there is none or when nobody vouches for it.
    """

    issuer: str
    subject: str = field(repr=False)
    email: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    validated_name: str = field(default="", repr=False)  # as the provider has checked it, else ""
    is_twofold: bool = False  # proven in two ways at once


class IdentityProvider(Protocol):
    """Where people may prove who they are."""

    @property
    def code(self) -> str:
        """The word in the address: `eduid`."""

    @property
    def name(self) -> str:
        """The name that people know it by: `eduID`."""

    @property
    def issuer(self) -> str:
        """The address that names it in what it signs."""

    @property
    def checks_names(self) -> bool:
        """Tell whether it can be asked for a name that it has checked."""

    def depart(self, *, return_url: str, with_checked_name: bool) -> tuple[str, Departure]:
        """Return the address to send someone to, who comes back at `return_url`, and what to remember meanwhile. Raises ProviderAway."""

    def prove(self, departure: Departure, answer: Mapping[str, str], *, return_url: str, now: datetime) -> Proof:
        """Return what is proven by the `answer` with which someone came back from `departure`.

        Raises ProviderAway, SignInCancelled and ProofNotValid. Takes seconds when the provider is slow: call it outside any transaction.
        """


class _AtProvider(Refusal):
    """Something did not work out at the provider with this name; an e-mailed link always does."""

    def __init__(self, provider: str) -> None:
        super().__init__(f"{self.code}: {provider}")
        self.provider = provider

    @override
    def links(self) -> list[Link]:
        return [Link(_("Log in met een link per e-mail"), "accounts.sign_in")]


class ProviderAway(_AtProvider):
    """The provider gives no answer, gives it too late, or says that it can not."""

    code = "identity-provider-away"
    status = 503
    retry_after_seconds = 60

    @override
    def sentence(self) -> str:
        return _("%(provider)s antwoordt nu niet.", provider=self.provider)

    @override
    def next_step(self) -> str:
        return _("Probeer het over een paar minuten opnieuw. Of log in met een link per e-mail: dat kan altijd.")


class SignInCancelled(_AtProvider):
    """The visitor, or the provider, broke it off there."""

    code = "sign-in-cancelled"
    status = 403

    @override
    def sentence(self) -> str:
        return _("Je bent niet ingelogd: bij %(provider)s is het afgebroken.", provider=self.provider)

    @override
    def next_step(self) -> str:
        return _("Probeer het opnieuw, of log in met een link per e-mail.")


class ProofNotValid(_AtProvider):
    """What came back proves nothing: used before, not for us, too old, or not signed by the provider.

    `reason` is a code for the log; the visitor gets one answer for all.
    """

    code = "proof-not-valid"
    status = 403

    def __init__(self, provider: str, reason: str) -> None:
        super().__init__(provider)
        self.reason = reason

    @override
    def sentence(self) -> str:
        return _("Je bent niet ingelogd: het antwoord van %(provider)s klopt niet.", provider=self.provider)

    @override
    def next_step(self) -> str:
        return _("Begin opnieuw op de pagina Inloggen. Lukt het weer niet? Log dan in met een link per e-mail.")


class ReturnUnknown(Refusal):
    """Someone comes back from an identity provider who did not leave from this browser, or not lately, or came back before."""

    code = "return-unknown"
    status = 400

    @override
    def sentence(self) -> str:
        return _("Je bent niet ingelogd: we weten niet meer waar je mee bezig was.")

    @override
    def next_step(self) -> str:
        return _("Dat gebeurt als je in een andere browser begon, of meer dan een kwartier geleden. Begin opnieuw.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar Inloggen"), "accounts.sign_in")]


class _NotLinked(Refusal):
    """An identity provider knows this person and we do not, yet; linking needs both to."""

    def __init__(self, provider: str, provider_name: str) -> None:
        super().__init__(provider)
        self.provider, self.provider_name = provider, provider_name

    @override
    def links(self) -> list[Link]:
        return [Link(_("Log in en koppel %(provider)s", provider=self.provider_name), "identities.link", {"provider": self.provider})]


class AccountExists(_NotLinked):
    """The address that the provider vouches for has an account: only who is signed in to it may link the two."""

    code = "account-exists"

    @override
    def sentence(self) -> str:
        return _("Dit e-mailadres heeft al een account.")

    @override
    def next_step(self) -> str:
        return _("Log daar eerst in, dan koppelen we %(provider)s.", provider=self.provider_name)


class EmailNeeded(_NotLinked):
    """The provider gave no address that it vouches for; an account needs one that is proven."""

    code = "email-needed"

    @override
    def sentence(self) -> str:
        return _("%(provider)s gaf geen e-mailadres door waar we op kunnen vertrouwen.", provider=self.provider_name)

    @override
    def next_step(self) -> str:
        return _("Log eerst in met een link per e-mail. Heb je nog geen account? Dan maakt die link er een. Daarna koppelen we %(provider)s.", provider=self.provider_name)


class IdentityTaken(Refusal):
    """Another account has this identity; whose is not told."""

    code = "identity-taken"

    @override
    def sentence(self) -> str:
        return _("Hiermee log je al in op een ander account.")

    @override
    def next_step(self) -> str:
        return _("Is dat ook van jou? Log daar in en ontkoppel het. Daarna kun je het hier koppelen.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Terug naar je gekoppelde accounts"), "identities.mine")]


class NameNotChecked(Refusal):
    """A checked name was asked for, and the provider had none."""

    code = "name-not-checked"
    status = 403

    def __init__(self, provider_name: str) -> None:
        super().__init__(provider_name)
        self.provider_name = provider_name

    @override
    def sentence(self) -> str:
        return _("%(provider)s heeft je naam niet gecontroleerd.", provider=self.provider_name)

    @override
    def next_step(self) -> str:
        return _("Laat in %(provider)s eerst je naam controleren, door je school of je bank. Probeer het daarna opnieuw.", provider=self.provider_name)


class ValidatedNameNeeded(Refusal):
    """A formal decision or credential needs a name that was checked; `provider` can, "" when none here can. `back` is the path to come back to."""

    code = "validated-name-needed"
    status = 403

    def __init__(self, provider: str, provider_name: str, back: str = "") -> None:
        super().__init__(provider)
        self.provider, self.provider_name, self.back = provider, provider_name, back

    @override
    def sentence(self) -> str:
        return _("Hiervoor moet je naam gecontroleerd zijn.")

    @override
    def next_step(self) -> str:
        if not self.provider:
            return _("Dat kan hier nog niet online. Vraag het programmabureau hoe het wel kan.")
        return _("Een officieel besluit of certificaat staat op je echte naam. %(provider)s controleert die een keer.", provider=self.provider_name)

    @override
    def links(self) -> list[Link]:
        if not self.provider:
            return []
        label = _("Laat je naam controleren door %(provider)s", provider=self.provider_name)
        way = {"provider": self.provider, "need": "name"}
        return [Link(label, "identities.depart", way | ({"next": self.back} if self.back else {}))]
