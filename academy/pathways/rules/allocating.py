"""Which module goes in which place of a tree: the placing with the least missing, exactly, where a module fits in more places than one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from academy.pathways.kinds import NodeKind
from academy.pathways.problem import Node
from academy.pathways.rules.counting import OFFICIAL, Held, tally
from academy.pathways.rules.flowing import Flow, Pipes

MOST_TRIES: Final = 120  # placings that are looked into before the best one so far is taken

Key = tuple[int, int, int]  # missing, short of what must be taught at home, and what is official below zero: the least is the best
_Ways = dict[int, dict[str, int]]  # the places of each module that is held, with what it would count there


@dataclass(frozen=True, slots=True)
class Placing:
    """The module in each place, by key of the place. `is_best`: none is better; else the search was cut short."""

    holders: Mapping[str, Held]
    is_best: bool


def best_placing(tree: Node, held: Sequence[Held], at_home: int) -> Placing:
    """Place every module in one place at most, and one in each place.

    The best has the least missing; of those the least short of the `at_home` tenths that the awarding institution must teach; of those the most that is obtained
    or recognised. A module without credits weighs a tenth here, except in a choice by credits. Where no module and no place is contested there is nothing to
    search. Else what could be at best is calculated as water through pipes, for half-filled trees too, and ways that can not be better are left. That is exact.
    Finding the best is as hard as packing a bag, so after MOST_TRIES half-filled trees the best one found is taken, and `is_best` is false: no input takes long.
    """
    return _Search(_weighed(tree), held, at_home).run()


def key_of(tree: Node, holders: Mapping[str, Held], at_home: int) -> Key:
    """Return how good a placing is, the least is the best; the tree must be weighed."""
    found = tally(tree, holders, {})
    return (found.missing, max(0, at_home - sum(each.taught for each in holders.values())), -official_in(tree, holders))


def official_in(node: Node, holders: Mapping[str, Held]) -> int:
    """Return what is obtained or recognised, of a number the highest: so that one more module in place never makes it less."""
    below = [official_in(item, holders) for item in node.items]
    match node.kind:
        case NodeKind.MODULE:
            return sum(tally(node, holders, {}).counted[:2])
        case NodeKind.CREDITS:
            return min(node.amount, sum(below))
        case NodeKind.NUMBER:
            return sum(sorted(below, reverse=True)[: node.amount])
        case _:
            return sum(below)


def _weighed(node: Node, *, in_credits: bool = False) -> Node:
    """Return the tree with a tenth for every module without credits: which of them is in place makes a difference then."""
    if node.kind is NodeKind.MODULE:
        return node if node.amount or in_credits else replace(node, amount=1)
    items = tuple(_weighed(item, in_credits=in_credits or node.kind is NodeKind.CREDITS) for item in node.items)
    return node if all(new is old for new, old in zip(items, node.items, strict=True)) else replace(node, items=items)


def _places(node: Node) -> Iterator[Node]:
    if node.kind is NodeKind.MODULE:
        yield node
    for item in node.items:
        yield from _places(item)


def _least(node: Node) -> int:
    """Return what is missing at least as long as nothing is there."""
    below = [_least(item) for item in node.items]
    match node.kind:
        case NodeKind.MODULE | NodeKind.CREDITS:
            return node.amount
        case NodeKind.NUMBER:
            return sum(sorted(below)[: node.amount])
        case _:
            return sum(below)


@dataclass
class _Search:
    tree: Node
    held: Sequence[Held]
    at_home: int
    tries: int = 0
    best: Mapping[str, Held] = field(default_factory=dict)
    best_key: Key | None = None
    pipes: Pipes = field(default_factory=Pipes)
    need: int = 0

    def __post_init__(self) -> None:
        self.places = {node.key: node for node in _places(self.tree)}

    def run(self) -> Placing:
        ways = self._ways()
        if not _contested(ways):
            return Placing({place: self.held[number] for number, places in ways.items() for place in places}, is_best=True)
        self.pipes, self.need = Pipes.of(self.tree), _least(self.tree)
        is_best = self._look(ways)
        return Placing(self.best, is_best)

    def _ways(self) -> _Ways:
        """Return where each module can go, the place of its own name first; part of a module only there."""
        by_module: dict[str, list[Node]] = {}
        for node in self.places.values():
            for module in dict.fromkeys(node.modules):
                by_module.setdefault(module, []).append(node)
        ways = {}
        for number, each in enumerate(self.held):
            nodes = sorted(by_module.get(each.module, ()), key=lambda node: node.modules[0] != each.module)
            if each.standing is None:
                ways[number] = {node.key: min(each.part, node.amount) for node in nodes if node.modules[0] == each.module}
            else:
                ways[number] = {node.key: node.amount for node in nodes}
        return ways

    def _look(self, ways: _Ways) -> bool:
        """Look into every placing that these ways leave open; false when that was cut short."""
        self.tries += 1
        most_official, flow = self._flow(ways, self._surest_first(ways))
        missing, official = self._if_everywhere(ways)
        at_best = (
            max(missing, self.need - flow.total), max(0, self.at_home - self._most_taught(ways)), -min(official, most_official),
        )
        if self._is_reached(at_best):
            return True
        self._keep(self._rounded(ways, flow))
        if self.best_key is not None and self.best_key[1] > at_best[1]:
            self._keep(self._rounded(ways, self._flow(ways, self._taught_first(ways))[1]))
        contested = _contested(ways)
        if not contested or self._is_reached(at_best):
            return True
        number = max(contested, key=lambda each: (sum(amount > 0 for amount in flow.through(each).values()), -each))
        through = flow.through(number)
        options: list[str | None] = [*sorted(ways[number], key=lambda place: -through[place])]
        if all(any(place in places for other, places in ways.items() if other != number) for place in ways[number]):
            options.append(None)  # else it has a place that nobody else wants
        return all(self.tries < MOST_TRIES and self._look(_settled(ways, number, place)) for place in options)

    def _is_reached(self, at_best: Key) -> bool:
        return self.best_key is not None and at_best >= self.best_key

    def _keep(self, holders: Mapping[str, Held]) -> None:
        key = key_of(self.tree, holders, self.at_home)
        if self.best_key is None or key < self.best_key:
            self.best, self.best_key = holders, key

    def _surest_first(self, ways: _Ways) -> list[int]:
        return sorted(ways, key=lambda number: (not self.held[number].is_official, -self.held[number].taught, number))

    def _taught_first(self, ways: _Ways) -> list[int]:
        return sorted(ways, key=lambda number: (-self.held[number].taught, not self.held[number].is_official, number))

    def _flow(self, ways: _Ways, order: Sequence[int]) -> tuple[int, Flow]:
        """Return the most that is official, and everything as it flows; in this order it is let in."""
        flow = Flow(self.pipes, ways)
        for number in order:
            each = self.held[number]
            is_official_part = each.part_standing in OFFICIAL
            flow.let_in(number, max(ways[number].values(), default=0) if each.is_official else each.part if is_official_part else 0)
        most_official = flow.total
        for number in order:
            flow.let_in(number, max(ways[number].values(), default=0) - sum(flow.through(number).values()))
        return most_official, flow

    def _rounded(self, ways: _Ways, flow: Flow) -> dict[str, Held]:
        """Return a placing that follows the flow where that is clear; what it leaves out goes where there is room."""
        holders: dict[str, Held] = {}
        through = {number: flow.through(number) for number in ways}
        for number in sorted(ways, key=lambda each: (-max(through[each].values(), default=0), each)):
            free = [place for place in ways[number] if place not in holders]
            if free:
                holders[max(free, key=lambda place: through[number][place])] = self.held[number]
        return holders

    def _if_everywhere(self, ways: _Ways) -> tuple[int, int]:
        """Return what would be missing, and what official, if every module could be in all of its places at once."""
        whole, surest = dict[str, Held](), dict[str, Held]()
        for number in sorted(ways, key=lambda number: (self.held[number].standing is None, -self.held[number].part)):
            each = self.held[number]
            for place in ways[number]:
                whole.setdefault(place, each)
                is_surer = place not in surest or self._official(place, each) > self._official(place, surest[place])
                if is_surer:
                    surest[place] = each
        return tally(self.tree, whole, {}).missing, official_in(self.tree, surest)

    def _official(self, place: str, held: Held) -> int:
        return official_in(self.places[place], {place: held})

    def _most_taught(self, ways: _Ways) -> int:
        """Return the most that the awarding institution can have taught of what is placed: the dearest first, who was first may move but never goes."""
        taken: dict[str, int] = {}
        most = 0
        for number in self._taught_first(ways):
            if not self.held[number].taught:
                break
            if _finds(number, ways, taken, set()):
                most += self.held[number].taught
        return most


def _finds(number: int, ways: _Ways, taken: dict[str, int], seen: set[str]) -> bool:
    for place in ways[number]:
        if place not in seen:
            seen.add(place)
            if place not in taken or _finds(taken[place], ways, taken, seen):
                taken[place] = number
                return True
    return False


def _contested(ways: _Ways) -> list[int]:
    """Return the modules that can go in two places, or in a place where another one can go."""
    wanted = Counter(place for places in ways.values() for place in places)
    return [number for number, places in ways.items() if len(places) > 1 or any(wanted[place] > 1 for place in places)]


def _settled(ways: _Ways, number: int, place: str | None) -> _Ways:
    """Return the ways that are left with a module in one place, or nowhere."""
    return {
        other: ({each: most for each, most in places.items() if each == place} if other == number else {each: most for each, most in places.items() if each != place})
        for other, places in ways.items()
    }
