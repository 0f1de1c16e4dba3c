"""Splitting, VAT and refunds of ten thousand prices each, whatever the rules and the parts are."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.funding.kinds import Basis
from academy.funding.rules import (
    STANDARD_RATE,
    RuleFacts,
    portions,
    refunds,
    split_vat,
    vat_of_part,
    vat_within,
)
from academy.kernel.money import FREE, Money
from tests.funding.terms import rule

CASES = settings(max_examples=10_000, deadline=None)
money = st.integers(0, 1_000_000).map(Money)
above_zero = st.integers(1, 1_000_000).map(Money)


@st.composite
def rules(draw: st.DrawFn) -> RuleFacts:
    return rule(
        percentage=draw(st.integers(1, 10_000)), basis=draw(st.sampled_from(Basis)), cap_seat=draw(st.none() | above_zero),
        position=draw(st.integers(0, 5)), stacks=draw(st.booleans()),
    )


@pytest.mark.slow
@CASES
@given(those=st.lists(rules(), max_size=6), price=money, part=st.integers(0, 100), left=st.lists(st.none() | money, min_size=6, max_size=6))
def test_nobody_pays_above_a_cap_or_what_there_is_and_together_they_pay_no_more_than_the_price(
    those: list[RuleFacts], price: Money, part: int, left: list[Money | None],
) -> None:
    vat = Money(price.cents * part // 100)
    room = {one.id: each for one, each in zip(those, left, strict=False) if each is not None}
    found = portions(those, price=price, vat=vat, room=room)
    assert sum(portion.amount.cents for portion in found) <= price.cents
    assert len({portion.rule.id for portion in found}) == len(found)
    assert all(portion.rule.stacks for portion in found) or len(found) == 1
    assert [portion.rule.position for portion in found] == sorted(portion.rule.position for portion in found)
    for portion in found:
        basis = price if portion.rule.basis is Basis.INCLUDING_VAT else price - vat
        assert FREE < portion.amount <= room.get(portion.rule.id, price)
        assert portion.amount <= (portion.rule.cap_seat or price)
        assert portion.amount.cents * 10_000 <= basis.cents * portion.rule.percentage


@pytest.mark.slow
@CASES
@given(parts=st.lists(money, min_size=1, max_size=7), rate=st.integers(0, 100))
def test_the_vat_of_the_parts_is_the_vat_of_the_price_each_to_the_cent(parts: list[Money], rate: int) -> None:
    price = sum(part.cents for part in parts)
    vat = Money(price * rate // (100 + rate))
    found = split_vat(parts, vat)
    assert sum(each.cents for each in found) == vat.cents
    for each, part in zip(found, parts, strict=True):
        assert FREE <= each <= part
        assert price == 0 or abs(each.cents * price - part.cents * vat.cents) < price


@pytest.mark.slow
@CASES
@given(paid=st.lists(money, max_size=6), kept=st.integers(0, 7_000_000).map(Money))
def test_nobody_gets_more_back_than_they_paid_and_the_last_to_pay_is_the_first_to_get_it_back(paid: list[Money], kept: Money) -> None:
    back = refunds(paid, kept=kept)
    total = sum(each.cents for each in paid)
    assert sum(each.cents for each in back) == max(0, total - kept.cents)
    assert all(FREE <= each <= part for each, part in zip(back, paid, strict=True))
    partly = [place for place, (each, part) in enumerate(zip(back, paid, strict=True)) if each < part]
    assert all(back[place] == FREE for place in range(partly[-1] if partly else 0))


@pytest.mark.slow
@CASES
@given(whole=above_zero, rate=st.integers(0, 100), cuts=st.lists(st.integers(0, 1_000_000), max_size=4))
def test_the_vat_of_what_goes_back_in_parts_is_the_vat_of_the_whole(whole: Money, rate: int, cuts: list[int]) -> None:
    vat = Money(whole.cents * rate // (100 + rate))
    stops = [FREE, *sorted(Money(cut % (whole.cents + 1)) for cut in cuts), whole]
    steps = [vat_of_part(vat, whole=whole, part=after) - vat_of_part(vat, whole=whole, part=before) for before, after in pairwise(stops)]
    assert sum(step.cents for step in steps) == vat.cents
    assert all(FREE <= step <= after - before for step, before, after in zip(steps, stops, stops[1:], strict=False))


@pytest.mark.slow
@CASES
@given(price=st.integers(0, 10_000_000))
def test_the_vat_in_a_price_is_right_to_half_a_cent(price: int) -> None:
    vat = vat_within(Money(price), STANDARD_RATE).cents
    assert 0 <= vat <= price
    assert abs(vat * 12_100 - price * 2_100) * 2 <= 12_100
