"""The shape of results: a grade per person, the decision of the exam board, and taking one up again."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import InputRequired, Length, Optional

from academy.enrolment.kinds import ResultScale
from academy.enrolment.queries.attending import Learner
from academy.enrolment.rules.results import ReopenReason, grades_of, read_grade
from academy.enrolment.service.grading import Entry
from academy.enrolment.words import grade_words, hint_words, reason_words
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form

_LONGEST = 20  # of a grade, as it is kept


class GradesForm(Form):
    """The parent of the form of one class, whose fields are named after its enrolments."""

    def entries(self, learners: Sequence[Learner]) -> list[Entry]:
        """Return what was filled in, for each person that the page showed."""
        return [
            Entry(each.code, self[f"grade_{each.code}"].data or "", self[f"seen_{each.code}"].data or "")
            for each in learners if f"seen_{each.code}" in self and self[f"seen_{each.code}"].raw_data
        ]


def grades_form(scale: ResultScale, learners: Sequence[Learner], there: Mapping[str, str]) -> GradesForm:
    """Return the form for these people; `there` are the drafts by the enrolment's code, shown in it and remembered as what was seen."""
    fields: dict[str, Any] = {}
    shown: dict[str, str] = {}
    for each in learners:
        now = there.get(each.code, "")
        fields[f"grade_{each.code}"] = _grade_field(scale, each.name)
        fields[f"seen_{each.code}"] = HiddenField()
        shown |= {f"seen_{each.code}": now, f"grade_{each.code}": now if grades_of(scale) else grade_words(scale, now)}
    form: GradesForm = type("ClassGradesForm", (GradesForm,), fields)(data=shown)
    return form


def _grade_field(scale: ResultScale, name: str) -> Any:  # noqa: ANN401 - WTForms binds it later
    words = grades_of(scale)
    if words:
        choices = [*(SelectChoice(word, grade_words(scale, word)) for word in words), SelectChoice("", _("nog geen"))]
        return RadioField(name, [Optional()], choices=choices)

    def fits(_form: Form, field: StringField) -> None:
        if field.data and read_grade(scale, field.data) is None:
            raise ValidationError(hint_words(scale))

    return StringField(name, [Optional(), Length(max=_LONGEST), fits], filters=[stripped], render_kw={"inputmode": "decimal", "autocomplete": "off"})


class DecisionForm(Form):
    """What the exam board saw, as `CODE=7.5 CODE=8.0`, and for whom it decides: `only` one of them, or all."""

    seen, only = HiddenField(), HiddenField()

    def decided(self) -> dict[str, str]:
        """Return the grade by the enrolment's code, of those that become final."""
        pairs = (pair.partition("=") for pair in (self.seen.data or "").split())
        return {code: grade for code, _sign, grade in pairs if not self.only.data or code == self.only.data}


class ReopenForm(Form):
    """Why a final result is taken up again."""

    reason = RadioField(_l("Waarom?"), [InputRequired(_l("Kies waarom."))], validate_choice=True)

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        self.reason.choices = [SelectChoice(reason.value, reason_words(reason)) for reason in ReopenReason]
