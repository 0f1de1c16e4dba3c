"""The most credits that can come together at the top of a tree, as water through pipes: never less than what placing modules one by one comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from academy.pathways.kinds import NodeKind
from academy.pathways.problem import Node

_TOP: Final = ""


@dataclass
class Pipes:
    """Where credits go from the places of a tree: up, through every choice that takes no more than it asks. `upward` by key: the next one, and how much fits."""

    upward: dict[str, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: Node) -> "Pipes":
        pipes = cls()
        pipes._lay(tree, _TOP)
        return pipes

    def _lay(self, node: Node, above: str) -> int:
        """Lay the pipes of a requirement, and return the most that can come out of it."""
        if node.kind is NodeKind.MODULE:
            self.upward[node.key] = (above, node.amount)
            return node.amount
        is_choice = node.kind in (NodeKind.CREDITS, NodeKind.NUMBER)
        below = [self._lay(item, node.key if is_choice else above) for item in node.items]
        if node.kind is NodeKind.CREDITS:
            most = min(node.amount, sum(below))
        else:
            most = sum(sorted(below, reverse=True)[: node.amount] if node.kind is NodeKind.NUMBER else below)
        if is_choice:
            self.upward[node.key] = (above, most)
        return most


class Flow:
    """Credits of modules on their way up. What was let in is never pushed out by what comes later: it only takes another way."""

    def __init__(self, pipes: Pipes, ways: Mapping[int, Mapping[str, int]]) -> None:
        self._room: dict[int | str, dict[int | str, int]] = {_TOP: {}}
        for key, (above, most) in pipes.upward.items():
            self._room.setdefault(key, {})[above] = most
            self._room.setdefault(above, {}).setdefault(key, 0)
        for number, places in ways.items():
            self._room[number] = dict(places.items())
            for place in places:
                self._room[place][number] = 0
        self._ways = ways
        self.total = 0

    def let_in(self, number: int, most: int) -> None:
        """Let in at most so much of a module, by any way that is left."""
        while most > 0 and (way := self._way(number)):
            amount = min(most, *(self._room[start][end] for start, end in way))
            for start, end in way:
                self._room[start][end] -= amount
                self._room[end][start] += amount
            most -= amount
            self.total += amount

    def through(self, number: int) -> dict[str, int]:
        """Return how much of a module goes to each of its places."""
        return {place: most - self._room[number][place] for place, most in self._ways[number].items()}

    def _way(self, number: int) -> list[tuple[int | str, int | str]]:
        """Return the steps of a way from a module to the top, none where everything is full."""
        came: dict[int | str, int | str] = {number: number}
        waiting: list[int | str] = [number]
        for here in waiting:
            for there, room in self._room[here].items():
                if room > 0 and there not in came:
                    came[there] = here
                    if there == _TOP:
                        return self._steps(came, number)
                    waiting.append(there)
        return []

    @staticmethod
    def _steps(came: Mapping[int | str, int | str], number: int) -> list[tuple[int | str, int | str]]:
        steps: list[tuple[int | str, int | str]] = []
        here: int | str = _TOP
        while here != number:
            steps.append((came[here], here))
            here = came[here]
        return steps
