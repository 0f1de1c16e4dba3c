"""Pages about enrolling together and sending somebody else."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("together", __name__)
