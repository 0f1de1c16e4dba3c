"""The shape of what somebody fills in for others: people of a group, and who comes instead."""

import re
from typing import Final

from wtforms import EmailField, Field, FieldList, FormField, HiddenField, StringField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, ValidationError

from academy.enrolment.service.together import MOST_TOGETHER
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form, KeyedForm, PlainForm
from academy.kernel.web.mail_address import EMAIL_CHECKS, clean_email

_FIRST_ROWS: Final = 3
_ADDRESS: Final = re.compile(r"[@/\\<>]|www\.|:\s*//", re.IGNORECASE)  # no name: it stands in a letter to who did not ask for one
_LONGEST_NAME, _LONGEST_ADDRESS = 120, 254


def _is_name(_form: BaseForm, field: Field) -> None:
    if not any(char.isalpha() for char in field.data or "") or _ADDRESS.search(field.data):
        raise ValidationError(_l("Vul een naam in."))


_NAME_CHECKS: Final = (Length(max=_LONGEST_NAME, message=_l("Gebruik hooguit 120 tekens.")), _is_name)


class PersonRow(PlainForm):
    """One of a group; a row that is left empty is nobody."""

    name = StringField(_l("Naam"), filters=[stripped], render_kw={"autocomplete": "off"})
    email = EmailField(_l("E-mailadres"), filters=[stripped], render_kw={"autocomplete": "off"})

    @property
    def is_empty(self) -> bool:
        """Whether nobody is filled in."""
        return not self.name.data and not self.email.data

    @property
    def address(self) -> str:
        """The cleaned address of a row that is in order."""
        return clean_email(self.email.data or "") or ""

    def check(self, before: set[str]) -> None:
        """Put what is wrong at its field; `before` are the addresses of the rows above."""
        for field, checks in ((self.name, _NAME_CHECKS), (self.email, EMAIL_CHECKS)):
            field.errors = []
            for check in checks:
                try:
                    check(self, field)
                except ValidationError as error:
                    field.errors = [str(error)]
                    break
        if self.address in before:
            self.email.errors = [_("Dit adres staat er al. Iedereen heeft een eigen e-mailadres nodig.")]


class GroupForm(KeyedForm):
    """Who to enrol; `act` is the button: another row, or enrol."""

    people = FieldList(FormField(PersonRow), min_entries=_FIRST_ROWS, max_entries=MOST_TOGETHER)
    act = HiddenField()

    @property
    def rows(self) -> list[PersonRow]:
        """The rows, also the empty ones."""
        return [entry.form for entry in self.people]

    def make_room(self) -> bool:
        """Add an empty row when a button asks for it; then nobody is enrolled yet."""
        if self.act.data != "more":
            return False
        if len(self.people) < MOST_TOGETHER:
            self.people.append_entry()
        return True

    def is_in_order(self) -> bool:
        """Tell whether all can be enrolled; what is wrong is told at its field."""
        if not self.validate():
            return False
        filled = [row for row in self.rows if not row.is_empty]
        for number, row in enumerate(filled):
            row.check({other.address for other in filled[:number]})
        if not filled:
            self.rows[0].name.errors = [_("Vul minstens één naam en e-mailadres in.")]
        return not self.wrong()

    def wrong(self) -> list[tuple[str, str]]:
        """Return what is wrong: the id of a field, and a sentence that says in which row."""
        return [
            (field.id, _("Persoon %(number)s, %(field)s: %(error)s", number=number, field=str(field.label.text).lower(), error=error))
            for number, row in enumerate(self.rows, start=1) for field in row for error in field.errors
        ]

    def filled(self) -> list[tuple[str, str]]:
        """Return (name, address) of the people in a form that is in order."""
        return [(row.name.data or "", row.address) for row in self.rows if not row.is_empty]


class SubstituteForm(Form):
    """Who comes instead."""

    name = StringField(
        _l("Naam"), [InputRequired(_l("Vul een naam in.")), *_NAME_CHECKS], filters=[stripped], render_kw={"autocomplete": "off"},
        description=_l("Waarom? De aanbieder weet dan wie er komt."),
    )
    email = EmailField(
        _l("E-mailadres"), [InputRequired(_l("Vul een e-mailadres in.")), *EMAIL_CHECKS], filters=[stripped], render_kw={"autocomplete": "off"},
        description=_l("Waarom? Daar sturen we één e-mail heen, met wat er is geregeld."),
    )

    @property
    def address(self) -> str:
        """The cleaned address of a form that validated."""
        return clean_email(self.email.data or "") or ""

    def is_in_order(self, own: str) -> bool:
        """Tell whether the seat can go; `own` is the address of who sends somebody."""
        if self.validate() and self.address == own:
            self.email.errors = [*self.email.errors, _("Dit is je eigen adres. Vul dat van een ander in.")]
        return not self.errors
