"""What assessors fill in: what is missing, an answer per outcome, and the report; every fault is told at its field."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import InputRequired, Length, Optional

from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, DayField, stripped
from academy.kernel.web.forms import Form
from academy.recognition.facts import ClaimedOutcome, EvidenceFacts
from academy.recognition.forms.slots import TimesForm
from academy.recognition.kinds import AnswerFault, Criterion, InstrumentKind, Judgement
from academy.recognition.rules.deciding import Answer
from academy.recognition.service.slots import SlotDraft
from academy.recognition.words import criterion_word, instrument_word, judgement_word

_LONGEST_PART: Final = 500
_LONGEST_REASON: Final = 2000
_LONGEST_NOTES: Final = 4000
_LONGEST_MISSING: Final = 1000
_PLANNED: Final = (InstrumentKind.WORKPLACE, InstrumentKind.TEST, InstrumentKind.INTERVIEW)
_MEANS: Final = {
    Criterion.VARIED: _l("het laat verschillende situaties zien"), Criterion.RELEVANT: _l("het past bij deze leeruitkomst"),
    Criterion.AUTHENTIC: _l("het is van de cursist zelf"), Criterion.CURRENT: _l("het is niet verouderd"), Criterion.ENOUGH: _l("er is niet meer nodig"),
}
# At which field a fault is told.
_FIELD: Final = {
    AnswerFault.MISSING: "judgement", AnswerFault.TWICE: "judgement", AnswerFault.NOT_ASKED: "judgement", AnswerFault.NO_PART: "part", AnswerFault.NO_REASON: "reason",
    AnswerFault.NO_EVIDENCE: "evidence", AnswerFault.NOT_OF_THIS_FILE: "evidence", AnswerFault.CRITERIA: "met",
}
_TOLD: Final = {
    AnswerFault.MISSING: _l("Kies een antwoord."), AnswerFault.TWICE: _l("Kies één antwoord."), AnswerFault.NOT_ASKED: _l("Deze leeruitkomst is niet gevraagd."),
    AnswerFault.NO_PART: _l("Schrijf op welk deel wel is aangetoond."), AnswerFault.NO_REASON: _l("Geef een reden."),
    AnswerFault.NO_EVIDENCE: _l("Kies het bewijs waarop dit oordeel rust."), AnswerFault.NOT_OF_THIS_FILE: _l("Kies bewijs uit deze aanvraag."),
    AnswerFault.CRITERIA: _l("Ja kan alleen als het bewijs relevant, authentiek en actueel is."),
}


class AnswersForm(Form):
    """The parent of the form of one file, whose fields are named after its outcomes; `criteria` and `evidence` are there where they are asked."""

    def fields_of(self, outcome: ClaimedOutcome) -> dict[str, Any]:
        """Return the fields about one outcome, by what they ask."""
        return {kind: self[name] if (name := f"{kind}_{outcome.id.hex}") in self else None for kind in ("judgement", "part", "reason", "met", "evidence")}

    def answers(self, outcomes: Sequence[ClaimedOutcome]) -> tuple[Answer, ...]:
        """Return what was said, of each outcome that was answered."""
        return tuple(found for each in outcomes if (found := self._answer(each)) is not None)

    def _answer(self, outcome: ClaimedOutcome) -> Answer | None:
        there = {kind: field.data for kind, field in self.fields_of(outcome).items() if field is not None}
        if there["judgement"] not in set(Judgement):
            return None
        judgement = Judgement(there["judgement"])
        part = there["part"] if judgement is Judgement.PARTLY else ""  # said of another answer, that was changed
        met = frozenset(each for each in Criterion if each in (there.get("met") or ()))
        shown = self.fields_of(outcome)["evidence"]
        known = {choice.value for choice in shown.choices} if shown is not None else set()
        rests = frozenset(UUID(hex=each) for each in there.get("evidence") or () if each in known)
        return Answer(outcome.id, judgement, part or "", there["reason"] or "", rests, met)

    @property
    def notes_said(self) -> str:
        """What was noted besides."""
        return str(self["notes"].data or "")

    def tell(self, faults: Sequence[tuple[UUID, AnswerFault]]) -> bool:
        """Tell each fault at its field, once; returns whether there was none, in what the form itself checks either."""
        for outcome_id, fault in faults:
            name = f"{_FIELD[fault]}_{outcome_id.hex}"
            if name in self and not self[name].errors:
                self[name].errors = [str(_TOLD[fault])]
        return not faults and not self.errors


def answers_form(
    outcomes: Sequence[ClaimedOutcome], said: Mapping[UUID, Answer], *, is_shown: bool, evidence: Sequence[EvidenceFacts] = (), with_criteria: bool = False,
    may_skip: bool = False, with_notes: bool = True,
) -> AnswersForm:
    """Return the form for these outcomes, with what was `said` before where it `is_shown` first; `may_skip` offers that an outcome did not come up."""
    fields: dict[str, Any] = {}
    shown: dict[str, Any] = {}
    for number, each in enumerate(outcomes, start=1):
        mine = _fields(number, evidence, with_criteria=with_criteria, may_skip=may_skip)
        fields |= {f"{kind}_{each.id.hex}": field for kind, field in mine.items()}
        shown |= {f"{kind}_{each.id.hex}": value for kind, value in _said(said.get(each.id), may_skip=may_skip).items() if kind in mine}
    if with_notes:
        fields["notes"] = TextAreaField(
            _l("Aantekeningen"), [Optional(), _at_most(_LONGEST_NOTES)], filters=[stripped], description=_l("Voor de andere assessor. De cursist kan ze ook opvragen."),
        )
    kind: type[AnswersForm] = type("FileAnswersForm", (AnswersForm,), fields)
    return kind(formdata=None, data=shown) if is_shown else kind()


def says_all(
    form: AnswersForm, outcomes: Sequence[ClaimedOutcome], faults: Callable[[Collection[UUID], Sequence[Answer]], Sequence[tuple[UUID, AnswerFault]]],
) -> bool:
    """Tell whether the form says all that the rules ask; what is wrong is told at its field. Of a look at least one outcome came up."""
    form.validate()
    answers = form.answers(outcomes)
    is_whole = form.tell(faults([each.id for each in outcomes], answers))
    if not answers and is_whole:
        return form.tell([(outcomes[0].id, AnswerFault.MISSING)])
    return is_whole


def _at_most(characters: int) -> Length:
    return Length(max=characters, message=_("Gebruik hooguit %(number)s tekens.", number=characters))


def _fields(number: int, evidence: Sequence[EvidenceFacts], *, with_criteria: bool, may_skip: bool) -> dict[str, Any]:
    def label(words: str) -> str:
        return _("Leeruitkomst %(number)s: %(what)s", number=number, what=words)

    choices = [SelectChoice(each.value, judgement_word(each)) for each in Judgement] + ([SelectChoice("", _("Kwam niet aan bod"))] if may_skip else [])
    fields: dict[str, Any] = {
        "judgement": RadioField(label(_("toont de cursist dit aan?")), [Optional()], choices=choices),
        "part": StringField(label(_("welk deel wel?")), [Optional(), _at_most(_LONGEST_PART)], filters=[stripped], description=_("Alleen bij deels.")),
        "reason": TextAreaField(label(_("waarom?")), [Optional(), _at_most(_LONGEST_REASON)], filters=[stripped], render_kw={"rows": 4}),
    }
    if with_criteria:
        fields["met"] = ChoicesField(label(_("hoe is het bewijs?")), [Optional()], choices=[SelectChoice(each.value, f"{criterion_word(each)}: {_MEANS[each]}") for each in Criterion])
    if evidence:
        fields["evidence"] = ChoicesField(label(_("op welk bewijs rust dit?")), [Optional()], choices=[SelectChoice(each.id.hex, each.title) for each in evidence])
    return fields


def _said(answer: Answer | None, *, may_skip: bool) -> dict[str, Any]:
    if answer is None:
        return {"judgement": "" if may_skip else None}
    return {
        "judgement": answer.judgement.value, "part": answer.part, "reason": answer.reason[:_LONGEST_REASON], "met": sorted(each.value for each in answer.met),
        "evidence": sorted(each.hex for each in answer.evidence),
    }


class MoreForm(Form):
    """The parent of the form on which is said what is missing, per outcome."""

    def missing(self, outcomes: Sequence[ClaimedOutcome]) -> dict[UUID, str]:
        """Return what is asked, of those outcomes of which something is."""
        return {each.id: self[f"missing_{each.id.hex}"].data for each in outcomes if self[f"missing_{each.id.hex}"].data}

    def is_in_order(self, outcomes: Sequence[ClaimedOutcome]) -> bool:
        """Tell whether something is asked; if not, that is told at the first field."""
        is_good = self.validate()
        if is_good and not self.missing(outcomes):
            self[f"missing_{outcomes[0].id.hex}"].errors = [_("Schrijf bij minstens één leeruitkomst wat je nog wilt zien.")]
            return False
        return is_good


def more_form(outcomes: Sequence[ClaimedOutcome]) -> MoreForm:
    """Return the form for these outcomes."""
    fields = {
        f"missing_{each.id.hex}": TextAreaField(
            _("Leeruitkomst %(number)s: wat wil je nog zien?", number=number), [Optional(), _at_most(_LONGEST_MISSING)], filters=[stripped], render_kw={"rows": 4},
        )
        for number, each in enumerate(outcomes, start=1)
    }
    form: MoreForm = type("FileMoreForm", (MoreForm,), fields)()
    return form


class PlanForm(TimesForm):
    """A look that an assessor agreed with the learner: what, when and where."""

    kind = SelectField(_l("Wat ga je doen?"))
    on = DayField(_l("Op welke dag?"), [InputRequired(_l("Kies een dag."))])

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        self.kind.choices = [SelectChoice(kind.value, instrument_word(kind)) for kind in _PLANNED]

    def is_in_order(self, *, now: datetime) -> bool:
        """Tell whether this can be planned; what is wrong is told at its field."""
        if self.validate() and self.check_times() and self.moment(self.on.data, self.begins.data) <= now:
            self.on.errors = [_("Kies een moment dat nog komt.")]
        return not self.errors

    def draft(self) -> SlotDraft:
        """Return what is planned; only of a form that is in order."""
        return SlotDraft(
            InstrumentKind(self.kind.data), (self.moment(self.on.data, self.begins.data).astimezone(UTC),), timedelta(minutes=self.minutes.data or 0), self.place.data or "",
            self.where.data or "", self.is_online.data,
        )
