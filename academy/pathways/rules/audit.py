"""What counts for a programme of what somebody has: per requirement, no credit twice, placed as well as can be, and why something does not count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from academy.pathways.kinds import NodeKind, Standing
from academy.pathways.problem import Credit, Node
from academy.pathways.rules.allocating import best_placing
from academy.pathways.rules.counting import OFFICIAL, SUREST_FIRST, Counted, Held, Tally, tally

NLQF: Final = ("1", "2", "3", "4", "4+", "5", "6", "7", "8")  # from low to high, as the catalogue has them
_TAUGHT_ELSEWHERE: Final = (Standing.RECOGNISED, Standing.SAID)
_SURENESS: Final = {standing: rank for rank, standing in enumerate(SUREST_FIRST)}


class Why(StrEnum):
    """Why a credit does not count, or not all of it."""

    LEVEL = "level"  # too low for the programme
    AGE = "age"  # too long ago
    FULL = "full"  # its place is taken: by another module, by a surer credit of the same one, or by enough of the choice
    NOT_ASKED = "not-asked"  # the programme does not name it; part of a module counts for that module alone


@dataclass(frozen=True)
class Line:
    """How a requirement stands, in tenths of EC.

    `counted` has what is more than nothing; `missing` and `is_complete` are with what is in progress and planned; `standing` is the least sure that a complete
    requirement rests on, None as long as it is not. `modules` are those placed in it, or of an OUTCOME those that teach it; of other kinds none.
    """

    key: str
    counted: Mapping[Standing, int]
    missing: int
    is_complete: bool
    standing: Standing | None
    modules: tuple[str, ...]


@dataclass(frozen=True)
class Unused:
    """A credit of which `ec` tenths do not count, and why."""

    credit: Credit
    why: Why
    ec: int


@dataclass(frozen=True)
class Audit:
    """How a tree stands with somebody's credits, in tenths of EC. `lines` by key, the tree from the top; `counted` and `missing` of the whole.

    `at_home` of `at_home_needed` is taught by the awarding institution, recognised credits not among it. `is_whole`: every requirement is complete, with what is
    in progress and planned; `is_complete`: and enough of it is taught there. `is_best`: no other placing has less missing.
    """

    lines: Mapping[str, Line]
    unused: tuple[Unused, ...]
    counted: Mapping[Standing, int]
    missing: int
    at_home: int
    at_home_needed: int
    is_whole: bool
    is_best: bool

    @property
    def is_complete(self) -> bool:
        return self.is_whole and self.at_home >= self.at_home_needed


def audit(
    tree: Node, having: Sequence[Credit], *, at_home: int, home: frozenset[str], least_nlqf: str, valid_years: int | None, today: date,
) -> Audit:
    """Return what the credits that somebody is `having` come to for this tree.

    `at_home` tenths of EC must be taught by the providers `home`. Credits under level `least_nlqf` do not count; one without a known level does, and "" asks
    none. A result or decision counts up to and including the day `valid_years` later. The best placing is taken (see `best_placing`, which says what happens to
    input that is too hard): the order of the credits makes no difference. Each module counts in one place; of several credits of one module the surest, and
    what was recognised of it counts first.
    """
    nodes = tuple(_all_below(tree))
    ordered = sorted(having, key=_order)
    refused = [Unused(credit, why, credit.ec) for credit in ordered if (why := refusal(credit, least_nlqf, valid_years, today)) is not None]
    fit = [credit for credit in ordered if refusal(credit, least_nlqf, valid_years, today) is None]
    modules = _modules(fit, home, {node.modules[0]: node.amount for node in nodes if node.kind is NodeKind.MODULE and node.modules})
    placing = best_placing(tree, [each.held for each in modules], at_home)
    tallies: dict[str, Tally] = {}
    taught_by = {each.held.module: each.held.standing for each in modules if each.held.standing is not None}
    whole = tally(tree, placing.holders, taught_by, tallies)
    counting: dict[str, Counted] = {}
    _let_count(tree, tallies, [], counting)
    asked = _Asked.by(nodes)
    unused = [each for module in modules for each in _not_counted(module, placing.holders, tallies, counting, asked)]
    return Audit(
        {node.key: _line(node, tallies[node.key], placing.holders, taught_by) for node in nodes}, tuple(sorted((*refused, *unused), key=lambda each: _order(each.credit))),
        _by_standing(whole.counted), whole.missing, sum(each.taught for each in placing.holders.values()), at_home, whole.is_complete, placing.is_best,
    )


def _all_below(node: Node) -> Iterator[Node]:
    yield node
    for item in node.items:
        yield from _all_below(item)


def _order(credit: Credit) -> tuple[object, ...]:
    """Return the place of a credit among others: per module the surest first, whatever order they came in."""
    return (credit.module, _SURENESS[credit.standing], not credit.is_whole, -credit.ec, credit.on or date.min, credit.provider, credit.nlqf)


def is_too_low(nlqf: str, least_nlqf: str) -> bool:
    """Tell whether a level is under the least one; an unknown level is not, and "" asks none."""
    return least_nlqf in NLQF and nlqf in NLQF and NLQF.index(nlqf) < NLQF.index(least_nlqf)


def refusal(credit: Credit, least_nlqf: str, valid_years: int | None, today: date) -> Why | None:
    """Return why a credit may not count at all (see `audit`); None when it may."""
    if is_too_low(credit.nlqf, least_nlqf):
        return Why.LEVEL
    if valid_years is None or credit.on is None or credit.standing not in OFFICIAL:
        return None
    until = (credit.on.year + valid_years, credit.on.month, credit.on.day)  # no date: 29 February ends on the last day of February by itself
    return Why.AGE if until < (today.year, today.month, today.day) else None


# What somebody has of each module


@dataclass(frozen=True)
class _Module:
    """Credits of one module: the one that makes it whole, what was recognised of it before, and the others, which go up in those."""

    held: Held
    whole: Credit | None
    part: Credit | None
    others: tuple[Credit, ...]


def _modules(fit: Sequence[Credit], home: frozenset[str], amounts: Mapping[str, int]) -> list[_Module]:
    by_module: dict[str, list[Credit]] = {}
    for credit in fit:
        by_module.setdefault(credit.module, []).append(credit)
    return [_module(module, mine, home, amounts.get(module)) for module, mine in by_module.items()]


def _module(module: str, mine: Sequence[Credit], home: frozenset[str], amount: int | None) -> _Module:
    whole = next((credit for credit in mine if credit.is_whole), None)
    part = next((credit for credit in mine if not credit.is_whole and (whole is None or _SURENESS[credit.standing] < _SURENESS[whole.standing])), None)
    some = 0 if part is None else part.ec
    taught = 0
    if whole is not None and whole.standing not in _TAUGHT_ELSEWHERE and whole.provider in home:
        taught = min(whole.ec, max(0, (whole.ec if amount is None else amount) - some)) if some else whole.ec
    held = Held(module, None if whole is None else whole.standing, some, Standing.RECOGNISED if part is None else part.standing, taught)
    return _Module(held, whole, part, tuple(credit for credit in mine if credit is not whole and credit is not part))


# How each requirement stands


def _line(node: Node, found: Tally, holders: Mapping[str, Held], taught_by: Mapping[str, Standing]) -> Line:
    if node.kind is NodeKind.OUTCOME:
        modules = tuple(module for module in node.modules if module in taught_by)
    else:
        modules = (holders[node.key].module,) if node.key in holders else ()
    return Line(node.key, _by_standing(found.counted), found.missing, found.is_complete, found.standing, modules)


def _by_standing(counted: Counted) -> dict[Standing, int]:
    return {standing: amount for standing, amount in zip(SUREST_FIRST, counted, strict=True) if amount}


# What does not count, and why


def _let_count(node: Node, tallies: Mapping[str, Tally], limits: Sequence[list[int]], into: dict[str, Counted]) -> None:
    """Note what of each place counts at the top: `limits` are what the choices above it still take, by standing. A place that no choice takes is not noted."""
    found = tallies[node.key]
    if node.kind is NodeKind.MODULE:
        taken = [min(amount, *(limit[place] for limit in limits)) if limits else amount for place, amount in enumerate(found.counted)]
        for limit in limits:
            for place, amount in enumerate(taken):
                limit[place] -= amount
        into[node.key] = (taken[0], taken[1], taken[2], taken[3], taken[4])
    if node.kind in (NodeKind.CREDITS, NodeKind.NUMBER):
        limits = [*limits, list(found.counted)]
    for item in node.items:
        if node.kind is not NodeKind.NUMBER or item.key in found.chosen:
            _let_count(item, tallies, limits, into)


@dataclass(frozen=True)
class _Asked:
    """Modules that a tree names: `whole` have a place for the whole module, `own` also for a part, `taught` teach something asked."""

    whole: frozenset[str]
    own: frozenset[str]
    taught: frozenset[str]

    @classmethod
    def by(cls, nodes: Sequence[Node]) -> "_Asked":
        places = [node for node in nodes if node.kind is NodeKind.MODULE]
        return cls(
            frozenset(module for node in places for module in node.modules), frozenset(module for node in places for module in node.modules[:1]),
            frozenset(module for node in nodes if node.kind is NodeKind.OUTCOME for module in node.modules),
        )


def _not_counted(
    module: _Module, holders: Mapping[str, Held], tallies: Mapping[str, Tally], counting: Mapping[str, Counted], asked: _Asked,
) -> Iterator[Unused]:
    name = module.held.module
    is_asked = name in asked.whole or name in asked.taught
    for credit in module.others:
        yield Unused(credit, Why.FULL if is_asked else Why.NOT_ASKED, credit.ec)
    key = next((key for key, held in holders.items() if held is module.held), None)
    for one in (module.whole, module.part):
        if one is None or (one.is_whole and name in asked.taught):
            continue
        if key is None:
            has_place = name in asked.whole if one.is_whole else name in asked.own
            yield Unused(one, Why.FULL if has_place else Why.NOT_ASKED, one.ec)
        elif key not in counting:
            yield Unused(one, Why.FULL, one.ec)
        else:
            place = _SURENESS[one.standing]
            there, counted = tallies[key].counted[place], counting[key][place]
            if counted < there:
                yield Unused(one, Why.FULL, there - counted if counted else one.ec)
