"""Refusals about seats that are drawn by lot."""

from typing_extensions import override

from academy.enrolment.errors.seats import OfferingFull
from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.translation import _


class SeatsByLot(OfferingFull):
    """The seats of this class are yet to be drawn: nobody has one by being quick."""

    code = "seats-by-lot"

    @override
    def sentence(self) -> str:
        return _("De plekken in deze groep worden verloot. Je bent nog niet ingeschreven.")

    @override
    def next_step(self) -> str:
        return _("Doe mee aan de loting. Het maakt niet uit wie het eerst is. Ieder doet zelf mee.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Doe mee aan de loting"), "waiting.line", {"code": self.offering_code}), *super().links()[1:]]


class NoDraw(NotFound):
    """No draw is held of this class."""

    code = "no-draw"

    @override
    def sentence(self) -> str:
        return _("Voor deze groep is er geen loting.")

    @override
    def next_step(self) -> str:
        return _("Kijk bij de module hoe je een plek krijgt.")


class _AboutDraw(Refusal):
    """A refusal to who plans the class."""

    def __init__(self, provider_slug: str, offering_code: str) -> None:
        super().__init__(provider_slug, offering_code)
        self.provider_slug, self.offering_code = provider_slug, offering_code

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar het startmoment"), "workspace.offering", {"provider": self.provider_slug, "code": self.offering_code})]


class DrawTooLate(_AboutDraw):
    """Somebody has a seat or stands in line, the class is called off, begins too soon or is enrolled in elsewhere, or it was drawn already."""

    code = "draw-too-late"

    @override
    def sentence(self) -> str:
        return _("Verloten kan hier niet meer. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Verloten kan alleen zolang niemand een plek heeft of wacht, en één keer per groep. De loting is na vandaag en vóór de eerste les.")


class DrawEntered(_AboutDraw):
    """People take part in the draw, or it was held: it stays as it was told."""

    code = "draw-entered"

    @override
    def sentence(self) -> str:
        return _("De loting blijft staan. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Er doen al mensen mee, of de loting is al geweest. Gaat de groep niet door? Zeg haar dan af.")


class BeginsBeforeDraw(_AboutDraw):
    """A class would begin on the day of its draw, or before it."""

    code = "begins-before-draw"

    @override
    def sentence(self) -> str:
        return _("De groep zou beginnen vóór de loting van haar plekken. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Kies een eerste dag na de dag van de loting.")
