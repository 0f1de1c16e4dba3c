"""Forms with the token that Flask-WTF checks; the only file of forms that touches it."""

from functools import cache
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from typing_extensions import override
from wtforms import Form as WTForm
from wtforms import HiddenField
from wtforms.i18n import get_translations
from wtforms.meta import DefaultMeta

from academy.kernel.translation import reading_language


class _ReadersLanguage(DefaultMeta):
    """What WTForms itself says of a field (a choice made by hand that is none) in the language of the reader: Dutch of its own catalogue, else as it is."""

    @override
    def get_translations(self, form: Any) -> Any:
        return _dutch() if reading_language() == "nl" else None


@cache
def _dutch() -> Any:  # noqa: ANN401 - anything with gettext and ngettext
    return get_translations(["nl"])


class PlainForm(WTForm):
    """The parent of what has no token: a part of a form, or what stands in an address."""

    Meta = _ReadersLanguage


class Form(FlaskForm):
    """The parent of every form."""

    Meta = _ReadersLanguage  # WTForms lays it over that of Flask-WTF


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
