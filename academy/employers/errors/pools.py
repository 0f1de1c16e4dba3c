"""Refusals about pools and pledges."""

from collections.abc import Callable

from typing_extensions import override

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.formats import money
from academy.kernel.money import Money
from academy.kernel.translation import _


def _pool(code: str) -> list[Link]:
    return [Link(_("Naar de groep"), "gathering.pool", {"code": code})]


class PoolNotFound(NotFound):
    """There is no such pool."""

    code = "pool-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze groep vinden we niet.")

    @override
    def next_step(self) -> str:
        return _("Bekijk welke groepen er nu zijn.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Alle groepen"), "gathering.pools")]


class PoolNotYours(NotFound):
    """The pool is asked of another provider, or of none yet."""

    code = "pool-not-yours"


class PoolClosed(Refusal):
    """Nobody can join or change this pool any more, or not do this with it now."""

    code = "pool-closed"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self._code = code

    @override
    def sentence(self) -> str:
        return _("Dit kan nu niet met deze groep.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe de groep er nu voor staat.")

    @override
    def links(self) -> list[Link]:
        return _pool(self._code)


class AlreadyPledged(Refusal):
    """This address takes part in the pool already."""

    code = "already-pledged"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self._code = code

    @override
    def sentence(self) -> str:
        return _("Jullie doen al mee met deze groep.")

    @override
    def next_step(self) -> str:
        return _("Wil je meer of minder plekken? Pas je toezegging aan.")

    @override
    def links(self) -> list[Link]:
        return _pool(self._code)


class TooManyPledged(Refusal):
    """The pool can not hold so many seats; `token` makes that of the link to a pledge that can be changed to fewer."""

    code = "too-many-pledged"

    def __init__(self, token: Callable[[], str] | None = None) -> None:
        super().__init__(self.code)
        self._token = token

    @override
    def sentence(self) -> str:
        return _("Zoveel plekken passen niet in deze groep.")

    @override
    def next_step(self) -> str:
        return _("Vraag minder plekken, of begin een eigen groep.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Bekijk of wijzig je toezegging"), "gathering.pledge", {"token": self._token()})] if self._token else []


class PledgeNotFound(NotFound):
    """There is no such pledge, or not for this visitor."""

    code = "pledge-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze toezegging vinden we niet.")

    @override
    def next_step(self) -> str:
        return _("Gebruik de link uit onze e-mail, of kijk bij je bedrijf.")


class PledgeAnswered(Refusal):
    """There is nothing to confirm or to refuse about this pledge now."""

    code = "pledge-answered"

    @override
    def sentence(self) -> str:
        return _("Er is hier nu niets te beslissen.")

    @override
    def next_step(self) -> str:
        return _("Open de pagina opnieuw. Dan zie je hoe het ervoor staat.")


class PledgeNotYours(Refusal):
    """Who made the pledge does not act for its firm any more."""

    code = "pledge-not-yours"
    status = 403

    @override
    def sentence(self) -> str:
        return _("Je beslist niet meer voor dit bedrijf.")

    @override
    def next_step(self) -> str:
        return _("Vraag een collega om te antwoorden.")


class BudgetNotEnough(Refusal):
    """The budget that was chosen has not enough left for the seats."""

    code = "budget-not-enough"

    def __init__(self, token: str) -> None:
        super().__init__(self.code)
        self._token = token

    @override
    def sentence(self) -> str:
        return _("In dit budget zit niet meer genoeg. Er is niets bevestigd.")

    @override
    def next_step(self) -> str:
        return _("Kies een ander budget, of betaal met een factuur. Je plekken blijven tot de laatste dag voor jullie.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Kies hoe jullie betalen"), "gathering.pledge", {"token": self._token})]


class PledgeOver(Refusal):
    """The time to confirm is over."""

    code = "pledge-over"
    status = 410

    @override
    def sentence(self) -> str:
        return _("De tijd om te bevestigen is om. Jullie betalen niets.")

    @override
    def next_step(self) -> str:
        return _("Is er nog plek in de groep? Zeg dan opnieuw toe.")


class OfferChanged(Refusal):
    """The offer is another one than its reader saw."""

    code = "offer-changed"

    @override
    def sentence(self) -> str:
        return _("Het aanbod is net veranderd. Er is niets bevestigd.")

    @override
    def next_step(self) -> str:
        return _("Bekijk het nieuwe aanbod en beslis dan.")


class PriceAbovePledge(Refusal):
    """A firm said it pays at most so much, and the offer costs more: that is agreed to apart."""

    code = "price-above-pledge"

    def __init__(self, price: Money, most: Money) -> None:
        super().__init__(price, most)
        self._price, self._most = price, most

    @override
    def sentence(self) -> str:
        return _("Een plek kost %(price)s. Jullie zeiden: hooguit %(most)s.", price=money(self._price), most=money(self._most))

    @override
    def next_step(self) -> str:
        return _("Is het goed? Vink dan aan dat jullie deze prijs betalen.")


class SlotTaken(Refusal):
    """The provider gives another moment than the pool was gathered for."""

    code = "slot-differs"

    @override
    def sentence(self) -> str:
        return _("Op dit moment van de week kunnen te weinig mensen.")

    @override
    def next_step(self) -> str:
        return _("Kies een moment waarop genoeg mensen kunnen. De tabel laat zien welke dat zijn.")


class NotEnoughConfirmed(Refusal):
    """Too few confirmed for the class to be founded."""

    code = "not-enough-confirmed"

    @override
    def sentence(self) -> str:
        return _("Er zijn nog niet genoeg bevestigde plekken.")

    @override
    def next_step(self) -> str:
        return _("Wacht tot de anderen hebben geantwoord.")
