"""The web floor: application class, languages, security, refusals as pages; rooms build their blueprints on it."""

from academy.kernel.web.application import AcademyApp, create_bare_app, render
from academy.kernel.web.forms import ActForm
from academy.kernel.web.language import localized_blueprint
from academy.kernel.web.marks import open_to_all
from academy.kernel.web.outside import writing_for

__all__ = ["AcademyApp", "ActForm", "create_bare_app", "localized_blueprint", "open_to_all", "render", "writing_for"]
