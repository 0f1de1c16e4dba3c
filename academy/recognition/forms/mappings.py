"""What is filled in about remote courses that count after a test: by the exam board, the learner who books, and the assessor."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from wtforms import BooleanField, Field, RadioField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, ValidationError

from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, DayField, stripped
from academy.kernel.web.forms import Form
from academy.recognition.service.mapping import MappingDraft

_REASON: Final = 2000


class MappingForm(Form):
    """Which remote course counts for which outcomes of which module, and on which days."""

    mooc = RadioField(_l("Welke online cursus?"), [InputRequired(_l("Kies een online cursus."))])
    module = RadioField(_l("Voor welke module van jullie?"), [InputRequired(_l("Kies een module."))])
    outcomes = ChoicesField(_l("Welke leeruitkomsten levert het op?"), [InputRequired(_l("Kies minstens één leeruitkomst."))])
    valid_from = DayField(_l("Geldt vanaf"), [InputRequired(_l("Kies een dag."))])
    valid_until = DayField(_l("Geldt tot en met"), [InputRequired(_l("Kies een dag."))], description=_l("Op deze dag kan de toets nog worden gedaan."))

    def offer(self, moocs: Sequence[str], modules: Sequence[tuple[str, Sequence[UUID]]]) -> None:
        """Offer these remote courses and modules, the latter as (slug, outcomes); the first of each is chosen as long as nothing was sent."""
        self.mooc.choices = [(slug, slug) for slug in moocs]
        self.module.choices = [(slug, slug) for slug, _outcomes in modules]
        self.outcomes.choices = [(each.hex, each.hex) for _slug, outcomes in modules for each in outcomes]
        if not self.is_submitted():
            self.mooc.data, self.module.data = next(iter(moocs), None), next((slug for slug, _outcomes in modules), None)

    def is_in_order(self, *, today: date) -> bool:
        """Tell whether this can be published; what is wrong is told at its field."""
        if not self.validate():
            return False
        first, last = self.valid_from.data, self.valid_until.data
        if first is not None and last is not None and last < max(first, today):
            self.valid_until.errors = [_("Kies een dag na de eerste dag, en niet voorbij.")]
        return not self.errors

    def draft(self, of: Sequence[UUID]) -> MappingDraft:
        """Return what is published, of a form that is in order; `of` are the outcomes of the module that is chosen."""
        first, last = self.valid_from.data, self.valid_until.data
        assert first is not None
        assert last is not None
        chosen = frozenset(each for each in of if each.hex in (self.outcomes.data or ()))
        return MappingDraft(str(self.mooc.data), str(self.module.data), chosen, first, last)


class BookForm(Form):
    """The certificate and the moment of a test."""

    certificate = RadioField(_l("Welk certificaat hoort erbij?"), [InputRequired(_l("Kies je certificaat."))])
    slot = RadioField(_l("Wanneer doe je de toets?"), [InputRequired(_l("Kies een moment."))])

    def offer(self, certificates: Sequence[tuple[UUID, str]], slots: Sequence[tuple[str, str]]) -> None:
        """Offer these certificates as (id, title) and moments as (code, words)."""
        self.certificate.choices = [(each.hex, title) for each, title in certificates]
        self.slot.choices = list(slots)
        if not self.is_submitted() and len(certificates) == 1:
            self.certificate.data = certificates[0][0].hex


def _with_certificate(form: BaseForm, field: Field) -> None:
    if form["result"].data == "passed" and not field.data:
        raise ValidationError(_l("Zonder gezien certificaat kan de toets niet gehaald zijn."))


def _with_reason(form: BaseForm, field: Field) -> None:
    if form["result"].data == "failed" and not field.data:
        raise ValidationError(_l("Schrijf waarom niet. De cursist leest dit."))


class JudgeForm(Form):
    """What an assessor says of the certificate and the test, at once."""

    is_certificate_seen = BooleanField(_l("Ik heb het certificaat gezien: het is van deze cursist en van deze online cursus"), [_with_certificate])
    result = RadioField(_l("Is de toets gehaald?"), [InputRequired(_l("Kies ja of nee."))])
    reason = TextAreaField(
        _l("Uitleg"), [_with_reason, Length(max=_REASON, message=_l("Gebruik hooguit 2.000 tekens."))], filters=[stripped],
        description=_l("Nodig als de toets niet is gehaald. De cursist leest dit."), render_kw={"rows": 3},
    )

    def offer(self) -> None:
        """Offer both answers, in the reader's language."""
        self.result.choices = [("passed", _("Ja, gehaald")), ("failed", _("Nee, niet gehaald"))]
