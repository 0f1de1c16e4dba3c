"""The participation rule, how far a provider is, and what it lacks: plain values in, plain answers out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from academy.reports.kinds import ReadinessItem, Stage

LARGE, DOMESTIC, FOREIGN = 3, 2, 1  # "minstens drie grote spelers waarvan twee uit het binnenland en één uit het buitenland" (requirement R23)
COUNTED: Final = frozenset({Stage.DECLARED, Stage.RUNNING, Stage.STRUCTURAL})  # who only explores has promised nothing
HOME: Final = "NL"
_ORDER: Final = tuple(Stage)


@dataclass(frozen=True)
class StageChange:
    """What the programme office says of a provider; `since` is the first day of the stage, `note` why, for colleagues."""

    stage: Stage
    since: date
    is_large: bool = False
    is_anchor: bool = False
    note: str = ""


@dataclass(frozen=True)
class Supplied:
    """What the database tells of a provider: numbers of each. Modules are public ones, except those made for one employer."""

    members: int = 0  # people who act for it
    board: int = 0  # of them, members of its exam board
    modules: int = 0
    with_skills: int = 0  # of the modules: those of which an outcome names a skill
    with_price: int = 0
    fed: int = 0  # of the modules: those that came in by a feed or file
    classes: int = 0  # in which one can enrol
    results: int = 0  # final ones


def large_of(taking_part: Iterable[tuple[Stage, str, bool]]) -> tuple[int, int, int]:
    """Return how many large providers count, how many of them are domestic and how many foreign; given as (stage, country, whether it is large)."""
    countries = [country for stage, country, is_large in taking_part if is_large and stage in COUNTED]
    domestic = sum(country == HOME for country in countries)
    return len(countries), domestic, len(countries) - domestic


def goes_back(was: Stage | None, becomes: Stage) -> bool:
    """Tell whether a provider gets less far than it was: then the office says why."""
    return was is not None and _ORDER.index(becomes) < _ORDER.index(was)


def ready(supplied: Supplied, ticked: Collection[ReadinessItem]) -> dict[ReadinessItem, bool]:
    """Return of everything that a provider needs whether it is there; of skills and prices: with every public module."""
    item, has_modules = ReadinessItem, supplied.modules > 0
    return {
        item.AGREEMENT: item.AGREEMENT in ticked, item.CONTACT: item.CONTACT in ticked, item.MEMBERS: supplied.members > 0, item.MODULES: has_modules,
        item.SKILLS: has_modules and supplied.with_skills == supplied.modules, item.CLASSES: supplied.classes > 0,
        item.PRICES: has_modules and supplied.with_price == supplied.modules, item.RESULTS: supplied.results > 0, item.EXAM_BOARD: supplied.board > 0,
        item.FEED: supplied.fed > 0,
    }
