"""The button with which somebody takes the route that mends theirs."""

from wtforms import HiddenField
from wtforms.validators import Length

from academy.pathways.forms.advising import VersionForm


class RepairForm(VersionForm):
    """Which repair of which version was shown."""

    shown = HiddenField(validators=[Length(max=16)])
