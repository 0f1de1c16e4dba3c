"""Time that assessors offer, and the moment that a learner chooses."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from wtforms import BooleanField, Field, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from academy.catalogue import api as catalogue
from academy.kernel.clock import AMSTERDAM
from academy.kernel.formats import in_current_language
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import DayField, WholeNumberField, stripped
from academy.kernel.web.forms import Form
from academy.recognition.kinds import InstrumentKind
from academy.recognition.service.slots import MOST_AT_ONCE, MOST_PLACES, SlotDraft
from academy.recognition.words import instrument_word

_OFFERED: Final = (InstrumentKind.INTERVIEW, InstrumentKind.WORKPLACE, InstrumentKind.TEST)
_MOST_WEEKS: Final = 26
_WEEK: Final = timedelta(weeks=1)
_SHORTEST, _LONGEST, _DAY = 10, 480, 1440  # minutes


class TimesForm(Form):
    """The parent of forms with a moment and a place; hours are those of Amsterdam."""

    begins = StringField(
        _l("Hoe laat begint het?"), [InputRequired(_l("Vul een tijd in."))], filters=[stripped], render_kw={"type": "time"}, description=_l("Bijvoorbeeld 13:30."),
    )
    minutes = WholeNumberField(
        _l("Hoeveel minuten duurt het?"), [InputRequired(_l("Vul een getal in.")), NumberRange(_SHORTEST, _LONGEST, _l("Kies een getal van 10 tot en met 480."))],
        render_kw={"inputmode": "numeric"},
    )
    place = SelectField(_l("Locatie"))
    where = StringField(
        _l("Waar precies?"), [Length(max=200, message=_l("Gebruik hooguit 200 tekens."))], filters=[stripped],
        description=_l("Een lokaal, het werk van de cursist, of een link om online te praten."),
    )
    is_online = BooleanField(_l("Dit gaat online"))

    def offer(self, places: Sequence[catalogue.PlaceFacts]) -> None:
        """Give the places of the provider."""
        self.place.choices = [SelectChoice("", _("Geen vaste locatie")), *(SelectChoice(one.key, in_current_language(one.name)) for one in places)]

    def check_times(self) -> bool:
        """Tell whether the hour is one and a place is told; what is wrong is told at its field."""
        _check_hour(self.begins)
        if not self.begins.errors and not self.minutes.errors and _ends_next_day(self.begins.data, self.minutes.data):
            self.minutes.errors = [_("Het moet op dezelfde dag klaar zijn.")]
        if self.is_online.data and self.place.data:
            self.place.errors = [_("Wat online is, heeft geen locatie.")]
        if not self.is_online.data and not self.place.data and not self.where.data:
            self.where.errors = [_("Kies een locatie, of schrijf waar het is.")]
        return not self.errors

    @staticmethod
    def moment(day: date | None, hour: str | None) -> datetime:
        """Return the moment at this hour of a day, in Amsterdam; only of fields that are in order."""
        assert day is not None
        assert hour is not None
        return datetime.combine(day, time.fromisoformat(hour), AMSTERDAM)


def _check_hour(field: Field) -> None:
    try:
        time.fromisoformat(field.data or "")
    except ValueError:
        field.errors = field.errors or [_("Dit is geen tijd. Schrijf bijvoorbeeld 13:30.")]


def _ends_next_day(hour: str | None, minutes: int | None) -> bool:
    begins = time.fromisoformat(hour or "00:00")
    return begins.hour * 60 + begins.minute + (minutes or 0) >= _DAY


class OfferForm(TimesForm):
    """One moment or a row of them: as many as fit between two hours, in so many weeks."""

    kind = SelectField(_l("Waarvoor?"))
    on = DayField(_l("Op welke dag?"), [InputRequired(_l("Kies een dag."))])
    ends = StringField(
        _l("Tot hoe laat kun je?"), filters=[stripped], render_kw={"type": "time"},
        description=_l("Dan bieden we zo veel momenten aan als erin passen. Leeg laten is één moment."),
    )
    weeks = WholeNumberField(
        _l("Hoeveel weken achter elkaar?"), [NumberRange(1, _MOST_WEEKS, _l("Kies een getal van 1 tot en met 26."))], default=1, render_kw={"inputmode": "numeric"},
    )
    capacity = WholeNumberField(
        _l("Voor hoeveel cursisten tegelijk?"), [NumberRange(1, MOST_PLACES, _l("Kies een getal van 1 tot en met 60."))], default=1, render_kw={"inputmode": "numeric"},
        description=_l("Meer dan één kan alleen bij een toets."),
    )

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        self.kind.choices = [SelectChoice(kind.value, instrument_word(kind)) for kind in _OFFERED]

    def is_in_order(self, *, now: datetime) -> bool:
        """Tell whether this can be offered; what is wrong is told at its field."""
        self.validate()
        self.check_times()
        if self.ends.data:
            _check_hour(self.ends)
        if (self.capacity.data or 0) > 1 and self.kind.data != InstrumentKind.TEST and not self.capacity.errors:
            self.capacity.errors = [_("Meer dan één kan alleen bij een toets.")]
        if not self.errors:
            self._check_starts(now)
        return not self.errors

    def _check_starts(self, now: datetime) -> None:
        starts = self.starts()
        if not starts:
            self.ends.errors = [_("Daar past geen moment in. Kies een latere tijd.")]
        elif len(starts) > MOST_AT_ONCE:
            self.weeks.errors = [_("Dat zijn er te veel. Bied er hooguit honderd tegelijk aan.")]
        elif min(starts) <= now:
            self.on.errors = [_("Kies een moment dat nog komt.")]

    def starts(self) -> tuple[datetime, ...]:
        """Return each moment that is offered; an hour stays the same hour when the clock changes."""
        length, weeks = timedelta(minutes=self.minutes.data or 0), range(self.weeks.data or 0)
        first = self.moment(self.on.data, self.begins.data)
        fits = int((self.moment(self.on.data, self.ends.data) - first) // length) if self.ends.data else 1
        return tuple((first + week * _WEEK + number * length).astimezone(UTC) for week in weeks for number in range(fits))

    def draft(self) -> SlotDraft:
        """Return what is offered; only of a form that is in order."""
        return SlotDraft(
            InstrumentKind(self.kind.data), self.starts(), timedelta(minutes=self.minutes.data or 0), self.place.data or "", self.where.data or "", self.is_online.data,
            self.capacity.data or 1,
        )


class SlotForm(Form):
    """Which of the moments on offer a learner chooses."""

    slot = RadioField(_l("Welk moment past je?"), [InputRequired(_l("Kies een moment."))], validate_choice=False)

    def offer(self, slots: Sequence[tuple[str, str]], booked: str) -> None:
        """Give the moments on offer, as (code, words), and the code of the one that is booked already."""
        self.slot.choices = [SelectChoice(code, words) for code, words in slots]
        self._booked, self._codes = booked, {code for code, _words in slots}

    def validate_slot(self, field: Field) -> None:
        """Tell who was a moment too late."""
        if field.data != self._booked and field.data not in self._codes:
            raise ValidationError(_("Dit moment is net door een ander gekozen. Kies een ander."))
