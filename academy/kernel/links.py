"""The secret part of a link in a letter: a signature over an id, made again when needed and stored nowhere."""

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer


class LetterLinks:
    """Links of one kind; a token of one `kind` is worth nothing for another."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._signer: URLSafeSerializer | None = None

    def configure(self, secret_key: str, *former_keys: str) -> None:
        """Set the keys of this process, once at start-up: the first signs, letters signed with a former one are still good."""
        self._signer = URLSafeSerializer([*former_keys, secret_key], salt=f"academy.{self._kind}")  # itsdangerous signs with the last

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
