"""Refusals of the catalogue."""

from typing_extensions import override

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.formats import in_current_language
from academy.kernel.text import Localized
from academy.kernel.translation import _


class ModuleNotFound(NotFound):
    """No published module under this name."""

    code = "module-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze module bestaat niet (meer).")

    @override
    def next_step(self) -> str:
        return _("Zoek een andere module, of bekijk de opleidingen.")


class ModuleWithdrawn(ModuleNotFound):
    """The module was here, and its provider no longer offers it."""

    code = "module-withdrawn"
    status = 410

    def __init__(self, title: Localized, slug: str) -> None:
        super().__init__()
        self.title, self.slug = title, slug

    @override
    def sentence(self) -> str:
        return _("“%(title)s” wordt niet meer gegeven.", title=in_current_language(self.title))

    @override
    def next_step(self) -> str:
        return _("Volg je deze module al? Dan verandert er niets voor jou. Zoek je iets nieuws? Bekijk wat erop lijkt.")

    @override
    def links(self) -> list[Link]:
        return [
            Link(_("Bekijk wat erop lijkt"), "search.similar", {"slug": self.slug}),
            Link(_("Zoek een andere module"), "search.results"),
        ]


class ProgrammeNotFound(NotFound):
    """No published programme under this name."""

    code = "programme-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze opleiding bestaat niet (meer).")

    @override
    def next_step(self) -> str:
        return _("Bekijk de lijst van opleidingen.")


class OfferingNotFound(NotFound):
    """No offering with this code."""

    code = "offering-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze groep bestaat niet (meer).")

    @override
    def next_step(self) -> str:
        return _("Ga naar de module en kies een andere startdatum.")


class PlaceNotFound(NotFound):
    """No place with this key in the register of places."""

    code = "place-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze plek kennen we niet.")

    @override
    def next_step(self) -> str:
        return _("Kies een plek uit de lijst, of voeg hem eerst toe.")


class ProviderNotFound(NotFound):
    """No provider with this code or slug."""

    code = "provider-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze opleider kennen we niet.")

    @override
    def next_step(self) -> str:
        return _("Bekijk de lijst van opleiders.")


class _AboutWork(Refusal):
    """A refusal in a provider's workspace, with the way back to the module."""

    def __init__(self, provider_slug: str, module_slug: str) -> None:
        super().__init__(module_slug)
        self.provider_slug, self.module_slug = provider_slug, module_slug

    @override
    def links(self) -> list[Link]:
        values = {"provider": self.provider_slug, "module": self.module_slug}
        return [Link(_("Terug naar de module"), "catalogue.module_in_work", values)]


class NotComplete(_AboutWork):
    """Too much is lacking to publish."""

    code = "not-complete"

    @override
    def sentence(self) -> str:
        return _("Deze module is nog niet compleet. Hij is niet gepubliceerd.")

    @override
    def next_step(self) -> str:
        return _("Bij de module zie je wat er nog ontbreekt. Vul dat aan en publiceer opnieuw.")


class ChangedMeanwhile(_AboutWork):
    """What is to be saved, published or approved is not what the person saw; for publishing that includes the overlap (requirement R26)."""

    code = "changed-meanwhile"

    @override
    def sentence(self) -> str:
        return _("Deze module is veranderd nadat jij hem bekeek. Er is niets bewaard of gepubliceerd.")

    @override
    def next_step(self) -> str:
        return _("Bekijk de module nog een keer en beslis dan.")


class OverlapUnexplained(_AboutWork):
    """The module strongly resembles one that is published, and nobody said what it adds (requirement R26)."""

    code = "overlap-unexplained"

    @override
    def sentence(self) -> str:
        return _("Deze module lijkt sterk op een module die er al is.")

    @override
    def next_step(self) -> str:
        return _("Schrijf op wat jouw module toevoegt. Daarna kun je publiceren.")


class PrerequisitesGoRound(_AboutWork):
    """Modules that need each other: nobody could ever begin."""

    code = "prerequisites-go-round"

    @override
    def sentence(self) -> str:
        return _("De instapeisen draaien rond: deze modules hebben elkaar nodig. Zo kan niemand beginnen.")

    @override
    def next_step(self) -> str:
        return _("Haal een van de instapeisen weg.")


class NotInThisState(_AboutWork):
    """The act does not fit the state of the module: done already, perhaps in another window."""

    code = "not-in-this-state"

    @override
    def sentence(self) -> str:
        return _("Dat kan niet meer: de module heeft nu een andere status.")

    @override
    def next_step(self) -> str:
        return _("Bekijk hoe de module er nu voor staat.")


class OfferingFaulty(Refusal):
    """The days or numbers of an offering contradict each other."""

    code = "offering-faulty"

    @override
    def sentence(self) -> str:
        return _("De gegevens van dit startmoment kloppen niet met elkaar. Er is niets opgeslagen.")

    @override
    def next_step(self) -> str:
        return _("Ga terug en controleer de datums en de plekken.")
