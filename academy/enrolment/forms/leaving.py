"""The shape of a statement that one withdraws from a contract: what the law lets us ask, and nothing else."""

from email_validator import EmailNotValidError, validate_email
from wtforms import EmailField, Field, StringField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, ValidationError

from academy.kernel.cleaning import clean_line
from academy.kernel.translation import _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form


def _clean_email(text: str) -> str | None:
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return (found.ascii_email or found.normalized).lower()


def _is_email(_form: BaseForm, field: Field) -> None:
    if _clean_email(field.data or "") is None:
        raise ValidationError(_l("Dit is geen e-mailadres. Een voorbeeld: naam@voorbeeld.nl"))


class WithdrawForm(Form):
    """Who withdraws, from which contract, and where the acknowledgement of it goes (Directive 2011/83/EU, art. 11a(2))."""

    name = StringField(
        _l("Je naam"), [InputRequired(_l("Vul je naam in.")), Length(max=200, message=_l("Gebruik hooguit 200 tekens."))], filters=[stripped],
        render_kw={"autocomplete": "name"},
    )
    code = StringField(
        _l("Nummer van je inschrijving"),
        [InputRequired(_l("Vul het nummer van je inschrijving in.")), Length(max=20, message=_l("Dit nummer is te lang."))], filters=[stripped],
        description=_l("Het staat in de e-mail over je inschrijving, en bij Mijn leren."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    email = EmailField(
        _l("E-mailadres"), [InputRequired(_l("Vul je e-mailadres in.")), Length(max=254, message=_l("Dit adres is te lang.")), _is_email],
        filters=[stripped],
        description=_l("Het adres waarmee je je inschreef. Daar sturen we het bewijs naartoe."),
    )

    @property
    def contract(self) -> tuple[str, str]:
        """The number and the address, as we write them."""
        return clean_line(self.code.data or "").replace(" ", "").upper(), _clean_email(self.email.data or "") or ""
