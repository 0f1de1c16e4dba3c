"""What a measurement found, for a machine and for people."""

import os
import platform
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """`figures` by name; `goals` says of some of them what they may be at most, `floors` what they must be at least.

    A figure that can not be had is None.
    """

    name: str
    figures: dict[str, float | None]
    goals: dict[str, float] = field(default_factory=dict)
    floors: dict[str, float] = field(default_factory=dict)

    def is_met(self, goal: str) -> bool:
        figure = self.figures[goal]
        return figure is not None and self.floors.get(goal, figure) <= figure <= self.goals.get(goal, figure)

    @property
    def met(self) -> bool:
        return all(self.is_met(goal) for goal in (*self.goals, *self.floors))

    def as_json(self) -> dict[str, Any]:
        goals = {goal: {"at_most": most, "met": self.is_met(goal)} for goal, most in self.goals.items()}
        goals |= {goal: {"at_least": least, "met": self.is_met(goal)} for goal, least in self.floors.items()}
        return {"name": self.name, "machine": machine(), "figures": self.figures, "goals": goals, "met": self.met}

    def as_table(self) -> str:
        width = max(len(name) for name in self.figures)
        lines = [f"{self.name}: {machine()}"]
        for name, figure in self.figures.items():
            lines.append(f"  {name:<{width}}  {'-' if figure is None else f'{figure:g}':>8}{self._goal(name)}")
        return "\n".join(lines)

    def _goal(self, name: str) -> str:
        for words, bounds in (("at most", self.goals), ("at least", self.floors)):
            if name in bounds:
                return f"  goal {words} {bounds[name]:g}: {'met' if self.is_met(name) else 'MISSED'}"
        return ""


def machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
