"""The shape of what people of a provider fill in when a class has too few people."""

from datetime import date, timedelta
from typing import Final

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired

from academy.catalogue import api as catalogue
from academy.enrolment.queries.deciding import MergeChoice, Undecided
from academy.kernel.formats import short_day
from academy.kernel.translation import _, _l, ngettext
from academy.kernel.web.fields import DayField
from academy.kernel.web.forms import Form

_MOST_WEEKS: Final = 26
_MOST_DIGITS: Final = 10  # of a number of people


class ExtendForm(Form):
    """Decide later, and begin later if that is wanted."""

    decides_on = DayField(_l("Wanneer beslissen jullie dan?"), [InputRequired(_l("Kies de dag waarop jullie beslissen."))])
    weeks_later = SelectField(_l("Begint de groep ook later?"), coerce=int)

    def offer(self, starts_on: date) -> None:
        """Set how much later one can begin."""
        later = [starts_on + timedelta(weeks=number) for number in range(_MOST_WEEKS + 1)]
        words = [
            ngettext("%(num)s week later, op %(day)s", "%(num)s weken later, op %(day)s", number, day=short_day(day))
            for number, day in enumerate(later)
        ]
        self.weeks_later.choices = [(0, _("Nee, nog steeds op %(day)s", day=short_day(starts_on))), *list(enumerate(words))[1:]]

    @property
    def day(self) -> date:
        """The day of deciding; one that never comes when none was filled in, which no form in order has."""
        return self.decides_on.data or date.max

    @property
    def weeks(self) -> int:
        """How many weeks later the class begins."""
        return int(self.weeks_later.data)

    def is_in_order(self, starts_on: date, *, today: date) -> bool:
        """Tell whether the form can be carried out; what is wrong is told at its field."""
        if not self.validate():
            return False
        first = starts_on + timedelta(weeks=self.weeks)
        if not today < self.day < first:
            self.decides_on.errors = [_("Kies een dag na vandaag en vóór de eerste les op %(day)s.", day=short_day(first))]
            return False
        return True


class MergeForm(Form):
    """Choose the class that everybody goes to; `people` is how many that were when it was asked."""

    into = RadioField(_l("Naar welke groep gaat iedereen?"), [InputRequired(_l("Kies een groep."))])
    people = HiddenField()

    def offer(self, found: Undecided) -> None:
        """Set the classes that can be chosen, with what each then looks like."""
        self.into.choices = [(choice.work.offering.code, _choice_words(choice)) for choice in found.choices]

    @property
    def number(self) -> int:
        """How many people were shown; -1 when that was lost, which fits no class."""
        shown = str(self.people.data)
        return int(shown) if shown.isdecimal() and len(shown) < _MOST_DIGITS else -1


def _choice_words(choice: MergeChoice) -> str:
    """Return a class as one can choose it, with what it looks like once everybody is in it."""
    offering = choice.work.offering
    when = " · ".join(part for part in (
        catalogue.dates_words(offering), catalogue.schedule_words(offering.weekdays, offering.part_of_day), catalogue.place_words(offering),
    ) if part)
    after = _("daarna %(people)s van %(seats)s plekken bezet", people=choice.people, seats=offering.seats)
    short = max(0, offering.min_seats - choice.people)
    return " · ".join(part for part in (when, after, _("dan nog %(number)s nodig", number=short) if short else "") if part)
