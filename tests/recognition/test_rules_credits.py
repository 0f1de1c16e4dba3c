"""Credits follow from outcomes: they add up to the tenth, and a provider's maximum is never passed."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.recognition.rules.credits import Counted, apportion, counted, earned, shares

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


@pytest.mark.parametrize(("ec", "maximum", "before", "counts", "beyond"), [
    ("5", None, "100", "5", "0"), ("5", "60", "0", "5", "0"), ("5", "60", "57.5", "2.5", "2.5"), ("5", "60", "60", "0", "5"), ("5", "30", "60", "0", "5"),
])
def test_credits_beyond_the_maximum_of_a_provider_do_not_count(ec: str, maximum: str | None, before: str, counts: str, beyond: str) -> None:
    limit = None if maximum is None else Decimal(maximum)
    assert counted(Decimal(ec), maximum=limit, before=Decimal(before)) == Counted(Decimal(counts), Decimal(beyond))


@given(st.lists(credits_of, max_size=12), credits_of)
def test_however_many_files_the_maximum_holds_and_nothing_gets_lost(files: list[Decimal], maximum: Decimal) -> None:
    before = Decimal(0)
    for ec in files:
        found = counted(ec, maximum=maximum, before=before)
        assert found.counts + found.beyond == ec
        before += found.counts
    assert before == min(sum(files), maximum)
