"""What an adviser writes about a pathway."""

from typing import Final

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from academy.kernel.translation import _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form

_WORDS: Final = 2_000
_NAME: Final = 100
_DIGITS: Final = 9


class AdviceForm(Form):
    """The words, and a name under them."""

    words = TextAreaField(
        _l("Jouw advies"), [DataRequired(_l("Schrijf je advies.")), Length(max=_WORDS, message=_l("Gebruik hooguit 2.000 tekens."))], filters=[stripped],
        description=_l("De cursist leest dit bij de route. Schrijf geen gegevens op die niemand anders mag zien."), render_kw={"rows": 6},
    )
    signed = StringField(
        _l("Je naam en je school of bedrijf"), [DataRequired(_l("Schrijf wie je bent.")), Length(max=_NAME, message=_l("Gebruik hooguit 100 tekens."))],
        filters=[stripped],
    )


class VersionForm(Form):
    """A button that changes a pathway as it was shown."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was shown; 0, which none ever is, when it was lost."""
        said = str(self.version.data or "")
        return int(said) if said.isascii() and said.isdigit() and len(said) <= _DIGITS else 0
