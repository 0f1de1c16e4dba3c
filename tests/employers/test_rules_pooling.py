"""Where a pool stands, what its deadline brings, and with which neighbour it can become one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.employers.kinds import PoolState
from academy.employers.rules import (
    ONLINE,
    Choice,
    Pledge,
    Pool,
    PoolKey,
    SlotCount,
    WhyUnserved,
    empty_seat_shares,
    may_merge,
    mergers,
    outcome_at_deadline,
    standing_of,
)
from academy.kernel.money import FREE, Money
from tests.employers.pledging import pledge, pledges_of, pool, prices, some_pledges

PRICE = Money(400_00)
thresholds = st.integers(1, 30)
pools = st.builds(
    Pool, st.integers(0, 5), st.builds(PoolKey, st.sampled_from(["welding", "care"]), st.sampled_from(["13", "12", "82", "97", ONLINE])),
    st.sampled_from(PoolState), thresholds, some_pledges.map(tuple),
)


def test_a_pool_says_how_many_seats_it_has_and_lacks_and_whom_its_best_slot_leaves_out() -> None:
    served, late, dear = pledge(7, "tue-evening", "sat-morning", firm="a"), pledge(4, "sat-morning", firm="b"), pledge(9, "tue-evening", firm="c", most=399_99)
    standing = standing_of([served, late, dear], 12, PRICE)
    assert (standing.best, standing.seats, standing.short, standing.is_met) == (SlotCount("sat-morning", 11, 2), 11, 1, False)
    assert standing.served == (served, late)
    assert [(each.pledge, each.why) for each in standing.unserved] == [(dear, WhyUnserved.PRICE)]
    assert (standing.firms, standing.firms_served) == (3, 2)

    without_price = standing_of([served, late, dear], 12)
    assert (without_price.best, without_price.is_met, without_price.short) == (SlotCount("tue-evening", 16, 2), True, 0)
    assert [(each.pledge, each.why) for each in without_price.unserved] == [(late, WhyUnserved.TIME)]


def test_two_pledges_of_one_firm_are_one_firm() -> None:
    standing = standing_of([pledge(1, firm="a"), pledge(1, firm="a"), pledge(1, firm="b")], 2)
    assert (standing.firms, standing.firms_served, standing.seats) == (2, 2, 3)


def test_a_pool_of_nobody_lacks_all_its_seats() -> None:
    standing = standing_of([], 12)
    assert (standing.best, standing.seats, standing.short, standing.is_met, standing.firms) == (None, 0, 12, False, 0)
    with pytest.raises(ValueError, match="at least one seat"):
        standing_of([], 0)


@given(some_pledges, thresholds, prices)
def test_everybody_is_served_or_told_why_not(pledges: list[Pledge], threshold: int, price: Money | None) -> None:
    standing = standing_of(pledges, threshold, price)
    assert sorted(str(each.id) for each in (*standing.served, *(each.pledge for each in standing.unserved))) == sorted(str(each.id) for each in pledges)
    assert sum(each.seats for each in standing.served) == standing.seats
    assert standing.is_met == (standing.short == 0) == (standing.seats >= threshold)
    assert standing.short + standing.seats >= threshold
    for each in standing.unserved:
        assert (each.why is WhyUnserved.PRICE) == (not each.pledge.can_pay(price))


@given(some_pledges, thresholds, prices, st.randoms(use_true_random=False))
def test_the_order_in_which_firms_pledged_does_not_matter(pledges: list[Pledge], threshold: int, price: Money | None, chance: random.Random) -> None:
    one, other = (standing_of(listed, threshold, price) for listed in (pledges, chance.sample(pledges, len(pledges))))
    assert (one.counts, one.short, one.firms) == (other.counts, other.short, other.firms)
    assert (set(one.served), set(one.unserved)) == (set(other.served), set(other.unserved))
    assert empty_seat_shares(one) == empty_seat_shares(other)


@given(some_pledges, pledges_of(), thresholds, prices)
def test_another_pledge_never_puts_a_pool_below_its_line(pledges: list[Pledge], another: Pledge, threshold: int, price: Money | None) -> None:
    assert standing_of([*pledges, another], threshold, price).short <= standing_of(pledges, threshold, price).short


def test_a_pool_with_seats_enough_goes_ahead_at_its_deadline_without_choices() -> None:
    outcome = outcome_at_deadline(pool(pledge(12)), PRICE, [pool(pledge(3), id="other")])
    assert outcome.goes_ahead
    assert (outcome.choices, outcome.empty_seats, outcome.neighbours) == ((), (), ())


def test_below_the_line_a_pool_can_be_put_off_paid_merged_or_released() -> None:
    outcome = outcome_at_deadline(pool(pledge(6, firm="a"), pledge(4, firm="b", most=500_00)), PRICE, [pool(pledge(2), id="other", area="12")])
    assert not outcome.goes_ahead
    assert outcome.choices == (Choice.EXTEND, Choice.PAY_EMPTY_SEATS, Choice.MERGE, Choice.RELEASE)
    # Two empty seats are 800 euros, over ten seats; the firm that gives 500 a seat at most pays 480.
    assert [(each.firm, each.seats, each.amount, each.is_within_maximum) for each in outcome.empty_seats] == [
        ("a", 6, Money(480_00), True), ("b", 4, Money(320_00), True),
    ]
    assert [(merged.pool.id, merged.standing.is_met) for merged in outcome.neighbours] == [("other", True)]


def test_what_does_not_help_is_no_choice() -> None:
    without_price = outcome_at_deadline(pool(pledge(6)), None, [pool(pledge(6, "sat-morning"), id="at another hour")])
    assert without_price.choices == (Choice.EXTEND, Choice.RELEASE)
    assert outcome_at_deadline(pool(), PRICE).choices == (Choice.EXTEND, Choice.RELEASE)


def test_a_firm_hears_when_the_empty_seats_take_it_above_its_maximum() -> None:
    pledges = [pledge(5, firm="a", most=480_00), pledge(5, firm="b", most=479_99), pledge(1, firm="c", most=399_00)]
    shares = empty_seat_shares(standing_of(pledges, 12, PRICE))
    assert [(each.firm, each.amount, each.is_within_maximum) for each in shares] == [("a", Money(400_00), True), ("b", Money(400_00), False)]


def test_odd_cents_go_where_most_was_cut_off() -> None:
    """One seat of € 100.01 over nine seats: 44.448…, 33.336… and 22.224… are cut off, and the two odd cents go to the first two."""
    shares = empty_seat_shares(standing_of([pledge(2, firm="a"), pledge(4, firm="b"), pledge(3, firm="c")], 10, Money(100_01)))
    assert [(each.firm, each.amount.cents) for each in shares] == [("b", 44_45), ("c", 33_34), ("a", 22_22)]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9), st.integers(1, 12), st.integers(0, 1_000_00).map(Money))
def test_the_empty_seats_are_paid_to_the_cent_and_firms_with_as_many_seats_differ_by_at_most_one(seats: list[int], short: int, price: Money) -> None:
    standing = standing_of([pledge(each) for each in seats], sum(seats) + short, price)
    shares = empty_seat_shares(standing)
    assert sum((each.amount for each in shares), FREE) == Money(price.cents * short)
    assert [each.seats for each in shares] == sorted(seats, reverse=True)
    for one in shares:
        exact = price.cents * short * one.seats
        assert abs(one.amount.cents * standing.seats - exact) < standing.seats  # within a cent of its part
        for other in shares:
            assert one.seats != other.seats or abs(one.amount.cents - other.amount.cents) <= 1


@given(some_pledges, thresholds, prices)
def test_only_who_is_served_pays_for_empty_seats_and_nobody_where_none_lacks(pledges: list[Pledge], threshold: int, price: Money | None) -> None:
    standing = standing_of(pledges, threshold, price)
    shares = empty_seat_shares(standing)
    assert {each.firm for each in shares} == (set() if standing.is_met or price is None else {each.firm for each in standing.served})


def test_pools_merge_for_the_same_outcome_in_the_same_area_or_beside_it() -> None:
    almere = pool()
    assert may_merge(almere, pool(id="other"))
    assert may_merge(almere, pool(id="other", area="12"))
    assert may_merge(almere, pool(id="other", area="82"))
    assert may_merge(pool(area=ONLINE), pool(id="other", area=ONLINE))
    for apart in (pool(), pool(id="other", outcome="care"), pool(id="other", area="97"), pool(id="other", area=ONLINE)):
        assert not may_merge(almere, apart)


@pytest.mark.parametrize("state", PoolState)
def test_only_pools_that_still_gather_merge(state: PoolState) -> None:
    assert may_merge(pool(), pool(id="other", state=state)) == (state in {PoolState.IDEA, PoolState.GATHERING})


@given(pools, pools)
def test_merging_is_mutual(one: Pool, other: Pool) -> None:
    assert may_merge(one, other) == may_merge(other, one)
    assert not may_merge(one, one)


def test_together_pools_need_what_the_more_demanding_of_the_two_needs_and_the_least_short_comes_first() -> None:
    few, many = pool(pledge(4), id="few", threshold=8), pool(pledge(9), id="many", threshold=15)
    found = mergers(pool(pledge(5)), [few, many])
    assert [(each.pool.id, each.standing.threshold, each.standing.short) for each in found] == [("many", 15, 1), ("few", 12, 3)]


@given(some_pledges, st.lists(some_pledges, max_size=5), st.lists(thresholds, min_size=6, max_size=6), prices)
def test_a_merger_that_is_offered_brings_seats_and_one_that_brings_them_is_offered(
    pledges: list[Pledge], others: list[list[Pledge]], needed: list[int], price: Money | None,
) -> None:
    one = pool(*pledges, threshold=needed[0])
    neighbours = [pool(*each, id=f"other {number}", threshold=threshold) for number, (each, threshold) in enumerate(zip(others, needed[1:], strict=False))]
    found, alone = mergers(one, neighbours, price), standing_of(pledges, needed[0], price)
    together = {other.id: standing_of([*pledges, *other.pledges], max(needed[0], other.threshold), price) for other in neighbours}
    assert {each.pool.id: each.standing for each in found} == {key: standing for key, standing in together.items() if standing.seats > alone.seats}
    assert [each.standing.short for each in found] == sorted(each.standing.short for each in found)
