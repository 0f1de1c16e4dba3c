"""The shape of what people allow, and of leaving."""

from typing import Final
from uuid import UUID

from wtforms import EmailField, Field, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, ValidationError

from academy.accounts.forms.signing_in import email_checks
from academy.accounts.models import Purpose
from academy.accounts.rules import mailbox_of
from academy.kernel.errors import NotFound
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form
from academy.kernel.web.mail_address import clean_email

_ERASE: Final = ("verwijder", "delete")  # in both languages, whichever one reads


class ConsentForm(Form):
    """What one organisation may see."""

    organisation = HiddenField()
    purpose = HiddenField()

    def values(self) -> tuple[UUID, Purpose]:
        """Return organisation and purpose. Raises NotFound: people press a button and type nothing here."""
        try:
            return UUID(self.organisation.data or ""), Purpose(self.purpose.data or "")
        except ValueError as error:
            raise NotFound from error


def _is_the_word(_form: BaseForm, field: Field) -> None:
    if (field.data or "").strip().strip(".“”\"'").casefold() not in _ERASE:
        raise ValidationError(_l("Typ het woord verwijder. Er is nog niets verwijderd."))


class EraseForm(Form):
    """Erase my account; `who` tells a form of an account that is gone from one of the account that is signed in."""

    who = HiddenField()
    word = StringField(
        _l("Typ het woord: verwijder"), [_is_the_word], render_kw={"autocomplete": "off", "autocapitalize": "none", "required": True},
        description=_l("Waarom? Zo verwijder je je account niet per ongeluk."),
    )


class AgeForm(Form):
    """Am I younger than sixteen? No birth date."""

    under_sixteen = RadioField(
        _l("Ben je jonger dan 16?"), [InputRequired(_l("Kies ja of nee."))], choices=[SelectChoice("yes", _l("Ja")), SelectChoice("no", _l("Nee"))],
        description=_l("Waarom? Onder de 16 moet een ouder, voogd of decaan het goedvinden dat je je inschrijft. We vragen niet wanneer je jarig bent."),
    )


class ApprovalForm(Form):
    """Whom to ask."""

    name = StringField(
        _l("Naam van je ouder, voogd of decaan"),
        [InputRequired(_l("Vul een naam in.")), Length(max=120, message=_l("Gebruik hooguit 120 tekens."))],
        filters=[stripped], description=_l("Waarom? Zo zie je later wie toestemming gaf."), render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        _l("E-mailadres van je ouder, voogd of decaan"), [InputRequired(_l("Vul een e-mailadres in.")), *email_checks[1:]], filters=[stripped], render_kw={"autocomplete": "off"},
        description=_l("Waarom? Daar sturen we één brief heen, met een link om ja of nee te zeggen."),
    )

    @property
    def address(self) -> str:
        """The cleaned address of a form that validated."""
        return clean_email(self.email.data or "") or ""

    def is_in_order(self, own: str) -> bool:
        """Tell whether someone else can be asked; `own` is the address of who asks."""
        if self.validate() and mailbox_of(self.address) == mailbox_of(own):
            self.email.errors = [*self.email.errors, _("Dit is je eigen adres. Vul dat van je ouder, voogd of decaan in.")]
        return not self.errors


class AnswerForm(Form):
    """Yes or no to what a minor asks."""

    answer = RadioField(
        _l("Vind je dit goed?"), [InputRequired(_l("Kies ja of nee."))],
        choices=[SelectChoice("yes", _l("Ja, dit mag")), SelectChoice("no", _l("Nee, dit mag niet"))],
    )
