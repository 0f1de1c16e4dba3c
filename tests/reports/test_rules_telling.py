"""Open numbers: nothing is told of few people, nor of what is left when the rest is told."""

from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.reports.rules.ratios import share
from academy.reports.rules.telling import Group, Times, parts_told, share_told

_SIZES = st.lists(st.integers(0, 60), min_size=1, max_size=5)


@given(_SIZES)
def test_no_part_of_few_people_is_told_and_none_is_found_by_subtraction(sizes: list[int]) -> None:
    parts = {f"part-{at}": Group(size, size) for at, size in enumerate(sizes)}
    whole = Group(sum(sizes), sum(sizes))
    told = parts_told(whole, parts)
    hidden = [size for name, size in zip(parts, sizes, strict=True) if name not in told and size]
    assert not any(0 < parts[name].people < 10 for name in told)
    if whole.people < 10:
        assert not told
    elif hidden:
        assert len(hidden) > 1
        assert sum(hidden) >= 10


@given(_SIZES)
def test_nothing_is_hidden_for_nothing(sizes: list[int]) -> None:
    parts = {f"part-{at}": Group(size, size) for at, size in enumerate(sizes)}
    whole = Group(sum(sizes), sum(sizes))
    if whole.people >= 10 and not any(0 < size < 10 for size in sizes):
        assert parts_told(whole, parts) == frozenset(parts)


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_share_is_told_only_where_both_sides_are_of_enough_people_or_of_nobody(part: int, rest: int) -> None:
    told = share_told(Group(part, part), Group(part + rest, part + rest))
    enough = part + rest >= 10 and not 0 < part < 10 and not 0 < rest < 10
    assert (told is not None) == enough


def test_who_stands_on_both_sides_does_not_open_the_smaller_one() -> None:
    assert share_told(Group(40, 20), Group(42, 20)) is None


def test_a_number_is_told_by_fives_and_nought_is_nought() -> None:
    assert [Group(number, number).shown for number in (0, 1, 9, 10, 12, 13)] == [0, None, None, 10, 10, 15]
    assert Group(50, 9).shown is None  # nine people who came often


@given(st.lists(st.integers(0, 400), min_size=10, max_size=60))
def test_nine_out_of_ten_are_done_within_what_is_said_and_not_a_day_earlier(days: list[int]) -> None:
    times = Times(tuple(days), len(days))
    within = times.within(90)
    assert within is not None
    assert sum(each <= within for each in days) * 10 >= len(days) * 9
    assert sum(each < within for each in days) * 10 < len(days) * 9


def test_how_long_it_took_few_people_is_not_told() -> None:
    assert Times((1,) * 30, 9).within(50) is None
    assert Times((1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 10).within(50) == 5


@pytest.mark.parametrize(("part", "whole", "told"), [(0, 0, None), (0, 5, 0), (1, 3, 333), (2, 3, 667), (5, 5, 1000)])
def test_a_share_is_in_tenths_of_a_per_cent(part: int, whole: int, told: int | None) -> None:
    assert share(part, whole) == told


def test_the_half_is_no_more_than_the_median() -> None:
    days = tuple(range(1, 22))
    assert Times(days, 21).within(50) == quantiles(days, n=2)[0]
