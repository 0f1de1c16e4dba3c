"""What an exam board fills in about credits that count for a programme."""

from typing import Any, Final

from typing_extensions import override
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import NumberRange, Optional

from academy.catalogue.api import LEVELS, level_word
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import WholeNumberField
from academy.kernel.web.forms import Form
from academy.pathways.queries.credit_rules import CreditRuleFacts

MOST_YEARS: Final = 50  # as the table has it
_LEVELS: Final = LEVELS[LEVELS.index("4"):]  # no degree asks less of what counts for it


class CreditRuleForm(Form):
    """The least level and the age of credits."""

    least_nlqf = SelectField(_l("Welk niveau moet een module minstens hebben?"), description=_l("Een module op een lager niveau telt dan niet mee."))
    valid_years = WholeNumberField(
        _l("Hoeveel jaar telt een resultaat mee?"), [Optional(), NumberRange(min=1, max=MOST_YEARS, message=_l("Kies een getal van 1 tot en met 50."))],
        description=_l("Geteld vanaf de dag van het resultaat of het besluit. Laat het leeg als het niet uitmaakt hoe oud het is."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "size": 4},
    )

    @override
    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.least_nlqf.choices = [SelectChoice("", _("Elk niveau")), *(SelectChoice(each, level_word(each)) for each in _LEVELS)]

    @property
    def rule(self) -> CreditRuleFacts:
        """What was filled in, of a form that validates."""
        return CreditRuleFacts(self.least_nlqf.data or "", self.valid_years.data)


def credit_rule_form(rule: CreditRuleFacts) -> CreditRuleForm:
    """Return the form as it was sent, or with the rule of today."""
    return CreditRuleForm(data={"least_nlqf": rule.least_nlqf, "valid_years": rule.valid_years})
