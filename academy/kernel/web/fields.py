"""Fields that forms share: numbers as people write them, days, and a choice of several."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from typing_extensions import override
from wtforms import DateField, Field, SelectMultipleField
from wtforms.widgets import CheckboxInput, DateInput, ListWidget, TextInput

from academy.kernel.money import Money
from academy.kernel.translation import _

_MOST = Decimal(1_000_000)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # pasted from a terminal; no calendar file may hold them
_CENTS = -2  # the last decimal of euros
_DUTCH = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?")  # 1.250 is a thousand here
_ENGLISH = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+\.\d*")  # 1,250.00, as spreadsheets paste it
_PLAIN = re.compile(r"-?(?:\d+(?:[.,]\d*)?|[.,]\d+)", re.ASCII)


def stripped(value: str | None) -> str:
    """Take control characters and outer spaces off a text; one that was not sent is empty. A filter for fields."""
    return _CONTROL.sub("", value or "").strip()


class NumberField(Field):
    """A number with a comma or a dot; `data` is a Decimal, or None when nothing was written."""

    widget = TextInput()
    data: Any

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = _number(text) if text else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else _written(Decimal(self.data))


class WholeNumberField(NumberField):
    """A whole number; `data` is an int, or None."""

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None:
            if self.data != self.data.to_integral_value():
                raise ValueError(_("Schrijf een heel getal, bijvoorbeeld 20."))
            self.data = int(self.data)


class EurosField(NumberField):
    """An amount in euros; `data` is Money, or None when nothing was written."""

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        text = str(valuelist[0]).replace("€", "").strip() if valuelist else ""
        amount = _number(text) if text else None
        if amount is not None and int(amount.as_tuple().exponent) < _CENTS:  # also 1,250: who writes that means a thousand
            raise ValueError(_("Een bedrag heeft hooguit twee cijfers achter de komma."))
        self.data = None if amount is None else Money(int(amount * 100))

    @override
    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else _written(Decimal(self.data.cents) / 100)


def _number(text: str) -> Decimal:
    plain = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if _DUTCH.fullmatch(plain):
        plain = plain.replace(".", "")
    elif _ENGLISH.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _PLAIN.fullmatch(plain):
        raise ValueError(_("Schrijf een getal, bijvoorbeeld 7,5."))
    number = Decimal(plain.replace(",", "."))
    if not 0 <= number <= _MOST:
        raise ValueError(_("Dit getal kan niet kloppen."))
    return number


def _written(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")


class DayField(DateField):
    """A day from the browser's calendar, or written as 7-9-2026."""

    widget = DateInput()

    def __init__(self, label: Any, validators: Sequence[Any] = (), **more: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(label, list(validators), format=["%Y-%m-%d", "%d-%m-%Y"], **more)

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if not valuelist or not str(valuelist[0]).strip():
            self.data = None
            return
        try:
            super().process_formdata([str(valuelist[0]).strip()])
        except ValueError as error:
            raise ValueError(_("Dit is geen datum. Schrijf bijvoorbeeld 7-9-2026.")) from error
        found: date | None = self.data
        if found is not None and not 2000 <= found.year <= 2100:  # noqa: PLR2004 - a typing error in the year
            raise ValueError(_("Controleer het jaar."))


class ChoicesField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def rows(self, columns: int) -> list[list[Any]]:
        """Return the check boxes as the rows of a table with so many columns."""
        options = list(self)
        return [options[start : start + columns] for start in range(0, len(options), columns)]
