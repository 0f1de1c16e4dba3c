"""The shape of codes and of names of passkeys."""

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from academy.kernel.translation import _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form

_CODE = [DataRequired(_l("Vul een code in.")), Length(max=40, message=_l("Deze code is te lang."))]


class AppCodeForm(Form):
    """The code that the app shows now."""

    code = StringField(_l("Code uit je app"), _CODE, filters=[stripped], render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"})


class SecondStepForm(Form):
    """A code of the app, or one from paper."""

    code = StringField(
        _l("Code uit je app, of een herstelcode"), _CODE, filters=[stripped],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )


class PasskeyNameForm(Form):
    """What I call a passkey."""

    name = StringField(
        _l("Naam"), [DataRequired(_l("Geef een naam.")), Length(max=60, message=_l("Gebruik hooguit 60 tekens."))], filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
