"""The question that a route answers, and the answer, in plain values that travel to another process.

Units: credits are whole tenths of EC, money whole cents, time whole hours a week, distance whole kilometres. Periods count from 0: the first one in
which the learner can begin. A day of the week is 0 (Monday) to 6, a part of the day 0 (morning), 1 (afternoon) or 2 (evening).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from academy.pathways.kinds import Limit, NodeKind, Option, Proof, Standing

PERIODS: Final = 16  # four school years of four periods
MOST_PERIODS: Final = 24  # six, for who has few hours a week
MOST_HOURS: Final = 60  # a week that somebody can say to have
MOST_EC: Final = 2_400  # tenths: more than that nobody needs for an Associate degree, twice over


@dataclass(frozen=True, slots=True, order=True)
class Meeting:
    """Time that a course takes every week of a period. Two courses with the same meeting clash."""

    period: int
    weekday: int
    part: int


@dataclass(frozen=True, slots=True)
class Course:
    """A module in a class: what a step of a route is. `key` is the code of the class, or `slug@period` of one that is expected.

    `hours` a week in each period from `first` to `last`; `price` what the learner pays after funding, where known (an unknown price is 0, and said);
    `distance` one way, `travel` there and back for all meetings together, both 0 where not known or online; `distance` of what is not online is at least 1. A module that one begins when one wants has
    a course per period.
    """

    key: str
    module: str
    provider: str
    ec: int
    first: int
    last: int
    hours: tuple[int, ...]
    meetings: frozenset[Meeting] = frozenset()
    price: int = 0
    distance: int = 0
    travel: int = 0
    is_expected: bool = False
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class After:
    """This module first, or something that counts as it: it ends before the other one begins."""

    module: str


@dataclass(frozen=True, slots=True)
class Reached:
    """So many credits (tenths) in the programme before it begins."""

    ec: int


@dataclass(frozen=True, slots=True)
class Every:
    items: tuple["Need", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of these; of none at all: impossible."""

    items: tuple["Need", ...]


Need = After | Reached | Every | Either


@dataclass(frozen=True, slots=True)
class Node:
    """A requirement. `key` is its place in the tree (`0.2.1`).

    `amount`: EC (tenths) of CREDITS and of a MODULE as a whole; the number of NUMBER; else 0. `modules`: of a MODULE the module itself first, then what counts as it;
    of an OUTCOME those that teach it.

    Credits counted: of a MODULE the whole `amount` once it is complete, else what was recognised of the module itself, at most `amount`; of ALL the sum of what is
    below; of CREDITS the same, at most `amount`; of NUMBER the sum of the `amount` highest below; of an OUTCOME none. Complete: a MODULE when one of its modules is
    whole (taken, or had whole) and placed there; an OUTCOME when one of its modules is whole, wherever that is placed; ALL when all are; CREDITS when `amount` is
    counted; NUMBER when so many are. Every module is placed in at most one MODULE node.
    """

    key: str
    kind: NodeKind
    amount: int = 0
    modules: tuple[str, ...] = ()
    items: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Credit:
    """Credits of one module that somebody has, is getting or plans. `ec` in tenths; `on` is the day of the result or decision."""

    module: str  # slug
    provider: str  # slug
    ec: int
    standing: Standing
    is_whole: bool
    nlqf: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Had:
    """Credits of one module that somebody has, or is getting: one row per module. `is_whole`: it counts as passed (in progress: it will).

    Of a module that is not whole, `ec` is what was recognised of it; its courses then carry the rest of its credits only.
    """

    module: str
    provider: str
    ec: int
    standing: Standing
    is_whole: bool = True
    last: int = -1  # the period in which what is in progress ends


@dataclass(frozen=True, slots=True)
class Limits:
    """A learner's life. None is: no limit. `open_times` are (weekday, part) pairs that they have; `own` money is in all, after `employer`'s."""

    hours: int
    periods: int = PERIODS
    open_times: frozenset[tuple[int, int]] | None = None
    distance: int | None = None
    own: int | None = None
    employer: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """What a route must do. `needs` per module, what somebody has already left out of them; a module without an entry needs nothing.

    `at_home` is the least of credits (tenths) at the providers `home`: the whole credits of every module of theirs that is taken, obtained or in progress, and
    placed in the tree; what was recognised is not taught and does not count. What is counted for `Reached`: all that was had, and every course that ends before.
    `busy` and `busy_hours` (a week, by period) is what one is enrolled in already. `locked` are keys of courses that must be in it; `without` modules that must not.
    """

    tree: Node
    courses: tuple[Course, ...]
    limits: Limits
    needs: tuple[tuple[str, Need], ...] = ()
    had: tuple[Had, ...] = ()
    at_home: int = 0
    home: frozenset[str] = frozenset()
    busy: frozenset[Meeting] = frozenset()
    busy_hours: tuple[int, ...] = ()
    locked: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Placed:
    """Credits (tenths) of a module that count in one place of the tree."""

    module: str
    node: str
    ec: int


@dataclass(frozen=True, slots=True)
class Route:
    """Courses that together answer a problem, the earliest first. `value` of what it is best at: periods, cents or kilometres; no route has less than `bound`."""

    option: Option
    courses: tuple[str, ...]
    placed: tuple[Placed, ...]
    value: int
    bound: int
    proof: Proof


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why there is no route: this requirement can not be met within these limits. Without a node: the route as a whole.

    `opens` per limit: the value with which it could be met, where one limit alone stands in the way: hours a week, kilometres, cents, periods; of PARTS
    the (weekday * 3 + part) of one time that would do; of others 0.
    """

    node: str
    modules: tuple[str, ...]
    limits: tuple[Limit, ...]
    opens: tuple[tuple[Limit, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Up to three routes, or the smallest set of blockers. `is_whole`: false when calculating was cut short, so that more or better may exist."""

    routes: tuple[Route, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Budget:
    """How long calculating may take, in seconds: `each` option, and in all before it is stopped from outside."""

    each: float = 0.9
    whole: float = 6.0
    seed: int = field(default=1)
