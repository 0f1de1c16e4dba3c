"""What is filled in about a commission: whom to ask, what a provider answers, and why it is given up; and which gap an address names."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from typing_extensions import override
from wtforms import Field, RadioField, SelectField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length

from academy.kernel.clock import amsterdam_day, end_of_day, utc_now
from academy.kernel.errors import NotFound
from academy.kernel.formats import in_current_language
from academy.kernel.text import Localized
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import DayField, stripped
from academy.kernel.web.forms import Form
from academy.reports.facts import View
from academy.reports.forms.choosing import sectors_known
from academy.reports.kinds import EVERY, CommissionInviteState
from academy.reports.queries.commissions import AskedOf
from academy.reports.queries.picture import periods_at

_LONGEST_NOTE, _LONGEST_ANSWER, _LONGEST_SUBJECT = 2000, 1000, 300
_ROWS: Final = {"rows": 4}
_TWO_WEEKS, _YEAR = timedelta(days=14), timedelta(days=365)
_AREA: Final = re.compile(r"[1-9]\d|\*", re.ASCII)


def gap_in(asked: Mapping[str, str], *, today: date) -> tuple[str, View]:
    """Return the gap that an address names, and where and when; the newest period that was counted where it names none. Raises NotFound for what is none."""
    periods = periods_at(today)
    period, area, sector = asked.get("period") or periods[0], asked.get("area") or EVERY, asked.get("sector") or EVERY
    subject = asked.get("skill", "")
    is_text = 0 < len(subject) <= _LONGEST_SUBJECT and "\x00" not in subject  # PostgreSQL can not be asked about such a sign
    if not is_text or period not in periods or not _AREA.fullmatch(area) or sector not in sectors_known():
        raise NotFound
    return subject, View(period, area, sector)


def _is_to_come(_form: BaseForm, field: Field) -> None:
    today = amsterdam_day(utc_now())
    if not today < field.data <= today + _YEAR:
        raise ValidationError(_("Kies een dag na vandaag, binnen een jaar."))


class InviteForm(Form):
    """Which providers to ask, by the slugs of their addresses."""

    providers = SelectMultipleField(_l("Welke opleiders vraag je?"), [InputRequired(_l("Kies ten minste één opleider."))])

    def offer(self, providers: Iterable[tuple[str, str]]) -> None:
        """Set which can be chosen: (slug, name)."""
        self.providers.choices = list(providers)

    def chosen(self, ids: Mapping[str, UUID]) -> frozenset[UUID]:
        """Return the ids of what was chosen, of a form that is in order."""
        return frozenset(ids[slug] for slug in self.providers.data or ())


class NewForm(InviteForm):
    """A commission: whom to ask, until when, and what they should know."""

    answer_by = DayField(_l("Tot en met welke dag kunnen ze antwoorden?"), [InputRequired(_l("Vul een dag in.")), _is_to_come])
    note = TextAreaField(
        _l("Wat moeten ze weten?"), [Length(max=_LONGEST_NOTE, message=_l("Gebruik hooguit 2.000 tekens."))], filters=[stripped],
        description=_l("Opleiders die je vraagt lezen dit op hun pagina. Schrijf geen namen van mensen."), render_kw=_ROWS | {"maxlength": _LONGEST_NOTE},
    )

    @property
    def until(self) -> datetime:
        """The end of the last day to answer, of a form that is in order."""
        return end_of_day(self.answer_by.data or date.min)

    @classmethod
    def beginning(cls, proposed: Collection[str], *, today: date) -> "NewForm":
        """Return the form as it is shown first: those who fit best are chosen, and two weeks to answer."""
        return cls(formdata=None, data={"providers": list(proposed), "answer_by": today + _TWO_WEEKS})


class CloseForm(Form):
    """Why a commission is given up."""

    reason = TextAreaField(
        _l("Waarom stop je deze aanvraag?"), [DataRequired(_l("Schrijf in een paar woorden waarom.")), Length(max=_LONGEST_NOTE, message=_l("Gebruik hooguit 2.000 tekens."))],
        filters=[stripped], description=_l("Opleiders die je vroeg lezen dit op hun pagina."), render_kw=_ROWS | {"maxlength": _LONGEST_NOTE},
    )


class AnswerForm(Form):
    """Whether a provider fills the gap, and with which of its modules."""

    answer = RadioField(_l("Geven jullie dit?"), [InputRequired(_l("Kies ja of nee."))])
    module = SelectField(
        _l("Met welke module?"), description=_l("Bestaat die nog niet? Zeg dan alvast ja, en kies hem hier zodra hij in jullie aanbod staat."),
    )
    note = TextAreaField(
        _l("Toelichting"), [Length(max=_LONGEST_ANSWER, message=_l("Gebruik hooguit 1.000 tekens."))], filters=[stripped],
        description=_l("Het programmabureau leest dit."), render_kw=_ROWS | {"maxlength": _LONGEST_ANSWER},
    )

    @override
    def __init__(self, *args: Any, modules: Collection[tuple[UUID, Localized, bool]], **values: Any) -> None:
        super().__init__(*args, **values)
        self.answer.choices = [
            SelectChoice(CommissionInviteState.WILLING.value, _("Ja, wij geven of maken deze module")), SelectChoice(CommissionInviteState.DECLINED.value, _("Nee, dit lukt niet")),
        ]
        self.module.choices = [SelectChoice("", _("Die maken we nog")), *(SelectChoice(module_id.hex, _option(title, trains=trains)) for module_id, title, trains in modules)]

    @property
    def module_id(self) -> UUID | None:
        """The module that was chosen, of a form that is in order; None for one that has yet to be made."""
        return UUID(hex=self.module.data) if self.module.data else None


def _option(title: Localized, *, trains: bool) -> str:
    words = in_current_language(title)
    return _("%(title)s (leert deze vaardigheid al)", title=words) if trains else words


def answer_form(modules: Collection[tuple[UUID, Localized, bool]], *, before: AskedOf, is_new: bool) -> AnswerForm:
    """Return the form as it was sent, or as it is shown first: with what was answered before."""
    if not is_new:
        return AnswerForm(modules=modules)
    said = before.state.value if before.state is not CommissionInviteState.INVITED else None
    return AnswerForm(formdata=None, modules=modules, data={"answer": said, "module": before.module.id.hex if before.module is not None else "", "note": before.note})
