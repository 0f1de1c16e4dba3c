"""The shape of what somebody fills in to wait for a seat."""

from typing import Any, Final

from wtforms.validators import Optional

from academy.catalogue import api as catalogue
from academy.kernel.translation import _l
from academy.kernel.web.fields import ChoicesField, EurosField
from academy.kernel.web.forms import KeyedForm

# The parts of a day that one can be free in; a class of the whole day takes two of them.
PARTS: Final = (catalogue.PartOfDay.MORNING, catalogue.PartOfDay.AFTERNOON, catalogue.PartOfDay.EVENING)
_WHOLE_DAY: Final = PARTS[:2]


def moments_of(offering: catalogue.OfferingFacts) -> list[str]:
    """Return the moments of the week at which a class meets, such as `tue-evening`; what who waits for it can do in any case."""
    parts = _WHOLE_DAY if offering.part_of_day is catalogue.PartOfDay.DAY else (offering.part_of_day,)
    return [f"{day}-{part.value}" for day in offering.weekdays for part in parts if part in PARTS]


class WaitForm(KeyedForm):
    """Wait for a class: when one can, and what one would pay at most; `request_key` makes the same form, sent twice, the same request."""

    when_can_you = ChoicesField(_l("Wanneer kun je?"), description=_l("Kies alles wat kan. Zo weten aanbieders welke dag past."))
    most_price = EurosField(
        _l("Hoeveel wil je zelf hooguit betalen?"), [Optional()],
        description=_l("In euro’s. Je zit nergens aan vast. Zo weten aanbieders wat mensen kunnen betalen."),
    )

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        self.when_can_you.choices = [
            (f"{day}-{part.value}", catalogue.part_of_day_word(part)) for day in catalogue.WEEKDAYS for part in PARTS
        ]

    def parts(self) -> list[str]:
        """Return the names of the parts of a day, in the order of the check boxes of a day."""
        return [catalogue.part_of_day_word(part) for part in PARTS]

    def by_day(self) -> list[tuple[str, list[Any]]]:
        """Return per day of the week its name and its check boxes."""
        return [(catalogue.weekday_word(day), boxes) for day, boxes in zip(catalogue.WEEKDAYS, self.when_can_you.rows(len(PARTS)), strict=True)]
