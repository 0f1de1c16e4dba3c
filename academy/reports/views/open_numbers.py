"""What everybody may read: the numbers of the platform, also the bad ones."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("open_numbers", __name__)
