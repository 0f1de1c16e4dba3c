"""What the reading of a file finds: problems that refuse a row or the file, and notices."""

from collections.abc import Callable
from dataclasses import dataclass

_SHOWN = 80
KEPT_PROBLEMS = 1000  # of one import

Progress = Callable[[str, int, int], None]  # what is being done ("read" or "load"), done, total


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row or a file was refused; `code` is stable, `reason` is a sentence, `line` is None for the file as a whole.

    `source` is the file or page within a folder or feed; there `line` counts the items in it and `column` is a path into one.
    """

    line: int | None
    column: str
    value: str
    code: str
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What was seen and did not stop the row: how often, and first where."""

    code: str
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
    """Counts notices by code and column, so that a file with a million of one kind takes no more room than one."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Notice] = {}

    def add(self, code: str, text: str, *, column: str = "", line: int | None = None, value: str = "") -> None:
        column = shown(column)
        known = self._found.get((code, column))
        if known is None:
            self._found[code, column] = Notice(code, column, text, 1, line, shown(value))
        else:
            self._found[code, column] = Notice(code, column, known.text, known.count + 1, known.line, known.value)

    def all(self) -> tuple[Notice, ...]:
        return tuple(self._found.values())
