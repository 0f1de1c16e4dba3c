"""The other process of a proof, and the file in which its bank writes what it did."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Other:
    """A process that acts on the same database; `log` is the bank of both."""

    process: "subprocess.Popen[str]"
    log: Path

    def do(self, *, point: int = 0, times: int = 1, **what: Any) -> list[str]:
        """Have it do something, and die at `point` when that is above zero; returns how each of `times` ended."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"point": point, "times": times, **what}) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()

    def bank(self) -> dict[str, list[int]]:
        """Return the amounts that the bank moved of each kind, an order that came twice once; it must be the same order."""
        orders: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for line in self.log.read_text().splitlines() if self.log.exists() else []:
            what, key, cents = line.split()
            assert orders[what].setdefault(key, int(cents)) == int(cents), "one key, one amount"
        return {what: sorted(by_key.values()) for what, by_key in orders.items()}


@contextmanager
def other(database_url: str, log: Path) -> Iterator[Other]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.payments.proofs.crashing", database_url, str(log)], cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    yield Other(process, log)
    process.communicate(timeout=10)
