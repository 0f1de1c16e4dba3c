"""What is filled in about an agreement: by the learner who asks it, and by who refuses it."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from academy.kernel.cleaning import clean_line
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, stripped
from academy.kernel.web.forms import Form
from academy.kernel.web.mail_address import EMAIL_CHECKS
from academy.recognition.service.agreeing import HostElsewhere

ELSEWHERE: Final = "-"  # no module has this address
_NAME, _CODE, _REASON = 200, 80, 2000


def _for_elsewhere(form: BaseForm, field: Field) -> None:
    """Ask for it only of a school elsewhere."""
    if form["host"].data != ELSEWHERE:
        field.errors = []
        raise StopValidation
    if not field.data:
        raise StopValidation(_l("Vul dit in voor een school buiten dit platform."))


def _named(label: str) -> StringField:
    return StringField(label, [_for_elsewhere, Length(max=_NAME, message=_l("Dit is te lang."))], filters=[stripped], render_kw={"autocomplete": "off"})


class AgreementForm(Form):
    """For which module it will count, for which of its outcomes, and which module elsewhere it is."""

    home = RadioField(_l("Voor welke module telt het mee?"), [InputRequired(_l("Kies een module."))])
    outcomes = ChoicesField(_l("Voor welke leeruitkomsten?"), [InputRequired(_l("Kies minstens één leeruitkomst."))])
    host = RadioField(_l("Welke module volg je elders?"), [InputRequired(_l("Kies een module."))])
    host_name = _named(_l("Naam van de school"))
    host_course = _named(_l("Naam van het vak daar"))
    host_code = StringField(
        _l("Code van het vak"), [Length(max=_CODE, message=_l("Dit is te lang."))], filters=[stripped], render_kw={"autocomplete": "off"},
    )
    host_email = StringField(
        _l("E-mailadres van de school"), [_for_elsewhere, *EMAIL_CHECKS], filters=[stripped], render_kw={"autocomplete": "off", "type": "email"},
        description=_l("Van de examencommissie of de inschrijving. Daar gaat de link om te tekenen naartoe."),
    )

    def offer(self, homes: Sequence[tuple[str, Sequence[UUID]]], hosts: Sequence[str]) -> None:
        """Offer these modules at home, as (slug, outcomes), and these elsewhere; all outcomes and the first of each are chosen as long as nothing was sent."""
        self.home.choices = [(slug, slug) for slug, _outcomes in homes]
        self.outcomes.choices = [(each.hex, each.hex) for _slug, outcomes in homes for each in outcomes]
        self.host.choices = [(slug, slug) for slug in (*hosts, ELSEWHERE)]
        if not self.is_submitted():
            self.home.data, self.host.data = (homes[0][0] if homes else None), (*hosts, ELSEWHERE)[0]
            self.outcomes.data = [each.hex for _slug, outcomes in homes for each in outcomes]

    def chosen(self, of: Sequence[UUID]) -> list[UUID]:
        """Return the outcomes that are chosen, of those of the module that is chosen."""
        return [each for each in of if each.hex in (self.outcomes.data or ())]

    @property
    def chosen_host(self) -> str | HostElsewhere:
        """The module elsewhere: its slug, or the school and its course."""
        if self.host.data != ELSEWHERE:
            return str(self.host.data)
        name, course, code = (clean_line(str(field.data or "")) for field in (self.host_name, self.host_course, self.host_code))
        return HostElsewhere(name, course, code, str(self.host_email.data))


class RefuseForm(Form):
    """Why somebody does not sign."""

    reason = TextAreaField(
        _l("Waarom tekenen jullie niet?"),
        [DataRequired(_l("Schrijf waarom. De cursist leest dit.")), Length(max=_REASON, message=_l("Gebruik hooguit 2.000 tekens."))],
        filters=[stripped], render_kw={"rows": 3},
    )


class ResultForm(Form):
    """What the school elsewhere tells of the result."""

    result = RadioField(_l("Heeft de cursist het vak gehaald?"), [InputRequired(_l("Kies wat de uitslag is."))])

    def offer(self) -> None:
        """Offer both answers, in the reader's language."""
        self.result.choices = [("passed", _("Ja, gehaald")), ("failed", _("Nee, niet gehaald"))]
