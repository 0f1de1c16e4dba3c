"""Problems made by chance: small ones that can be tried whole, with everything a problem can have in it."""

import random

from academy.pathways.kinds import NodeKind, Standing
from academy.pathways.problem import After, Course, Either, Every, Had, Limits, Meeting, Need, Node, Problem, Reached

_HOURS = 14


def instance(seed: int, *, modules: int = 5, classes: int = 2, periods: int = 4) -> Problem:
    """Return a problem of so many modules, each with one class up to `classes`; about half of them have a route."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    names = [f"m{number}" for number in range(modules)]
    courses = tuple(course for name in names for course in _classes(chance, name, classes, periods))
    had = tuple(_had(chance, name) for name in names if chance.random() < 0.15)
    limits = Limits(
        hours=chance.choice((14, 28, 28, 42)), periods=chance.choice((periods // 2, periods, periods, periods)),
        open_times=chance.choice((None, None, frozenset((day, 2) for day in range(3)))), distance=chance.choice((None, None, None, 20)),
        own=chance.choice((None, None, None, 80_00)), employer=chance.choice((0, 0, 50_00)),
    )
    at_home = chance.choice((0, 0, 0, 50))
    return Problem(
        _tree(chance, names), courses, limits, _needs(chance, names), had, at_home, frozenset({"home"}) if at_home else frozenset(),
        busy=frozenset({Meeting(0, 0, 2)}) if chance.random() < 0.2 else frozenset(), busy_hours=(8, 8) if chance.random() < 0.2 else (),
        locked=frozenset({chance.choice(courses).key}) if courses and chance.random() < 0.15 else frozenset(),
        without=frozenset({chance.choice(names)}) if chance.random() < 0.15 else frozenset(),
    )


def _classes(chance: random.Random, name: str, most: int, periods: int) -> list[Course]:
    ec = chance.choice((25, 50, 50, 50, 100))
    provider = chance.choice(("home", "north", "south"))
    found = []
    for number in range(chance.choice((0, *range(1, most + 1), *range(1, most + 1), *range(1, most + 1)))):
        first = chance.randrange(periods)
        last = min(periods - 1, first + chance.choice((0, 0, 0, 1)))
        hours = tuple(_HOURS * ec // 50 // (last - first + 1) for _period in range(first, last + 1))
        weekday, distance = chance.randrange(4), chance.choice((0, 12, 12, 30))
        meetings = frozenset(Meeting(period, weekday, 2) for period in range(first, last + 1)) if distance else frozenset()
        found.append(Course(
            f"{name}.{number}", name, provider, ec, first, last, hours, meetings, chance.randrange(10_00, 60_00, 5_00), distance, distance * 20,
        ))
    return found


def _had(chance: random.Random, name: str) -> Had:
    is_whole = chance.random() < 0.7
    standing = chance.choice((Standing.OBTAINED, Standing.RECOGNISED, Standing.IN_PROGRESS)) if is_whole else Standing.RECOGNISED
    return Had(name, "home", 50 if is_whole else 20, standing, is_whole, last=0 if standing is Standing.IN_PROGRESS else -1)


def _needs(chance: random.Random, names: list[str]) -> tuple[tuple[str, Need], ...]:
    """Return what must come first; now and then a circle, or a module that nobody gives."""
    found: list[tuple[str, Need]] = []
    for name in names:
        if chance.random() < 0.2:
            other, third = After(chance.choice(names)), After(chance.choice((*names, "elsewhere")))
            found.append((name, chance.choice((other, other, Either((other, third)), Every((other, third)), Reached(50), Either((Reached(100), third)), Either((Every(()), Either(())))))))
    return tuple(found)


def _tree(chance: random.Random, names: list[str]) -> Node:
    shuffled = chance.sample(names, len(names))
    items = [_node(chance, f"0.{place}", shuffled) for place in range(chance.choice((1, 2, 2, 3)))]
    return Node("0", NodeKind.ALL, items=tuple(items))


def _node(chance: random.Random, key: str, names: list[str]) -> Node:
    kind = chance.choice((NodeKind.MODULE, NodeKind.OUTCOME, NodeKind.CREDITS, NodeKind.CREDITS, NodeKind.NUMBER, NodeKind.ALL))
    match kind:
        case NodeKind.MODULE:
            return _module(key, chance.sample(names, chance.choice((1, 1, 2))))
        case NodeKind.OUTCOME:
            return Node(key, kind, modules=tuple(chance.sample(names, chance.choice((1, 2, 3)))))
        case _:
            below = chance.sample(names, min(len(names), chance.choice((2, 3, 4))))
            items = tuple(_module(f"{key}.{place}", [name, *chance.choice(([], [], [chance.choice(names)]))]) for place, name in enumerate(below))
            if kind is NodeKind.CREDITS and chance.random() < 0.3:
                items = (Node(f"{key}.9", chance.choice((NodeKind.NUMBER, NodeKind.CREDITS, NodeKind.ALL)), chance.choice((1, 2)), items=items[:2]), *items[2:])
            amount = {NodeKind.CREDITS: chance.choice((50, 100, 150)), NodeKind.NUMBER: chance.choice((1, 2)), NodeKind.ALL: 0}[kind]
            return Node(key, kind, amount, items=items)


def _module(key: str, modules: list[str]) -> Node:
    return Node(key, NodeKind.MODULE, 50, tuple(dict.fromkeys(modules)))


def roomy(seed: int) -> Problem:
    """Return a problem with ten modules, of which six are asked, and time enough."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    names = [f"m{number}" for number in range(10)]
    courses = tuple(
        Course(f"{name}.{period}", name, "home", 50, period, period, (_HOURS,), frozenset({Meeting(period, chance.randrange(5), 2)}), chance.randrange(10_00, 60_00), 12, 240)
        for name in names for period in range(4)
    )
    tree = Node("0", NodeKind.ALL, items=(
        Node("0.0", NodeKind.CREDITS, 300, items=tuple(_module(f"0.0.{place}", [name]) for place, name in enumerate(names))),
        Node("0.1", NodeKind.OUTCOME, modules=("m3", "m4")),
    ))
    return Problem(tree, courses, Limits(28, 4), (("m3", After("m1")), ("m4", After("m2"))))
