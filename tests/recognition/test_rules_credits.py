"""Credits follow from outcomes: they add up to the tenth, and a provider's maximum is never passed."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.recognition.rules.credits import apportion, earned, shares, total_of

weights = st.lists(st.integers(1, 50), min_size=1, max_size=24)
credits_of = st.integers(0, 1200).map(lambda tenths: Decimal(tenths) / 10)


@pytest.mark.parametrize(("ec", "given_weights", "worth"), [
    ("5", [1, 1, 1], ["1.7", "1.7", "1.6"]),
    ("7.5", [1, 1, 1, 1], ["1.9", "1.9", "1.9", "1.8"]),
    ("3", [2, 1], ["2", "1"]),
    ("0.1", [1, 1], ["0.1", "0"]),
    (None, [1, 1], ["0", "0"]),
])
def test_outcomes_share_the_credits_of_their_module(ec: str | None, given_weights: list[int], worth: list[str]) -> None:
    assert shares(None if ec is None else Decimal(ec), given_weights) == [Decimal(each) for each in worth]


@given(credits_of, weights)
def test_what_outcomes_are_worth_adds_up_to_the_module_exactly_and_is_fair_to_a_tenth(ec: Decimal, given_weights: list[int]) -> None:
    worth = shares(ec, given_weights)
    assert sum(worth) == ec
    assert all(each * 10 == (each * 10).to_integral_value() and each >= 0 for each in worth)
    for share, weight in zip(worth, given_weights, strict=True):
        assert abs(share * sum(given_weights) - ec * weight) < Decimal("0.1") * sum(given_weights)


@given(st.integers(0, 10**9), weights)
def test_more_weight_is_never_less(whole: int, given_weights: list[int]) -> None:
    parts = apportion(whole, given_weights)
    in_order = sorted(range(len(parts)), key=lambda place: (given_weights[place], -place))
    assert [parts[place] for place in in_order] == sorted(parts[place] for place in in_order)


@pytest.mark.parametrize(("ec", "given_weights"), [("7.55", [1]), ("5", []), ("5", [1, 0]), ("5", [1, -1]), ("-1", [1])])
def test_what_can_not_be_divided_is_not(ec: str, given_weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"decimal|divided"):
        shares(Decimal(ec), given_weights)


@given(credits_of, weights, st.data())
def test_a_decision_earns_the_sum_of_the_granted_outcomes_and_all_of_them_earn_the_module(ec: Decimal, given_weights: Sequence[int], data: st.DataObject) -> None:
    worth = dict(enumerate(shares(ec, given_weights)))
    yes = data.draw(st.lists(st.sampled_from(sorted(worth)), max_size=30))  # an outcome that is named twice counts once
    assert earned(worth, yes) == sum(worth[each] for each in set(yes))
    assert earned(worth, worth) == ec
    assert earned(worth, []) == 0
    assert earned(worth, yes) + earned(worth, set(worth) - set(yes)) == ec


def test_an_outcome_of_another_file_earns_nothing_here() -> None:
    with pytest.raises(KeyError):
        earned({"a": Decimal(1)}, ["b"])


@pytest.mark.parametrize(("before", "live", "added", "ended", "maximum", "after"), [
    ("100", "100", "5", "0", None, "105"), ("0", "0", "5", "0", "60", "5"), ("57.5", "57.5", "5", "0", "60", "60"), ("60", "60", "5", "0", "60", "60"),
    ("60", "60", "5", "0", "30", "60"),  # the maximum was lowered since: what counted stays
    ("10", "13", "0", "8", "10", "5"), ("10", "13", "0", "3", "10", "10"),  # what was beyond the maximum moves up where something ends
    ("10", "13", "4", "8", "10", "9"), ("10", "10", "0", "10", None, "0"),
])
def test_credits_beyond_the_maximum_of_a_provider_do_not_count(before: str, live: str, added: str, ended: str, maximum: str | None, after: str) -> None:
    limit = None if maximum is None else Decimal(maximum)
    assert total_of(Decimal(before), live=Decimal(live), added=Decimal(added), ended=Decimal(ended), maximum=limit) == Decimal(after)


def test_more_than_there_is_does_not_end() -> None:
    with pytest.raises(ValueError, match="do not end"):
        total_of(Decimal(5), live=Decimal(5), added=Decimal(0), ended=Decimal(6), maximum=None)


@given(st.lists(st.tuples(credits_of, st.booleans()), max_size=12), credits_of)
def test_however_many_files_and_revisions_what_counts_is_what_stands_up_to_the_maximum(files: list[tuple[Decimal, bool]], maximum: Decimal) -> None:
    total, standing = Decimal(0), list[Decimal]()
    for ec, is_revised in files:
        ended = standing.pop(0) if is_revised and standing else Decimal(0)
        total = total_of(total, live=sum(standing, ended), added=ec, ended=ended, maximum=maximum)
        standing.append(ec)
        assert total == min(sum(standing), maximum)
