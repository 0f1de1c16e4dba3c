"""The states of pools and pledges: which follows which, who brings it there, and on what. One table each, that documentation can repeat."""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from academy.employers.kinds import OPEN_POOLS, PledgeState, PoolState

State = TypeVar("State", PoolState, PledgeState)


@dataclass(frozen=True)
class Way(Generic[State]):
    """From one state to the next; `was` is None where a pool or a pledge begins."""

    was: State | None
    becomes: State
    who: str
    when: str


_LAPSES: Final = {
    PoolState.IDEA: "nobody joined before the deadline, or whoever asked withdrew",
    PoolState.GATHERING: "it is below its line at the deadline and is released, merged into a neighbour, or its last pledge is withdrawn",
    PoolState.ASKED: "no provider accepted, and it is released",
    PoolState.PROVISIONAL: "too few confirmed, and it is released",
}

POOL_WAYS: Final[tuple[Way[PoolState], ...]] = (
    Way(None, PoolState.IDEA, "employer, citizen, school", "a demand that fits no pool starts one"),
    Way(PoolState.IDEA, PoolState.GATHERING, "employer, citizen, school", "a second one joins, or one alone has seats enough"),
    Way(PoolState.GATHERING, PoolState.ASKED, "worker", "enough seats at one slot: providers have two working days to answer"),
    Way(PoolState.ASKED, PoolState.PROVISIONAL, "provider", "accepts: each firm has five days to confirm"),
    Way(PoolState.ASKED, PoolState.GATHERING, "provider, worker", "no provider accepts, or pledges are taken back and too few seats are left"),
    Way(PoolState.PROVISIONAL, PoolState.CONFIRMED, "worker", "enough seats are confirmed: the class is founded"),
    Way(PoolState.PROVISIONAL, PoolState.GATHERING, "provider, firms", "the class is called off before it was founded, or too few confirm and it gathers on"),
    Way(PoolState.CONFIRMED, PoolState.STARTED, "worker", "the first day of the class"),
    *(Way(was, PoolState.LAPSED, "worker, office, firms", _LAPSES[was]) for was in OPEN_POOLS),
    Way(PoolState.CONFIRMED, PoolState.LAPSED, "provider, office", "the class is called off before it began"),
)

PLEDGE_WAYS: Final[tuple[Way[PledgeState], ...]] = (
    Way(None, PledgeState.UNPROVEN, "employer, citizen, school", "pledges without being signed in: a letter is under way"),
    Way(None, PledgeState.OPEN, "employer, citizen, school", "pledges, signed in"),
    Way(PledgeState.UNPROVEN, PledgeState.OPEN, "employer, citizen, school", "follows the link in the letter"),
    Way(PledgeState.UNPROVEN, PledgeState.WITHDRAWN, "employer, citizen, school", "takes it back before it counted"),
    Way(PledgeState.UNPROVEN, PledgeState.LAPSED, "worker", "the link was not followed in time, the pool lapsed, or it was full when its demand was proven"),
    Way(PledgeState.OPEN, PledgeState.ASKED, "worker", "a provider accepted, at a slot and a price that this pledge can do"),
    Way(PledgeState.OPEN, PledgeState.WITHDRAWN, "employer, citizen, school", "takes it back"),
    Way(PledgeState.OPEN, PledgeState.LAPSED, "worker", "the pool lapsed, or went ahead at another slot"),
    Way(PledgeState.ASKED, PledgeState.CONFIRMED, "employer, citizen, school", "confirms with one click: the money is earmarked"),
    Way(PledgeState.ASKED, PledgeState.UNPAID, "worker", "confirmed, but the money was not there"),
    Way(PledgeState.ASKED, PledgeState.DECLINED, "employer, citizen, school", "says no to what the provider offers"),
    Way(PledgeState.ASKED, PledgeState.WITHDRAWN, "employer, citizen, school", "takes it back"),
    Way(PledgeState.ASKED, PledgeState.LAPSED, "worker", "no answer within five days, or the pool lapsed"),
    Way(PledgeState.ASKED, PledgeState.OPEN, "worker", "the pool gathers on"),
    Way(PledgeState.CONFIRMED, PledgeState.PLACED, "worker", "the class is founded: the earmark becomes an order"),
    Way(PledgeState.CONFIRMED, PledgeState.UNPAID, "worker", "the money is no longer there when the class is founded; the class goes on with the others"),
    Way(PledgeState.CONFIRMED, PledgeState.WITHDRAWN, "employer, citizen, school", "takes it back before the class is founded: the earmark is released"),
    Way(PledgeState.CONFIRMED, PledgeState.LAPSED, "worker", "the pool lapsed: the earmark is released"),
    Way(PledgeState.CONFIRMED, PledgeState.OPEN, "worker", "the pool gathers on: the earmark is released, and a new offer asks again"),
    Way(PledgeState.PLACED, PledgeState.LAPSED, "provider, office", "the class is called off before it began: its demand is open again"),
)

# Per kind: some states of both have the same name, and compare as text.
_PAIRS: Final[dict[type, frozenset[tuple[object, object]]]] = {
    PoolState: frozenset((way.was, way.becomes) for way in POOL_WAYS),
    PledgeState: frozenset((way.was, way.becomes) for way in PLEDGE_WAYS),
}


def may_follow(was: State | None, becomes: State) -> bool:
    """Tell whether a pool, or a pledge, may come from one state to the other; `was` is None for a new one."""
    return (was, becomes) in _PAIRS[type(becomes)]


def pools_before(becomes: PoolState) -> tuple[PoolState, ...]:
    """Return the states from which a pool may come to this one: what a guarded UPDATE names."""
    return tuple(way.was for way in POOL_WAYS if way.becomes is becomes and way.was is not None)


def pledges_before(becomes: PledgeState) -> tuple[PledgeState, ...]:
    """Return the states from which a pledge may come to this one: what a guarded UPDATE names."""
    return tuple(way.was for way in PLEDGE_WAYS if way.becomes is becomes and way.was is not None)
