"""The ways of pools and pledges: nothing is stuck, nothing ends twice, and a founded class is not taken back."""

from enum import StrEnum
from itertools import product

import pytest

from academy.employers.kinds import COUNTING_PLEDGES, LIVE_PLEDGES, OPEN_POOLS, PledgeState, PoolState
from academy.employers.rules import PLEDGE_WAYS, POOL_WAYS, may_follow, pledges_before, pools_before

ENDS = {PoolState.STARTED, PoolState.LAPSED}
PLEDGE_ENDS = {PledgeState.DECLINED, PledgeState.UNPAID, PledgeState.WITHDRAWN, PledgeState.LAPSED}


def test_a_pool_goes_from_an_idea_to_a_class_step_by_step() -> None:
    way = [PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED, PoolState.PROVISIONAL, PoolState.CONFIRMED, PoolState.STARTED]
    assert may_follow(None, way[0])
    for place, state in enumerate(way):
        followers = {other for other in way[place + 1 :] if may_follow(state, other)}
        assert followers == set(way[place + 1 : place + 2])


def test_only_a_new_pool_is_an_idea_and_only_what_was_asked_gathers_again() -> None:
    assert pools_before(PoolState.IDEA) == ()
    assert set(pools_before(PoolState.GATHERING)) == {PoolState.IDEA, PoolState.ASKED, PoolState.PROVISIONAL}
    assert not any(may_follow(None, state) for state in PoolState if state is not PoolState.IDEA)


def test_every_open_pool_can_lapse_and_so_can_a_class_that_is_called_off_before_it_began() -> None:
    assert set(pools_before(PoolState.LAPSED)) == {*OPEN_POOLS, PoolState.CONFIRMED}


def test_a_pledge_counts_from_its_proof_to_its_end() -> None:
    assert {state for state in PledgeState if may_follow(None, state)} == {PledgeState.UNPROVEN, PledgeState.OPEN}
    assert set(pledges_before(PledgeState.CONFIRMED)) == {PledgeState.ASKED}
    assert set(pledges_before(PledgeState.OPEN)) == {PledgeState.UNPROVEN, PledgeState.ASKED, PledgeState.CONFIRMED}
    assert set(pledges_before(PledgeState.WITHDRAWN)) == {PledgeState.UNPROVEN, *COUNTING_PLEDGES}
    assert set(pledges_before(PledgeState.LAPSED)) == set(LIVE_PLEDGES)


def test_a_pledge_is_taken_back_only_until_the_class_is_founded() -> None:
    assert may_follow(PledgeState.CONFIRMED, PledgeState.WITHDRAWN)
    assert {state for state in PledgeState if may_follow(PledgeState.PLACED, state)} == {PledgeState.LAPSED}  # its class is called off


def test_nobody_is_placed_who_did_not_confirm() -> None:
    assert pledges_before(PledgeState.PLACED) == (PledgeState.CONFIRMED,)


@pytest.mark.parametrize(("kind", "ways", "ends"), [(PoolState, POOL_WAYS, ENDS), (PledgeState, PLEDGE_WAYS, PLEDGE_ENDS)])
def test_every_state_is_reached_and_left_but_the_ends_and_the_table_is_all_that_may(kind: type[StrEnum], ways: tuple[object, ...], ends: set[StrEnum]) -> None:
    pairs = {(getattr(way, "was"), getattr(way, "becomes")) for way in ways}  # noqa: B009 - of two kinds of ways
    assert len(pairs) == len(ways)
    assert {becomes for _was, becomes in pairs} == set(kind)
    assert {state for state in kind if not any(was is state for was, _becomes in pairs)} == ends
    assert pairs == {pair for pair in product((None, *kind), kind) if may_follow(*pair)}
    assert not any(was is becomes for was, becomes in pairs)


def test_states_of_pools_and_pledges_that_have_one_name_are_not_mixed() -> None:
    assert may_follow(PledgeState.CONFIRMED, PledgeState.LAPSED)
    assert may_follow(PledgeState.ASKED, PledgeState.CONFIRMED)
    assert not may_follow(PoolState.ASKED, PoolState.CONFIRMED)


def test_what_is_live_has_not_ended() -> None:
    assert not set(LIVE_PLEDGES) & PLEDGE_ENDS
    assert not set(OPEN_POOLS) & ENDS
