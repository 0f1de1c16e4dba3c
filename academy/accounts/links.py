"""The secret part of an e-mailed link: a signature over its id, made again when needed and stored nowhere."""

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

_signers: list[URLSafeSerializer] = []


def configure(secret_key: str) -> None:
    """Set the key of this process, once at start-up."""
    _signers[:] = [URLSafeSerializer(secret_key, salt="academy.sign-in-link")]


def token_for(link_id: UUID) -> str:
    """Return the token to put in the letter."""
    return str(_signers[0].dumps(link_id.hex))


def link_id_of(token: str) -> UUID | None:
    """Return the id that a genuine token names, else None."""
    try:
        return UUID(hex=str(_signers[0].loads(token)))
    except (BadSignature, ValueError):
        return None
