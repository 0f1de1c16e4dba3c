"""Refusals of the catalogue."""


from typing_extensions import override

from academy.kernel.errors import NotFound
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


class OfferingNotFound(NotFound):
    """No offering with this code."""

    code = "offering-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze groep bestaat niet (meer).")

    @override
    def next_step(self) -> str:
        return _("Ga naar de module en kies een andere startdatum.")


class ProviderNotFound(NotFound):
    """No provider with this code or slug."""

    code = "provider-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze opleider kennen we niet.")

    @override
    def next_step(self) -> str:
        return _("Bekijk de lijst van opleiders.")
