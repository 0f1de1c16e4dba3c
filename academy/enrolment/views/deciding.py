"""Pages of a provider that decides whether a class goes ahead."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("deciding", __name__)
