"""What a provider fills in: what it asks and allows, and how heavy each outcome weighs."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from academy.kernel.money import FREE
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import EurosField, NumberField, WholeNumberField
from academy.kernel.web.forms import Form
from academy.recognition.facts import TermsFacts
from academy.recognition.queries.outcomes import OutcomeNow

_MOST_EC: Final = 480  # two bachelor degrees: more is a typing error
HEAVIEST: Final = 100
_DECIMAL: Final = {"inputmode": "decimal", "autocomplete": "off"}


class TermsForm(Form):
    """The maximum, the signatures and the fee."""

    most_ec = NumberField(
        _l("Hoeveel EC erkennen jullie hooguit per persoon?"),
        [Optional(), NumberRange(min=0, max=_MOST_EC, message=_l("Kies een getal van 0 tot en met 480."))],
        description=_l("Over alle aanvragen samen. Laat het leeg voor geen maximum."), render_kw=_DECIMAL,
    )
    signatures = RadioField(
        _l("Hoeveel leden van de examencommissie tekenen een besluit?"), [InputRequired(_l("Kies een of twee."))],
        choices=[SelectChoice("1", _l("Een lid")), SelectChoice("2", _l("Twee leden: vier ogen"))],
    )
    fee = EurosField(
        _l("Wat kost een beoordeling? (€)"), [Optional()], render_kw=_DECIMAL,
        description=_l("Met btw. Jullie sturen zelf de rekening. Laat het leeg als het niets kost."),
    )

    def validate_most_ec(self, field: Any) -> None:  # noqa: ANN401 - WTForms binds it
        if field.data is not None and (field.data * 10) % 1:
            raise ValidationError(_("Gebruik hooguit één cijfer achter de komma."))

    @property
    def terms(self) -> TermsFacts:
        """What was filled in, of a form that validates."""
        return TermsFacts(None if self.most_ec.data is None else Decimal(self.most_ec.data), int(self.signatures.data or 1), self.fee.data or FREE)


def terms_form(terms: TermsFacts) -> TermsForm:
    """Return the form as it was sent, or with the terms of today."""
    shown = {"most_ec": terms.most_ec, "signatures": str(terms.signatures), "fee": None if terms.fee.is_zero else terms.fee}
    return TermsForm(data=shown)


class WeightsForm(Form):
    """The parent of the form of one module, whose fields are named after its outcomes."""

    outcome_ids: tuple[UUID, ...] = ()

    def weight_field(self, outcome_id: UUID) -> Any:  # noqa: ANN401 - a bound field
        """Return the field of one outcome."""
        return self[f"weight_{outcome_id.hex}"]

    @property
    def weights(self) -> dict[UUID, int]:
        """What was filled in, of a form that validates."""
        return {each: int(self.weight_field(each).data) for each in self.outcome_ids}


def weights_form(outcomes: Sequence[OutcomeNow]) -> WeightsForm:
    """Return the form of these outcomes as it was sent, or with the weights of today."""
    fields = {f"weight_{each.id.hex}": _weight_field(number) for number, each in enumerate(outcomes, start=1)}
    shown = {f"weight_{each.id.hex}": each.weight for each in outcomes}
    about = {"outcome_ids": tuple(each.id for each in outcomes)}
    form: WeightsForm = type("ModuleWeightsForm", (WeightsForm,), fields | about)(data=shown)
    return form


def _weight_field(number: int) -> Any:  # noqa: ANN401 - WTForms binds it later
    return WholeNumberField(
        _("Gewicht van leeruitkomst %(number)s", number=number),
        [InputRequired(_l("Vul een gewicht in.")), NumberRange(min=1, max=HEAVIEST, message=_l("Kies een heel getal van 1 tot en met 100."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "size": 4},
    )
