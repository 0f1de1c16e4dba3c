"""Pages about what came of it: results, and the exam board."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("results", __name__)
