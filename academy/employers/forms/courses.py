"""What is filled in about a company's own course: that it is begun, and what happened on its way to a level."""

from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from typing_extensions import override
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, URLField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length

from academy.employers.kinds import CourseStage
from academy.employers.queries.courses import CourseFacts
from academy.employers.rules.accrediting import COURSE_WAYS, LEVELS
from academy.kernel.formats import day
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import DayField, stripped
from academy.kernel.web.forms import Form, KeyedForm

_LONGEST_TITLE, _LONGEST_LINK, _LONGEST_CODE = 160, 500, 60
_WHAT_HAPPENED: Final = {
    CourseStage.VALIDITY_ASKED: _l("We vroegen de geldigheid aan"), CourseStage.VALIDITY_GRANTED: _l("De geldigheid is gekregen"),
    CourseStage.VALIDITY_REFUSED: _l("De geldigheid is geweigerd"), CourseStage.LEVEL_ASKED: _l("We vroegen het niveau aan"),
    CourseStage.LEVEL_GRANTED: _l("Het niveau is gekregen"), CourseStage.LEVEL_REFUSED: _l("Het niveau is geweigerd"),
}


def _levels(of_none: str) -> list[SelectChoice]:
    return [SelectChoice("", of_none), *(SelectChoice(level, _("Niveau %(level)s", level=level)) for level in LEVELS)]


def _is_link(_form: BaseForm, field: Field) -> None:
    if not field.data:
        return
    try:
        found = urlsplit(field.data)
        is_one = found.scheme in {"http", "https"} and bool(found.hostname) and not any(sign.isspace() for sign in field.data)
    except ValueError:  # brackets that are no address
        is_one = False
    if not is_one:
        raise ValidationError(_("Begin de link met https:// en neem hem over uit je browser."))


class BeginForm(KeyedForm):
    """A course to follow, and the level that is hoped for."""

    title = StringField(
        _l("Naam van de cursus"), [DataRequired(_l("Vul de naam van de cursus in.")), Length(max=_LONGEST_TITLE, message=_l("Gebruik hooguit 160 tekens."))],
        filters=[stripped], render_kw={"autocomplete": "off"},
    )
    nlqf = SelectField(_l("Op welk niveau hopen jullie?"))

    @override
    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.nlqf.choices = _levels(_("Dat weten we nog niet"))


class StepForm(Form):
    """What happened, when, and where its documents are; a granted level has its code in the register."""

    stage = RadioField(_l("Wat is er gebeurd?"), [InputRequired(_l("Kies wat er is gebeurd."))], validate_choice=False)  # a stale one is told apart
    nlqf = SelectField(_l("Welk niveau?"), description=_l("Alleen als het niveau is gekregen."))
    register_code = StringField(
        _l("Code in het register"), [Length(max=_LONGEST_CODE, message=_l("Gebruik hooguit 60 tekens."))], filters=[stripped],
        description=_l("Alleen als het niveau is gekregen. Zo staat de cursus in het register van NCP NLQF."), render_kw={"autocomplete": "off"},
    )
    on_day = DayField(_l("Op welke dag?"), [InputRequired(_l("Vul de dag in."))])
    link = URLField(
        _l("Link naar de documenten"), [Length(max=_LONGEST_LINK, message=_l("Gebruik hooguit 500 tekens.")), _is_link], filters=[stripped],
        description=_l("Waar jullie ze zelf bewaren. Wij bewaren geen documenten."), render_kw={"autocomplete": "off"},
    )

    def offer(self, course: CourseFacts) -> None:
        """Offer the steps that can follow; a level and its code only where a level can be granted."""
        ways = COURSE_WAYS[course.stage]
        self.stage.choices = [SelectChoice(way.value, str(_WHAT_HAPPENED[way])) for way in ways]
        if course.stage is CourseStage.LEVEL_GRANTED:
            self.stage.choices = [SelectChoice(CourseStage.LEVEL_ASKED.value, _("We vroegen het niveau opnieuw aan"))]
        if CourseStage.LEVEL_GRANTED in (*ways, course.stage):
            self.nlqf.choices = _levels(_("Kies een niveau"))
        else:
            del self.nlqf, self.register_code

    @property
    def becomes(self) -> CourseStage | None:
        """The stage that the course came to; None for one that there is not."""
        return CourseStage(self.stage.data) if self.stage.data in {stage.value for stage in _WHAT_HAPPENED} else None

    @property
    def level(self) -> tuple[str, str]:
        """The level and its code in the register, of a form that is in order; nothing where none was granted."""
        return (self.nlqf.data, self.register_code.data or "") if self.is_granted else ("", "")

    @property
    def is_granted(self) -> bool:
        """Whether a level was granted, where one can be."""
        return self.becomes is CourseStage.LEVEL_GRANTED and "nlqf" in self

    @property
    def day(self) -> date:
        """The day of the step; one that never comes when none was filled in, which no form in order has."""
        return self.on_day.data or date.max

    def is_in_order(self, course: CourseFacts, *, today: date) -> bool:
        """Tell whether this can be noted; what is wrong is told at its field."""
        if not self.validate():
            return False
        wrong = {
            "stage": self.becomes is None and _("Kies wat er is gebeurd."),
            "nlqf": self.is_granted and not self.nlqf.data and _("Kies het niveau dat is gekregen."),
            "register_code": self.is_granted and not self.register_code.data and _("Vul de code uit het register in."),
            "on_day": self._day_is_wrong(course.last_day or date.min, today),
        }
        for name, sentence in wrong.items():
            if sentence:
                self[name].errors = [*self[name].errors, str(sentence)]
        return not any(wrong.values())

    def _day_is_wrong(self, last: date, today: date) -> str:
        if self.day > today:
            return _("Deze dag moet nog komen. Noteer de stap als hij is gezet.")
        return _("De stap hiervoor was op %(day)s. Kies die dag of een latere.", day=day(last)) if self.day < last else ""


class TakeBackForm(Form):
    """The step that the page showed as the last one."""

    step = HiddenField()

    @property
    def step_id(self) -> UUID | None:
        """The step; None when it was lost or is none."""
        try:
            return UUID(hex=str(self.step.data))
        except ValueError:
            return None


def step_form(course: CourseFacts, *, is_new: bool) -> StepForm:
    """Return the form of what can follow in a course: as it was sent, or a new one with the level that is hoped for."""
    form = StepForm(formdata=None, data={"nlqf": course.nlqf}) if is_new else StepForm()
    form.offer(course)
    return form
