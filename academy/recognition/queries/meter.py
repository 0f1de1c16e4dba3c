"""The value meter of a module: what proving each outcome would save, and how likely it is."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from academy.kernel.money import FREE, Money
from academy.recognition.queries.files import terms_of
from academy.recognition.queries.mine import counting_outcomes
from academy.recognition.queries.outcomes import ModuleToClaim, OutcomeNow
from academy.recognition.queries.tally import chances_of
from academy.recognition.rules.meter import Cost, RouteSavings, Worth, in_order, months_of, price_shares


@dataclass(frozen=True)
class Meter:
    """What each outcome would save, what saves most first; `fee` is what one assessment of all of them costs. `counting`: those that count already.

    `route`: what is saved is saved on a route, where there is one; it divides nothing where the routes were not calculated.
    """

    module: ModuleToClaim
    hours_a_week: int
    fee: Money
    worths: tuple[tuple[OutcomeNow, Worth], ...]
    counting: tuple[OutcomeNow, ...]
    route: RouteSavings | None = None


def meter_of(session: Session, module: ModuleToClaim, *, person_id: UUID | None, hours_a_week: int, route: RouteSavings | None = None) -> Meter:
    """Return the value meter of a module, for somebody or nobody in particular: three statements, however many outcomes.

    Of who has a route, what is saved is what was calculated on it. Else the price is divided over all outcomes as the credits are, and the fee always is; what
    counts for this person already is left out.
    """
    granted = counting_outcomes(session, person_id, module.id) if person_id is not None else frozenset()
    fee = terms_of(session, module.provider_id).fee
    chances = chances_of(session, [(each.id, each.wording) for each in module.outcomes])
    weights = [each.weight for each in module.outcomes]
    prices, fees = price_shares(module.price or FREE, weights), price_shares(fee, weights)
    on_route = {} if route is None else route.each
    worths = [
        (each, Worth(on_route.get(each.id) or _share(each, hours_a_week, price), part, chances.get(each.id)))
        for each, price, part in zip(module.outcomes, prices, fees, strict=True)
    ]
    left = in_order([pair for pair in worths if pair[0].id not in granted])
    return Meter(module, hours_a_week, fee, tuple(left), tuple(each for each in module.outcomes if each.id in granted), route)


def _share(outcome: OutcomeNow, hours_a_week: int, price: Money) -> Cost:
    """Return the outcome's own part of its module."""
    return Cost(outcome.worth, months_of(outcome.worth, hours_a_week) if outcome.worth else Decimal(0), price)
