"""What the reading of a scheme's files finds: problems that refuse the load, and notices."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_SHOWN: Final = 80

Progress = Callable[[str, int, int], None]  # what is being done ("read" or "write"), done, total


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the files are refused; `line` is None for a file as a whole."""

    file: str
    line: int | None
    column: str
    value: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What was seen and did not stop the load: how often, and where first."""

    code: str
    file: str
    column: str
    text: str
    count: int
    line: int | None
    value: str


def shown(value: str) -> str:
    """Return a cell as it may be shown in a terminal: one line, short, no control characters."""
    line = " ".join("".join(char if char.isprintable() else " " for char in value[: _SHOWN * 4]).split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


class Notices:
    """Counts notices by code, file and column, so that a thousand of one kind take no more room than one."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], Notice] = {}

    def add(self, code: str, text: str, *, file: str, column: str = "", line: int | None = None, value: str = "") -> None:
        known = self._found.get((code, file, column))
        if known is None:
            self._found[code, file, column] = Notice(code, file, column, text, 1, line, shown(value))
        else:
            self._found[code, file, column] = Notice(code, file, column, known.text, known.count + 1, known.line, known.value)

    def all(self) -> tuple[Notice, ...]:
        return tuple(self._found.values())
