"""Each measurement of a size in a process of its own, so that memory and warm caches of one do not show in another."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[2]


def command(task: str, **asked: object) -> list[str]:
    """Return what starts `task` of benchmarks.search.__main__."""
    return [sys.executable, "-m", "benchmarks.search", task, json.dumps(asked)]


def apart(task: str, **asked: object) -> dict[str, Any]:
    """Run `task` and return what it found. What it complains of goes to our standard error."""
    done = subprocess.run(command(task, **asked), check=True, stdout=subprocess.PIPE, text=True, cwd=HOME)  # noqa: S603 - our own command
    found: dict[str, Any] = json.loads(done.stdout)
    return found
