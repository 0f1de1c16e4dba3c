"""What an import did, for people and machines."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from academy.catalogue.api import UpsertCount
from academy.exchange.findings import Notice, Problem

_KEPT_KEYS = 1000


@dataclass
class Tally:
    """How many records met which end, with the provider's own keys of the first thousand of each; so a large file takes no more room."""

    new: int = 0
    changed: int = 0
    same: int = 0
    archived: int = 0
    new_keys: list[str] = field(default_factory=list)
    changed_keys: list[str] = field(default_factory=list)
    archived_keys: list[str] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Tell whether anything in the catalogue became other than it was."""
        return bool(self.new or self.changed or self.archived)

    def counts(self) -> dict[str, Any]:
        """Return the fields of a report that stand here."""
        return {name: tuple(value) if isinstance(value, list) else value for name, value in vars(self).items()}

    def add(self, count: UpsertCount) -> None:
        self.new += _kept(count.new, self.new_keys)
        self.changed += _kept(count.changed, self.changed_keys)
        self.archived += _kept(count.archived, self.archived_keys)
        self.same += len(count.same)


def _kept(keys: Sequence[str], kept: list[str]) -> int:
    kept += keys[: _KEPT_KEYS - len(kept)]
    return len(keys)


@dataclass(frozen=True)
class ImportReport:
    """`rows` were read; `merged` of them are a course already met under another subject; `problems` are the first thousand.

    In a file rows = new + changed + same + merged + refused. `archived` came from this source before and is not in it now; `withheld`
    counts what is missing and stays all the same, because so much at once is more likely a fault.
    """

    kind: str
    file: str
    shape: str
    encoding: str
    provider: str
    source: str
    dry_run: bool
    rows: int
    merged: int
    new: int
    changed: int
    same: int
    archived: int
    withheld: int
    refused: int
    new_keys: tuple[str, ...]
    changed_keys: tuple[str, ...]
    archived_keys: tuple[str, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the counts, the first thousand keys and the lists beside them."""
        return asdict(self) | {"loaded": not self.dry_run}
