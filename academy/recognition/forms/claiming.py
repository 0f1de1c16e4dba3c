"""What a learner fills in: the self-scan, their answers with examples, and what they sign or say when they send, withdraw or appeal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from wtforms import BooleanField, Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from academy.kernel.formats import in_current_language
from academy.kernel.text import Localized
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import WholeNumberField, stripped
from academy.kernel.web.forms import Form, KeyedForm
from academy.recognition.kinds import Judgement, Route
from academy.recognition.service.claiming import LONGEST_EXAMPLE, LONGEST_REASON, Said

HOURS: Final = 10  # a week, as long as nobody says otherwise
_MOST_HOURS: Final = 60
_LONGEST_EMPLOYER: Final = 200
_LONGEST_NUMBER: Final = 5
_SAY: Final = (
    SelectChoice(Judgement.YES.value, _l("Ja")), SelectChoice(Judgement.PARTLY.value, _l("Deels")), SelectChoice(Judgement.NO.value, _l("Nee")),
)
_LETTER: Final[dict[Judgement | None, str]] = {Judgement.YES: "y", Judgement.PARTLY: "p", Judgement.NO: "n"}
_ROUTES: Final = (
    SelectChoice(Route.EDUCATION.value, _l("Ik wil vrijstelling: wat ik al kan, telt mee als studiepunten.")),
    SelectChoice(Route.LABOUR_MARKET.value, _l("Ik wil een ervaringscertificaat, voor mijn werk. Daarmee krijg je nog geen vrijstelling.")),
)


class _Answers(KeyedForm):
    """The parent of forms with an answer for each outcome."""

    outcome_ids: tuple[UUID, ...] = ()

    def answer(self, outcome_id: UUID) -> Field:
        """Return the field for one outcome."""
        return self[f"say_{outcome_id.hex}"]

    def example(self, outcome_id: UUID) -> Field:
        """Return the field for an example of one outcome."""
        return self[f"example_{outcome_id.hex}"]

    @property
    def said(self) -> dict[UUID, Said]:
        """What was said, of the outcomes of which something was said."""
        found = {each: Said(self._judgement(each), self._example(each)) for each in self.outcome_ids}
        return {each: said for each, said in found.items() if said.judgement is not None or said.example}

    def _judgement(self, outcome_id: UUID) -> Judgement | None:
        data = self.answer(outcome_id).data
        return Judgement(data) if data else None

    def _example(self, outcome_id: UUID) -> str:
        return str(self.example(outcome_id).data or "") if f"example_{outcome_id.hex}" in self else ""


class ScanForm(_Answers):
    """The self-scan with the value meter: what one can do, how many hours a week one would learn, and what it is for."""

    hours = WholeNumberField(
        _l("Uren per week om te leren"), [Optional(), NumberRange(min=1, max=_MOST_HOURS, message=_l("Kies 1 tot 60 uur."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "size": 4},
    )
    route = RadioField(_l("Waarvoor wil je erkenning?"), choices=_ROUTES)
    pathway = HiddenField()  # the key of somebody's route to a goal, on which it is shown what they save

    @property
    def can(self) -> frozenset[UUID]:
        """The outcomes that were answered with yes."""
        return frozenset(outcome_id for outcome_id, each in self.said.items() if each.judgement is Judgement.YES)

    @property
    def hours_a_week(self) -> int:
        return int(self.hours.data or HOURS)


def _with_example(form: BaseForm, field: Field) -> None:
    """Ask for an example where one can do something."""
    said = form[field.short_name.replace("example_", "say_")].data
    if said in {Judgement.YES, Judgement.PARTLY} and not field.data:
        raise ValidationError(_l("Schrijf kort wanneer je dit deed."))


class AnswersForm(_Answers):
    """An answer with an example for each outcome, and where one works."""

    employer = StringField(
        _l("Waar werk je?"), [Length(max=_LONGEST_EMPLOYER, message=_l("Gebruik hooguit 200 tekens."))], filters=[stripped],
        description=_l("Wie met je werkt, beoordeelt je niet."), render_kw={"autocomplete": "organization"},
    )


def scan_form(outcomes: Sequence[tuple[UUID, Localized]]) -> type[ScanForm]:
    """Return the form of a self-scan on these outcomes; none has to be answered."""
    fields = {f"say_{outcome_id.hex}": RadioField(in_current_language(words), [Optional()], choices=_SAY) for outcome_id, words in outcomes}
    return _made(ScanForm, outcomes, fields)


def answers_form(outcomes: Sequence[tuple[UUID, Localized]], *, is_for_later: bool) -> type[AnswersForm]:
    """Return the form on which each of these outcomes is answered; for later it is kept as it is, and what is missing is asked before it is sent."""
    fields: dict[str, Any] = {}
    answered: Any = Optional() if is_for_later else InputRequired(_l("Kies ja, deels of nee."))
    told: list[Any] = [] if is_for_later else [_with_example]
    for number, (outcome_id, words) in enumerate(outcomes, 1):
        fields[f"say_{outcome_id.hex}"] = RadioField(in_current_language(words), [answered], choices=_SAY)
        fields[f"example_{outcome_id.hex}"] = TextAreaField(
            _("Voorbeeld bij %(number)s: wanneer deed je dit?", number=number), [Length(max=LONGEST_EXAMPLE, message=_l("Gebruik hooguit 2.000 tekens.")), *told], filters=[stripped],
            render_kw={"rows": 2, "maxlength": LONGEST_EXAMPLE},
        )
    return _made(AnswersForm, outcomes, fields)


_Made = type[Any]


def _made(parent: _Made, outcomes: Sequence[tuple[UUID, Localized]], fields: Mapping[str, Any]) -> _Made:
    return type(parent.__name__, (parent,), {**fields, "outcome_ids": tuple(outcome_id for outcome_id, _words in outcomes)})


def in_letters(outcome_ids: Iterable[UUID], said: Mapping[UUID, Said]) -> str:
    """Return answers as a letter for each outcome, to keep in an address: no words, and `-` for what was not answered."""
    judgements = {each: one.judgement for each, one in said.items()}
    return "".join(_LETTER.get(judgements.get(each), "-") for each in outcome_ids)


def from_letters(outcome_ids: Sequence[UUID], letters: str) -> dict[UUID, Judgement]:
    """Return the answers of `in_letters`; none when they are not of these outcomes."""
    known = {letter: judgement for judgement, letter in _LETTER.items()}
    if len(letters) != len(outcome_ids):
        return {}
    found = {each: known.get(letter) for each, letter in zip(outcome_ids, letters, strict=True)}
    return {each: judgement for each, judgement in found.items() if judgement is not None}


def hours_in(text: str) -> int:
    """Return a number of hours a week as it stands in an address, or the usual one."""
    return min(max(int(text), 1), _MOST_HOURS) if text.isdecimal() and len(text) < _LONGEST_NUMBER else HOURS


class SendForm(Form):
    """What one signs and states when all of it goes off at once."""

    agreed = BooleanField(_l("Ik teken de afspraak hierboven."), [DataRequired(_l("Vink aan dat je de afspraak tekent."))])
    stated = BooleanField(_l("Wat ik laat zien is van mij, en het is waar."), [DataRequired(_l("Vink aan dat het van jou is."))])

    def ask(self, *, signs: bool, states: bool) -> None:
        """Leave out what is not asked now."""
        if not signs:
            del self.agreed
        if not states:
            del self.stated


class AppealForm(Form):
    """Why one appeals."""

    reason = TextAreaField(
        _l("Waarom ben je het er niet mee eens?"),
        [DataRequired(_l("Schrijf waarom je het niet eens bent met het besluit.")), Length(max=LONGEST_REASON, message=_l("Gebruik hooguit 2.000 tekens."))],
        filters=[stripped], render_kw={"rows": 6, "maxlength": LONGEST_REASON},
    )
