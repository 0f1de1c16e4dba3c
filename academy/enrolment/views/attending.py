"""Pages about who was there, of both sides."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("attending", __name__)
