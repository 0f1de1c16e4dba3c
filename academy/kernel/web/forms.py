"""Forms with the token that Flask-WTF checks; the only file of forms that touches it."""

from flask_wtf import FlaskForm


class Form(FlaskForm):
    """The parent of every form."""


class ActForm(Form):
    """Only the token: a button that changes something."""
