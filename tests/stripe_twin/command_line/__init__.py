"""Where the command line of Stripe is; `make test` installs it beside this file."""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent


def stripe() -> Path | None:
    """Return the program itself, which needs no Node; None where it is not installed."""
    return next(FOLDER.glob("node_modules/@stripe/cli-*/bin/stripe"), None)
