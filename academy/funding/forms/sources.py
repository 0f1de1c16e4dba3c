"""What a keeper of money writes down: a source, a budget, who may use it, and an answer to a share that was asked."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import DataRequired, InputRequired, Length

from academy.funding.drafts import BudgetDraft, SourceDraft
from academy.funding.facts import BudgetFacts
from academy.funding.forms.situation import one_of_the_list
from academy.funding.kinds import SourceKind
from academy.funding.words import source_word
from academy.kernel.cleaning import clean_line
from academy.kernel.money import FREE
from academy.kernel.text import Localized
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, DayField, EurosField, stripped
from academy.kernel.web.forms import Form
from academy.kernel.web.mail_address import clean_email

MOST_AT_ONCE: Final = 500
_BETWEEN: Final = re.compile(r"[\s,;<>]+")


class BudgetForm(Form):
    """How much there is in a period."""

    amount = EurosField(
        _l("Hoeveel geld is er? (€)"), [InputRequired(_l("Vul een bedrag in."))], description=_l("Meer dan dit geven we nooit uit."),
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    from_on = DayField(_l("Van"), [InputRequired(_l("Kies een dag."))])
    until_on = DayField(_l("Tot en met"), [InputRequired(_l("Kies een dag."))])

    def is_in_order(self, others: Sequence[BudgetFacts] = ()) -> bool:
        """Tell whether the budget can be kept beside `others`; what is wrong is told at its field."""
        if not self.validate():
            return False
        if self.amount.data <= FREE:
            self.amount.errors = [_("Vul een bedrag boven nul in.")]
        if self.budget.until_on < self.budget.from_on:
            self.until_on.errors = [_("De laatste dag ligt voor de eerste.")]
        elif any(one.from_on <= self.budget.until_on and self.budget.from_on <= one.until_on for one in others):
            self.from_on.errors = [_("In deze tijd is er al een budget. Wijzig dat, of kies andere dagen.")]
        return not self.errors

    @property
    def budget(self) -> BudgetDraft:
        """What was filled in, of a form that validated; the budget is named after its years."""
        first, last = self.from_on.data, self.until_on.data
        assert isinstance(first, date)
        assert isinstance(last, date)
        name = str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
        return BudgetDraft(name=name, from_on=first, until_on=last, amount=self.amount.data)


class SourceForm(BudgetForm):
    """A source of money with its first budget."""

    name = StringField(
        _l("Naam"), [DataRequired(_l("Vul een naam in.")), Length(max=120, message=_l("Gebruik hooguit 120 tekens."))], filters=[stripped],
        description=_l("Cursisten zien deze naam bij de prijs. Voorbeeld: Scholingsbudget 2027."), render_kw={"autocomplete": "off"},
    )
    kind = RadioField(_l("Wat voor geld is het?"), [InputRequired(_l("Kies wat het is.")), one_of_the_list], validate_choice=False)
    explanation = TextAreaField(
        _l("Voor wie is het?"), [Length(max=500, message=_l("Gebruik hooguit 500 tekens."))], filters=[stripped],
        description=_l("Eén of twee korte zinnen. Cursisten lezen ze."),
    )

    def offer(self, kinds: Sequence[SourceKind]) -> None:
        """Offer the kinds of money that this organisation can give; of one kind nothing is asked."""
        self.kind.choices = [SelectChoice(kind.value, source_word(kind)) for kind in kinds]
        if len(kinds) == 1:
            del self.kind

    def draft(self, kinds: Sequence[SourceKind]) -> SourceDraft:
        """Return what was filled in, of a form that validated."""
        kind = SourceKind(self.kind.data) if "kind" in self else kinds[0]
        return SourceDraft(Localized(clean_line(self.name.data or "")), kind, Localized(self.explanation.data or ""), self.budget)


class AmountForm(Form):
    """Another amount for a budget that is there."""

    amount = EurosField(
        _l("Hoeveel geld is er? (€)"), [InputRequired(_l("Vul een bedrag in."))], render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )

    def is_in_order(self, budget: BudgetFacts) -> bool:
        """Tell whether the budget can become this large; what is wrong is told at its field."""
        if self.validate() and (self.amount.data <= FREE or self.amount.data < budget.earmarked + budget.spent):
            self.amount.errors = [_("Er is al meer toegezegd of besteed. Kies een hoger bedrag.")]
        return not self.errors


class PeopleForm(Form):
    """E-mail addresses of who may use a budget: as many at once as one has, in any of the ways lists of addresses are pasted."""

    emails = TextAreaField(
        _l("E-mailadressen"), [DataRequired(_l("Vul minstens één e-mailadres in."))],
        description=_l("Zet elk adres op een eigen regel, of plak een lijst uit je mailprogramma. We sturen nog geen e-mail."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "rows": "5"},
    )

    def is_in_order(self) -> bool:
        """Tell whether every word is an address; those that are not are named at the field."""
        if not self.validate():
            return False
        wrong = [word for word in self._words if "@" in word and clean_email(word) is None]
        if wrong:
            self.emails.errors = [_("Dit zijn geen e-mailadressen: %(wrong)s", wrong=", ".join(wrong[:5]))]
        elif not self.addresses:
            self.emails.errors = [_("Hier staat geen e-mailadres in. Een voorbeeld: naam@voorbeeld.nl")]
        elif len(self.addresses) > MOST_AT_ONCE:
            self.emails.errors = [_("Voeg hooguit %(most)s adressen tegelijk toe.", most=MOST_AT_ONCE)]
        return not self.errors

    @property
    def _words(self) -> list[str]:
        return [word for word in _BETWEEN.split(self.emails.data or "") if word]

    @property
    def addresses(self) -> list[str]:
        """The addresses in the form we keep, each once; what has no @ is a name beside an address, as mail programs write it."""
        return list(dict.fromkeys(found for word in self._words if "@" in word and (found := clean_email(word))))


class ApproveForm(Form):
    """A yes to a share; `seen` is the evidence that was looked at."""

    seen = ChoicesField(_l("Wat heb je gezien?"), [one_of_the_list], validate_choice=False)

    def offer(self, evidence: Sequence[str]) -> None:
        """Ask for each piece of evidence that the rule wants; nothing when it wants none."""
        self.seen.choices = [SelectChoice(each, each) for each in evidence]
        if not evidence:
            del self.seen

    def is_in_order(self, evidence: Sequence[str]) -> bool:
        """Tell whether all evidence was seen; what is missing is told at the field."""
        if self.validate() and evidence and not set(evidence).issubset(self.seen.data or ()):
            self.seen.errors = [_("Goedkeuren kan pas als je alles hebt gezien. Vraag de cursist om wat ontbreekt.")]
        return not self.errors

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(self.seen.data or ()) if "seen" in self else ()


class RefuseForm(Form):
    """A no to a share, with its reason."""

    reason = TextAreaField(
        _l("Waarom niet?"), [DataRequired(_l("Schrijf waarom niet.")), Length(max=500, message=_l("Gebruik hooguit 500 tekens."))],
        filters=[stripped], description=_l("De cursist leest dit in een e-mail."), render_kw={"rows": "3"},
    )
