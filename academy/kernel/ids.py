"""Identifiers: UUIDv7 for rows, short codes for what people see."""

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

from academy.kernel.errors import NotFound

# No vowels (no accidental words), no 0/O, 1/I/L (they are read aloud over the telephone).
_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): made before the insert, increasing in time."""
    return uuid7()


def id_in(text: str) -> UUID:
    """Return the id in an address or a form. Raises NotFound when it is none, for then nothing of ours has it."""
    try:
        return UUID(hex=text)
    except ValueError:
        raise NotFound from None


def short_code(length: int = 8) -> str:
    """Return a random code for people, such as `K7QX2MRD`; 27**8 is about 2.8e11 possibilities."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
