"""Who takes part in the programme, and how ready they are."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("taking_part", __name__)
