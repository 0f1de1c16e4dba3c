"""What a learner tells of themselves to see who pays: four questions, none of them needed for anything else."""

import re
from typing import Any, Final

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from academy.accounts.api import SizeClass, size_words
from academy.catalogue.api import sector_codes, sector_word
from academy.funding.facts import Situation
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import WholeNumberField, stripped
from academy.kernel.web.forms import Form

_POSTCODE: Final = re.compile(r"([1-9]\d{3})(?:\s*[A-Za-z]{2})?")
_OLDEST: Final = 110
_YOUNGEST: Final = 12


def one_of_the_list(_form: BaseForm, field: Any) -> None:  # noqa: ANN401 - any field with choices
    """Check a choice, or several, against what was offered."""
    offered = {choice.value for choice in field.choices}
    chosen = field.data if isinstance(field.data, list) else [field.data or ""]
    if not offered.issuperset(chosen):
        raise ValidationError(_("Kies uit de lijst."))


def size_choices() -> list[SelectChoice]:
    """Return the sizes of firms to choose from."""
    return [SelectChoice(each.value, size_words(each)) for each in SizeClass]


def sector_choices() -> list[SelectChoice]:
    """Return the sectors to choose from."""
    return [SelectChoice(code, sector_word(code)) for code in sector_codes()]


class SituationForm(Form):
    """Who one is to the rules that pay; each question says why it is asked, and each may stay empty."""

    birth_year = WholeNumberField(
        _l("Geboortejaar"), description=_l("Waarom? Sommige regelingen zijn voor jongeren, of juist voor ouderen. Voorbeeld: 1990."),
        render_kw={"inputmode": "numeric", "autocomplete": "bday-year"},
    )
    postcode = StringField(
        _l("De vier cijfers van je postcode"), filters=[stripped],
        description=_l("Waarom? Een gemeente betaalt mee voor wie er woont. Voorbeeld: 1315."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "8"},
    )
    sector = SelectField(
        _l("Sector van je werkgever"), [one_of_the_list], validate_choice=False,
        description=_l("Waarom? Veel sectoren hebben een fonds dat meebetaalt."),
    )
    size_class = SelectField(
        _l("Hoeveel mensen werken er bij je werkgever?"), [one_of_the_list], validate_choice=False,
        description=_l("Waarom? Voor kleine bedrijven is er vaak meer geld."),
    )

    def offer(self) -> None:
        """Fill the lists to choose from."""
        unknown = SelectChoice("", _("Dat weet ik niet, of ik heb geen werkgever"))
        self.sector.choices = [unknown, *sector_choices()]
        self.size_class.choices = [unknown, *size_choices()]

    def is_in_order(self, *, year: int) -> bool:
        """Tell whether it can be kept; what can not is told at its field. `year` is the present one."""
        self.validate()
        if not self.birth_year.errors and self.birth_year.data is not None and not year - _OLDEST <= self.birth_year.data <= year - _YOUNGEST:
            self.birth_year.errors = [_("Controleer het jaar. Schrijf vier cijfers, bijvoorbeeld 1990.")]
        if self.postcode.data and not _POSTCODE.fullmatch(self.postcode.data):
            self.postcode.errors = [_("Schrijf de vier cijfers van je postcode, bijvoorbeeld 1315.")]
        return not self.errors

    @property
    def situation(self) -> Situation:
        """What was told, of a form that is in order."""
        found = _POSTCODE.fullmatch(self.postcode.data or "")
        return Situation(
            birth_year=self.birth_year.data, postcode=found.group(1) if found else "", sector=self.sector.data or "",
            size_class=self.size_class.data or "",
        )
