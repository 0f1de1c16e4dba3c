"""Pledges for tests of the rules: one by one, and any of them."""

from itertools import count

from hypothesis import strategies as st

from academy.employers.kinds import PoolState
from academy.employers.rules import SLOTS, Pledge, Pool, PoolKey
from academy.kernel.money import Money

_numbers = count()
SOME_SLOTS = ("tue-evening", "thu-evening", "sat-morning", "mon-morning")


def pledge(seats: int = 1, *slots: str, firm: str = "", most: int | None = None) -> Pledge:
    number = next(_numbers)
    return Pledge(f"pledge {number}", firm or f"firm {number}", seats, frozenset(slots or SOME_SLOTS[:1]), None if most is None else Money(most))


def pool(
    *pledges: Pledge, id: str = "pool", outcome: str = "welding", area: str = "13",  # noqa: A002 - named as the field
    state: PoolState = PoolState.GATHERING, threshold: int = 12,
) -> Pool:
    return Pool(id, PoolKey(outcome, area), state, threshold, pledges)


prices = st.none() | st.builds(Money, st.integers(0, 1_000_00))


def pledges_of(slots: tuple[str, ...] = SOME_SLOTS) -> st.SearchStrategy[Pledge]:
    """Any pledge of one of few firms; each its own."""
    return st.builds(
        lambda firm, seats, chosen, most: Pledge(f"pledge {next(_numbers)}", firm, seats, chosen, most),
        st.sampled_from("abcdefg"), st.integers(1, 9), st.frozensets(st.sampled_from(slots), min_size=1), prices,
    )


some_pledges = st.lists(pledges_of(), max_size=12)
any_slots = st.frozensets(st.sampled_from(SLOTS))
