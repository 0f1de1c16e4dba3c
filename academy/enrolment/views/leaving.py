"""Pages about leaving: giving a seat back, and the withdrawal function."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("leaving", __name__)
