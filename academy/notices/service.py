"""Use cases of notices."""

from academy.notices.gateway import Carrier, Letter

_carriers: list[Carrier] = []


def set_carrier(carrier: Carrier) -> None:
    """Choose what carries the letters of this process."""
    _carriers[:] = [carrier]


def carrier() -> Carrier:
    """Return what carries the letters of this process."""
    return _carriers[0]


def send(letter: Letter | None) -> None:
    """Send a letter, when there is one. Raises OSError, and then the outbox tries again later."""
    if letter is not None:
        carrier().send(letter)
