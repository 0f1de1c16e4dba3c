"""What a provider says that decides the VAT of its modules."""

from typing import Final

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import InputRequired

from academy.funding.forms.situation import one_of_the_list
from academy.funding.kinds import SupplyKind
from academy.funding.queries.pages_tax import StatusFacts
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import DayField
from academy.kernel.web.forms import Form

BY_KIND: Final = "by-kind"  # nobody decided: the kind of the module says it


class StatusForm(Form):
    """What a provider is to the tax office, from a day on."""

    is_recognised = RadioField(
        _l("Zijn jullie erkend of bekostigd voor mbo of hbo?"), [InputRequired(_l("Kies ja of nee.")), one_of_the_list], validate_choice=False,
        description=_l("Dat is zo als de overheid jullie opleidingen erkent (WEB of WHW)."),
    )
    is_in_crkbo = RadioField(
        _l("Staan jullie in het CRKBO?"), [InputRequired(_l("Kies ja of nee.")), one_of_the_list], validate_choice=False,
        description=_l("Dat is het register voor kort beroepsonderwijs. Wie erin staat, rekent geen btw voor scholing voor een beroep."),
    )
    from_on = DayField(
        _l("Vanaf welke dag is dat zo?"), [InputRequired(_l("Kies een dag."))],
        description=_l("Voor elke module telt de dag waarop hij begint. Wat al is gefactureerd, verandert niet."),
    )

    def offer(self) -> None:
        """Fill the answers to choose from."""
        for field in (self.is_recognised, self.is_in_crkbo):
            field.choices = [SelectChoice("yes", _("Ja")), SelectChoice("no", _("Nee"))]

    @property
    def status(self) -> StatusFacts:
        """What was said, of a form that validated."""
        day = self.from_on.data
        assert day is not None
        return StatusFacts(day, self.is_recognised.data == "yes", self.is_in_crkbo.data == "yes")


class SupplyForm(Form):
    """What one module is to the tax office."""

    supply = RadioField(_l("Wat is deze module?"), [InputRequired(_l("Kies wat de module is.")), one_of_the_list], validate_choice=False)

    def offer(self, choices: list[SelectChoice]) -> None:
        self.supply.choices = choices

    @property
    def chosen(self) -> SupplyKind | None:
        """What was chosen; None when the kind of the module says it."""
        return None if self.supply.data == BY_KIND else SupplyKind(self.supply.data)
