"""Pages about what I allow, taking my data with me, and leaving."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("privacy", __name__)
