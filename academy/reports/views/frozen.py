"""Reports that are frozen, and their files."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("frozen_reports", __name__)
