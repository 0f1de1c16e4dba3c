"""What a measurement found, for a machine and for people."""

import os
import platform
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """`figures` by name; `goals` says of some of them what they may be at most. A figure that can not be had is None."""

    name: str
    figures: dict[str, float | None]
    goals: dict[str, float] = field(default_factory=dict)

    def is_met(self, goal: str) -> bool:
        figure = self.figures[goal]
        return figure is not None and figure <= self.goals[goal]

    @property
    def met(self) -> bool:
        return all(self.is_met(goal) for goal in self.goals)

    def as_json(self) -> dict[str, Any]:
        goals = {goal: {"at_most": most, "met": self.is_met(goal)} for goal, most in self.goals.items()}
        return {"name": self.name, "machine": machine(), "figures": self.figures, "goals": goals, "met": self.met}

    def as_table(self) -> str:
        width = max(len(name) for name in self.figures)
        lines = [f"{self.name}: {machine()}"]
        for name, figure in self.figures.items():
            goal = f"  goal at most {self.goals[name]:g}: {'met' if self.is_met(name) else 'MISSED'}" if name in self.goals else ""
            lines.append(f"  {name:<{width}}  {'-' if figure is None else f'{figure:g}':>8}{goal}")
        return "\n".join(lines)


def machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
