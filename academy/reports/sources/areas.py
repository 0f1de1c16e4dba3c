"""The area of a class. That of a person is asked nowhere: what they told of themselves to see who pays is for that alone."""

from academy.catalogue.models import DeliveryMode
from academy.reports.kinds import UNKNOWN
from academy.search.api import nearest_area


def area_of_class(mode: DeliveryMode, latitude: float | None, longitude: float | None) -> str:
    """Return the first two digits of the postcode nearest to where a class meets, in degrees; UNKNOWN when it is online or the place is not known."""
    if mode is DeliveryMode.ONLINE or latitude is None or longitude is None:
        return UNKNOWN
    return nearest_area(latitude, longitude)
