"""Which report is to be frozen."""

from datetime import date

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import InputRequired, ValidationError

from academy.kernel.translation import _, _l
from academy.kernel.web.forms import Form
from academy.reports.facts import View
from academy.reports.kinds import SnapshotKind
from academy.reports.queries.picture import periods_at
from academy.reports.rules.quarters import is_year


class MakeForm(Form):
    """A report of one year, or of two."""

    kind = RadioField(
        _l("Welk rapport wil je maken?"), [InputRequired(_l("Kies een rapport."))], default=SnapshotKind.YEARLY.value,
        choices=[SelectChoice(SnapshotKind.YEARLY.value, _l("Jaarrapport")), SelectChoice(SnapshotKind.TWO_YEARLY.value, _l("Tweejaarsrapport: dit jaar en het jaar ervoor"))],
    )
    year = SelectField(_l("Over welk jaar?"))
    oldest = ""

    def offer(self, as_of: date) -> None:
        """Offer the years of which something is counted; the last one that is over is chosen."""
        years = [each for each in periods_at(as_of) if is_year(each)]
        self.oldest = years[-1]
        self.year.choices = [SelectChoice(year, year) for year in years]
        if self.year.data is None:
            self.year.data = years[1]

    def validate_year(self, year: SelectField) -> None:
        """Refuse two years of which the first was not counted: those of the oldest year to choose from."""
        if self.kind.data == SnapshotKind.TWO_YEARLY.value and year.data == self.oldest:
            raise ValidationError(_("Het jaar ervoor is niet geteld. Kies een later jaar."))

    @property
    def chosen(self) -> tuple[SnapshotKind, View]:
        """What was asked for, once the form is in order."""
        return SnapshotKind(self.kind.data), View(str(self.year.data))
