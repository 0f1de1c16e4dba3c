"""A made-up region: what a learner can choose from for one degree, as large as asked."""

import random
from typing import Final

from academy.pathways.kinds import NodeKind
from academy.pathways.problem import PERIODS, After, Course, Limits, Meeting, Need, Node, Problem

OUTCOMES: Final = 24
PROVIDERS: Final = 6
EC: Final = 1_200  # tenths
AT_HOME: Final = 600
HOURS: Final = 28  # a week: 10 EC in a period
_WEEKS: Final = 10
_A_YEAR: Final = 4  # periods
_WHOLE: Final = 50  # a module of 5 EC: smaller ones meet once a week, and all cost by their size
_HOURS_PER_EC: Final = 28
_SIZES: Final = (50, 50, 50, 50, 50, 50, 50, 50, 25, 100)  # tenths of EC: mostly 5 EC
_KILOMETRES: Final = (6, 14, 22, 31, 45, 60)  # to each provider
_ONLINE: Final = 0.15
_WITH_NEED: Final = 0.3
_TIMES: Final = (*((weekday, 2) for weekday in range(5)), (4, 1), (5, 0))  # evenings, Friday afternoon, Saturday morning: so that much clashes


def made(modules: int, seed: int) -> Problem:
    """Return a problem with so many modules: six providers, each module once or twice a year at its own time, a third of them after another one."""
    chance = random.Random(f"{modules} {seed}")
    outcomes: list[list[str]] = [[] for _ in range(OUTCOMES)]
    nodes, courses = [], []
    needs: list[tuple[str, Need]] = []
    for number in range(modules):
        name = f"module-{number}"
        provider = number % PROVIDERS
        ec = chance.choice(_SIZES)
        for outcome in chance.sample(range(OUTCOMES), chance.choice((1, 2, 2, 3))):
            outcomes[outcome].append(name)
        nodes.append(Node(f"0.0.{number}", NodeKind.MODULE, ec, (name,)))
        if number > PROVIDERS and chance.random() < _WITH_NEED:
            needs.append((name, After(f"module-{chance.randrange(number)}")))
        courses += _classes(chance, name, provider, ec)
    tree = Node("0", NodeKind.ALL, items=(
        Node("0.0", NodeKind.CREDITS, EC, items=tuple(nodes)),
        *(Node(f"0.{place + 1}", NodeKind.OUTCOME, modules=tuple(taught)) for place, taught in enumerate(outcomes)),
    ))
    return Problem(tree, tuple(courses), Limits(HOURS), tuple(needs), at_home=AT_HOME, home=frozenset({"provider-0"}))


def _classes(chance: random.Random, name: str, provider: int, ec: int) -> list[Course]:
    hours = round(ec / 10 * _HOURS_PER_EC / _WEEKS)
    price = chance.randrange(200_00, 1_500_01, 5_00) * ec // _WHOLE
    is_online = chance.random() < _ONLINE
    distance = 0 if is_online else _KILOMETRES[provider]
    seasons = chance.sample(range(_A_YEAR), chance.choice((1, 1, 2)))
    found = []
    for season in sorted(seasons):
        times = chance.sample(_TIMES, 1 if ec < _WHOLE else chance.choice((1, 1, 2)))
        for period in range(season, PERIODS, _A_YEAR):
            meetings = frozenset(Meeting(period, weekday, part) for weekday, part in times)
            found.append(Course(
                f"{name}@{period}", name, f"provider-{provider}", ec, period, period, (hours,), meetings, price,
                distance, 2 * distance * _WEEKS * len(times), is_expected=period >= _A_YEAR,
            ))
    return found
