"""Password hashes: argon2id at OWASP's minimum or above; at most two at once, because each takes 19 MiB and 16 ms."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = threading.BoundedSemaphore(2)
_NOBODY = _hasher.hash("no account has this password")


def hash_of(password: str) -> str:
    """Return the hash to keep."""
    with _turns:
        return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Tell whether `password` belongs to the hash; without a hash it takes as long and says no."""
    with _turns:
        try:
            _hasher.verify(password_hash or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None
