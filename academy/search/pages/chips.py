"""What is chosen, each as a link that takes it away."""

from dataclasses import dataclass

from academy.kernel.text import Language
from academy.kernel.translation import _
from academy.search.forms import NEARBY, SearchForm
from academy.search.pages.drawing import address
from academy.search.pages.facets import FacetView
from academy.search.words import limit_words


@dataclass(frozen=True, slots=True)
class ChipView:
    """One choice, where it leads when taken away, and the form without it."""

    label: str
    url_without: str
    form_without: SearchForm


def chips(language: Language, path: str, form: SearchForm, facets: list[FacetView]) -> list[ChipView]:
    """Return one chip per chosen value and per range, and one for the postcode when it leaves things out."""
    found = [(label, form.without(facet.name, value)) for facet in facets for value, label in facet.names]
    found += [
        (limit_words(language, name, asked.least, asked.most), form.without(name)) for name, asked in form.ranges()
    ]
    if form.area:
        near = _("Binnen %(km)s km van %(postcode)s", km=form.km, postcode=form.area.digits)
        found.append((near if form.km else _("Afstand vanaf %(postcode)s", postcode=form.area.digits), form.without(NEARBY)))
    return [ChipView(label, address(path, without.parameters()), without) for label, without in found]
