"""What a provider fills in: a question about a request, and a proposal for it, of which every fault is told at its field."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from academy.catalogue import api as catalogue
from academy.employers.drafts import ProposalDraft
from academy.employers.queries.proposals import Choices
from academy.employers.queries.requests import ProposalFacts, RequestFacts
from academy.employers.rules import proposing, slots
from academy.employers.rules.requesting import seat_price, seats_bought
from academy.employers.service.proposing import MOST_EC, MOST_HOURS, MOST_OUTCOMES, MOST_PARTNERS, MOST_SEATS
from academy.employers.words import slot_words
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day, in_current_language
from academy.kernel.money import Money
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, DayField, EurosField, NumberField, WholeNumberField, stripped
from academy.kernel.web.forms import Form

_MOMENT: Final = timedelta(seconds=1)
_LONGEST_TITLE: Final = 160
_LONGEST_CONTENT: Final = 4000
_LONGEST_OUTCOME: Final = 500
_LONGEST_QUESTION: Final = 1000
_BULLETS: Final = "-*•– "


def _number(label: Any, needed: Any, **more: Any) -> WholeNumberField:  # noqa: ANN401 - passed on
    return WholeNumberField(label, [InputRequired(needed)], render_kw={"inputmode": "numeric"}, **more)


class QuestionForm(Form):
    """Ask something that all who were invited read."""

    text = TextAreaField(
        _l("Jullie vraag"), [DataRequired(_l("Schrijf een vraag.")), Length(max=_LONGEST_QUESTION, message=_l("Gebruik hooguit 1000 tekens."))],
        filters=[stripped], description=_l("Iedereen die is gevraagd leest de vraag en het antwoord. Jullie naam staat er niet bij."),
        render_kw={"rows": 3, "maxlength": _LONGEST_QUESTION},
    )


class ProposalForm(Form):
    """What a provider would make and give."""

    title = StringField(
        _l("Naam van de cursus"), [DataRequired(_l("Vul een naam in.")), Length(max=_LONGEST_TITLE, message=_l("Gebruik hooguit 160 tekens."))], filters=[stripped],
        render_kw={"maxlength": _LONGEST_TITLE},
    )
    content = TextAreaField(
        _l("Wat gaan de mensen doen?"), [DataRequired(_l("Schrijf wat de mensen doen.")), Length(max=_LONGEST_CONTENT, message=_l("Gebruik hooguit 4000 tekens."))],
        filters=[stripped], render_kw={"rows": 6, "maxlength": _LONGEST_CONTENT},
    )
    outcomes = TextAreaField(
        _l("Wat kunnen ze daarna?"), [DataRequired(_l("Schrijf minstens één ding dat iemand daarna kan."))], filters=[stripped],
        description=_l("Eén per regel, hooguit twaalf. Bijvoorbeeld: last dun plaatstaal."), render_kw={"rows": 5},
    )
    slot = SelectField(_l("Moment van de week"))
    starts_on = DayField(_l("Eerste les"), [InputRequired(_l("Kies de dag van de eerste les."))])
    meetings = _number(_l("Aantal lessen"), _l("Vul in hoeveel lessen er zijn."), description=_l("Eén keer per week."))
    mode = SelectField(_l("Lesvorm"))
    place = SelectField(_l("Locatie"))
    class_price = EurosField(
        _l("Prijs voor de hele groep, in euro’s"), [Optional()], description=_l("Met btw. Eén plek kost dan een gelijk deel."), render_kw={"inputmode": "decimal"},
    )
    seat_price = EurosField(
        _l("Prijs per plek, in euro’s"), [Optional()], description=_l("Met btw. Vul je allebei in? Dan geldt per plek wat het minst is."),
        render_kw={"inputmode": "decimal"},
    )
    min_seats = _number(_l("Gaat door vanaf"), _l("Vul in hoeveel plekken er minstens nodig zijn."), description=_l("Zoveel plekken worden er minstens gekocht."))
    max_seats = _number(_l("Hooguit zoveel plekken"), _l("Vul in hoeveel plekken er hooguit zijn."))
    ec = NumberField(_l("Studiepunten (EC)"), [Optional()], render_kw={"inputmode": "decimal"})
    hours = WholeNumberField(_l("Uren leren in totaal"), [Optional()], render_kw={"inputmode": "numeric"})
    nlqf = SelectField(_l("Niveau (NLQF)"))
    partners = ChoicesField(
        _l("Wie geeft dit samen met jullie?"), description=_l("Hooguit vier andere aanbieders. Zij krijgen een e-mail en moeten akkoord gaan voordat je kunt versturen."),
    )

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        self.mode.choices = [(mode.value, catalogue.mode_word(mode)) for mode in catalogue.DeliveryMode]
        self.nlqf.choices = [("", _("Nog niet bepaald")), *((level, catalogue.level_word(level)) for level in catalogue.LEVELS)]

    def offer(self, about: RequestFacts, found: Choices) -> None:
        """Set the moments that were asked, the places of the provider, and who could give it along; tell what the request says."""
        self.slot.choices = [(slot, slot_words(slot)) for slot in about.slots or slots.SLOTS]
        nowhere = _("Bij het bedrijf zelf") if about.in_company else _("Geen vaste locatie")
        self.place.choices = [("", nowhere), *((one.key, in_current_language(one.name)) for one in found.places)]
        self.partners.choices = [(one.slug, one.name) for one in found.partners]
        self.content.description = _("Schrijf in het Engels.") if about.language == "en" else _("Schrijf in het Nederlands.")
        self.max_seats.description = _("Minstens %(people)s: zoveel mensen willen meedoen.", people=about.people)
        chosen = _("Er wordt uiterlijk gekozen op %(day)s.", day=day(amsterdam_day(about.choose_until - _MOMENT)))
        wanted = _("Gevraagd is: begin uiterlijk op %(day)s.", day=day(about.wanted_by)) if about.wanted_by is not None else ""
        self.starts_on.description = " ".join(part for part in (wanted, chosen) if part)

    @property
    def said_outcomes(self) -> tuple[str, ...]:
        """What one can do afterwards, one of each line, without the signs of a list."""
        lines = (line.strip().lstrip(_BULLETS).strip() for line in (self.outcomes.data or "").splitlines())
        return tuple(line for line in lines if line)

    def is_in_order(self, about: RequestFacts, *, now: datetime) -> bool:
        """Tell whether this can be proposed; what is wrong is told at its field."""
        self.validate()
        wrong = {
            "outcomes": self._outcomes_wrong(), "starts_on": self._day_wrong(about, now), "place": self._place_wrong(), "ec": self._ec_wrong(),
            "meetings": not 1 <= (self.meetings.data or 0) <= proposing.MOST_MEETINGS and _("Kies een getal van 1 tot en met 60."),
            "class_price": self._price_wrong(),
            "min_seats": not 1 <= (self.min_seats.data or 0) <= MOST_SEATS and _("Kies een getal van 1 tot en met 200."),
            "max_seats": self._most_wrong(about),
            "hours": not 0 <= (self.hours.data or 0) <= MOST_HOURS and _("Meer dan 1680 uur kan niet: dat is een heel jaar."),
            "partners": len(self.partners.data or ()) > MOST_PARTNERS and _("Kies hooguit vier aanbieders."),
        }
        for name, sentence in wrong.items():
            if sentence and not self[name].errors:
                self[name].errors = [str(sentence)]
        return not self.errors

    def _outcomes_wrong(self) -> str:
        said = self.said_outcomes
        if not 1 <= len(said) <= MOST_OUTCOMES:
            return _("Schrijf er één tot twaalf, elk op een eigen regel.")
        return _("Een regel is te lang. Gebruik hooguit 500 tekens.") if any(len(one) > _LONGEST_OUTCOME for one in said) else ""

    def _day_wrong(self, about: RequestFacts, now: datetime) -> str:
        first, weekday = self.starts_on.data or date.min, proposing.weekday_of(self.slot.data or "")
        last_to_propose = amsterdam_day(about.proposals_until - _MOMENT)
        if first <= max(amsterdam_day(now), last_to_propose):
            return _("Kies een dag na %(day)s: tot dan kan iedereen nog een voorstel doen.", day=day(last_to_propose))
        if not self.slot.errors and catalogue.WEEKDAYS[first.weekday()] != weekday:
            return _("Kies een %(weekday)s, want dat is het moment van de week.", weekday=catalogue.weekday_word(weekday))
        return ""

    def _price_wrong(self) -> str:
        is_said = self.class_price.data is not None or self.seat_price.data is not None or self.seat_price.errors
        return "" if is_said else _("Vul een prijs in: voor de hele groep, per plek, of allebei.")

    def _place_wrong(self) -> str:
        return _("Een les online heeft geen locatie.") if self.place.data and self.mode.data == catalogue.DeliveryMode.ONLINE else ""

    def _ec_wrong(self) -> str:
        size = self.ec.data or Decimal(0)
        if size * 10 % 1:
            return _("Studiepunten hebben hooguit één cijfer achter de komma, bijvoorbeeld 7,5.")
        return _("Meer dan 60 EC kan niet: dat is een heel jaar.") if size > MOST_EC else ""

    def _most_wrong(self, about: RequestFacts) -> str:
        most = self.max_seats.data or 0
        if most > MOST_SEATS:
            return _("Meer dan 200 plekken kan niet.")
        if most < about.people:
            return _("Er zijn minstens %(people)s plekken nodig: zoveel mensen willen meedoen.", people=about.people)
        return _("Er zijn meer plekken nodig om door te gaan dan er zijn.") if most < (self.min_seats.data or 0) else ""

    def cost(self, people: int) -> tuple[int, Money] | None:
        """Return how many seats would be bought for so many people, and what each costs then; None as long as the prices or the number say nothing."""
        prices = [one.data if isinstance(one.data, Money) else None for one in (self.class_price, self.seat_price)]
        if all(one is None for one in prices) or not 1 <= (self.min_seats.data or 0) <= MOST_SEATS:
            return None
        seats = seats_bought(people, self.min_seats.data)
        return seats, seat_price(prices[0], prices[1], seats)

    def draft(self) -> ProposalDraft:
        """Return the proposal; only of a form that is in order."""
        return ProposalDraft(
            self.title.data or "", self.content.data or "", self.said_outcomes, self.starts_on.data or date.min,
            proposing.last_day(self.starts_on.data or date.min, self.meetings.data), self.slot.data, self.mode.data, self.min_seats.data, self.max_seats.data,
            class_price=self.class_price.data, seat_price=self.seat_price.data, ec=self.ec.data, hours=self.hours.data, nlqf=self.nlqf.data or "",
            place_key=self.place.data or "", partners=tuple(self.partners.data or ()),
        )


def proposed(about: RequestFacts) -> dict[str, Any]:
    """Return a proposal as the form shows it first, from what is asked: the first moment, and a day weeks after the last one to propose."""
    slot = about.slots[0] if about.slots else slots.SLOTS[0]
    mode = catalogue.DeliveryMode.IN_COMPANY if about.in_company else catalogue.DeliveryMode.ON_CAMPUS
    return {
        "title": about.title[:_LONGEST_TITLE], "slot": slot, "mode": mode.value, "meetings": proposing.USUAL_MEETINGS,
        "starts_on": proposing.first_day(slot, amsterdam_day(about.proposals_until - _MOMENT)), "min_seats": about.people,
        "max_seats": about.people,
    }


def written(proposal: ProposalFacts, found: Choices) -> dict[str, Any]:
    """Return a proposal as the form shows it to who changes it; a place that went away is let go."""
    places, slugs = {one.key for one in found.places}, {one.id: one.slug for one in found.partners}
    return {
        "title": proposal.title, "content": proposal.content, "outcomes": "\n".join(proposal.outcomes), "slot": proposal.slot,
        "starts_on": proposal.starts_on, "meetings": proposing.meetings_of(proposal.starts_on, proposal.ends_on, (proposing.weekday_of(proposal.slot),), 0),
        "mode": proposal.mode, "place": proposal.place_key if proposal.place_key in places else "", "class_price": proposal.class_price,
        "seat_price": proposal.seat_price, "min_seats": proposal.min_seats, "max_seats": proposal.max_seats, "ec": proposal.size, "hours": proposal.hours,
        "nlqf": proposal.nlqf, "partners": [slugs[partner] for partner, _agreed in proposal.partners if partner in slugs],
    }
