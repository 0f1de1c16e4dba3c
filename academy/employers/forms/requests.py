"""What is filled in by who has a module made: what is asked of which providers, answers to their questions, and the choice."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from wtforms import BooleanField, Field, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from academy.employers.drafts import RequestDraft
from academy.employers.forms.pools import ON_INVOICE, ConfirmForm
from academy.employers.rules import words_of
from academy.kernel.cleaning import clean_line
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, DayField, EurosField, stripped
from academy.kernel.web.forms import Form
from academy.search import api as search

LONGEST_TITLE: Final = 160
LONGEST_WORDS: Final = 2000
_LONGEST_PLACE: Final = 200
_LONGEST_ANSWER: Final = 2000
_LONGEST_REASON: Final = 500
# What stands folded, because it is filled in already or asked of few.
FOLDED: Final = ("questions_on", "proposals_on", "wanted_by", "place", "in_company", "guest_teacher", "budget")


def _names_nobody(_form: BaseForm, field: Field) -> None:
    if search.names_somebody(field.data or ""):
        raise ValidationError(_l("Aanbieders lezen deze tekst. Haal e-mailadressen, telefoonnummers, postcodes en links weg."))


def _more_than_nothing(_form: BaseForm, field: Field) -> None:
    if field.data is not None and field.data.is_zero:
        raise ValidationError(_l("Vul een bedrag in, of laat dit leeg."))


class RequestForm(Form):
    """What providers are asked to make. Only the first three are asked of everybody; the rest is filled in already, or folded away."""

    title = StringField(
        _l("Hoe noem je dit?"),
        [DataRequired(_l("Geef het een naam.")), Length(max=LONGEST_TITLE, message=_l("Gebruik hooguit 160 tekens.")), _names_nobody],
        filters=[stripped], description=_l("Een paar woorden, bijvoorbeeld: lassen van dun plaatstaal."), render_kw={"autocomplete": "off"},
    )
    able = TextAreaField(
        _l("Wat moeten ze daarna kunnen?"),
        [DataRequired(_l("Schrijf wat ze moeten kunnen.")), Length(max=LONGEST_WORDS, message=_l("Gebruik hooguit 2.000 tekens.")), _names_nobody],
        filters=[stripped], description=_l("Schrijf het zoals je het een collega zou vertellen. Aanbieders lezen dit."), render_kw={"rows": 6},
    )
    providers = ChoicesField(_l("Wie vraag je?"), [InputRequired(_l("Kies minstens één aanbieder."))])
    questions_on = DayField(_l("Laatste dag voor vragen"), [InputRequired(_l("Kies een dag."))], description=_l("Tot en met deze dag stellen aanbieders vragen."))
    proposals_on = DayField(
        _l("Laatste dag voor voorstellen"), [InputRequired(_l("Kies een dag."))],
        description=_l("Daarna lees je alle voorstellen. Kiezen kan tot twee weken later."),
    )
    wanted_by = DayField(_l("Wanneer moet het uiterlijk beginnen?"))
    place = StringField(
        _l("Waar?"), [Length(max=_LONGEST_PLACE, message=_l("Gebruik hooguit 200 tekens."))], filters=[stripped],
        description=_l("Een plaats of wijk is genoeg."), render_kw={"autocomplete": "off"},
    )
    in_company = BooleanField(_l("De lessen zijn bij ons"))
    guest_teacher = BooleanField(_l("Iemand van ons geeft mee les"))
    budget = EurosField(
        _l("Budget voor de hele groep, in euro’s"), [Optional(), _more_than_nothing],
        description=_l("Met btw. Aanbieders zien dit bedrag."), render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )

    def offer(self, slugs: Sequence[str], likely: Sequence[str]) -> None:
        """Offer these providers, as slugs; `likely` are ticked as long as nothing was sent."""
        self.providers.choices = [SelectChoice(slug) for slug in slugs]
        if not self.is_submitted():
            self.providers.data = list(likely)

    def is_in_order(self, *, today: date) -> bool:
        """Tell whether this can be asked; what is wrong is told at its field."""
        if not self.validate():
            return False
        questions_on, proposals_on = self._last_days()
        if not words_of(str(self.able.data)):
            self.able.errors = [_("Schrijf in een paar woorden wat ze moeten kunnen, bijvoorbeeld “lassen”.")]
        if questions_on < today:
            self.questions_on.errors = [_("Deze dag is al voorbij.")]
        if proposals_on < max(today, questions_on):
            self.proposals_on.errors = [_("Kies een dag op of na de laatste dag voor vragen.")]
        if self.wanted_by.data is not None and self.wanted_by.data <= proposals_on:
            self.wanted_by.errors = [_("Kies een dag na de laatste dag voor voorstellen.")]
        return not self.errors

    @property
    def has_folded_errors(self) -> bool:
        """Tell whether something is wrong in what stands folded, so that it opens."""
        return any(self[name].errors for name in FOLDED)

    def _last_days(self) -> tuple[date, date]:
        """Return the last days to ask and to propose, which a form that validates has."""
        questions_on, proposals_on = self.questions_on.data, self.proposals_on.data
        assert questions_on is not None
        assert proposals_on is not None
        return questions_on, proposals_on

    @property
    def chosen_providers(self) -> list[str]:
        """The slugs of who is asked."""
        return list(self.providers.data or ())

    def draft(self) -> RequestDraft:
        """Return what is asked, of a form that is in order."""
        return RequestDraft(
            clean_line(str(self.title.data)), str(self.able.data), *self._last_days(), clean_line(str(self.place.data or "")),
            bool(self.in_company.data), bool(self.guest_teacher.data), self.wanted_by.data, self.budget.data,
        )


class AnswerForm(Form):
    """An answer to a question of a provider."""

    text = TextAreaField(
        _l("Je antwoord"), [DataRequired(_l("Schrijf een antwoord.")), Length(max=_LONGEST_ANSWER, message=_l("Gebruik hooguit 2.000 tekens."))],
        filters=[stripped], description=_l("Alle aanbieders die je vroeg, lezen dit."), render_kw={"rows": 3, "maxlength": _LONGEST_ANSWER},
    )


class _WithReason(Form):
    """The parent of forms that tell providers why it is not to be theirs."""

    reason = TextAreaField(
        _l("Wat wil je de aanbieders zeggen?"), [Length(max=_LONGEST_REASON, message=_l("Gebruik hooguit 500 tekens."))], filters=[stripped],
        render_kw={"rows": 3, "maxlength": _LONGEST_REASON},
    )


class WithdrawForm(_WithReason):
    """Take a request back."""


class ChooseForm(ConfirmForm, _WithReason):
    """Choose a proposal: from what the seats are paid, and a word for the providers that were not chosen."""

    def prepare(self, budgets: Sequence[tuple[str, str]], *, is_paid: bool, lacks_billing: bool) -> None:
        """Offer these budgets, as (id, words), and an invoice; where nobody said yet where that goes it is asked, as soon as there is to be one.

        `is_paid`: this choice obliges to pay; else nothing is asked.
        """
        self.reason.label.text = _("Wat wil je de andere aanbieders zeggen?")
        pays = [*budgets, (ON_INVOICE, _("Op factuur, achteraf"))] if is_paid else []
        is_on_invoice = is_paid and (not budgets or self.pay.data == ON_INVOICE)
        self.offer(pays=pays, asks_billing=lacks_billing and is_on_invoice, costs_more=False)

    @property
    def asks_billing(self) -> bool:
        return "street" in self

