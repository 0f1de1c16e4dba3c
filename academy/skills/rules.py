"""Decisions about versions and labels; plain values in, plain answers out."""

import re
from typing import Final

LONGEST_LABEL: Final = 200  # characters; the longest real label has 166, what is longer is a text that lost its line breaks
SCHEME: Final = "esco"
ATTRIBUTION: Final = "This service uses the ESCO classification of the European Commission."  # Decision 2011/833/EU asks for it

_VERSION: Final = re.compile(r"\d{1,4}(?:\.\d{1,4}){0,3}")


def version_key(version: str) -> tuple[int, ...] | None:
    """Return what versions are ordered by, so that 1.10 comes after 1.9 and 1.2 is 1.2.0; None when it is no version."""
    if not version.isascii() or not _VERSION.fullmatch(version):
        return None
    numbers = [int(part) for part in version.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
