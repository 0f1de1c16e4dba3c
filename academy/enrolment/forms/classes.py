"""The shape of what people of a provider fill in about a class."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from academy.catalogue import api as catalogue
from academy.kernel.formats import in_current_language
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, DayField, EurosField, WholeNumberField, stripped
from academy.kernel.web.forms import Form

_DAY: Final = timedelta(days=1)
_MOST_DIGITS: Final = 10  # of a number of people
_FAULTS: Final = {  # the field at which it is told
    catalogue.OfferingFault.ENDS_BEFORE_START: ("ends_on", _l("De laatste les is vóór de eerste. Controleer de datums.")),
    catalogue.OfferingFault.CLOSES_AFTER_END: ("closes_on", _l("De inschrijving sluit pas na de laatste les.")),
    catalogue.OfferingFault.CLOSES_BEFORE_OPENING: ("closes_on", _l("De inschrijving sluit voordat hij opengaat.")),
    catalogue.OfferingFault.MIN_ABOVE_MAX: ("min_seats", _l("Er zijn meer mensen nodig dan er plekken zijn.")),
    catalogue.OfferingFault.NO_SEATS: ("seats", _l("Er is minstens één plek nodig.")),
    catalogue.OfferingFault.DECIDES_AFTER_START: ("decides_on", _l("Beslis vóór de eerste les.")),
    catalogue.OfferingFault.CANCEL_DAYS: ("cancel_free_days", _l("Kies een getal van 1 tot en met 60.")),
    catalogue.OfferingFault.CANCEL_COST: ("cancel_late_percent", _l("Kies een getal van 0 tot en met 100.")),
    catalogue.OfferingFault.WEEKDAY_NOT_IN_TERM: ("weekdays", _l("Deze dag valt niet tussen de eerste en de laatste les.")),
}


class OfferingForm(Form):
    """When, where, for how many and for how much."""

    starts_on = DayField(_l("Eerste les"), [InputRequired(_l("Kies de dag van de eerste les."))])
    ends_on = DayField(_l("Laatste les"), [InputRequired(_l("Kies de dag van de laatste les."))])
    weekdays = ChoicesField(_l("Op welke dagen"))
    part_of_day = SelectField(_l("Dagdeel"))
    mode = SelectField(_l("Hoe"))
    place = SelectField(_l("Plek"))
    seats = WholeNumberField(_l("Hoeveel plekken"), [InputRequired(_l("Vul in hoeveel plekken er zijn."))])
    price = EurosField(_l("Prijs in euro’s"), [InputRequired(_l("Vul de prijs in. Gratis? Schrijf dan 0."))], description=_l("Schrijf 0 als het gratis is."))

    min_seats = WholeNumberField(
        _l("Gaat door vanaf"), [Optional()], description=_l("Zoveel mensen zijn er nodig. Leeg: het gaat altijd door."),
    )
    decides_on = DayField(_l("Jullie beslissen op"), [Optional()], description=_l("Op deze dag is zeker of de groep doorgaat."))
    opens_on = DayField(_l("Inschrijven kan vanaf"), [Optional()], description=_l("Leeg: meteen."))
    closes_on = DayField(_l("Inschrijven kan tot en met"), [Optional()], description=_l("Leeg: tot en met de dag voor de eerste les."))
    cancel_free_days = WholeNumberField(
        _l("Gratis annuleren tot zoveel dagen voor de start"), [Optional()], description=_l("Leeg: tot en met de dag ervoor."),
    )
    cancel_late_percent = WholeNumberField(
        _l("Later annuleren kost (procent)"), [Optional()],
        description=_l("Van de prijs. Leeg: niets. Het geldt voor wie zich daarna inschrijft. Herroepen binnen 14 dagen blijft gratis."),
    )
    language = SelectField(_l("Taal van de les"), [Length(max=10)])
    guaranteed = BooleanField(_l("Gaat zeker door"))
    act = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        self.weekdays.choices = [(day, catalogue.weekday_word(day)) for day in catalogue.WEEKDAYS]
        self.part_of_day.choices = [(part.value, catalogue.part_of_day_word(part)) for part in catalogue.PartOfDay]
        self.mode.choices = [(mode.value, catalogue.mode_word(mode)) for mode in catalogue.DeliveryMode]
        languages = dict.fromkeys(("nl", "en", "de", "fr", self.language.data or "nl"))
        self.language.choices = [(language, catalogue.language_word(language)) for language in languages]

    def offer(self, places: Sequence[catalogue.PlaceFacts], base: catalogue.OfferingDraft | None) -> None:
        """Set the places that can be chosen; one of others that an import brought stays possible."""
        named = {one.key: in_current_language(one.name) for one in places}
        if base and base.place_key and base.place_key not in named:
            named[base.place_key] = base.place_key
        self.place.choices = [("", _("Geen vaste plek")), *named.items()]

    def is_in_order(self, base: catalogue.OfferingDraft | None, *, today: date) -> bool:
        """Tell whether the form can be saved; what is wrong is told at its field."""
        if not self.validate():
            return False
        wrong = [_FAULTS[fault] for fault in catalogue.offering_faults(self.draft(base), today=today) if fault in _FAULTS]
        for name, sentence in wrong:
            self[name].errors = [*self[name].errors, str(sentence)]
        return not wrong

    def more_is_wrong(self) -> bool:
        """Tell whether something under "Meer" is wrong, so that it is seen."""
        return any(self[name].errors for name in (
            "min_seats", "decides_on", "opens_on", "closes_on", "cancel_free_days", "cancel_late_percent", "language", "guaranteed",
        ))

    def draft(self, base: catalogue.OfferingDraft | None) -> catalogue.OfferingDraft:
        """Return what was filled in; what the form does not show stays as it is in `base`.

        Meetings of their own stay as long as days, part of day and place do.
        """
        form = self.data
        groups = tuple(one for one in base.periods if one.target_group is not catalogue.TargetGroup.PUBLIC) if base else ()
        before = next((one for one in base.periods if one.target_group is catalogue.TargetGroup.PUBLIC), None) if base else None
        closes_on = form["closes_on"] or form["starts_on"] - _DAY
        period = replace(before or catalogue.PeriodDraft(closes_on), closes_on=closes_on, opens_on=form["opens_on"])
        how: dict[str, Any] = {
            "weekdays": tuple(form["weekdays"]), "part_of_day": catalogue.PartOfDay(form["part_of_day"]), "place_key": form["place"] or None,
        }
        plain = base or catalogue.OfferingDraft(
            form["starts_on"], form["ends_on"], catalogue.DeliveryMode(form["mode"]), "nl", 0, None, (), state=catalogue.OfferingState.CONCEPT,
        )
        same = all(getattr(plain, name) == value for name, value in how.items())
        return replace(
            plain, **how, starts_on=form["starts_on"], ends_on=form["ends_on"], mode=catalogue.DeliveryMode(form["mode"]),
            language=form["language"], seats=form["seats"], price=form["price"], price_note="" if form["price"] is not None else plain.price_note,
            periods=(period, *groups), sessions=plain.sessions if same else (), min_seats=form["min_seats"] or 0,
            decides_on=form["decides_on"], guaranteed=bool(form["guaranteed"]), cancel_free_days=1 if form["cancel_free_days"] is None else form["cancel_free_days"],
            cancel_late_percent=form["cancel_late_percent"] or 0,
        )


def offering_values(draft: catalogue.OfferingDraft) -> dict[str, Any]:
    """Return an offering as the form shows it."""
    public = next((one for one in draft.periods if one.target_group is catalogue.TargetGroup.PUBLIC), None)
    return {
        "starts_on": draft.starts_on, "ends_on": draft.ends_on, "weekdays": list(draft.weekdays), "part_of_day": draft.part_of_day.value,
        "mode": draft.mode.value, "place": draft.place_key or "", "seats": draft.seats, "price": draft.price,
        "min_seats": draft.min_seats or None, "decides_on": draft.decides_on, "opens_on": public.opens_on if public else None,
        "closes_on": public.closes_on if public else None, "language": draft.language, "guaranteed": draft.guaranteed,
        "cancel_free_days": draft.cancel_free_days, "cancel_late_percent": draft.cancel_late_percent or None,
    }


class CallOffForm(Form):
    """Call a class off: the reason goes to who is enrolled; `people` is how many that were when it was asked."""

    reason = TextAreaField(
        _l("Waarom gaat de groep niet door?"), [InputRequired(_l("Schrijf op waarom. Wie is ingeschreven leest dit.")), Length(max=2000)],
        filters=[stripped], render_kw={"rows": 3},
    )
    people = HiddenField()

    @property
    def number(self) -> int:
        """How many people were shown; -1 when that was lost, which fits no class."""
        shown = str(self.people.data)
        return int(shown) if shown.isdecimal() and len(shown) < _MOST_DIGITS else -1
