"""Pages of the catalogue; `blueprint` holds them all."""

from academy.catalogue.views import office, places, public, workspace
from academy.catalogue.views.blueprint import blueprint

__all__ = ["blueprint", "office", "places", "public", "workspace"]
