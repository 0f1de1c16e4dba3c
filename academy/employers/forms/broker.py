"""The shape of what the programme office writes at its desk."""

from collections.abc import Sequence
from typing import Any, Final

from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from academy.employers.kinds import CallOutcome
from academy.employers.words import outcome_words
from academy.kernel.translation import _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form

_NOTE, _REPLY, _REASON = 1000, 2000, 500
_ROWS: Final = {"rows": 3}


class NoteForm(Form):
    """What came of a call."""

    outcome = RadioField(_l("Wat kwam eruit?"), [InputRequired(_l("Kies wat eruit kwam."))])
    text = TextAreaField(
        _l("Notitie"), [Length(max=_NOTE, message=_l("Gebruik hooguit 1.000 tekens."))], filters=[stripped],
        description=_l("Wie je belde, mag dit later lezen. Schrijf alleen wat nodig is."), render_kw=_ROWS | {"maxlength": _NOTE},
    )

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        self.outcome.choices = [(outcome.value, outcome_words(outcome)) for outcome in CallOutcome]


class ReplyForm(Form):
    """An answer to a demand, in words."""

    text = TextAreaField(
        _l("Je antwoord"), [DataRequired(_l("Schrijf een antwoord.")), Length(max=_REPLY, message=_l("Gebruik hooguit 2.000 tekens."))],
        filters=[stripped], description=_l("Wie de vraag stelde krijgt een e-mail en leest dit op de pagina van de vraag."),
        render_kw={"rows": 6, "maxlength": _REPLY},
    )


class MergeForm(Form):
    """The neighbour in which a pool goes on."""

    into = RadioField(_l("Met welke groep?"), [InputRequired(_l("Kies een groep."))])

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Set the neighbours that can be chosen."""
        self.into.choices = list(choices)


class ReleaseForm(Form):
    """Why a pool ends."""

    reason = TextAreaField(
        _l("Waarom stopt de groep?"), [DataRequired(_l("Schrijf in een paar woorden waarom.")), Length(max=_REASON, message=_l("Gebruik hooguit 500 tekens."))],
        filters=[stripped], description=_l("Dit staat alleen in de geschiedenis van de groep."), render_kw=_ROWS | {"maxlength": _REASON},
    )
