"""Secrets that we must be able to read again, encrypted where they are kept (AES-256-GCM) under keys made of SECRET_KEY (HKDF, RFC 5869)."""

import secrets
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES: Final = 12  # NIST SP 800-38D
_keys: Final[list[AESGCM]] = []


def configure(secret_key: str, *former: str) -> None:
    """Set the keys of this process, once at start-up: the first one seals, every one opens."""
    _keys[:] = [AESGCM(_derived(secret)) for secret in (secret_key, *former)]


def _derived(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"academy.authenticator-app").derive(secret.encode())


def sealed(secret: str, *, of: UUID) -> bytes:
    """Return the secret of a person as it is kept; put at somebody else it opens no more."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _keys[0].encrypt(nonce, secret.encode(), of.bytes)


def resealed(kept: bytes, *, of: UUID) -> bytes:
    """Return a secret sealed with the present key; one that no key opens stays as it is."""
    secret = opened(kept, of=of)
    return kept if secret is None else sealed(secret, of=of)


def opened(kept: bytes, *, of: UUID) -> str | None:
    """Return the secret; None when no key of this process opens it."""
    for key in _keys:
        try:
            return key.decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], of.bytes).decode()
        except InvalidTag:
            continue
    return None
