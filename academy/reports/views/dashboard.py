"""Demand against supply, and the rows behind each figure."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("reports", __name__)
