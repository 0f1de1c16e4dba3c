"""Forms with the token that Flask-WTF checks; the only file of forms that touches it."""

from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import HiddenField


class Form(FlaskForm):
    """The parent of every form."""


class ActForm(Form):
    """Only the token: a button that changes something."""


class KeyedForm(Form):
    """A form of which `request_key` makes the same one, sent twice, the same request."""

    request_key = HiddenField()

    @property
    def key(self) -> UUID | None:
        """The key that the page gave; None when it was lost or is no key."""
        try:
            return UUID(str(self.request_key.data))
        except ValueError:
            return None
