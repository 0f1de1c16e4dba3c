"""The shape of what a learner fills in to get a seat."""

from collections.abc import Container
from typing import Any, Final, Self

from wtforms import BooleanField, EmailField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from academy.enrolment.service.paying import EmployerWanted
from academy.kernel.cleaning import clean_line
from academy.kernel.money import Money
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form, KeyedForm
from academy.kernel.web.mail_address import EMAIL_CHECKS, clean_email

# What leads to which NLQF level, as schools call it; who has no diploma chooses the first.
_DIPLOMAS: Final = (
    SelectChoice("", _l("Kies je diploma")),
    SelectChoice("1", _l("Geen diploma, vmbo basis of mbo 1")),
    SelectChoice("2", _l("Vmbo kader, gemengd of theoretisch, mavo of mbo 2")),
    SelectChoice("3", _l("Mbo 3")),
    SelectChoice("4", _l("Mbo 4 of havo")),
    SelectChoice("4+", _l("Vwo")),
    SelectChoice("5", _l("Associate degree")),
    SelectChoice("6", _l("Bachelor van hbo of universiteit")),
    SelectChoice("7", _l("Master")),
    SelectChoice("8", _l("Doctor")),
)

_MOST_DIGITS: Final = 10  # of an amount in cents
_EXTRAS: Final = ("statement", "asks_early_start", "wants_study_group")


def _has_letters(_form: BaseForm, field: Field) -> None:
    if not any(char.isalpha() for char in field.data or ""):
        raise ValidationError(_l("Vul je naam in."))


def _level_field() -> Any:  # noqa: ANN401 - a field that its form still has to bind
    return SelectField(
        _l("Wat is je hoogste diploma?"), [InputRequired(_l("Kies je hoogste diploma."))], choices=list(_DIPLOMAS),
        description=_l("Waarom? Deze module vraagt een diploma vooraf. De aanbieder kan vragen om het te laten zien."),
    )


class EnrolForm(KeyedForm):
    """Ask for a seat; `request_key` makes the same form, sent twice, the same request. The diploma is asked where the module asks for one."""

    level = _level_field()
    seat_code = StringField(
        _l("Code voor een plek"), [Optional(), Length(max=20, message=_l("Deze code is te lang."))], filters=[stripped],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class GuestForm(Form):
    """Ask for a seat without an account."""

    name = StringField(
        _l("Naam"), [InputRequired(_l("Vul je naam in.")), Length(max=120, message=_l("Gebruik hooguit 120 tekens.")), _has_letters],
        filters=[stripped], description=_l("Waarom? De aanbieder ziet wie er komt."),
    )
    email = EmailField(
        _l("E-mailadres"), [InputRequired(_l("Vul je e-mailadres in.")), *EMAIL_CHECKS],
        filters=[stripped], description=_l("Waarom? Je krijgt een e-mail met een link. Daarmee maak je je inschrijving af."),
    )

    @property
    def address(self) -> str:
        """The cleaned address of a form that validated."""
        return clean_email(self.email.data or "") or ""


class LevelForm(Form):
    """Say what one's highest diploma is."""

    level = _level_field()


class ConfirmForm(Form):
    """What goes along with the last press of the button; each field only where it matters. `own` is what its reader was shown to pay, in cents."""

    own = HiddenField()
    statement = TextAreaField(
        _l("Waarom past deze module bij jou?"),
        [DataRequired(_l("Schrijf in een paar zinnen waarom deze module bij je past.")), Length(max=2000, message=_l("Gebruik hooguit 2.000 tekens."))],
        filters=[stripped], description=_l("Vertel wat je al kunt of deed, bijvoorbeeld op je werk. De aanbieder leest dit en beslist."),
    )
    asks_early_start = BooleanField(
        _l("Ik wil dat de lessen al in mijn bedenktijd beginnen."),
        description=_l("Je kunt je 14 dagen bedenken. Doe je dat na de eerste les? Dan betaal je alleen de lessen die er al waren. Zijn alle lessen geweest? Dan kun je je niet meer bedenken."),
    )
    wants_study_group = BooleanField(
        _l("Ik wil samen leren in een studiegroep in Almere."),
        description=_l("Bij genoeg mensen zoeken we een ruimte voor een vaste avond. Het is gratis."),
    )

    def keep(self, names: Container[str]) -> Self:
        """Leave out every field but these."""
        for name in _EXTRAS:
            if name not in names:
                delattr(self, name)
        return self

    @property
    def extras(self) -> dict[str, Any]:
        """What was filled in, by the name of its field, and the most to pay that its reader agreed to; None where that was lost."""
        return {name: self.data[name] for name in _EXTRAS if name in self.data} | {"most_own": _cents(self.own.data)}


class EmployerForm(Form):
    """Ask one's employer to pay, beside the check. `payer` is the button that was pressed."""

    payer = HiddenField()
    employer_email = EmailField(
        _l("E-mailadres van je werkgever"), [Optional(), *EMAIL_CHECKS], filters=[stripped],
        description=_l("Van wie over geld beslist. Je werkgever ziet je naam, de module, de data, de prijs en jouw uitleg. Verder niets."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none", "inputmode": "email"},
    )
    employer_why = StringField(
        _l("Waarom wil je dit leren?"), [Length(max=300, message=_l("Gebruik hooguit 300 tekens."))], filters=[stripped],
        description=_l("In één regel. Je werkgever leest dit."), render_kw={"autocomplete": "off"},
    )

    def is_in_order(self, own_address: str) -> bool:
        """Tell whether an employer can be asked, or nobody is; what is wrong is told at its field."""
        if not self.validate():
            return False
        if self.payer.data != "employer":
            if self.employer_email.data:
                self.employer_email.errors = [_("Wil je je werkgever vragen? Kies dan “Vraag mijn werkgever”. Betaal je zelf? Maak dit leeg.")]
            return not self.errors
        if not self.employer_email.data:
            self.employer_email.errors = [_("Vul het e-mailadres van je werkgever in.")]
        elif clean_email(self.employer_email.data) == own_address:
            self.employer_email.errors = [_("Dit is je eigen adres. Vul het adres van je werkgever in.")]
        if not any(char.isalpha() for char in self.employer_why.data or ""):
            self.employer_why.errors = [_("Schrijf in één regel waarom je dit wilt leren.")]
        return not self.errors

    @property
    def wanted(self) -> EmployerWanted | None:
        """Whom to ask, of a form that validated; None where nobody is."""
        if self.payer.data != "employer":
            return None
        return EmployerWanted(clean_email(self.employer_email.data or "") or "", clean_line(self.employer_why.data or ""))


class OwnForm(Form):
    """Pay what an employer left: `own` is what its reader was shown to pay, in cents."""

    own = HiddenField()

    @property
    def most_own(self) -> Money | None:
        return _cents(self.own.data)


def _cents(shown: object) -> Money | None:
    """Return an amount in cents as a page gave it along; None where it was lost."""
    text = str(shown)
    return Money(int(text)) if text.isdecimal() and len(text) < _MOST_DIGITS else None
