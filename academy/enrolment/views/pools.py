"""Pages of a provider that keeps seats apart for a group."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("pools", __name__)
