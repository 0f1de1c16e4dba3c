"""Who paid, what funds were used, and which paid seats stayed empty."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("report_money", __name__)
