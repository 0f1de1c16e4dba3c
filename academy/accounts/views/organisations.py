"""Pages about organisations, who acts for them, and invitations."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("organisations", __name__)
