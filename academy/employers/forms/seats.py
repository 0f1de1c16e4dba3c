"""What a buyer fills in: how many seats of which class, out of which money, and for whom; and codes to give out."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.validators import InputRequired, Length, NumberRange

from academy.employers.forms.people import PeopleForm
from academy.employers.service.buying import MOST_SEATS
from academy.kernel.clock import end_of_day
from academy.kernel.money import Money
from academy.kernel.translation import _, _l, ngettext
from academy.kernel.web.fields import DayField, WholeNumberField, stripped
from academy.kernel.web.forms import Form, KeyedForm

ON_INVOICE: Final = "invoice"
_LONGEST_REFERENCE: Final = 60


class BuyForm(PeopleForm, KeyedForm):
    """An order as it is filled in and, with what was `shown`, as it is agreed to. People may follow later."""

    shown = HiddenField()
    seats = WholeNumberField(
        _l("Hoeveel plekken?"), [InputRequired(_l("Vul een aantal in.")), NumberRange(min=1, max=MOST_SEATS, message=_l("Kies 1 tot 200 plekken."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    budget = RadioField(_l("Waarvan betalen jullie?"), [InputRequired(_l("Kies waarvan jullie betalen."))])
    reference = StringField(
        _l("Jullie kenmerk"), [Length(max=_LONGEST_REFERENCE, message=_l("Gebruik hooguit 60 tekens."))], filters=[stripped],
        description=_l("Bijvoorbeeld een inkoopnummer. Het komt op de factuur."), render_kw={"autocomplete": "off"},
    )
    must_have_people = False

    def offer(self, budgets: Iterable[tuple[str, str]], *, is_free: bool) -> None:
        """Offer these budgets, as (id, words), and an invoice; a free class asks nothing. A file of people comes after ordering."""
        del self.file
        if is_free:
            del self.budget, self.reference
            return
        offered = [*budgets, (ON_INVOICE, _("Op factuur, achteraf"))]
        self.budget.choices = [SelectChoice(value, words) for value, words in offered]
        if self.budget.data is None:
            self.budget.data = offered[0][0]

    def is_good(self, *, left: int | None) -> bool:
        """Tell whether the order can be shown to agree to; its people have to fit in it, and it in the `left` seats where that is asked."""
        seats = self.seats.data if isinstance(self.seats.data, int) else 0
        if self.is_in_order(taken=(), room=seats) and left is not None and seats > left:
            self.seats.errors = [ngettext("Er is nog maar %(num)s plek vrij.", "Er zijn nog maar %(num)s plekken vrij.", left) if left else _("Er is geen plek meer vrij.")]
        return not self.errors

    @property
    def number(self) -> int:
        """How many seats, of a form that is in order."""
        found = self.seats.data
        assert isinstance(found, int)
        return found

    @property
    def mark(self) -> str:
        """The buyer's own reference, or nothing."""
        return str(self.reference.data or "") if "reference" in self else ""

    @property
    def budget_id(self) -> str:
        """The chosen budget; "" is on invoice."""
        chosen = str(self.budget.data) if "budget" in self else ON_INVOICE
        return "" if chosen == ON_INVOICE else chosen

    @property
    def price_shown(self) -> Money:
        """The price of a seat that the page showed; one that nobody has where it was lost."""
        text = str(self.shown.data or "")
        return Money(int(text) if text.isascii() and text.isdigit() else -1)


class CodesForm(Form):
    """Codes to give out: how many, for how many seats each, and until when."""

    number = WholeNumberField(
        _l("Hoeveel codes?"), [InputRequired(_l("Vul een aantal in.")), NumberRange(min=1, max=MOST_SEATS, message=_l("Kies 1 tot 200 codes."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    uses = WholeNumberField(
        _l("Voor hoeveel plekken per code?"),
        [InputRequired(_l("Vul een aantal in.")), NumberRange(min=1, max=MOST_SEATS, message=_l("Kies 1 tot 200 plekken."))],
        description=_l("Met 1 werkt elke code één keer."), render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    until_on = DayField(_l("Tot en met welke dag?"), description=_l("Laat je dit leeg? Dan werken ze tot de eerste dag."))

    def is_in_order(self, *, room: int, today: date) -> bool:
        """Tell whether there are seats for so many codes; what is wrong is told at its field."""
        if not self.validate():
            return False
        if self.number.data * self.uses.data > room:
            self.number.errors = [_("Zoveel plekken zijn er niet. Er zijn er nog %(room)s zonder naam.", room=room)]
        if self.until_on.data is not None and self.until_on.data < today:
            self.until_on.errors = [_("Deze dag is al voorbij.")]
        return not self.errors

    @property
    def until(self) -> datetime | None:
        """The moment at which the day ends, of a form that is in order."""
        return None if self.until_on.data is None else end_of_day(self.until_on.data)
