"""Who pays what of a price: in order, within every cap, and always the whole price."""

from typing import Any

from academy.funding.kinds import Basis
from academy.funding.rules import Portion, RuleFacts, portions
from academy.kernel.money import FREE, Money
from tests.funding.terms import rule

PRICE = Money(100_00)


def amounts(found: tuple[Portion, ...]) -> list[int]:
    return [portion.amount.cents for portion in found]


def pay(*those: RuleFacts, room: dict[Any, Money] | None = None, price: Money = PRICE, vat: Money = FREE) -> tuple[Portion, ...]:
    return portions(those, price=price, vat=vat, room=room or {})


def test_each_pays_its_part_in_order_and_the_last_no_more_than_is_left() -> None:
    late, early = rule(position=2, percentage=8_000), rule(position=1)
    found = pay(late, early)
    assert [portion.rule for portion in found] == [early, late]
    assert amounts(found) == [50_00, 50_00]


def test_a_percentage_is_of_the_price_with_or_without_vat_and_parts_of_a_cent_are_not_paid() -> None:
    assert amounts(pay(rule(percentage=3_333), vat=Money(17_36))) == [33_33]
    assert amounts(pay(rule(percentage=3_333, basis=Basis.EXCLUDING_VAT), vat=Money(17_36))) == [27_54]


def test_a_cap_per_seat_and_what_budget_and_yearly_caps_still_have_limit_what_is_paid() -> None:
    capped, poor, empty = rule(cap_seat=Money(20_00)), rule(position=11), rule(position=12)
    assert amounts(pay(capped, poor, empty, room={poor.id: Money(7), empty.id: FREE})) == [20_00, 7]


def test_what_does_not_stack_pays_alone_and_the_best_for_the_learner_is_chosen() -> None:
    alone, stacking, more = rule(stacks=False, percentage=7_000), rule(percentage=4_000), rule(percentage=3_500)
    assert [portion.rule for portion in pay(alone, stacking)] == [alone]
    assert {portion.rule for portion in pay(alone, stacking, more)} == {stacking, more}


def test_of_two_ways_that_are_as_good_what_stacks_goes_first() -> None:
    alone, stacking = rule(stacks=False, position=1), rule(position=2)
    assert [portion.rule for portion in pay(alone, stacking)] == [stacking]
