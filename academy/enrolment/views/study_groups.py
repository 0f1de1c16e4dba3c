"""Pages about study groups of who learns at a distance."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("study_groups", __name__)
