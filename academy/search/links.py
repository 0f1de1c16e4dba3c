"""The secret part of the link in a letter about a saved search: a signature over its id, made again when needed and stored nowhere."""

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

_signers: list[URLSafeSerializer] = []


def configure(secret_key: str) -> None:
    """Set the key of this process, once at start-up."""
    _signers[:] = [URLSafeSerializer(secret_key, salt="academy.saved-search")]


def token_for(saved_search_id: UUID) -> str:
    """Return the token to put in a letter, or in a form for who owns the saved search."""
    return str(_signers[0].dumps(saved_search_id.hex))


def saved_search_id_of(token: str) -> UUID | None:
    """Return the id that a genuine token names, else None."""
    try:
        return UUID(hex=str(_signers[0].loads(token)))
    except (BadSignature, ValueError):
        return None
