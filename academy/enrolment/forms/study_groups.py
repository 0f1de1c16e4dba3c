"""The shape of what gives a study group its room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

from typing_extensions import override
from wtforms import SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import InputRequired, Length

from academy.catalogue import api as catalogue
from academy.enrolment.errors import RoomTaken
from academy.enrolment.rules.study_groups import USUAL_DAYS, Booking
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import DayField, stripped
from academy.kernel.web.forms import Form

_LONGEST: Final = timedelta(days=366)


class HourField(TimeField):
    """An hour of the day from the browser's clock, or written as 18.30."""

    def __init__(self, label: Any, validators: Sequence[Any] = (), **more: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(label, list(validators), format=["%H:%M", "%H.%M", "%H:%M:%S"], **more)

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        try:
            super().process_formdata([str(value).strip() for value in valuelist if str(value).strip()])
        except ValueError as error:
            raise ValueError(_("Dit is geen tijd. Schrijf bijvoorbeeld 18:30.")) from error


class StudyGroupForm(Form):
    """Where and when; Friday and Saturday come first, the days that the programme names."""

    room = StringField(
        _l("Ruimte"), [InputRequired(_l("Vul in waar de groep bij elkaar komt.")), Length(max=200)], filters=[stripped],
        description=_l("Gebouw, kamer en adres, bijvoorbeeld: De Nieuwe Bibliotheek, zaal 2, Stadhuisplein 101."),
    )
    weekday = SelectField(_l("Dag"))
    starts_at = HourField(_l("Van"), [InputRequired(_l("Vul in hoe laat het begint."))])
    ends_at = HourField(_l("Tot"), [InputRequired(_l("Vul in hoe laat het klaar is."))])
    first_on = DayField(_l("Eerste keer vanaf"), [InputRequired(_l("Kies vanaf welke dag."))])
    last_on = DayField(_l("Laatste keer tot en met"), [InputRequired(_l("Kies tot en met welke dag."))])

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        days = [*USUAL_DAYS, *(day for day in catalogue.WEEKDAYS if day not in USUAL_DAYS)]
        self.weekday.choices = [SelectChoice(day, catalogue.weekday_word(day)) for day in days]

    @property
    def booking(self) -> Booking:
        """What was filled in, once it has its shape."""
        form = self.data
        return Booking(
            " ".join(form["room"].split()), form["weekday"], form["starts_at"], form["ends_at"], form["first_on"], form["last_on"],
        )

    def is_in_order(self, *, today: date) -> bool:
        """Tell whether it can be booked, other bookings apart; what is wrong is told at its field."""
        if not self.validate():
            return False
        booking = self.booking
        if booking.ends_at <= booking.starts_at:
            self.ends_at.errors = [_("Het einde is niet later dan het begin.")]
        elif booking.last_on < today:
            self.last_on.errors = [_("Deze dag is al geweest.")]
        elif booking.last_on - booking.first_on > _LONGEST:
            self.last_on.errors = [_("Een studiegroep duurt hooguit een jaar.")]
        elif not booking.has_a_day:
            self.last_on.errors = [_("De gekozen dag van de week valt niet tussen de eerste en de laatste dag.")]
        return not self.errors

    def tell_taken(self, taken: Booking | None) -> bool:
        """Tell at the room that it is in use, and until when; returns whether it is."""
        if taken is not None:
            self.room.errors = [RoomTaken(taken.starts_at, taken.ends_at, taken.first_on, taken.last_on).sentence()]
        return taken is not None


@dataclass(frozen=True)
class Usual:
    """What the form begins with: Friday evening, as long as the class."""

    first_on: date
    last_on: date
    weekday: str = USUAL_DAYS[0]
    starts_at: time = time(18, 30)
    ends_at: time = time(20, 30)


def usual(offering: catalogue.OfferingFacts, *, today: date) -> Usual:
    """Return what is usual for a class."""
    return Usual(max(offering.starts_on, today), offering.ends_on)
