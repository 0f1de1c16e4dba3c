"""Which report is to be frozen."""

from datetime import date
from typing import Final

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import InputRequired

from academy.kernel.translation import _l
from academy.kernel.web.forms import Form
from academy.reports.facts import View
from academy.reports.kinds import SnapshotKind

_YEARS: Final = 3  # as far back as is counted


class MakeForm(Form):
    """A report of one year, or of two."""

    kind = RadioField(
        _l("Welk rapport wil je maken?"), [InputRequired(_l("Kies een rapport."))], default=SnapshotKind.YEARLY.value,
        choices=[SelectChoice(SnapshotKind.YEARLY.value, _l("Jaarrapport")), SelectChoice(SnapshotKind.TWO_YEARLY.value, _l("Tweejaarsrapport: dit jaar en het jaar ervoor"))],
    )
    year = SelectField(_l("Over welk jaar?"))

    def offer(self, as_of: date) -> None:
        """Offer the years of which something is counted; the last one that is over is chosen."""
        years = [str(as_of.year - back) for back in range(_YEARS)]
        self.year.choices = [SelectChoice(year, year) for year in years]
        if self.year.data is None:
            self.year.data = years[1]

    @property
    def chosen(self) -> tuple[SnapshotKind, View]:
        """What was asked for, once the form is in order."""
        return SnapshotKind(self.kind.data), View(str(self.year.data))
