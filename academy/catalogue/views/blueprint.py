"""The blueprint on which the pages of the catalogue stand."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("catalogue", "academy.catalogue.views")
