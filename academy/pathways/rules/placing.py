"""What is complete of a tree with some modules whole: the placing that completes the most, without calculating long."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from academy.pathways.kinds import NodeKind, Standing
from academy.pathways.problem import Had, Node, Placed


@dataclass
class Places:
    """A tree made ready to be asked often: which MODULE nodes a module fits in, the node of its own name first."""

    tree: Node
    nodes: dict[str, Node] = field(default_factory=dict)
    fits: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._walk(self.tree)

    def _walk(self, node: Node) -> None:
        self.nodes[node.key] = node
        if node.kind is NodeKind.MODULE:
            for place, module in enumerate(node.modules):
                keys = self.fits.setdefault(module, [])
                keys.insert(0 if place == 0 else len(keys), node.key)
        for item in node.items:
            self._walk(item)

    def place(self, whole: list[str]) -> dict[str, str]:
        """Return the module that is placed in each node; every module of `whole` that has a place gets one, as far as there is room."""
        holder: dict[str, str] = {}
        for module in whole:
            self._find(module, holder, set())
        return holder

    def _find(self, module: str, holder: dict[str, str], seen: set[str]) -> bool:
        for key in self.fits.get(module, ()):
            if key not in seen:
                seen.add(key)
                if key not in holder or self._find(holder[key], holder, seen):
                    holder[key] = module
                    return True
        return False


@dataclass
class Standings:
    """How a tree stands with a placing: `complete` by key of the node, `credits` in tenths."""

    places: Places
    holder: Mapping[str, str]
    whole: frozenset[str]
    part: Mapping[str, int]
    complete: dict[str, bool] = field(default_factory=dict)
    credits: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._count(self.places.tree)

    def _count(self, node: Node) -> None:
        for item in node.items:
            self._count(item)
        below = [self.credits[item.key] for item in node.items]
        done = [self.complete[item.key] for item in node.items]
        match node.kind:
            case NodeKind.MODULE:
                is_whole = node.key in self.holder
                found = (is_whole, node.amount if is_whole else min(self.part.get(node.modules[0], 0) if node.modules else 0, node.amount))
            case NodeKind.OUTCOME:
                found = (any(module in self.whole for module in node.modules), 0)
            case NodeKind.CREDITS:
                found = (sum(below) >= node.amount, min(sum(below), node.amount))
            case NodeKind.NUMBER:
                found = (sum(done) >= node.amount, sum(sorted(below, reverse=True)[: node.amount]))
            case _:
                found = (all(done), sum(below))
        self.complete[node.key], self.credits[node.key] = found


def parts_of(had: tuple[Had, ...]) -> dict[str, int]:
    """Return what was recognised of modules that are not whole, in tenths."""
    return {each.module: each.ec for each in had if not each.is_whole}


def placed(places: Places, holder: Mapping[str, str], part: Mapping[str, int]) -> tuple[Placed, ...]:
    """Return the placing as a route tells it; credits that were recognised of a module stand in its own node as long as that is not whole."""
    whole = [Placed(module, key, places.nodes[key].amount) for key, module in holder.items()]
    homes = set(holder.values())
    some = [
        Placed(module, keys[0], min(ec, places.nodes[keys[0]].amount))
        for module, ec in part.items()
        if module not in homes and (keys := places.fits.get(module)) and keys[0] not in holder and places.nodes[keys[0]].modules[0] == module
    ]
    return tuple(sorted((*whole, *some), key=lambda each: (each.node, each.module)))


def taught_at(had: tuple[Had, ...], home: frozenset[str]) -> dict[str, int]:
    """Return the credits of modules of `home` that were taken there, by module."""
    return {each.module: each.ec for each in had if each.is_whole and each.provider in home and each.standing is not Standing.RECOGNISED}
