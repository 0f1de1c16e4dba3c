"""Providers are asked to fill a gap, and what does what exists already do."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("commissions", __name__)
