"""The shape of what a planner fills in about drawing the seats of a class."""

from datetime import date

from wtforms.validators import InputRequired

from academy.enrolment import rules
from academy.kernel.formats import short_day
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import DayField
from academy.kernel.web.forms import Form


class DrawForm(Form):
    """Have the seats drawn by lot on a day."""

    drawn_on = DayField(
        _l("Dag van de loting"), [InputRequired(_l("Kies de dag van de loting."))],
        description=_l("Om 12.00 uur. Wie zich daarvoor aanmeldt, doet mee."),
    )

    @property
    def day(self) -> date:
        """The day of the draw; one that never comes when none was filled in, which no form in order has."""
        return self.drawn_on.data or date.max

    def is_in_order(self, starts_on: date, *, today: date) -> bool:
        """Tell whether the form can be carried out; what is wrong is told at its field."""
        if not self.validate():
            return False
        if not rules.may_draw_on(self.day, today=today, starts_on=starts_on):
            self.drawn_on.errors = [_("Kies een dag na vandaag en vóór de eerste les op %(day)s.", day=short_day(starts_on))]
            return False
        return True
