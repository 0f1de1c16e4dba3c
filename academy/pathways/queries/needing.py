"""What a module asks beforehand, as the solver reads it; pure. What is not on record may have been learned elsewhere: as in admission, it keeps nobody out here."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from academy.catalogue.api import (
    LEVELS,
    AllOf,
    AnyOf,
    CreditsReached,
    Fit,
    LevelReached,
    ModulePassed,
    Prerequisite,
    YearReached,
)
from academy.catalogue.api import circles as circles_in
from academy.pathways.problem import After, Either, Every, Need, Reached

A_YEAR: Final = 600  # tenths of EC
MET: Final = Every(())
IMPOSSIBLE: Final = Either(())


@dataclass(frozen=True)
class Knowledge:
    """What decides about needs: which module a name means, (slug of the provider, external id), and what somebody has.

    `whole` are modules that count as passed, `part` the EC that were recognised of others; `nlqf` is the level of their diploma, "" for not said.
    """

    modules: Mapping[tuple[str, str], str]
    nlqf: str = ""
    whole: Collection[str] = ()
    part: Mapping[str, Decimal] = field(default_factory=dict)


def need_of(asked: Prerequisite, known: Knowledge, *, provider: str) -> Need:
    """Return what is still needed: `MET` for nothing. A module that is not here, and a diploma that was not told or is one level too low, is not asked."""
    match asked:
        case AllOf(items):
            return _every([need_of(item, known, provider=provider) for item in items])
        case AnyOf(items):
            return _either([need_of(item, known, provider=provider) for item in items])
        case ModulePassed(external_id, of_other, ec):
            slug = known.modules.get((of_other or provider, external_id))
            has = slug is None or slug in known.whole or (ec is not None and known.part.get(slug, Decimal(0)) >= ec)
            return MET if has else After(slug or "")
        case CreditsReached(ec):
            return _reached(int(ec * 10))
        case YearReached(year):
            return _reached(A_YEAR * (year - 1))
        case LevelReached(nlqf):
            told = known.nlqf in LEVELS and nlqf in LEVELS
            return IMPOSSIBLE if told and LEVELS.index(nlqf) - LEVELS.index(known.nlqf) >= Fit.NOT_MET else MET


def _reached(tenths: int) -> Need:
    return Reached(tenths) if tenths > 0 else MET


def _every(items: list[Need]) -> Need:
    left = tuple(dict.fromkeys(item for item in items if item != MET))
    if IMPOSSIBLE in left:
        return IMPOSSIBLE
    return left[0] if len(left) == 1 else Every(left)


def _either(items: list[Need]) -> Need:
    left = tuple(dict.fromkeys(item for item in items if item != IMPOSSIBLE))
    if MET in left or not items:
        return MET
    return left[0] if len(left) == 1 else Either(left)


def circles(needs: Mapping[str, Need]) -> tuple[tuple[str, ...], ...]:
    """Return the circles of modules that need each other, so that nobody can begin with one of them; who may take something else instead is in none."""
    free: set[str] = set()
    while found := [module for module, need in needs.items() if module not in free and _can(need, free, needs)]:
        free.update(found)
    graph = {module: frozenset(_named(need)) - free for module, need in needs.items() if module not in free}
    return tuple(circle[:-1] for circle in circles_in(graph))


def _can(need: Need, free: Collection[str], needs: Mapping[str, Need]) -> bool:
    match need:
        case After(module):
            return module in free or module not in needs
        case Reached():
            return True
        case Every(items):
            return all(_can(item, free, needs) for item in items)
        case Either(items):
            return not items or any(_can(item, free, needs) for item in items)  # a diploma that is too low is no circle


def _named(need: Need) -> Iterator[str]:
    match need:
        case After(module):
            yield module
        case Every(items) | Either(items):
            for item in items:
                yield from _named(item)
        case Reached():
            return
