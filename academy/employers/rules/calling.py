"""Whom the programme office calls: who is one or two seats short of a class, who did not answer, and who leads a pool. Nobody who withdrew."""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from academy.employers.kinds import DemandState, Party, PledgeState, PoolState

MOST_SHORT: Final = 2  # seats: more is not settled by a call
FEWEST_TIMES: Final = 10  # of fewer one can not say what is usual

_GATHERS: Final = (PoolState.IDEA, PoolState.GATHERING)
_COUNTS: Final = (PledgeState.OPEN, PledgeState.ASKED, PledgeState.CONFIRMED)


class Why(StrEnum):
    """Why somebody is called."""

    SHORT = "short"  # their pool lacks one or two seats
    PLEDGE = "pledge"  # was asked to confirm, and did not answer
    PROVIDER = "provider"  # was asked for a class, and did not answer in time
    DEMAND = "demand"  # asked us something, and nobody answered in time
    LEAD = "lead"  # has most seats in its pool: it brings others


@dataclass(frozen=True, slots=True)
class PledgeToCall:
    """A promise as the list looks at it."""

    id: Hashable
    party: Party
    state: PledgeState
    seats: int


@dataclass(frozen=True, slots=True)
class PoolToCall:
    """A pool as the list looks at it; `short` is how many seats it lacks now, `gathers_until` the midnight at which gathering is over."""

    id: Hashable
    state: PoolState
    short: int
    is_told_short: bool
    gathers_until: datetime
    accept_by: datetime | None
    confirm_by: datetime | None
    pledges: tuple[PledgeToCall, ...]


@dataclass(frozen=True, slots=True)
class DemandToCall:
    """A demand as the list looks at it."""

    id: Hashable
    state: DemandState
    answer_by: datetime | None


@dataclass(frozen=True, slots=True)
class Call:
    """A line of the list: who, by the id of a pledge, a demand, or for a provider that of the pool; until when; how many seats lack."""

    why: Why
    about: Hashable
    pool: Hashable | None
    until: datetime
    short: int = 0


def call_list(pools: Iterable[PoolToCall], demands: Iterable[DemandToCall], now: datetime) -> tuple[Call, ...]:
    """Return who is to be called, the newest deadline first: firms of pools that lack one or two seats, and all who did not answer."""
    calls = [call for pool in pools for call in _of_pool(pool, now)]
    calls += [
        Call(Why.DEMAND, one.id, None, one.answer_by)
        for one in demands if one.state is DemandState.OPEN and one.answer_by is not None and one.answer_by <= now
    ]
    return newest_first(calls)


def newest_first(calls: Iterable[Call]) -> tuple[Call, ...]:
    """Return calls with the newest deadline first; those of one deadline by what they are about."""
    return tuple(sorted(sorted(calls, key=lambda call: str(call.about)), key=lambda call: call.until, reverse=True))


def _of_pool(pool: PoolToCall, now: datetime) -> list[Call]:
    if pool.state is PoolState.ASKED:
        is_late = pool.accept_by is not None and pool.accept_by <= now
        return [Call(Why.PROVIDER, pool.id, pool.id, pool.accept_by)] if is_late and pool.accept_by is not None else []
    calls = []
    if pool.state is PoolState.PROVISIONAL and pool.confirm_by is not None:
        waiting = (one for one in pool.pledges if one.state is PledgeState.ASKED)
        calls += [Call(Why.PLEDGE, one.id, pool.id, pool.confirm_by) for one in waiting]
    if 0 < pool.short <= MOST_SHORT:
        until = pool.confirm_by if pool.state is PoolState.PROVISIONAL and pool.confirm_by is not None else pool.gathers_until
        calls += [Call(Why.SHORT, one.id, pool.id, until, pool.short) for one in pool.pledges if _may_bring_more(pool, one)]
    return calls


def _may_bring_more(pool: PoolToCall, pledge: PledgeToCall) -> bool:
    """Tell whether a call about the seats that lack goes to this pledge: of a firm or school, while it can still take more."""
    if pledge.party is Party.CITIZEN:
        return False
    if pool.state in _GATHERS:
        return pledge.state is PledgeState.OPEN
    return pool.state is PoolState.PROVISIONAL and pool.is_told_short and pledge.state is PledgeState.CONFIRMED


def leads(pools: Iterable[PoolToCall]) -> dict[Hashable, Hashable]:
    """Return per pool that is under way the pledge of the firm or school that leads it: most seats, the first to promise of equals; two seats at least."""
    found: dict[Hashable, Hashable] = {}
    for pool in pools:
        firms = [one for one in pool.pledges if one.party is not Party.CITIZEN and one.state in _COUNTS and one.seats > 1]
        if firms and pool.state in (*_GATHERS, PoolState.ASKED, PoolState.PROVISIONAL):
            found[pool.id] = max(firms, key=lambda one: one.seats).id
    return found


def lead_calls(pools: Sequence[PoolToCall]) -> tuple[Call, ...]:
    """Return the firms that lead a pool which still gathers, the newest deadline first: a call to them brings others along."""
    leading = leads(pools)
    return newest_first(
        Call(Why.LEAD, leading[pool.id], pool.id, pool.gathers_until, pool.short) for pool in pools if pool.id in leading and pool.state in _GATHERS
    )


def median(times: Sequence[timedelta]) -> timedelta | None:
    """Return within which time half of them were done (nearest rank); None when there are too few to say."""
    return sorted(times)[math.ceil(len(times) / 2) - 1] if len(times) >= FEWEST_TIMES else None
