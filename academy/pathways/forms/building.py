"""What somebody fills in to make a route: a goal, and what they have room for; and the buttons that change a route."""

from datetime import date
from typing import Any, Final

from wtforms import HiddenField, IntegerField, RadioField, SearchField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.money import Money
from academy.kernel.translation import _l
from academy.kernel.web.fields import ChoicesField, DayField, EurosField, WholeNumberField, stripped
from academy.kernel.web.forms import Form
from academy.pathways.facts import PathwayFacts
from academy.pathways.forms.advising import VersionForm
from academy.pathways.kinds import Limit, Option
from academy.pathways.problem import MOST_HOURS
from academy.pathways.queries.aiming import Goals
from academy.pathways.service.planning import Life
from academy.search.api import postcode_in

USUAL_HOURS: Final = 16  # a week, as long as nobody says otherwise
_LONGEST: Final = 100
_MOST_KM: Final = 300
_MOST_EUROS: Final = 100_000
_MOST_YEARS_AHEAD: Final = 2
_PARTS: Final = (catalogue.PartOfDay.MORNING, catalogue.PartOfDay.AFTERNOON, catalogue.PartOfDay.EVENING)
_EVENING: Final = 2
_WEEK: Final = 5  # days
ALL_TIMES: Final = frozenset((day, part) for day in range(7) for part in range(3))
PRESETS: Final = {
    "evenings": frozenset((day, _EVENING) for day in range(_WEEK)),
    "days": frozenset((day, part) for day in range(_WEEK) for part in range(_EVENING)),
    "weekend": frozenset(each for each in ALL_TIMES if each[0] >= _WEEK),
}
_PRESET_WORDS: Final = (
    SelectChoice("evenings", _l("Doordeweeks ’s avonds")), SelectChoice("days", _l("Doordeweeks overdag")), SelectChoice("weekend", _l("In het weekend")),
)


class GoalForm(Form):
    """Where somebody wants to be. Skills that are ticked go before a programme that was chosen for them."""

    goal = RadioField(_l("Waar wil je naartoe?"), [Optional()], validate_choice=False)
    q = SearchField(_l("Zoek een beroep of vaardigheid"), [Length(max=_LONGEST)], filters=[stripped])
    skills = ChoicesField(_l("Wat wil je kunnen?"), validate_choice=False)

    def offer(self, found: Goals) -> None:
        """Put in what one can choose."""
        programmes = [SelectChoice(f"programme:{each.slug}", each.title.nl) for each in found.programmes]
        self.goal.choices = [*programmes, *(SelectChoice(f"occupation:{uri}", name) for uri, name in found.occupations.items())]
        self.skills.choices = [SelectChoice(each.uri, each.label) for each in found.skills]

    @property
    def chosen(self) -> tuple[str, str]:
        """The kind of goal and its name in an address, both empty when nothing was chosen."""
        kind, _colon, name = str(self.goal.data or "").partition(":")
        return kind, name


class LifeForm(VersionForm):
    """What somebody has room for. All but the hours may stay empty."""

    hours = WholeNumberField(
        _l("Uren per week om te leren"), [InputRequired(_l("Vul in hoeveel uur je hebt.")), NumberRange(min=1, max=MOST_HOURS, message=_l("Kies 1 tot 60 uur."))],
        description=_l("Les en zelf leren samen. 1 EC is 28 uur."), render_kw={"inputmode": "numeric", "autocomplete": "off", "size": 4},
    )
    when = ChoicesField(_l("Wanneer kun je?"), choices=_PRESET_WORDS, description=_l("Kies alles wat kan. Kies je niets? Dan kan alles."))
    times = ChoicesField(_l("Precieze dagen"))
    postcode = StringField(
        _l("Postcode"), [Length(max=_LONGEST)], filters=[stripped], description=_l("Bijvoorbeeld 1315. Zo weten we hoe ver je reist. We meten hemelsbreed."),
        render_kw={"autocomplete": "postal-code", "size": 8},
    )
    distance = WholeNumberField(
        _l("Hoe ver wil je hooguit reizen?"), [Optional(), NumberRange(min=0, max=_MOST_KM, message=_l("Kies 0 tot 300 kilometer."))],
        description=_l("In kilometers, alleen heen. Vul je 0 in? Dan kiezen we alleen online."), render_kw={"inputmode": "numeric", "autocomplete": "off", "size": 4},
    )
    own = EurosField(
        _l("Hoeveel kun je zelf betalen?"), [Optional()], description=_l("In euro’s, voor de hele route."), render_kw={"inputmode": "decimal", "autocomplete": "off", "size": 8},
    )
    employer = EurosField(
        _l("Hoeveel betaalt je werkgever?"), [Optional()], description=_l("In euro’s, voor de hele route."),
        render_kw={"inputmode": "decimal", "autocomplete": "off", "size": 8},
    )
    starts_on = DayField(_l("Vanaf wanneer?"), [Optional()], description=_l("Laat leeg om zo snel mogelijk te beginnen."))

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        self.times.choices = [
            SelectChoice(_time(day, part), catalogue.part_of_day_word(_PARTS[part])) for day in range(len(catalogue.WEEKDAYS)) for part in range(len(_PARTS))
        ]

    def validate_postcode(self, field: StringField) -> None:
        """Take a Dutch postcode; of one abroad no distance can be told."""
        if field.data and postcode_in(field.data) is None:
            raise ValidationError(_l("Dit is geen postcode in Nederland. Schrijf bijvoorbeeld 1315. Woon je in een ander land? Laat dit leeg."))

    def validate_distance(self, field: WholeNumberField) -> None:
        """Ask from where."""
        if field.data is not None and not self.postcode.data:
            raise ValidationError(_l("Vul ook je postcode in. Anders weten we niet hoe ver het is."))

    def validate_own(self, field: EurosField) -> None:
        _not_too_much(field.data)

    def validate_employer(self, field: EurosField) -> None:
        _not_too_much(field.data)

    def validate_starts_on(self, field: DayField) -> None:
        """Take a day that routes reach."""
        today = amsterdam_day(utc_now())
        if field.data and not today <= field.data <= date(today.year + _MOST_YEARS_AHEAD, 12, 31):
            raise ValidationError(_l("Kies een dag in de komende twee jaar."))

    def parts(self) -> list[str]:
        """Return the names of the parts of a day, in the order of the check boxes of a day."""
        return [catalogue.part_of_day_word(part) for part in _PARTS]

    def by_day(self) -> list[tuple[str, list[Any]]]:
        """Return per day of the week its name and its check boxes."""
        return [(catalogue.weekday_word(day), boxes) for day, boxes in zip(catalogue.WEEKDAYS, self.times.rows(len(_PARTS)), strict=True)]

    @property
    def life(self) -> Life:
        """What was filled in."""
        chosen = {time for name in self.when.data or () for time in PRESETS.get(name, ())} | {_parsed(each) for each in self.times.data or ()}
        return Life(
            hours=int(self.hours.data), times=frozenset() if chosen == ALL_TIMES else frozenset(chosen), postcode=postcode_in(self.postcode.data or "") or "",
            distance=self.distance.data, own_money=self.own.data, employer_money=self.employer.data, starts_on=self.starts_on.data,
        )


def first_life(pathway: PathwayFacts) -> dict[str, Any]:
    """Return what the form begins with: what was said before."""
    presets = [name for name, times in PRESETS.items() if times <= pathway.parts]
    rest = pathway.parts - frozenset(time for name in presets for time in PRESETS[name])
    return {
        "version": pathway.version, "hours": pathway.hours or USUAL_HOURS, "when": presets, "times": [_time(*each) for each in sorted(rest)],
        "postcode": pathway.postcode, "distance": pathway.distance, "own": pathway.own_money, "employer": pathway.employer_money, "starts_on": pathway.starts_on,
    }


def _not_too_much(amount: Money | None) -> None:
    if amount is not None and amount.cents > _MOST_EUROS * 100:
        raise ValidationError(_l("Dit bedrag is wel heel hoog. Vul hooguit 100.000 euro in."))


def _time(day: int, part: int) -> str:
    return f"{catalogue.WEEKDAYS[day]}-{_PARTS[part].value}"


def _parsed(time: str) -> tuple[int, int]:
    day, _dash, part = time.partition("-")
    return catalogue.WEEKDAYS.index(day), [each.value for each in _PARTS].index(part)


ACTS: Final = ("lock", "unlock", "out", "back", "move", "add")


class ChooseForm(VersionForm):
    """Which of the routes it is to be, as it was shown."""

    option = RadioField(choices=[SelectChoice(each.value, each.value) for each in Option])
    shown = HiddenField(validators=[Length(max=16)])


class ChangeForm(VersionForm):
    """What is to be done with one step: its module by its slug, and the course it is to become where that is chosen."""

    act = RadioField(choices=[SelectChoice(each, each) for each in ACTS])
    module = StringField(validators=[InputRequired(), Length(max=_LONGEST * 2)], filters=[stripped])
    course = StringField(validators=[Length(max=_LONGEST * 2)], filters=[stripped])


class OpenForm(VersionForm):
    """Which limit is to be opened, and how far."""

    limit = RadioField(choices=[SelectChoice(each.value, each.value) for each in Limit])
    value = IntegerField(validators=[NumberRange(min=0, max=_MOST_EUROS * 100)])


