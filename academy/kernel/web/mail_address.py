"""An e-mail address as people type it: checked at its field, and in the one form that we keep."""

import unicodedata
from typing import Final

from email_validator import EmailNotValidError, validate_email
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import Length, ValidationError

from academy.kernel.translation import _l


def clean_email(text: str) -> str | None:
    """Return the address in the one form we keep, or None; whether it exists is for the letter to find out."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return None if mixes_scripts(found.domain) else (found.ascii_email or found.normalized).lower()


def mixes_scripts(domain: str) -> bool:
    """Tell whether the letters of a domain come from more than one script: a Cyrillic letter between Latin ones is there to deceive.

    Stricter than the restriction levels of Unicode (UTS 39), because it is asked of the whole domain: a name wholly of look-alikes under
    `.com` is refused too. A domain of one script, such as `пример.рф`, is fine.
    """
    return len({unicodedata.name(char, "").partition(" ")[0] for char in domain if char.isalpha()}) > 1


def _is_email(_form: BaseForm, field: Field) -> None:
    typed = field.data or ""
    if clean_email(typed) is None:
        if mixes_scripts(typed):
            raise ValidationError(_l("In dit adres staan letters die op andere lijken. Typ het adres zelf over."))
        raise ValidationError(_l("Dit is geen e-mailadres. Een voorbeeld: naam@voorbeeld.nl"))


EMAIL_CHECKS: Final = (Length(max=254, message=_l("Dit adres is te lang.")), _is_email)  # RFC 5321; beside InputRequired with words of its own
