"""The web floor: application class, languages, security, refusals as pages; rooms build their blueprints on it."""

from academy.kernel.web.application import AcademyApp, create_bare_app, render
from academy.kernel.web.forms import ActForm
from academy.kernel.web.language import address_of, localized_blueprint, public_address
from academy.kernel.web.marks import in_sitemap, open_to_all, takes_files, throttled
from academy.kernel.web.outside import writing_for

__all__ = ["AcademyApp", "ActForm", "address_of", "create_bare_app", "in_sitemap", "localized_blueprint", "open_to_all", "public_address", "render", "takes_files", "throttled", "writing_for"]
