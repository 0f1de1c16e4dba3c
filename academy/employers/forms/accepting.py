"""A provider says yes to a pool, with an offer that is filled in already, or no, with why."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from academy.catalogue import api as catalogue
from academy.employers.rules import clocks, proposing, slots
from academy.employers.rules.slots import SlotCount
from academy.employers.words import slot_words
from academy.kernel.clock import end_of_day
from academy.kernel.formats import in_current_language, number_text
from academy.kernel.money import Money
from academy.kernel.translation import _, _l, ngettext
from academy.kernel.web.fields import DayField, EurosField, WholeNumberField, stripped
from academy.kernel.web.forms import Form

FEWEST, MOST = 2, 200  # seats of a class that a pool can become
_DAY: Final = timedelta(days=1)
_LONGEST_REASON: Final = 500


class AcceptForm(Form):
    """Give the class: when, how often, where, for how many and for how much. `module` is the slug of the provider's module."""

    module = HiddenField()
    slot = SelectField(_l("Moment van de week"))
    starts_on = DayField(_l("Eerste les"), [InputRequired(_l("Kies de dag van de eerste les."))])
    meetings = WholeNumberField(
        _l("Aantal lessen"), [InputRequired(_l("Vul in hoeveel lessen er zijn."))], description=_l("Eén keer per week."), render_kw={"inputmode": "numeric"},
    )
    mode = SelectField(_l("Hoe"))
    place = SelectField(_l("Plek"))
    price = EurosField(
        _l("Prijs per plek, in euro’s"), [InputRequired(_l("Vul de prijs in. Gratis? Schrijf dan 0."))], description=_l("Met btw."),
        render_kw={"inputmode": "decimal"},
    )
    needed = WholeNumberField(
        _l("Gaat door vanaf"), [InputRequired(_l("Vul in hoeveel mensen er minstens nodig zijn."))], description=_l("Minder mag ook. Minstens twee."),
        render_kw={"inputmode": "numeric"},
    )
    seats = WholeNumberField(
        _l("Hoeveel plekken"), [InputRequired(_l("Vul in hoeveel plekken er zijn."))], description=_l("Wat over is, is voor anderen."),
        render_kw={"inputmode": "numeric"},
    )

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        self.mode.choices = [(mode.value, catalogue.mode_word(mode)) for mode in catalogue.DeliveryMode]
        self._counts: Mapping[str, int] = {}

    def offer(self, counts: Sequence[SlotCount], places: Sequence[catalogue.PlaceFacts]) -> None:
        """Set the moments at which somebody can, the best first, and the places that can be chosen."""
        self._counts = {one.slot: one.seats for one in counts}
        self.slot.choices = [
            (one.slot, ngettext("%(moment)s: %(num)s plek", "%(moment)s: %(num)s plekken", one.seats, moment=slot_words(one.slot), num=number_text(one.seats)))
            for one in counts
        ]
        self.place.choices = [("", _("Geen vaste plek")), *((one.key, in_current_language(one.name)) for one in places)]

    @property
    def first(self) -> date:
        """The day of the first meeting; one that never comes when none was filled in, which no form in order has."""
        return self.starts_on.data or date.max

    def is_in_order(self, *, now: datetime) -> bool:
        """Tell whether this offer can be made; what is wrong is told at its field."""
        if not self.validate():
            return False
        wrong = {
            "slot": self._counts.get(self.slot.data, 0) < self.needed.data and _("Op dit moment kunnen er minder mensen dan nodig zijn."),
            "starts_on": self._day_is_wrong(now),
            "meetings": not 1 <= self.meetings.data <= proposing.MOST_MEETINGS and _("Kies een getal van 1 tot en met 60."),
            "needed": not FEWEST <= self.needed.data <= MOST and _("Kies een getal van 2 tot en met 200."),
            "seats": not max(FEWEST, self.needed.data) <= self.seats.data <= MOST and _("Er zijn meer mensen nodig dan er plekken zijn. Meer dan 200 kan niet."),
        }
        for name, sentence in wrong.items():
            if sentence:
                self[name].errors = [*self[name].errors, str(sentence)]
        return not any(wrong.values())

    def _day_is_wrong(self, now: datetime) -> str:
        confirmed_by = clocks.firm_confirms_until(now)
        if end_of_day(self.first) <= confirmed_by:
            return _("De bedrijven hebben vijf dagen om te bevestigen. Kies een latere dag.")
        weekday = proposing.weekday_of(self.slot.data)
        if catalogue.WEEKDAYS[self.first.weekday()] != weekday:
            return _("Kies een %(weekday)s, want dan kunnen de mensen.", weekday=catalogue.weekday_word(weekday))
        return ""

    def draft(self, like: catalogue.OfferingDraft | None, language: str) -> catalogue.OfferingDraft:
        """Return the class; what the form does not ask is as it was in the module's last one, `like`."""
        day, part = self.slot.data.split("-")
        return catalogue.OfferingDraft(
            self.first, proposing.last_day(self.first, self.meetings.data), catalogue.DeliveryMode(self.mode.data), language, self.seats.data, self.price.data,
            (catalogue.PeriodDraft(closes_on=self.first - _DAY),), part_of_day=catalogue.PartOfDay(part), weekdays=(day,), place_key=self.place.data or None,
            state=catalogue.OfferingState.CONCEPT, min_seats=self.needed.data, cancel_free_days=like.cancel_free_days if like else 1,
            cancel_late_percent=like.cancel_late_percent if like else 0,
        )


def proposed(
    *, counts: Sequence[SlotCount], threshold: int, most_seats: int, price: Money | None, like: catalogue.OfferingDraft | None,
    places: Sequence[catalogue.PlaceFacts], online: bool, today: date,
) -> dict[str, Any]:
    """Return the offer as the form shows it first: the best moment, the first suitable day, the rest as in the module's last class, `like`."""
    slot = counts[0].slot if counts else slots.SLOTS[0]
    mode = like.mode if like else catalogue.DeliveryMode.ONLINE if online else catalogue.DeliveryMode.ON_CAMPUS
    known = {one.key for one in places}
    return {
        "slot": slot, "starts_on": proposing.first_day(slot, today),
        "meetings": _meetings(like), "mode": mode.value, "place": like.place_key if like and like.place_key in known else "",
        "price": price if price is not None else like.price if like else None,
        "needed": min(threshold, counts[0].seats) if counts else threshold, "seats": max(most_seats, threshold),
    }


def _meetings(like: catalogue.OfferingDraft | None) -> int:
    if like is None:
        return proposing.USUAL_MEETINGS
    weekdays = {one.weekday for one in like.sessions if one.weekday} or set(like.weekdays)
    return proposing.meetings_of(like.starts_on, like.ends_on, weekdays, sum(one.on_date is not None for one in like.sessions))


class DeclineForm(Form):
    """Say why the class is not given."""

    reason = TextAreaField(
        _l("Waarom kan het niet?"),
        [DataRequired(_l("Schrijf in een paar woorden waarom.")), Length(max=_LONGEST_REASON, message=_l("Gebruik hooguit 500 tekens."))],
        filters=[stripped], description=_l("Het programmabureau leest dit. De bedrijven niet."), render_kw={"rows": 3, "maxlength": _LONGEST_REASON},
    )
