"""What an import did, for people and machines."""

from dataclasses import asdict, dataclass
from typing import Any

from academy.exchange.findings import Notice, Problem


@dataclass(frozen=True)
class ImportReport:
    """`rows` were read; `merged` of them are a course already met under another subject; `problems` are the first thousand.

    rows = new + changed + same + merged + refused. `new` and `changed` are the provider's own keys.
    """

    kind: str
    file: str
    shape: str
    encoding: str
    provider: str
    dry_run: bool
    rows: int
    merged: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: int
    refused: int
    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...]

    def as_json(self) -> dict[str, Any]:
        """Return counts under the plain names, and the keys and lists beside them."""
        values = asdict(self)
        return values | {
            "loaded": not self.dry_run, "new": len(self.new), "changed": len(self.changed), "new_keys": list(self.new),
            "changed_keys": list(self.changed),
        }
