"""Tables of pathways."""

from academy.pathways.models.following import (
    CreditRule,
    KeptAnswer,
    PathwayAdvice,
    PathwayChange,
    RouteBlocker,
    SlotAdvice,
)
from academy.pathways.models.plans import Pathway, PathwayHas, PathwayStep, PathwayWithout

__all__ = [
    "CreditRule", "KeptAnswer", "Pathway", "PathwayAdvice", "PathwayChange", "PathwayHas", "PathwayStep", "PathwayWithout", "RouteBlocker", "SlotAdvice",
]
