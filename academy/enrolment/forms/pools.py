"""The shape of what a planner fills in about seats that are kept apart."""

from datetime import date
from typing import Any, Final

from wtforms import HiddenField, StringField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, ValidationError

from academy.accounts.api import OrganisationFacts
from academy.enrolment.queries.pools import PoolsFacts
from academy.enrolment.service.pools import MOST_CODES
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import DayField, WholeNumberField, stripped
from academy.kernel.web.forms import Form

_MOST_SEATS: Final = 10_000


class _Between:
    """Checks that a whole number lies between two others."""

    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most

    def __call__(self, _form: BaseForm, field: Any) -> None:  # noqa: ANN401 - a field
        if field.data is not None and not self._least <= field.data <= self._most:
            raise ValidationError(_("Kies een getal van %(least)s tot en met %(most)s.", least=self._least, most=self._most))


class KeepApartForm(Form):
    """Keep seats for a group until a day."""

    name = StringField(
        _l("Voor wie"), [InputRequired(_l("Vul in voor wie de plekken zijn.")), Length(max=120, message=_l("Gebruik hooguit 120 tekens."))],
        filters=[stripped], description=_l("Bijvoorbeeld een werkgever of de gemeente. Alleen jullie zien deze naam."),
    )
    kvk_number = StringField(
        _l("KvK-nummer van wie betaalt (als dat een organisatie is)"), filters=[stripped],
        description=_l("Dan staan de plekken op naam van die organisatie. Laat leeg voor een groep zonder betaler."),
    )
    number = WholeNumberField(_l("Hoeveel plekken"), [InputRequired(_l("Vul in hoeveel plekken.")), _Between(1, _MOST_SEATS)])
    until = DayField(
        _l("Tot en met"), [InputRequired(_l("Kies een dag."))], description=_l("Wat daarna nog vrij is, is weer voor iedereen."),
    )

    @property
    def last_day(self) -> date:
        """The day until which the seats are kept, of a form that validated."""
        day = self.until.data
        assert day is not None
        return day

    def is_in_order(self, found: PoolsFacts, sponsor: OrganisationFacts | None, *, today: date) -> bool:
        """Tell whether the seats can be kept apart, for `sponsor` where that number is known; what is wrong is told at its field."""
        if not self.validate():
            return False
        if not today <= self.last_day < found.work.offering.starts_on:
            self.until.errors = [_("Kies een dag vanaf vandaag en vóór de eerste les.")]
        if self.kvk_number.data and sponsor is None:
            self.kvk_number.errors = [_("Met dit KvK-nummer staat hier geen organisatie. Kijk het na, vraag de organisatie een account te maken, of laat dit leeg.")]
        if any(pool.name == self.name.data for pool in found.pools):
            self.name.errors = [_("Deze naam is er al. Geef die groep plekken erbij, of kies een andere naam.")]
        if self.number.data > found.public_left:
            self.number.errors = [_("Zoveel plekken zijn er niet vrij.")]
        return not self.errors


class MoveForm(Form):
    """Give seats to a group, or back to everyone: `act` is the button."""

    number = WholeNumberField(_l("Aantal plekken"), [InputRequired(_l("Vul in hoeveel plekken.")), _Between(1, _MOST_SEATS)])
    act = HiddenField()


class CodesForm(Form):
    """Make codes for the seats of a group; `act` says whether they are shown or go into a file."""

    number = WholeNumberField(_l("Hoeveel codes"), [InputRequired(_l("Vul in hoeveel codes.")), _Between(1, MOST_CODES)])
    uses = WholeNumberField(
        _l("Plekken per code"), [InputRequired(_l("Vul in hoeveel plekken een code geeft.")), _Between(1, _MOST_SEATS)],
        description=_l("Schrijf 1 als ieder een eigen code krijgt."),
    )
    act = HiddenField()
