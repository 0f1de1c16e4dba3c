"""What somebody fills in about what they have: their diploma, and anything else in their own words."""

from typing import Final

from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import Length, Optional, ValidationError

from academy.kernel.errors import Refusal
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import stripped
from academy.pathways.forms.advising import VersionForm
from academy.pathways.service.having import LONGEST
from academy.search.api import names_somebody

# By NLQF level, in the words in which enrolment asks it.
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


def _one_line(value: str | None) -> str:
    return " ".join(stripped(value).split())


def _names_a_thing(_form: BaseForm, field: StringField) -> None:
    if not any(char.isalpha() for char in field.data or "") and not any(char.isdigit() for char in field.data or ""):
        raise ValidationError(_l("Schrijf wat je hebt, bijvoorbeeld de naam van een module of cursus."))
    if names_somebody(field.data or ""):
        raise ValidationError(_l("Schrijf hier geen e-mailadres, telefoonnummer, adres of link. De naam van het vak is genoeg."))


class HaveForm(VersionForm):
    """The diploma and one thing more. Both may stay empty."""

    diploma = SelectField(_l("Wat is je hoogste diploma?"), choices=list(_DIPLOMAS), description=_l("Zo weten we of je met deze route mag beginnen."))
    what = StringField(
        _l("Wat heb je nog meer?"), [Optional(), Length(max=LONGEST, message=_l("Gebruik hooguit 200 tekens.")), _names_a_thing], filters=[_one_line],
        description=_l("Een module, cursus, certificaat of ervaring. Weet je de EC? Schrijf die erbij, bijvoorbeeld: Netwerken 5 EC. 1 EC is 28 uur."),
        render_kw={"autocomplete": "off", "maxlength": LONGEST},
    )

    def refuse(self, refused: Refusal) -> None:
        """Say at the field why it can not be added."""
        self.what.errors = [f"{refused.sentence()} {refused.next_step()}"]

    def ask_something(self) -> None:
        """Say that there is nothing to add."""
        self.what.errors = [_("Schrijf eerst wat je hebt.")]


class RemoveForm(VersionForm):
    """A button that takes something out of the list."""

    has = HiddenField()
