"""The monitor of experience: its questions, its results, and what participants thought of a module."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("experience", __name__)
