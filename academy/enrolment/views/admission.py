"""Pages of a provider that decides about admission and payments."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("admission", __name__)
