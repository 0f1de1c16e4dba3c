"""The area of a postcode and of a class. That of a person is asked nowhere: what they told of themselves to see who pays is for that alone."""

from typing import Final

from academy.catalogue.models import DeliveryMode
from academy.reports.kinds import UNKNOWN
from academy.search.api import nearest_area

_DIGITS: Final = 2


def area_of(postcode: str | None) -> str:
    """Return the area of a postcode or of the digits with which one begins; UNKNOWN where there are none."""
    return (postcode or "")[:_DIGITS] or UNKNOWN


def area_of_class(mode: DeliveryMode, latitude: float | None, longitude: float | None) -> str:
    """Return the first two digits of the postcode nearest to where a class meets, in degrees; UNKNOWN when it is online or the place is not known."""
    if mode is DeliveryMode.ONLINE or latitude is None or longitude is None:
        return UNKNOWN
    return nearest_area(latitude, longitude)
