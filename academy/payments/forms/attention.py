"""Forms about money that a person has to look at."""

from typing import Final

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from academy.kernel.cleaning import clean_line
from academy.kernel.translation import _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form

_LONGEST: Final = 500


class CloseForm(Form):
    """Why nothing more has to be done; colleagues read it."""

    reason = TextAreaField(
        _l("Wat heb je gedaan?"),
        [DataRequired(_l("Schrijf op wat je hebt gedaan.")), Length(max=_LONGEST, message=_l("Schrijf hooguit 500 tekens."))], filters=[stripped],
        description=_l("Je collega's lezen dit. Schrijf geen namen of rekeningnummers op."), render_kw={"rows": 3, "maxlength": _LONGEST},
    )

    @property
    def said(self) -> str:
        """Return what was filled in, on one line."""
        return clean_line(self.reason.data or "")
