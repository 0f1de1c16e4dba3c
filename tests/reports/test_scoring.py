"""The gap score does what the page says of it: people who find no place, times urgency, times money."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.reports.rules.scoring import gap_score, money_times

NUMBERS = st.integers(0, 5_000)
URGENCIES = st.integers(10, 20).map(lambda tens: tens * 10)
CENTS = st.integers(0, 10_000_000_00)


@pytest.mark.parametrize(
    ("wanted", "free", "urgency", "cents", "score"),
    [
        (20, 0, 100, 0, 20),  # twenty people, no hurry, no money
        (20, 15, 100, 0, 5),  # fifteen find a place
        (20, 20, 200, 99_999_00, 0),  # all find a place
        (20, 25, 100, 0, 0),
        (0, 0, 200, 99_999_00, 0),
        (20, 0, 150, 0, 30),
        (20, 0, 100, 20 * 500_00, 40),  # € 500 for each of them
        (20, 0, 100, 20 * 250_00, 30),
        (20, 0, 200, 10_000_000_00, 200),  # money weighs five times at most
        (1, 0, 150, 0, 2),  # halves are rounded up
    ],
)
def test_the_score_is_people_without_a_place_times_urgency_times_money(wanted: int, free: int, urgency: int, cents: int, score: int) -> None:
    assert gap_score(wanted=wanted, free=free, urgency=urgency, cents=cents) == score


@given(wanted=NUMBERS, free=NUMBERS, urgency=URGENCIES, cents=CENTS)
def test_a_score_is_never_negative_nor_above_ten_times_those_without_a_place(wanted: int, free: int, urgency: int, cents: int) -> None:
    assert 0 <= gap_score(wanted=wanted, free=free, urgency=urgency, cents=cents) <= 10 * max(0, wanted - free)


@given(wanted=NUMBERS, free=NUMBERS, urgency=URGENCIES, cents=CENTS, more=st.integers(0, 1_000))
def test_a_free_place_more_never_makes_a_gap_greater_and_money_never_smaller(wanted: int, free: int, urgency: int, cents: int, more: int) -> None:
    score = gap_score(wanted=wanted, free=free, urgency=urgency, cents=cents)
    assert gap_score(wanted=wanted, free=free + more, urgency=urgency, cents=cents) <= score
    assert gap_score(wanted=wanted, free=free, urgency=urgency, cents=cents + more) >= score


@given(wanted=st.integers(1, 5_000), cents=CENTS)
def test_money_weighs_from_once_to_five_times(wanted: int, cents: int) -> None:
    assert 1 <= money_times(wanted=wanted, cents=cents) <= 5
    assert money_times(wanted=wanted, cents=wanted * 500_00) == Fraction(2)
