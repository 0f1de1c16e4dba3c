"""What a guide fills in: their advice after the talk."""

from typing import Any, Final

from wtforms import HiddenField, TextAreaField
from wtforms.validators import AnyOf, Length, ValidationError

from academy.kernel.translation import _, _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form

FOR_AND_SIGN, FOR, AGAINST = "for-and-sign", "for", "against"  # which button was pressed
_LONGEST: Final = 2000


class AdviceForm(Form):
    """What a guide thinks of the chance of a learner; `act` is the button."""

    act = HiddenField(validators=[AnyOf((FOR_AND_SIGN, FOR, AGAINST), message=_l("Kies welk advies je geeft."))])
    reason = TextAreaField(
        _l("Waarom?"), [Length(max=_LONGEST, message=_l("Gebruik hooguit 2.000 tekens."))], filters=[stripped],
        description=_l("De cursist leest dit. Bij een negatief advies is een reden verplicht."), render_kw={"rows": 5, "maxlength": _LONGEST},
    )

    def validate_reason(self, field: Any) -> None:  # noqa: ANN401 - WTForms binds it
        if self.act.data == AGAINST and not field.data:
            raise ValidationError(_("Schrijf waarom je advies negatief is."))
