"""The shape of what the programme office says of a provider."""

from datetime import date, datetime
from typing import Any, Final

from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length

from academy.kernel.translation import _, _l
from academy.kernel.web.fields import DayField, stripped
from academy.kernel.web.forms import Form
from academy.reports.kinds import TICKED_ITEMS, Stage
from academy.reports.queries.participation_words import stage_words
from academy.reports.rules.participating import StageChange, goes_back

_NOTE: Final = 1000


class StageForm(Form):
    """How far a provider is, since when, and why; `seen` is when it was changed last, as the page showed it."""

    stage = RadioField(_l("Hoe ver is deze opleider?"), [InputRequired(_l("Kies hoe ver de opleider is."))])
    since = DayField(_l("Sinds welke dag?"), [InputRequired(_l("Vul een datum in."))])
    is_large = BooleanField(_l("Grote opleider"), description=_l("Telt mee voor de regel: drie grote opleiders, waarvan twee uit Nederland en één uit het buitenland."))
    is_anchor = BooleanField(_l("Was er al in de regio"), description=_l("Wat anderen aanbieden, moet een aanvulling zijn op wat deze opleider biedt."))
    note = TextAreaField(
        _l("Notitie voor collega’s"), [Length(max=_NOTE, message=_l("Gebruik hooguit 1.000 tekens."))], filters=[stripped],
        description=_l("Bijvoorbeeld wat jullie afspraken. Gaat de opleider een stap terug? Schrijf dan waarom."), render_kw={"rows": 3, "maxlength": _NOTE},
    )
    seen = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        self.stage.choices = [(stage.value, stage_words(stage)) for stage in Stage]

    def is_in_order(self, was: Stage | None, *, today: date) -> bool:
        """Tell whether it is whole, and fits what the provider was; puts a sentence at the field that does not."""
        if not self.validate() or self.since.data is None:
            return False
        if self.since.data > today:
            self.since.errors = [_("Deze dag moet nog komen. Kies vandaag of een dag die voorbij is.")]
        if goes_back(was, Stage(self.stage.data)) and not self.note.data:
            self.note.errors = [_("De opleider gaat een stap terug. Schrijf in een paar woorden waarom.")]
        return not (self.since.errors or self.note.errors)

    @property
    def change(self) -> StageChange:
        """What a form that is in order says."""
        assert self.since.data is not None
        return StageChange(Stage(self.stage.data), self.since.data, self.is_large.data, self.is_anchor.data, self.note.data or "")

    @property
    def seen_at(self) -> datetime | None:
        """The moment in `seen`; None for a provider that took no part, or when it was lost."""
        try:
            return datetime.fromisoformat(str(self.seen.data))
        except ValueError:
            return None


class TickForm(Form):
    """Whether something is there that no table tells."""

    item = HiddenField(validators=[AnyOf([each.value for each in TICKED_ITEMS])])
    is_there = BooleanField()
