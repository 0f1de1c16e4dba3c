"""What pooling gives: classes from the demand of small firms, alone and together, with one acceptable moment and with several.

The sizing of pools (60 skills, demand by Zipf's law, 1.8 seats per post, a class from 12) computed with the rules by which pools go ahead. Posts come one
by one into the pool of their skill; as soon as a pool has its seats at one slot, all whom that slot serves become a class and leave the pool. A firm that
fills a class by itself does so, with others or without. All ways to pool are asked the same posts.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from academy.employers.kinds import PoolState
from academy.employers.rules import (
    ONLINE,
    SLOTS,
    Choice,
    Offered,
    Pledge,
    Pool,
    PoolKey,
    Skill,
    Wanted,
    outcome_at_deadline,
    ranked,
    standing_of,
)
from academy.kernel.money import Money
from benchmarks.outcome import Outcome

_SKILLS: Final = 60
_THRESHOLD: Final = 12
_POSTS: Final = (50, 100, 200, 400)  # in a quarter
_GOAL_POSTS: Final = 200
# Seats of a post, in parts of a thousand: 1.8 on average. One in fifty is of a firm that fills a class by itself, which is what the sizing says of firms alone.
_SEATS: Final = {1: 605, 2: 235, 3: 95, 4: 30, 5: 10, 6: 5, 12: 20}
_MOMENTS: Final = ("tue-evening", "thu-evening", "sat-morning")
_MANY: Final = 5  # moments that somebody names, of the whole week
_QUARTERS, _QUICK = 1_000, 150
_SEED: Final = 2026

_POOLS: Final = 1_000
_PLEDGES: Final = 20
_CANDIDATES: Final = 10_000
_ESCO_SKILLS: Final = 3_000
_TURNS: Final = 5

_Side = TypeVar("_Side", Wanted, Offered)

# A pool here does not end with the quarter: who takes part can put it off, so the gain is held against that.
LEAST: Final[dict[str, float]] = {"200 posts: put off once, times alone": 4, "200 posts: several slots, times one slot": 1.5}
MOST: Final[dict[str, float]] = {"1,000 pools: seconds": 2, "10,000 candidates: seconds": 0.3}


def measure(*, quick: bool) -> Outcome:
    """Measure the rules alone, without a database."""
    figures: dict[str, float | None] = {}
    for posts in _POSTS:
        figures |= {f"{posts} posts: {name}": figure for name, figure in figures_of(posts, _QUICK if quick else _QUARTERS).items()}
    figures |= {"1,000 pools: seconds": _least(_evaluated), "10,000 candidates: seconds": _least(_ranked)}
    return Outcome("pool", figures, MOST, LEAST)


@dataclass(frozen=True)
class _Post:
    """What a firm asks for: `moments` are the three in an order of its own, `week` five of all 21."""

    number: int
    skill: int
    seats: int
    moments: tuple[str, ...]
    week: tuple[str, ...]


_Slots = Callable[[_Post], tuple[str, ...]]
_WAYS: Final[dict[str, _Slots]] = {
    "one slot": lambda post: post.moments[:1],
    "two slots": lambda post: post.moments[:2],
    "several slots": lambda post: post.moments,
    "one of 21 slots": lambda post: post.week[:1],
    "five of 21 slots": lambda post: post.week,
}


@dataclass
class _Market:
    """The pools of one way to ask; `is_alone` gives each firm a pool of its own, `puts_off` lets pledges wait for a second quarter."""

    slots: _Slots
    is_alone: bool = False
    puts_off: bool = False
    classes: int = 0
    served: int = 0
    pools: dict[Hashable, list[Pledge]] = field(default_factory=lambda: defaultdict(list))

    def take(self, post: _Post) -> None:
        key: Hashable = (post.skill, post.number) if self.is_alone or post.seats >= _THRESHOLD else post.skill
        pledges = self.pools[key]
        pledges.append(Pledge(post.number, post.number, post.seats, frozenset(self.slots(post))))
        standing = standing_of(pledges, _THRESHOLD)
        if standing.is_met:
            self.classes += 1
            self.served += standing.seats
            self.pools[key] = [each.pledge for each in standing.unserved]

    def end_quarter(self, first: int) -> None:
        """Close what is below its line; `first` is the number of the quarter's first post: what is older was put off before."""
        waiting, self.pools = self.pools, defaultdict(list)
        for key, pledges in waiting.items() if self.puts_off else ():
            recent = [pledge for pledge in pledges if isinstance(pledge.id, int) and pledge.id >= first]
            if recent and _can_be_put_off(key, pledges):
                self.pools[key] = recent


def _can_be_put_off(key: Hashable, pledges: list[Pledge]) -> bool:
    pool = Pool(key, PoolKey(str(key), "13"), PoolState.GATHERING, _THRESHOLD, tuple(pledges))
    return Choice.EXTEND in outcome_at_deadline(pool).choices


def figures_of(posts: int, quarters: int) -> dict[str, float]:
    """Return classes per quarter, and the part of the seats that they serve, for each way to pool."""
    chance = random.Random(f"{_SEED} {posts}")
    markets = {"alone": _Market(_WAYS["several slots"], is_alone=True), **{name: _Market(slots) for name, slots in _WAYS.items()}}
    markets["several slots, put off once"] = _Market(_WAYS["several slots"], puts_off=True)
    seats = _seats(chance)
    asked = 0
    for quarter in range(quarters):
        first = quarter * posts
        for post in _posts(chance, seats, first, posts):
            asked += post.seats
            for market in markets.values():
                market.take(post)
        for market in markets.values():
            market.end_quarter(first)
    figures: dict[str, float] = {}
    for name, market in markets.items():
        figures[name] = round(market.classes / quarters, 2)
        figures[f"{name}, % of seats served"] = round(100 * market.served / asked, 1)
    several = markets["several slots"].classes
    return figures | {
        "several slots, times alone": round(several / markets["alone"].classes, 2),
        "several slots, times one slot": round(several / markets["one slot"].classes, 2),
        "put off once, times alone": round(markets["several slots, put off once"].classes / markets["alone"].classes, 2),
    }


def _seats(chance: random.Random) -> Iterator[int]:
    """Yield the seats of one post after another: of every thousand exactly the parts, in any order, so that chance makes no class of firms alone."""
    bag = [seats for seats, parts in _SEATS.items() for _part in range(parts)]
    while True:
        yield from chance.sample(bag, len(bag))


def _posts(chance: random.Random, seats: Iterator[int], first: int, number: int) -> list[_Post]:
    skills = chance.choices(range(_SKILLS), [1 / rank for rank in range(1, _SKILLS + 1)], k=number)
    return [
        _Post(first + place, skill, next(seats), tuple(chance.sample(_MOMENTS, len(_MOMENTS))), tuple(chance.sample(SLOTS, _MANY)))
        for place, skill in enumerate(skills)
    ]


def _least(measured: Callable[[random.Random], float]) -> float:
    """Return the least of some turns: other work on the machine only adds."""
    chance = random.Random(_SEED)
    return round(min(measured(chance) for _turn in range(_TURNS)), 3)


def _evaluated(chance: random.Random) -> float:
    """Return the processor seconds that it takes to tell what becomes of a thousand pools, each with a neighbour, at a price."""
    pools = [
        Pool(number, PoolKey("welding", "13"), PoolState.GATHERING, 3 * _PLEDGES, tuple(
            Pledge(place, place, chance.choice((1, 1, 2, 3)), frozenset(chance.sample(SLOTS, _MANY)), Money(chance.randrange(300_00, 900_00)))
            for place in range(_PLEDGES)
        ))
        for number in range(_POOLS)
    ]
    started = time.process_time()
    for place, pool in enumerate(pools):
        outcome_at_deadline(pool, Money(450_00), pools[place - 1 : place])
    return time.process_time() - started


def _ranked(chance: random.Random) -> float:
    """Return the processor seconds that it takes to find the best twenty of ten thousand candidates."""
    uris = [f"http://data.europa.eu/esco/skill/{number}" for number in range(_ESCO_SKILLS)]
    skills = [Skill(uri, frozenset(chance.sample(uris[:300], 1)), frozenset(chance.sample(uris, 3))) for uri in uris]
    words = [f"word{number}" for number in range(_ESCO_SKILLS)]

    def side(kind: type[_Side], key: int, number: int) -> _Side:
        return kind(
            f"{key:05}", tuple(chance.sample(skills[:300], number)), frozenset(chance.sample(words[:600], 12)),
            frozenset({chance.choice(("13", "82", ONLINE))}), frozenset(chance.sample(SLOTS, 3)),
            chance.choice(("4", "4+", "5")), Money(chance.randrange(100_00, 900_00)), date(2027, chance.randint(1, 12), 1),
        )

    wanted, candidates = side(Wanted, 0, 3), [side(Offered, key, 4) for key in range(_CANDIDATES)]
    started = time.process_time()
    ranked(wanted, candidates)
    return time.process_time() - started
