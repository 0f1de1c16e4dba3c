"""The shape of what a learner fills in to get a seat."""

from uuid import UUID

from wtforms import HiddenField, StringField
from wtforms.validators import Length, Optional

from academy.kernel.translation import _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form


class EnrolForm(Form):
    """Ask for a seat; `request_key` makes the same form, sent twice, the same request."""

    request_key = HiddenField()
    seat_code = StringField(_l("Code voor een plek"), [Optional(), Length(max=20)], filters=[stripped])

    @property
    def key(self) -> UUID | None:
        """The key that the page gave; None when it was lost or is no key."""
        try:
            return UUID(str(self.request_key.data))
        except ValueError:
            return None
