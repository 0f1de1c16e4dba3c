"""Signing in at SURFconext and eduID, and linking them to an account."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("identities", __name__)
