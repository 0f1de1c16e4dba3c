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
from academy.recognition.rules.meter import Cost, Worth, in_order, months_of, price_shares


@dataclass(frozen=True)
class Meter:
    """What each outcome would save, what saves most first; `fee` is what one assessment of all of them costs. `counting`: those that count already."""

    module: ModuleToClaim
    hours_a_week: int
    fee: Money
    worths: tuple[tuple[OutcomeNow, Worth], ...]
    counting: tuple[OutcomeNow, ...]


def meter_of(session: Session, module: ModuleToClaim, *, person_id: UUID | None, hours_a_week: int) -> Meter:
    """Return the value meter of a module, for somebody or nobody in particular: three statements, however many outcomes.

    Price and fee are divided over all outcomes as the credits are; what counts for this person already is left out.
    """
    granted = counting_outcomes(session, person_id, module.id) if person_id is not None else frozenset()
    fee = terms_of(session, module.provider_id).fee
    chances = chances_of(session, [(each.id, each.wording) for each in module.outcomes])
    weights = [each.weight for each in module.outcomes]
    prices, fees = price_shares(module.price or FREE, weights), price_shares(fee, weights)
    worths = [
        (each, Worth(Cost(each.worth, months_of(each.worth, hours_a_week) if each.worth else Decimal(0), price), part, chances.get(each.id)))
        for each, price, part in zip(module.outcomes, prices, fees, strict=True)
    ]
    left = in_order([pair for pair in worths if pair[0].id not in granted])
    return Meter(module, hours_a_week, fee, tuple(left), tuple(each for each in module.outcomes if each.id in granted))
