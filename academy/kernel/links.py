"""The secret part of a link in a letter: a signature over an id, made again when needed and stored nowhere."""

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer


class LetterLinks:
    """Links of one kind; a token of one `kind` is worth nothing for another."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._signer: URLSafeSerializer | None = None

    def configure(self, secret_key: str) -> None:
        """Set the key of this process, once at start-up."""
        self._signer = URLSafeSerializer(secret_key, salt=f"academy.{self._kind}")

    def token_for(self, of: UUID) -> str:
        """Return the token to put in a letter."""
        return str(self._present().dumps(of.hex))

    def id_in(self, token: str) -> UUID | None:
        """Return the id that a genuine token names, else None."""
        try:
            return UUID(hex=str(self._present().loads(token)))
        except (BadSignature, ValueError):
            return None

    def _present(self) -> URLSafeSerializer:
        if self._signer is None:
            message = "links of letters have no key yet"
            raise RuntimeError(message)
        return self._signer
