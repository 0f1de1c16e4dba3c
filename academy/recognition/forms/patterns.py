"""What a board fills in: what goes by itself, what it publishes, and what it takes back."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from academy.kernel.cleaning import clean_line
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.ids import id_in
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, DayField, WholeNumberField, stripped
from academy.kernel.web.forms import Form
from academy.recognition.kinds import NAMED_BY_SOURCE, EvidenceKind
from academy.recognition.rules.patterns import VALID_YEARS, repeatable_until
from academy.recognition.service.equivalences import EquivalenceDraft
from academy.recognition.service.patterns import ApprovalDraft
from academy.recognition.words import evidence_word

_TWO_HUNDRED: Final = Length(max=200, message=_l("Gebruik hooguit 200 tekens."))
_PUBLISHED: Final = tuple(each for each in NAMED_BY_SOURCE if each is not EvidenceKind.LOCAL_TEST)
_MOST_PARENTS: Final = 1_000


def _to_come(_form: BaseForm, field: Field) -> None:
    found: date | None = field.data
    today = amsterdam_day(utc_now())
    if found is not None and not today <= found <= repeatable_until(today):
        raise ValidationError(_("Kies een dag die nog komt, hooguit %(years)s jaar vooruit.", years=VALID_YEARS))


class SearchForm(Form):
    """What is looked for in the public table."""

    q = StringField(_l("Zoek op bewijs, bron of module"), [Optional(), Length(max=100)], filters=[stripped])


class ApprovalForm(Form):
    """What goes by itself, and within which bounds."""

    about = StringField(
        _l("Welk bewijs is dit?"), [DataRequired(_l("Schrijf kort welk bewijs dit is.")), Length(max=500)], filters=[stripped],
        description=_l("Alleen de examencommissie leest dit. Schrijf geen namen op."),
    )
    fewest_parents = WholeNumberField(
        _l("Vanaf hoeveel eerdere besluiten?"), [InputRequired(_l("Vul een getal in.")), NumberRange(min=1, max=_MOST_PARENTS, message=_l("Kies een getal van 1 tot en met 1.000."))],
        description=_l("Gelden er minder besluiten, dan kijken mensen."), render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    until = DayField(_l("Tot en met"), [InputRequired(_l("Kies een dag.")), _to_come], description=_l("Daarna kijken mensen weer."))

    def draft(self, key: str) -> ApprovalDraft:
        """What was filled in of the pattern with this key, of a form that validates."""
        assert self.until.data is not None
        return ApprovalDraft(key, clean_line(str(self.about.data)), int(self.fewest_parents.data), self.until.data)


class EquivalenceForm(Form):
    """A paper, the outcomes that it earns, why, and for how long."""

    kind = SelectField(_l("Soort bewijs"), choices=[])
    title = StringField(_l("Naam van het bewijs"), [DataRequired(_l("Geef het een naam.")), _TWO_HUNDRED], filters=[stripped])
    source = StringField(
        _l("Bron"), [DataRequired(_l("Vul in wie het geeft.")), _TWO_HUNDRED], filters=[stripped], description=_l("Wie het geeft: een register, school, bedrijf of platform."),
    )
    source_code = StringField(
        _l("Code"), [DataRequired(_l("Vul de code in.")), Length(max=80, message=_l("Gebruik hooguit 80 tekens."))], filters=[stripped],
        description=_l("Hoe de bron het noemt: een CREBO-nummer of een cursuscode. Daarmee herkennen we het."),
    )
    outcomes = ChoicesField(_l("Welke leeruitkomsten krijgt iemand hiervoor?"), [InputRequired(_l("Kies minstens één leeruitkomst."))])
    reason = TextAreaField(
        _l("Waarom telt dit?"), [DataRequired(_l("Schrijf op waarom.")), Length(max=2000, message=_l("Gebruik hooguit 2.000 tekens."))], filters=[stripped],
        description=_l("Iedereen kan dit lezen."), render_kw={"rows": 4},
    )
    valid_from = DayField(_l("Geldig vanaf"), [InputRequired(_l("Kies een dag."))])
    valid_until = DayField(_l("Geldig tot en met"), [InputRequired(_l("Kies een dag.")), _to_come])

    def offer(self, outcomes: Sequence[tuple[str, str]]) -> None:
        """Give the outcomes of the module, as (id, words)."""
        self.kind.choices = [SelectChoice(each.value, evidence_word(each)) for each in _PUBLISHED]
        self.outcomes.choices = [SelectChoice(outcome_id, words) for outcome_id, words in outcomes]

    def validate_valid_until(self, field: Any) -> None:  # noqa: ANN401 - WTForms binds it
        if field.data is not None and self.valid_from.data is not None and field.data < self.valid_from.data:
            raise ValidationError(_("De laatste dag komt na de eerste."))

    def draft(self, module_slug: str) -> EquivalenceDraft:
        """What was filled in, of a form that validates. Raises NotFound for what is no id."""
        assert self.valid_from.data is not None
        assert self.valid_until.data is not None
        chosen: frozenset[UUID] = frozenset(id_in(each) for each in self.outcomes.data or ())
        return EquivalenceDraft(
            EvidenceKind(self.kind.data), clean_line(str(self.title.data)), clean_line(str(self.source.data)), clean_line(str(self.source_code.data)), module_slug, chosen,
            str(self.reason.data), self.valid_from.data, self.valid_until.data,
        )


class UseForm(Form):
    """That a paper counts, and that the board may look at it."""

    is_agreed = BooleanField(
        _l("Dit papier is van mij. De examencommissie mag het bekijken."), [InputRequired(_l("Zet hier een vinkje. Zonder dit kan het niet meetellen."))],
    )


class TakeBackForm(Form):
    """Why a decision is taken back."""

    reason = TextAreaField(
        _l("Waarom neem je dit terug?"), [DataRequired(_l("Schrijf op waarom.")), Length(max=2000, message=_l("Gebruik hooguit 2.000 tekens."))], filters=[stripped],
        description=_l("De cursist leest dit, en kan in beroep gaan."), render_kw={"rows": 4},
    )
