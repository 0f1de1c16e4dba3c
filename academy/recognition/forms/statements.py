"""The shape of asking somebody at work for a statement, and of their answer."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from wtforms import EmailField, Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from academy.accounts import api as accounts
from academy.kernel.cleaning import clean_line
from academy.kernel.translation import _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form
from academy.kernel.web.mail_address import EMAIL_CHECKS, clean_email
from academy.recognition.kinds import Judgement
from academy.recognition.service.statements import Ask
from academy.recognition.words import judgement_word

LONGEST: Final = 4000
_SHORT: Final = Length(max=200, message=_l("Gebruik hooguit 200 tekens."))


def _is_kvk(_form: BaseForm, field: Field) -> None:
    if field.data and accounts.kvk_number(field.data) is None:
        raise ValidationError(_l("Een KvK-nummer heeft acht cijfers, bijvoorbeeld 12345678."))


class AskForm(Form):
    """Who is asked."""

    name = StringField(
        _l("Wie vraag je?"), [DataRequired(_l("Vul de naam in van wie je vraagt.")), _SHORT], filters=[stripped], render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        _l("E-mailadres op het werk"), [DataRequired(_l("Vul het e-mailadres in.")), *EMAIL_CHECKS], filters=[stripped], render_kw={"autocomplete": "off"},
    )
    employer = StringField(_l("Bedrijf of organisatie"), [DataRequired(_l("Vul in waar je werkt.")), _SHORT], filters=[stripped])
    kvk_number = StringField(
        _l("KvK-nummer"), [_is_kvk], filters=[stripped], description=_l("Als je het weet. Wie voor dit bedrijf werkt, beoordeelt je dan niet."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )

    @property
    def ask(self) -> Ask:
        email, number = clean_email(str(self.email.data)), accounts.kvk_number(self.kvk_number.data or "")
        return Ask(clean_line(str(self.name.data)), email or "", clean_line(str(self.employer.data)), number or "")


class AnswerForm(Form):
    """What somebody at work says: of each outcome, and in their own words. `answer_form` gives it its outcomes."""

    words = TextAreaField(
        _l("Wat heb je deze persoon zien doen?"),
        [DataRequired(_l("Schrijf in een paar zinnen wat je zag.")), Length(max=LONGEST, message=_l("Gebruik hooguit 4.000 tekens."))],
        filters=[stripped], render_kw={"rows": 6}, description=_l("Waar, wanneer en hoe vaak? Zeg ook wat je rol is. Noem geen klanten of patiënten."),
    )

    outcome_ids: tuple[UUID, ...] = ()

    def of(self, outcome_id: UUID) -> Field:
        """Return the field for one outcome."""
        return self[_name(outcome_id)]

    @property
    def answers(self) -> Mapping[UUID, Judgement]:
        return {each: Judgement(self.of(each).data) for each in self.outcome_ids}


def answer_form(outcomes: Sequence[tuple[UUID, str]]) -> type[AnswerForm]:
    """Return the form that asks of each of these outcomes, as (id, words), whether it was seen."""
    choices = [SelectChoice(each.value, judgement_word(each)) for each in Judgement]
    fields = {_name(each): RadioField(words, [InputRequired(_l("Kies ja, deels of nee."))], choices=choices) for each, words in outcomes}
    return type("AnswerFormOfFile", (AnswerForm,), {**fields, "outcome_ids": tuple(each for each, _words in outcomes)})


def _name(outcome_id: UUID) -> str:
    return f"outcome_{outcome_id.hex}"
