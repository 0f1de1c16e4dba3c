"""Who pays what of a price: one after the other, each up to what it may, and the learner what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from academy.funding.kinds import Basis
from academy.funding.rules.terms import RuleFacts
from academy.kernel.money import FREE, Money

_WHOLE: Final = 10_000


@dataclass(frozen=True)
class Portion:
    """What one source pays of a price, by which of its rules."""

    rule: RuleFacts
    amount: Money


def portions(rules: Sequence[RuleFacts], *, price: Money, vat: Money, room: Mapping[UUID, Money]) -> tuple[Portion, ...]:
    """Return who pays what, in order of position; what they leave is the learner's.

    `rules` are those that can pay, one per source; `room` says, by the id of a rule, what its budget and its yearly caps still have; one that
    is not in it has no limit. What does not stack pays alone: of that and all that stacks together, the best for the learner is chosen, and of
    equals the first.
    """
    in_order = sorted(rules, key=lambda rule: (rule.position, rule.id))
    ways = [[rule for rule in in_order if rule.stacks], *([rule] for rule in in_order if not rule.stacks)]
    return max((_one_by_one(way, price, vat, room) for way in ways), key=_total)


def _one_by_one(rules: Sequence[RuleFacts], price: Money, vat: Money, room: Mapping[UUID, Money]) -> tuple[Portion, ...]:
    rest, found = price, []
    for rule in rules:
        amount = min(_most(rule, price, vat), room.get(rule.id, rest), rest)
        if amount > FREE:
            found.append(Portion(rule, amount))
            rest -= amount
    return tuple(found)


def _most(rule: RuleFacts, price: Money, vat: Money) -> Money:
    """Return what a rule pays at most for one seat; parts of a cent are not paid."""
    basis = price if rule.basis is Basis.INCLUDING_VAT else price - vat
    share = Money(basis.cents * rule.percentage // _WHOLE)
    return share if rule.cap_seat is None else min(share, rule.cap_seat)


def _total(way: tuple[Portion, ...]) -> int:
    return sum(portion.amount.cents for portion in way)


def split_vat(amounts: Sequence[Money], vat: Money) -> list[Money]:
    """Divide the VAT over the amounts that make up a price, by largest remainder: each gets its part, cut off, and the odd cents go where most was cut."""
    price = sum(amount.cents for amount in amounts)
    if not price:
        return [FREE for _amount in amounts]
    whole = [divmod(amount.cents * vat.cents, price) for amount in amounts]
    odd = vat.cents - sum(cents for cents, _cut in whole)
    most_cut = sorted(range(len(amounts)), key=lambda place: -whole[place][1])[:odd]
    return [Money(cents + (place in most_cut)) for place, (cents, _cut) in enumerate(whole)]
