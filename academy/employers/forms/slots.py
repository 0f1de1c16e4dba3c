"""The moments of the week at which people can, as a table of check boxes: a row for each day, a column for each part of it."""

from typing import Any, Final

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3

from academy.catalogue import api as catalogue
from academy.employers.rules import SLOTS, in_order
from academy.kernel.translation import _l
from academy.kernel.web.fields import ChoicesField
from academy.kernel.web.forms import Form

_PARTS: Final = (catalogue.PartOfDay.MORNING, catalogue.PartOfDay.AFTERNOON, catalogue.PartOfDay.EVENING)


class SlotsForm(Form):
    """The parent of forms that ask when people can."""

    slots = ChoicesField(_l("Wanneer kunnen ze?"), description=_l("Kies alles wat kan. Kies je niets? Dan maakt het moment niet uit."))

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        self.slots.choices = [SelectChoice(slot, catalogue.part_of_day_word(_PARTS[number % len(_PARTS)])) for number, slot in enumerate(SLOTS)]

    def parts(self) -> list[str]:
        """Return the names of the parts of a day, in the order of the check boxes of a day."""
        return [catalogue.part_of_day_word(part) for part in _PARTS]

    def by_day(self) -> list[tuple[str, list[Any]]]:
        """Return per day of the week its name and its check boxes."""
        return [(catalogue.weekday_word(day), boxes) for day, boxes in zip(catalogue.WEEKDAYS, self.slots.rows(len(_PARTS)), strict=True)]

    @property
    def chosen_slots(self) -> tuple[str, ...]:
        """The moments that were chosen, in the order of the week; none where all were, for that is any."""
        chosen = in_order(slot for slot in self.slots.data or () if slot in SLOTS)
        return () if len(chosen) == len(SLOTS) else chosen
