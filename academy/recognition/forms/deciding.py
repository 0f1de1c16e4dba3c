"""What a member of an exam board fills in: an answer per outcome, with the part and the reason that it asks."""

from collections.abc import Sequence
from typing import Any, Final

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from academy.kernel.translation import _, _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form
from academy.recognition.kinds import Judgement
from academy.recognition.queries.board_file import Question
from academy.recognition.rules.deciding import Answer
from academy.recognition.words import judgement_word

LONGEST_PART: Final = 500
LONGEST_REASON: Final = 2000
_REASONS: Final = {
    "not-shown": _l("Uit het bewijs blijkt niet dat je dit kunt."),
    "one-part": _l("Uit het bewijs blijkt alleen dit deel."),
    "too-old": _l("Het bewijs is te oud: het laat niet zien wat je nu kunt."),
    "lower": _l("Het bewijs laat dit zien op een lager niveau dan de module vraagt."),
    "not-own": _l("Uit het bewijs blijkt niet dat dit je eigen werk is."),
    "other-subject": _l("Het bewijs gaat over iets anders dan deze leeruitkomst."),
}


class SeenForm(Form):
    """What the page showed: `seen` of the file, `digest` of the draft that is signed or dropped."""

    seen, digest = HiddenField(), HiddenField()


class ConfirmForm(SeenForm):
    """Why a decision stands."""

    why = TextAreaField(
        _l("Waarom blijft het besluit staan?"), [DataRequired(_l("Schrijf waarom het besluit blijft staan.")), Length(max=LONGEST_REASON, message=_l("Gebruik hooguit 2000 tekens."))],
        filters=[stripped], render_kw={"rows": 4, "maxlength": LONGEST_REASON},
    )


class AnswersForm(SeenForm):
    """The parent of the form of one file, whose fields are numbered as its outcomes."""

    asked: tuple[Question, ...] = ()

    def is_in_order(self) -> bool:
        """Tell whether this can be decided; what is missing is told at its field."""
        self.validate()
        for number, _question in enumerate(self.asked, 1):
            if self[f"judgement_{number}"].data == Judgement.PARTLY and not self[f"part_{number}"].data:
                self[f"part_{number}"].errors = [_("Schrijf welk deel wel.")]
            if self[f"judgement_{number}"].data in {Judgement.PARTLY, Judgement.NO} and not self._reason(number):
                self[f"reason_{number}"].errors = [_("Kies een reden, of schrijf er een.")]
            if len(self._reason(number)) > LONGEST_REASON:
                self[f"reason_{number}"].errors = [_("Gebruik hooguit 2000 tekens.")]
        return not self.errors

    def answers(self) -> tuple[Answer, ...]:
        """Return what was answered; a part and a reason only where the answer asks them, and nothing of an outcome without an answer."""
        given = [(question.outcome.id, number, self[f"judgement_{number}"].data) for number, question in enumerate(self.asked, 1)]
        return tuple(
            Answer(
                outcome_id, Judgement(judgement), self[f"part_{number}"].data or "" if judgement == Judgement.PARTLY else "",
                self._reason(number) if judgement != Judgement.YES else "",
            )
            for outcome_id, number, judgement in given if judgement in set(Judgement)
        )

    def _reason(self, number: int) -> str:
        template = str(_REASONS.get(self[f"template_{number}"].data or "", ""))
        return " ".join(each for each in (template, self[f"reason_{number}"].data or "") if each)


class ReviseForm(AnswersForm):
    """A new decision in the place of an old one says why."""

    why = TextAreaField(
        _l("Waarom herzien jullie het besluit?"), [DataRequired(_l("Schrijf waarom jullie het besluit herzien.")), Length(max=LONGEST_REASON, message=_l("Gebruik hooguit 2000 tekens."))],
        filters=[stripped], render_kw={"rows": 4, "maxlength": LONGEST_REASON},
    )


def answers_form(questions: Sequence[Question], shown: dict[str, Any] | None = None, *, revises: bool = False) -> AnswersForm:
    """Return the form for these outcomes; `shown` is what it begins with, None for what was sent."""
    parent = ReviseForm if revises else AnswersForm
    fields: dict[str, Any] = {"asked": tuple(questions)}
    for number, _question in enumerate(questions, 1):
        fields |= _fields(number)
    form: AnswersForm = type("AnswersOfFileForm", (parent,), fields)(**({} if shown is None else {"formdata": None, "data": shown}))
    for number, _question in enumerate(questions, 1):
        _offer(form, f"judgement_{number}", [(each.value, judgement_word(each)) for each in Judgement])
        _offer(form, f"template_{number}", [("", _("Kies een reden, of schrijf er zelf een")), *((key, str(words)) for key, words in _REASONS.items())])
    return form


def _offer(form: AnswersForm, name: str, choices: list[tuple[str, str]]) -> None:
    field = form[name]
    if isinstance(field, SelectField):  # radio buttons are one too
        field.choices = [SelectChoice(value, label) for value, label in choices]


def _fields(number: int) -> dict[str, Any]:
    return {
        f"judgement_{number}": RadioField(_("Antwoord op leeruitkomst %(number)s", number=number), [InputRequired(_("Kies ja, deels of nee."))]),
        f"part_{number}": StringField(
            _("Welk deel wel, van leeruitkomst %(number)s?", number=number), [Optional(), Length(max=LONGEST_PART, message=_("Gebruik hooguit 500 tekens."))],
            filters=[stripped], render_kw={"maxlength": LONGEST_PART, "autocomplete": "off"},
        ),
        f"template_{number}": SelectField(_("Reden bij leeruitkomst %(number)s", number=number), validate_choice=False),  # one click sends none
        f"reason_{number}": TextAreaField(
            _("Uitleg bij leeruitkomst %(number)s", number=number), [Optional(), Length(max=LONGEST_REASON, message=_("Gebruik hooguit 2000 tekens."))],
            filters=[stripped], render_kw={"rows": 2, "maxlength": LONGEST_REASON},
        ),
    }


def proposed(questions: Sequence[Question], seen: str, *, revises: bool) -> dict[str, Any]:
    """Return what the form begins with: the decision that counts when it is revised, else the report, else what was decided before."""
    shown: dict[str, Any] = {"seen": seen}
    for number, each in enumerate(questions, 1):
        answer = (each.decided if revises else None) or each.report or as_before(each)
        if answer is not None:
            reason = "" if answer.judgement is Judgement.YES else answer.reason
            shown |= {f"judgement_{number}": answer.judgement.value, f"part_{number}": answer.part, f"reason_{number}": reason}
    return shown


def as_before(question: Question) -> Answer | None:
    """Return the answer that this outcome had each time before; None where it had none or several."""
    before = question.before
    return None if before.proposal is None else Answer(question.outcome.id, before.proposal.judgement, before.proposal.part, before.reason)
