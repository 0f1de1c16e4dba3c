"""The value meter: what proving an outcome saves, to the cent, and a chance that says nothing about anybody."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.kernel.money import FREE, Money
from academy.recognition.rules.meter import Cost, Worth, chance, in_order, months_of, price_shares, saved

prices = st.integers(0, 10**7).map(Money)
costs = st.builds(Cost, st.integers(0, 1200).map(lambda tenths: Decimal(tenths) / 10), st.integers(0, 480).map(lambda tenths: Decimal(tenths) / 10), prices)


def worth(euros: int, months: str = "0", ec: str = "0", *, fee: int = 0, likely: int | None = None) -> Worth:
    return Worth(Cost(Decimal(ec), Decimal(months), Money(euros * 100)), Money(fee * 100), likely)


def test_what_is_saved_is_what_the_route_asks_less() -> None:
    before, after = Cost(Decimal(120), Decimal("24.0"), Money(4_000_00)), Cost(Decimal("117.5"), Decimal("24.0"), Money(3_900_01))
    assert saved(before, after) == Cost(Decimal("2.5"), Decimal(0), Money(99_99))


@given(costs, costs)
def test_nothing_is_ever_saved_below_nothing(before: Cost, after: Cost) -> None:
    found = saved(before, after)
    assert min(found.ec, found.months) >= 0
    assert found.price >= FREE
    assert saved(before, before) == Cost(Decimal(0), Decimal(0), FREE)


@pytest.mark.parametrize(("ec", "hours", "months"), [("5", 8, "4.0"), ("5", 140, "0.2"), ("60", 40, "9.7"), ("0", 8, "0.0"), ("2.5", 1, "16.2")])
def test_months_follow_from_credits_and_hours_a_week(ec: str, hours: int, months: str) -> None:
    assert months_of(Decimal(ec), hours) == Decimal(months)
    with pytest.raises(ValueError, match="0 hours a week"):
        months_of(Decimal(ec), 0)


@given(prices, st.lists(st.integers(1, 50), min_size=1, max_size=24))
def test_the_price_of_a_module_falls_on_its_outcomes_to_the_cent(price: Money, weights: list[int]) -> None:
    assert sum(each.cents for each in price_shares(price, weights)) == price.cents


@pytest.mark.parametrize(("granted", "decided", "said"), [
    (0, 0, None), (9, 9, None), (10, 10, 90), (0, 10, 10), (5, 10, 50), (11, 20, 60), (10, 20, 50), (9, 20, 50), (8, 20, 40), (1, 100, 10), (99, 100, 90), (749, 1000, 70), (750, 1000, 80),
])
def test_the_chance_is_said_in_tens_from_ten_people_on_and_promises_nothing(granted: int, decided: int, said: int | None) -> None:
    assert chance(granted, decided) == said


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_more_that_was_granted_is_never_less_chance(granted: int, refused: int) -> None:
    decided = granted + refused
    said = chance(granted, decided)
    assert (said is None) == (decided < 10)
    if said is not None and refused:
        assert said <= (chance(granted + 1, decided) or 0)
        assert abs(said * decided - 100 * granted) <= 10 * decided


def test_more_can_not_be_granted_than_was_decided() -> None:
    for granted, decided in ((3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="were granted"):
            chance(granted, decided)


def test_what_saves_most_after_its_fee_comes_first_whatever_its_chance() -> None:
    listed = [("a", worth(100, fee=90)), ("b", worth(50, likely=10)), ("c", worth(50, "1", likely=None)), ("d", worth(50, "1", "2")), ("e", worth(50, "1", "2", likely=90)), ("f", worth(10, fee=60))]
    assert [key for key, _worth in in_order(listed)] == ["d", "e", "c", "b", "a", "f"]
    assert in_order(listed)[-1][1].net == Money(-50_00)
