"""`academy bench`: what was promised about speed and memory, measured; docs/performance.md holds a table of figures and how to read them."""

import importlib
from typing import Final

from benchmarks.outcome import Outcome

_FILES: Final = {"import": "imports", "search-pages": "search_pages", "sign-in": "sign_in", "enrol": "enrol.measuring", "payments": "payments.measuring"}  # where a measurement can not be called as its file
NAMES: Final = ("pages", "start", "skills", "import", "search", "search-pages", "constant", "sign-in", "enrol", "payments", "books", "pool", "demand", "recognition", "route", "audit", "report")


def measure(name: str, *, quick: bool, **wishes: object) -> Outcome:
    """Run one of NAMES; each module has `measure` and loads what it needs only then. `wishes` are for the one that knows them."""
    outcome: Outcome = importlib.import_module(f"benchmarks.{_FILES.get(name, name)}").measure(quick=quick, **wishes)
    return outcome
