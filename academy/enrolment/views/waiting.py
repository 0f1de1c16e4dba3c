"""Pages about waiting for a seat: the line, the offer, and hearing of news."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("waiting", __name__)
