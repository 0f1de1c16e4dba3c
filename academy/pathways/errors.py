"""Refusals about pathways."""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from typing_extensions import override

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.formats import credits_text
from academy.kernel.translation import _


class PathwayNotFound(NotFound):
    """There is no pathway with this key, or it is not for this reader."""

    code = "pathway-not-found"


class GoalGone(Refusal):
    """The programme that a pathway leads to is no longer offered; `module_ids` are of the steps that were chosen, in their order."""

    code = "goal-gone"
    status = 410

    def __init__(self, module_ids: Collection[UUID] = ()) -> None:
        super().__init__(module_ids)
        self.module_ids = tuple(module_ids)

    @override
    def sentence(self) -> str:
        return _("Deze opleiding wordt niet meer aangeboden.")

    @override
    def next_step(self) -> str:
        return _("Een route ernaartoe kunnen we niet meer maken. Kies een ander doel.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Kies een ander doel"), "pathways_building.goal")]


class PathwayChanged(Refusal):
    """Another browser changed the pathway since this page was shown."""

    code = "pathway-changed"
    status = 409

    @override
    def sentence(self) -> str:
        return _("Je route is intussen ergens anders veranderd.")

    @override
    def next_step(self) -> str:
        return _("Hieronder staat hoe hij nu is. Doe daarna wat je wilde doen.")


class AdviceFull(Refusal):
    """There is more advice on this pathway than anybody reads."""

    code = "advice-full"
    status = 409

    @override
    def sentence(self) -> str:
        return _("Bij deze route staat al heel veel advies.")

    @override
    def next_step(self) -> str:
        return _("Vraag de cursist om oud advies weg te halen.")


class PathwayKept(Refusal):
    """The pathway is in the account of somebody else."""

    code = "pathway-kept"

    @override
    def sentence(self) -> str:
        return _("Deze route staat al in het account van iemand anders.")

    @override
    def next_step(self) -> str:
        return _("Bewaar de link. Daarmee kun je de route ook bekijken en veranderen.")


class NoSuchRoute(Refusal):
    """What somebody wants to change leaves no route; `why` says what stands in the way, in whole sentences."""

    code = "no-such-route"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @override
    def sentence(self) -> str:
        return _("Dat kan niet.")

    @override
    def next_step(self) -> str:
        return _("%(why)s Er is niets veranderd.", why=self.why)


class CreditsUnclear(Refusal):
    """What was said of credits is no number that can be: none or less, two numbers, or more than one decimal."""

    code = "credits-unclear"
    status = 422

    @override
    def sentence(self) -> str:
        return _("We begrijpen niet hoeveel EC dit is.")

    @override
    def next_step(self) -> str:
        return _("Schrijf één getal boven 0, bijvoorbeeld: 5 EC. Zet elk vak apart in de lijst.")


class TooManyCredits(Refusal):
    """More credits are claimed than the goal asks; `is_together`: with those in the list."""

    code = "too-many-credits"
    status = 422

    def __init__(self, most: Decimal, *, is_together: bool) -> None:
        super().__init__(most)
        self.most, self.is_together = most, is_together

    @override
    def sentence(self) -> str:
        most = credits_text(self.most)
        if self.is_together:
            return _("Samen met wat al in je lijst staat, is dit meer dan %(most)s EC. Meer vraagt je doel niet.", most=most)
        return _("Dit is meer dan %(most)s EC. Meer vraagt je doel niet.", most=most)

    @override
    def next_step(self) -> str:
        return _("Schrijf hoeveel EC je voor dit ene vak kreeg, of laat de EC weg.")


class SaidAlready(Refusal):
    """The same words stand in the list."""

    code = "said-already"

    @override
    def sentence(self) -> str:
        return _("Dit staat al in je lijst.")

    @override
    def next_step(self) -> str:
        return _("Voeg iets anders toe, of ga verder.")


class ListFull(Refusal):
    """There is more in the list than anybody has."""

    code = "list-full"

    @override
    def sentence(self) -> str:
        return _("Je lijst is vol.")

    @override
    def next_step(self) -> str:
        return _("Haal weg wat niet meetelt. Dan is er weer plaats.")
