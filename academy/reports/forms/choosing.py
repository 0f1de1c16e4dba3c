"""What somebody wants to look at: three choices in the address, and an area to compare with."""

import re
from collections.abc import Collection
from datetime import date
from typing import Any, Final

from typing_extensions import override
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3

from academy.catalogue import api as catalogue
from academy.kernel.translation import _, _l
from academy.kernel.web.forms import Form
from academy.reports.facts import View
from academy.reports.kinds import CLUSTER, EVERY, UNKNOWN
from academy.reports.queries.picture import periods_at
from academy.reports.words import area_words, begun_with_capital, period_words, sector_words

_AREA: Final = re.compile(r"[1-9]\d", re.ASCII)
_NOT_TOLD: Final = "unknown"  # how an area or sector that was not told stands in an address


class ViewForm(Form):
    """Period, area and sector; sent by GET. What can not be chosen counts as not chosen: an address may be of an earlier year."""

    class Meta:
        csrf = False

    period = SelectField(_l("Periode"), validate_choice=False)
    area = SelectField(_l("Gebied"), validate_choice=False)
    sector = SelectField(_l("Sector of cluster"), validate_choice=False)
    beside = SelectField(_l("Vergelijk met"), name="with", validate_choice=False)

    @override
    def __init__(self, *args: Any, as_of: date, **values: Any) -> None:
        super().__init__(*args, **values)
        self._periods = periods_at(as_of)
        self._sectors = (*sectors_known(), UNKNOWN)
        self.period.choices = [SelectChoice(each, begun_with_capital(period_words(each))) for each in self._periods]
        self.sector.choices = [SelectChoice(_value(each), sector_words(each)) for each in self._sectors]
        view, beside = self.view, self.beside_area
        self.period.data, self.area.data, self.sector.data, self.beside.data = view.period, _value(view.area), _value(view.sector), beside

    @property
    def view(self) -> View:
        """What is looked at: the newest period, all areas and all sectors where nothing else is chosen."""
        area = UNKNOWN if self.area.data == _NOT_TOLD else _area(self.area.data) or EVERY
        sector = next((each for each in self._sectors if _value(each) == self.sector.data), EVERY)
        return View(self.period.data if self.period.data in self._periods else self._periods[0], area, sector)

    @property
    def beside_area(self) -> str:
        """The area to compare with, other than the one that is looked at; "" for none."""
        area = _area(self.beside.data)
        return area if area != self.view.area else ""

    def offer_areas(self, areas: Collection[str]) -> None:
        """Offer the areas of which there is something to tell, and those that are chosen."""
        offered = sorted({*areas, self.view.area, EVERY}, key=lambda each: (each != EVERY, each == UNKNOWN, area_words(each)))
        self.area.choices = [SelectChoice(_value(each), area_words(each)) for each in offered]
        others = [each for each in offered if each not in {self.view.area, UNKNOWN}]
        others += [self.beside_area] if self.beside_area and self.beside_area not in others else []
        self.beside.choices = [SelectChoice("", _("Niets")), *(SelectChoice(each, area_words(each)) for each in others)]

    def address(self) -> dict[str, Any]:
        """Return what stands in the address of this view; what is as usual stays out."""
        view = self.view
        return view_address(view) | ({"with": self.beside_area} if self.beside_area else {})


def sectors_known() -> tuple[str, ...]:
    """Return all sectors together, the clusters, and each sector."""
    return (EVERY, *(f"{CLUSTER}{code}" for code in catalogue.cluster_codes()), *catalogue.sector_codes())


def view_address(view: View) -> dict[str, Any]:
    """Return a view as it stands in an address."""
    return {"period": view.period} | {name: _value(value) for name, value in (("area", view.area), ("sector", view.sector)) if value != EVERY}


def _value(code: str) -> str:
    return code or _NOT_TOLD


def _area(said: str | None) -> str:
    """Return the area that stands in an address, "" for none."""
    return said if said is not None and (said == EVERY or _AREA.fullmatch(said)) else ""
