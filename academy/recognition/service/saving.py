"""What proving outcomes saves on somebody's route, asked of the room that makes routes: it stands above this one."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from academy.recognition.queries.outcomes import ModuleToClaim
from academy.recognition.rules.meter import RouteSavings

Savings = Callable[[str, UUID, Mapping[UUID, Decimal], Collection[UUID], datetime], RouteSavings | None]
_savings: list[Savings] = []


def learn_savings_from(savings: Savings) -> None:
    """Let a higher room tell what proving saves: of the key of a route, a module, what its outcomes are worth in EC, and those that count together."""
    _savings[:] = [savings]


def savings_on(key: str, module: ModuleToClaim, *, together: Collection[UUID], now: datetime) -> RouteSavings | None:
    """Return what each outcome of a module saves on a route, and some of them together, all where there are none.

    None without a route that this module is part of. Opens its own transactions, and calculates.
    """
    worths = {each.id: each.worth for each in module.outcomes}
    if not key:
        return None
    return next((found for each in _savings if (found := each(key, module.id, worths, together or worths.keys(), now)) is not None), None)
