"""The five questions to one side, each with five answers."""

from typing import Final

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import InputRequired

from academy.kernel.translation import _
from academy.kernel.web.forms import Form
from academy.reports.kinds import Side
from academy.reports.queries.question_words import answer_words, question_words
from academy.reports.rules.asking import HIGHEST, LOWEST, QUESTIONS

_SCORES: Final = range(LOWEST, HIGHEST + 1)


class QuestionsForm(Form):
    """The parent of the forms of all sides."""

    @property
    def scores(self) -> dict[str, int]:
        """The answers by question, of a form that was filled in."""
        return {field.short_name: int(field.data) for field in self if isinstance(field, RadioField)}


def questions_form(side: Side) -> QuestionsForm:
    """Return the form with the questions to one side, in the reader's language."""
    answers = [SelectChoice(str(score), answer_words(score)) for score in _SCORES]

    class AskedForm(QuestionsForm):
        """The questions to this side."""

    for question in QUESTIONS[side]:
        setattr(AskedForm, question, RadioField(question_words(side, question), [InputRequired(_("Kies een antwoord."))], choices=answers))
    return AskedForm()
