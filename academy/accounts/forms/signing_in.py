"""The shape of what people fill in about themselves."""

from typing import Any

from wtforms import EmailField, Field, HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, ValidationError

from academy.accounts import rules
from academy.kernel.translation import _l
from academy.kernel.web.forms import Form
from academy.kernel.web.mail_address import EMAIL_CHECKS, clean_email


def _stripped(value: Any) -> Any:  # noqa: ANN401 - whatever WTForms brings
    return value.strip() if isinstance(value, str) else value


def _has_letters(_form: BaseForm, field: Field) -> None:
    if not any(char.isalpha() for char in rules.clean_name(field.data or "")):
        raise ValidationError(_l("Vul je naam in."))


email_checks = [InputRequired(_l("Vul je e-mailadres in.")), *EMAIL_CHECKS]
_name = [InputRequired(_l("Vul je naam in.")), Length(max=120, message=_l("Gebruik hooguit 120 tekens.")), _has_letters]


_WHY_NAME = _l("Waarom? De aanbieder ziet wie er komt.")


class _WithEmail(Form):
    email = EmailField(_l("E-mailadres"), email_checks, filters=[_stripped])
    next = HiddenField()

    @property
    def address(self) -> str:
        """The cleaned address of a form that validated."""
        return clean_email(self.email.data or "") or ""


class PasswordSignInForm(_WithEmail):
    """Sign in with a password."""

    password = PasswordField(
        _l("Wachtwoord"),
        [InputRequired(_l("Vul je wachtwoord in.")), Length(max=rules.LONGEST_PASSWORD)],
    )


class LinkForm(_WithEmail):
    """Ask for a link by e-mail."""


class SignUpForm(_WithEmail):
    """Make an account."""

    email = EmailField(
        _l("E-mailadres"), email_checks, filters=[_stripped],
        description=_l("Waarom? Je logt ermee in en krijgt er je bevestigingen op."),
    )
    name = StringField(_l("Naam"), _name, description=_WHY_NAME)


class OpenLinkForm(Form):
    """Use the link; the name is asked only where none is known."""

    name = StringField(_l("Naam"), _name, description=_WHY_NAME)


class ProfileForm(Form):
    """My name and language."""

    name = StringField(_l("Naam"), _name, description=_WHY_NAME)
    language = RadioField(
        _l("Taal van brieven"),
        [InputRequired(_l("Kies een taal."))],
        choices=[SelectChoice("nl", "Nederlands"), SelectChoice("en", "English")],
        description=_l("Waarom? In deze taal sturen we je brieven."),
    )


class NewPasswordForm(Form):
    """Choose a password."""

    new_password = PasswordField(
        _l("Nieuw wachtwoord"),
        [
            InputRequired(_l("Kies een wachtwoord.")),
            Length(
                min=rules.SHORTEST_PASSWORD,
                max=rules.LONGEST_PASSWORD,
                message=_l("Gebruik minstens 10 tekens. Een korte zin werkt goed."),
            ),
        ],
    )
