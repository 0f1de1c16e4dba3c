"""Pages of the catalogue; `blueprint` holds them all."""

from academy.catalogue.views import public
from academy.catalogue.views.blueprint import blueprint

__all__ = ["blueprint", "public"]
